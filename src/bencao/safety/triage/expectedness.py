"""Expectedness of a reaction against the user's label terms (ICH E2D 2.4)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.safety.tables import Row, read_rows
from bencao.safety.triage.cited import UNKNOWN, YES, Answer, Cite, cited
from bencao.safety.triage.seriousness import fatal
from bencao.safety.validation.report import Elements, Place

EXPECTED, UNEXPECTED = "expected", "unexpected"
COLUMNS = ("drug", "term", "code", "fatal", "label")
NAMES = ("G.k.2.2", "FDA.G.k.2.2.1", "G.k.2.3.r.1")
TERMS = ("E.i.1.2", "E.i.1.1a")


@dataclass(frozen=True, slots=True)
class LabelTerm:
    """A reaction that a label lists.

    Attributes
    ----------
    drug : str
        Name of product or substance; case does not count.
    term : str
        Words of the reaction.
    code : str
        Its MedDRA code, or empty.
    fatal : bool
        Whether the label says that it can be fatal.
    label : str
        Which label, and where in it.
    row : int
        Of the user's file.
    """

    drug: str
    term: str
    code: str
    fatal: bool
    label: str
    row: int


def read_labels(path: Path) -> tuple[LabelTerm, ...]:
    """Read label terms: CSV with the columns drug, term, code, fatal (yes or no) and label.

    Raises
    ------
    InputError
        A file that cannot be read, lacks a column, or has a row without drug, or without term and code.
    """
    rows = read_rows(path, COLUMNS)
    return tuple(_term(row, number, path) for number, row in enumerate(rows, 2))


def _term(row: Row, number: int, path: Path) -> LabelTerm:
    told = {name: row[name].strip() for name in COLUMNS}
    if not told["drug"] or not (told["term"] or told["code"]):
        raise InputError("no drug, or no term", where=f"{path}: row {number}", mend="give a drug and a term or a code")
    if told["fatal"] not in ("", "yes", "no"):
        raise InputError(f"fatal {told['fatal']!r}", where=f"{path}: row {number}", mend="write yes or no")
    return LabelTerm(told["drug"], told["term"], told["code"], told["fatal"] == "yes", told["label"], number)


def expectedness(fields: Elements, drug: Place, reaction: Place, labels: tuple[LabelTerm, ...]) -> Answer:
    """Whether the label of a drug lists a reaction.

    ``unknown`` where no label term names the drug, or the reaction says neither code nor words. A fatal reaction is
    expected only where the label says that it can be fatal (ICH E2D 2.4).
    """
    names = {each.value.strip().casefold() for number in NAMES for each in fields.at(number, drug) if each.value}
    of_drug = [each for each in labels if each.drug.casefold() in names]
    code = fields.value("E.i.2.1b", reaction)
    words = {fields.value(number, reaction).strip().casefold() for number in TERMS} - {""}
    basis = (
        *cited(fields, drug, "G.k.2.2"),
        *cited(fields, reaction, *[n for n in TERMS if fields.at(n, reaction)], "E.i.2.1b"),
    )
    if not of_drug or not (code or words):
        return Answer(UNKNOWN, basis)
    listed = [each for each in of_drug if (each.code and each.code == code) or each.term.casefold() in words]
    ended = fatal(fields, reaction)
    basis = (*basis, *(Cite("labels", (each.row,), each.label or each.term) for each in listed))
    if listed and ended.value == YES and not any(each.fatal for each in listed):
        return Answer(UNEXPECTED, (*basis, *ended.cites))
    return Answer(EXPECTED if listed else UNEXPECTED, basis)
