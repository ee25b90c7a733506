"""Controlled terminology that rules ask for: codelists, their terms, and the dates of the published packages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A term of a codelist: NCI code, submission value, preferred term."""

    code: str
    value: str
    preferred: str


@dataclass(frozen=True)
class Codelist:
    """A codelist by its NCI code."""

    code: str
    name: str
    value: str
    extensible: bool
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Terminology:
    """Codelists by package and code.

    Attributes
    ----------
    codelists : dict of str to dict of str to Codelist
        By package type (``SDTM``, ``DDF``) and NCI code.
    """

    codelists: dict[str, dict[str, Codelist]] | None = None
