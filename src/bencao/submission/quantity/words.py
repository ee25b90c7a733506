"""Number words, names of months and Roman numerals of English, by value."""

from __future__ import annotations

from importlib.resources import files


def _words(kind: str) -> dict[str, int]:
    text = files("bencao.submission.quantity").joinpath("tables", "number_words.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines()[1:])
    return {word: int(value) for word, its_kind, value in rows if its_kind == kind}


CARDINALS, SCALES, ORDINALS, PARTS = map(_words, ("cardinal", "scale", "ordinal", "part"))
# What a translation may tell in another way: by a word (both, daily), or by its order of magnitude (thousands).
MAGNITUDES = _words("magnitude")
LOOSE = _words("loose") | MAGNITUDES
MONTHS = _words("month")
ROMAN = _words("roman")
