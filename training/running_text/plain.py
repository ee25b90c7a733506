"""Text that names nobody, to stand beside notes: clauses, sentences of reports, procedures, eponyms."""

from __future__ import annotations

import csv
import random
from pathlib import Path

from deidentify.names import lines

SENTENCES = Path(__file__).resolve().parents[2] / "benchmarks" / "records" / "assertion_sentences" / "sentences.tsv"
_BETWEEN = {"zh": ("，", "，", "。", "；", "\n", " ", ",", "、"), "en": (", ", ". ", ". ", "; ", "\n", " ", " - ")}


class Plain:
    """Draws stretches of text without identifiers.

    Parameters
    ----------
    clauses : dict of str to list of str
        Of published text, by language.
    terms : dict of str to list of str
        Names of drugs and procedures, by language.
    """

    def __init__(self, clauses: dict[str, list[str]], terms: dict[str, list[str]]) -> None:
        with SENTENCES.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        written = {one: sorted({row["sentence"] for row in rows if row["language"] == one}) for one in ("zh", "en")}
        eponyms, plain = ([one for line in lines(name) for one in line.split("|")] for name in _ENGLISH)
        eponyms = [one for one in eponyms if not one.isalpha()]  # a name alone may be anybody's
        self._kinds = {
            "zh": (clauses["zh"], written["zh"], written["zh"], " ".join(lines("plain.txt")).split(), terms["zh"]),
            "en": (clauses["en"], written["en"], plain, eponyms, terms["en"]),
        }

    def stretch(self, language: str, draw: random.Random) -> str:
        """One to six clauses of a kind or of several."""
        kinds, between = self._kinds[language], _BETWEEN[language]
        alike = draw.choice(kinds) if draw.random() < 0.4 else None
        mark, text = draw.choice(between), ""
        for number in range(draw.choice((1, 1, 2, 3, 4, 6))):
            if number:
                text += mark if draw.random() < 0.6 else draw.choice(between)
            text += draw.choice(alike or draw.choice(kinds))
        return text


_ENGLISH = ("eponyms.txt", "latin_plain.txt")
