"""CDISC controlled terminology: which codelists hold a value, also by synonym or preferred name."""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

UNIT = "C71620"
DOMAIN = "C66734"


@dataclass(frozen=True)
class CodelistTerms:
    """A codelist of the terminology.

    Attributes
    ----------
    code : str
        NCI concept.
    name, submission : str
        Such as ``Severity/Intensity Scale for Adverse Events`` and ``AESEV``.
    extensible : bool
    terms : tuple of (value, code, preferred name, synonyms)
    """

    code: str
    name: str
    submission: str
    extensible: bool
    terms: tuple[tuple[str, str, str, tuple[str, ...]], ...]

    @cached_property
    def known(self) -> dict[str, str]:
        """What a value may be called, normal form, to the submission value."""
        found: dict[str, str] = {}
        for value, _, preferred, synonyms in reversed(self.terms):
            found |= {normal(one): value for one in (*synonyms, preferred)}
        return found | {normal(value): value for value, *_ in self.terms}


def normal(text: str) -> str:
    """Letters and digits in lower case, for comparing what people typed.

    Examples
    --------
    >>> normal(" Not Recovered/not Resolved ")
    'not recovered not resolved'
    """
    return re.sub(r"[^a-z0-9%]+", " ", text.lower()).strip()


@dataclass(frozen=True)
class Terminology:
    """SDTM controlled terminology of one date."""

    version: str
    codelists: dict[str, CodelistTerms]

    def coverage(self, code: str, values: Iterable[str]) -> float:
        """Share of the values that a codelist knows; 0 where there are none or no such codelist."""
        listed, values = self.codelists.get(code), tuple(values)
        if listed is None or not values:
            return 0.0
        return sum(normal(value) in listed.known for value in values) / len(values)

    def unit_of(self, name: str, label: str) -> str:
        """Unit that stands in a label, in brackets or at the end of the name; empty where none does."""
        known = self.codelists[UNIT].known
        bracketed = re.findall(r"[(\[]([^)\]]{1,12})[)\]]", label)
        ended = re.findall(r"_([A-Za-z]{1,6})$", name)
        for text in (*bracketed, *ended):
            if normal(text) in known:
                return known[normal(text)]
        return ""


def read_terminology(path: Path) -> Terminology:
    """Read the terminology of the package.

    Parameters
    ----------
    path : Path
        ``.json.xz``, as training/trial_mapping.py writes it.

    Returns
    -------
    Terminology
    """
    told = json.loads(lzma.decompress(path.read_bytes()))
    codelists = {
        code: CodelistTerms(
            code, name, submission, extensible,
            tuple((value, concept, preferred, tuple(synonyms)) for value, concept, preferred, synonyms in terms),
        )
        for code, name, submission, extensible, terms in told["codelists"]
    }  # fmt: skip
    return Terminology(told["version"], codelists)
