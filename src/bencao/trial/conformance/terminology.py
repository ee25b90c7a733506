"""Controlled terminology that rules ask for: codelists, their terms, and the dates of the published packages."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.trial.mapping.terminology import read_terminology as read_shipped

SHIPPED_TERMINOLOGY = Path(__file__).parents[1] / "models" / "mapping" / "terminology.json.xz"

# Dates of the packages that NCI EVS has published for CDISC, as the CDISC Library lists them.
_QUARTERS = [
    "2014-09-26",
    "2014-12-19",
    "2015-03-27",
    "2015-06-26",
    "2015-09-25",
    "2015-12-18",
    "2016-03-25",
    "2016-06-24",
    "2016-09-30",
    "2016-12-16",
    "2017-03-31",
    "2017-06-30",
    "2017-09-29",
    "2017-12-22",
    "2018-03-30",
    "2018-06-29",
    "2018-09-28",
    "2018-12-21",
    "2019-03-29",
    "2019-06-28",
    "2019-09-27",
    "2019-12-20",
    "2020-03-27",
    "2020-06-26",
    "2020-11-06",
    "2020-12-18",
    "2021-03-26",
    "2021-06-25",
    "2021-09-24",
    "2021-12-17",
    "2022-03-25",
    "2022-06-24",
    "2022-09-30",
    "2022-12-16",
    "2023-03-31",
    "2023-06-30",
    "2023-09-29",
    "2023-12-15",
    "2024-03-29",
    "2024-09-27",
    "2025-03-28",
    "2025-09-26",
    "2026-03-27",
]
PUBLISHED = {
    "SDTM": tuple(_QUARTERS),
    "SEND": tuple(_QUARTERS),
    "PROTOCOL": tuple(date for date in _QUARTERS if date >= "2017-03-31"),
    "DDF": tuple(date for date in _QUARTERS if date >= "2022-09-30" and date != "2025-03-28"),
}


@dataclass(frozen=True)
class Term:
    """A term of a codelist: NCI code, submission value, preferred term."""

    code: str
    value: str
    preferred: str


@dataclass(frozen=True)
class Codelist:
    """A codelist by its NCI code; `value` is its short name, such as ``AGEU``."""

    code: str
    value: str
    extensible: bool
    terms: tuple[Term, ...]

    def find(self, by: str, text: str) -> Term | None:
        """Term whose code, value or preferred term is the text, whatever the case."""
        return self._index.get((by, text.lower()))

    @cached_property
    def _index(self) -> Mapping[tuple[str, str], Term]:
        index: dict[tuple[str, str], Term] = {}
        for term in self.terms:
            for by in ("code", "value", "preferred"):
                index.setdefault((by, getattr(term, by).lower()), term)
        return index


@dataclass(frozen=True)
class Terminology:
    """Codelists of the packages at hand.

    A published version other than the one at hand is answered from the one at hand: codelists grow, and a term's code
    does not change.

    Attributes
    ----------
    packages : mapping of str to mapping of str to Codelist
        By package (``SDTM``, ``DDF`` …) and NCI code.
    """

    packages: Mapping[str, Mapping[str, Codelist]] = field(default_factory=dict)

    def codelist(self, package: str, code: str) -> Codelist | None:
        """Codelist by its NCI code."""
        return self.packages.get(package, {}).get(code)

    def named(self, package: str, value: str) -> Codelist | None:
        """Codelist by its short name."""
        lists = self.packages.get(package, {}).values()
        return next((codelist for codelist in lists if codelist.value.lower() == value.lower()), None)

    def joined(self, other: Terminology) -> Terminology:
        """This and another; the other's packages take the place of this one's."""
        return Terminology({**self.packages, **other.packages})


def _codelists(rows: Iterable[tuple[str, str, str, str, bool, bool]]) -> dict[str, Codelist]:
    """Codelists from rows of codelist, code, value, preferred term, whether it is the codelist's own, extensible."""
    own: dict[str, tuple[str, bool]] = {}
    terms: dict[str, list[Term]] = defaultdict(list)
    for codelist, code, value, preferred, is_codelist, extensible in rows:
        if is_codelist:
            own[codelist] = (value, extensible)
        else:
            terms[codelist].append(Term(code, value, preferred))
    return {code: Codelist(code, value, extensible, tuple(terms[code])) for code, (value, extensible) in own.items()}


@cache
def load_terminology() -> Terminology:
    """SDTM terminology as it is shipped; the card of the mapping model beside it says from what."""
    shipped = read_shipped(SHIPPED_TERMINOLOGY)
    return Terminology(
        {
            "SDTM": {
                code: Codelist(
                    code,
                    listed.submission,
                    listed.extensible,
                    tuple(Term(concept, value, preferred or "") for value, concept, preferred, _ in listed.terms),
                )
                for code, listed in shipped.codelists.items()
            }
        }
    )


def read_terminology(path: Path, package: str) -> Terminology:
    """A package of the user's own, in the tab-delimited text form of NCI EVS.

    Parameters
    ----------
    path : Path
        Such as ``DDF Terminology.txt``.
    package : str
        Such as ``DDF`` or ``SEND``.

    Returns
    -------
    Terminology

    Raises
    ------
    InputError
        Where the file has not NCI EVS's columns.
    """
    columns = ("Code", "Codelist Code", "Codelist Extensible (Yes/No)", "CDISC Submission Value", "NCI Preferred Term")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            table = list(csv.DictReader(file, delimiter="\t"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"no terminology: {error}", where=str(path), mend="give a text file of NCI EVS") from error
    missing = [name for name in columns if not table or name not in table[0]]
    if missing:
        raise InputError(f"no column {missing[0]}", where=str(path), mend="give a text file of NCI EVS, tab-delimited")
    rows = (
        (
            row["Codelist Code"] or row["Code"],
            row["Code"],
            row["CDISC Submission Value"],
            row["NCI Preferred Term"],
            not row["Codelist Code"],
            row["Codelist Extensible (Yes/No)"] == "Yes",
        )
        for row in table
    )
    return Terminology({package: _codelists(rows)})
