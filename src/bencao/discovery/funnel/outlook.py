"""How much of the best was docked, and a hit's state and ADMET, in a line each, for page, table and workbench."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bencao.discovery.funnel.words import WORDS


def recovery_in_words(docking: Mapping[str, Any], lang: str) -> str:
    """The share of the best that was docked, with its bound, and why no more were.

    Parameters
    ----------
    docking : mapping
        As `Docking.as_json` gives it, where a surrogate chose.
    lang : {"en", "zh"}
    """
    words, last = WORDS[lang], docking["progress"][-1]
    if "ended" not in docking:  # a screen kept from before has no bound
        return str(words["guess"].format(share=last["recovery"]))
    told = words["recall"].format(best=docking["best"], low=last["low"], share=last["recovery"])
    why = words["ended"][docking["ended"]].format(enough=docking["enough"], docked=last["docked"])
    return f"{told}{words['space']}{why}"


def state_in_words(hit: Mapping[str, Any], lang: str) -> str:
    """The state that is docked, its share, and of how many it is the best.

    Parameters
    ----------
    hit : mapping
        As `Hit.as_json` gives it.
    lang : {"en", "zh"}
    """
    words, share, states = WORDS[lang], hit.get("share"), hit.get("states", 1)  # a screen kept from before has none
    if share is None:
        return str(hit["state"])
    return str(words["state" if states > 1 else "only state"].format(state=hit["state"], share=share, states=states))


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
