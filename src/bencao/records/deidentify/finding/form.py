"""The form of a text in which it is searched: plain signs, simplified characters, each in its place."""

from __future__ import annotations

import re

from bencao.records.deidentify.finding.lexicon import MODELS

_PLAIN = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PLAIN |= {0x3000: 0x20, 0xA0: 0x20, 0x2003: 0x20, 0x2002: 0x20, 0x2009: 0x20}
_PLAIN |= {ord(dash): ord("-") for dash in "‐‑‒–—―−﹣"}
_PLAIN |= {ord(sign): ord("·") for sign in "•・‧∙⋅●"}
_PLAIN |= {ord("〔"): ord("("), ord("〕"): ord(")"), ord("’"): ord("'"), ord("‘"): ord("'"), ord("﹫"): ord("@")}
# Chinese marks that end a clause stay what they are: rules look for either form.
for _mark in "，。；！？":
    _PLAIN.pop(ord(_mark), None)

for _pair in (MODELS / "traditional.txt").read_text(encoding="utf-8").split():
    _PLAIN[ord(_pair[0])] = ord(_pair[1])
_SIGNS = re.compile("[" + re.escape("".join(map(chr, _PLAIN))) + "]")


def _plain_sign(found: re.Match[str]) -> str:
    return chr(_PLAIN[ord(found[0])])


def plain(text: str) -> str:
    """The text with full-width signs and dashes plain and traditional characters simplified; its length stays.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        Of the same length, so that places in one are places in the other.
    """
    return _SIGNS.sub(_plain_sign, text)
