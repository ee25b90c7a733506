"""Drugs and reactions by the user's own list of terms: what reads Chinese, and what English models do not know."""

from __future__ import annotations

import csv
import io
import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.safety.intake.finding import Finding

TERM_KINDS = ("drug", "reaction", "indication")
_MEND = f"give a CSV or TSV in UTF-8 with the columns kind ({', '.join(TERM_KINDS)}), term and, where you like, code"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Terms by their words in lower case.

    Attributes
    ----------
    name : str
        File name, which a finding cites.
    terms : dict of str to (str, str)
        Kind and code of each term.
    """

    name: str
    terms: dict[str, tuple[str, str]]

    def find(self, text: str) -> Iterator[Finding]:
        """Terms that stand in a text, the longest where several begin; a term in Latin letters only as whole words."""
        if not self.terms:
            return
        for match in self._pattern().finditer(_folded(text)):
            kind, code = self.terms[match.group()]
            start, end = match.span()
            yield Finding(kind, ((start, end),), text[start:end], code, by=f"lexicon:{self.name}")

    def _pattern(self) -> re.Pattern[str]:
        ordered = sorted(self.terms, key=lambda term: (-len(term), term))
        # Python keeps the patterns that it compiled last.
        return re.compile("|".join(_guarded(term) for term in ordered))


def read_lexicon(path: str | os.PathLike[str]) -> Lexicon:
    """Read a list of terms.

    Parameters
    ----------
    path : path-like
        CSV or TSV (``.tsv``) in UTF-8 with a head: ``kind``, ``term``, and ``code`` where there is one.

    Raises
    ------
    InputError
        Where it cannot be read, lacks a column, or a row has an unknown kind, no term, or a term of another kind.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the terms cannot be read: {error}", where=str(path), mend=_MEND) from error
    rows = csv.DictReader(io.StringIO(text), delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
    lacking = {"kind", "term"} - set(rows.fieldnames or ())
    if lacking:
        raise InputError(f"lacks the column {', '.join(sorted(lacking))}", where=str(path), mend=_MEND)
    terms: dict[str, tuple[str, str]] = {}
    for number, row in enumerate(rows, 2):
        kind, term, code = ((row.get(name) or "").strip() for name in ("kind", "term", "code"))
        where = f"{path}: row {number}"
        if kind not in TERM_KINDS or not term:
            raise InputError(f"kind {kind!r} with term {term!r}", where=where, mend=_MEND)
        known = terms.setdefault(_folded(term), (kind, code))
        if known != (kind, code):
            raise InputError(
                f"{term!r} is a {known[0]} {known[1]} above".rstrip(), where=where, mend="keep one of the two"
            )
    return Lexicon(path.name, terms)


def _guarded(term: str) -> str:
    left = r"(?<![a-z0-9])" if term[0].isascii() and term[0].isalnum() else ""
    right = r"(?![a-z0-9])" if term[-1].isascii() and term[-1].isalnum() else ""
    return left + re.escape(term) + right


def _folded(text: str) -> str:
    """Lower case, full-width letters as narrow ones; every character stays in its place."""
    return "".join(_narrow(one) for one in text)


def _narrow(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character).lower()
    return plain if len(plain) == 1 else character
