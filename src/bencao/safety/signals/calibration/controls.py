"""Controls: pairs of a drug and an outcome that are known to go together, or known not to."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bencao.kernel import models
from bencao.kernel.errors import InputError
from bencao.safety.tables import read_rows

MODELS = Path(__file__).parents[2] / "models" / "controls"
NAME = "safety-controls"
SETS = ("omop", "eu-adr", "ohdsi")
CONTROLS, EVENTS, DRUGS = "controls.tsv", "event_terms.tsv", "drug_names.tsv"
_YES, _NO = ("1", "true", "positive", "yes"), ("0", "false", "negative", "no")


@dataclass(frozen=True, slots=True)
class Control:
    """A drug and an outcome.

    Attributes
    ----------
    drug, outcome : str
    positive : bool
        Whether the drug is held to cause the outcome.
    """

    drug: str
    outcome: str
    positive: bool


def load_controls(name: str) -> tuple[Control, ...]:
    """One of the shipped lists.

    Parameters
    ----------
    name : {"omop", "eu-adr", "ohdsi"}
        OMOP's reference set (Ryan et al., Drug Saf. 2013, 36 Suppl 1, S33), EU-ADR's (Coloma et al., Drug Saf. 2013,
        36, 13), OHDSI's negative controls (Schuemie et al., PNAS 2018, 115, 2571).

    Raises
    ------
    InputError
        Another name.
    """
    if name not in SETS:
        raise InputError(f"no list {name!r}", where="--controls", mend=f"one of {', '.join(SETS)}, or a file")
    path = models.load(MODELS, NAME).path(CONTROLS)
    with path.open(encoding="utf-8", newline="") as handle:
        rows = [row for row in csv.DictReader(handle, delimiter="\t") if row["set"] == name]
    return tuple(Control(row["drug"], row["outcome"], row["positive"] == "1") for row in rows)


def read_controls(path: Path) -> tuple[Control, ...]:
    """The user's own list: a CSV or TSV with the columns drug, outcome and positive (1 or 0).

    Raises
    ------
    InputError
        A file that cannot be read, lacks a column, or says neither yes nor no.
    """
    found = []
    rows = read_rows(path, ("drug", "outcome", "positive"), tabs=path.suffix.lower() == ".tsv", empty=False)
    for number, row in enumerate(rows, 2):
        told = row["positive"].strip().lower()
        if told not in (*_YES, *_NO):
            raise InputError(f"positive is {row['positive']!r}", where=f"{path}: row {number}", mend="give 1 or 0")
        found.append(Control(row["drug"].strip(), row["outcome"].strip(), told in _YES))
    return tuple(found)


def shipped_event_terms() -> dict[str, tuple[str, ...]]:
    """The shipped lists' outcomes in plain terms: a list of ours, not MedDRA's; see `read_event_terms`."""
    return read_event_terms(models.load(MODELS, NAME).path(EVENTS))


def read_event_terms(path: Path) -> dict[str, tuple[str, ...]]:
    """Terms that stand for each outcome: a CSV or TSV with the columns outcome and event, a row for each term.

    Raises
    ------
    InputError
    """
    terms: dict[str, list[str]] = {}
    for row in read_rows(path, ("outcome", "event"), tabs=path.suffix.lower() == ".tsv", empty=False):
        terms.setdefault(row["outcome"].strip(), []).append(row["event"].strip())
    return {outcome: tuple(dict.fromkeys(events)) for outcome, events in terms.items()}


def shipped_drug_names() -> dict[str, tuple[str, ...]]:
    """Other names of drugs, such as paracetamol and acetaminophen, each for all of its kind."""
    path = models.load(MODELS, NAME).path(DRUGS)
    with path.open(encoding="utf-8", newline="") as handle:
        pairs = [(row["name"], row["other"]) for row in csv.DictReader(handle, delimiter="\t")]
    return {key: tuple(value) for key, value in _grouped(pairs).items()}


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for one, other in pairs:
        names.setdefault(one, []).append(other)
        names.setdefault(other, []).append(one)
    return names
