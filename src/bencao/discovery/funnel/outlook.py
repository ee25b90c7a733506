"""A hit's solubility and toxicity in a line, for the page, the table and the workbench."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bencao.discovery.funnel.words import WORDS


def solubility_in_words(admet: Mapping[str, Any] | None, lang: str) -> str | None:
    """log10 of the solubility with its interval, or what has been measured; None where it could not be predicted.

    Parameters
    ----------
    admet : mapping or None
        As `Admet.as_json` gives it.
    lang : {"en", "zh"}
    """
    if admet is None:
        return None
    words, one = WORDS[lang], admet["solubility"][0]
    if one["measured"]:
        return str(words["measured"].format(value=one["value"]))
    text = str(words["predicted"].format(value=one["value"], low=one["low"], high=one["high"]))
    return text if one["near"] else f"{text} {words['outside']}"


def active_in_words(admet: Mapping[str, Any] | None) -> str | None:
    """Assays in which it is held active, those measured with a star; None where there are none."""
    told = () if admet is None else (one for one in admet["tox21"] if one["verdict"] == "active")
    return ", ".join(one["task"] + "*" * one["measured"] for one in told) or None
