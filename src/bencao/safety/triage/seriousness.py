"""Seriousness of a reaction from its criteria (ICH E2D 2.3; E2B(R3) E.i.3.2a to f)."""

from __future__ import annotations

from bencao.safety.triage.cited import NO, UNKNOWN, YES, Answer, cited
from bencao.safety.validation.report import Elements, Place

# Criterion by element; FDA's required intervention is not one of ICH's six.
CRITERIA = {
    "E.i.3.2a": "death",
    "E.i.3.2b": "life threatening",
    "E.i.3.2c": "hospitalisation",
    "E.i.3.2d": "disability",
    "E.i.3.2e": "congenital anomaly",
    "E.i.3.2f": "other medically important",
}
FATAL, LIFE_THREATENING = "E.i.3.2a", "E.i.3.2b"


def seriousness(fields: Elements, reaction: Place) -> Answer:
    """Whether a reaction is serious.

    ``yes`` where a criterion is true; ``no`` where every one is answered and none is true (E2B(R3) has no *false*, a
    criterion that is not met has the null flavour NI); ``unknown`` where one is missing.
    """
    met = [number for number in CRITERIA if fields.value(number, reaction) == "true"]
    if met:
        return Answer(YES, cited(fields, reaction, *met))
    missing = [number for number in CRITERIA if not fields.at(number, reaction)]
    return Answer(UNKNOWN if missing else NO, cited(fields, reaction, *CRITERIA))


def fatal_or_life_threatening(fields: Elements, reaction: Place) -> Answer:
    """Whether a reaction took the life or threatened it, which makes the shortest clock; `E.i.7` 5 is fatal too."""
    met = [number for number in (FATAL, LIFE_THREATENING) if fields.value(number, reaction) == "true"]
    if fields.value("E.i.7", reaction) == "5":
        met.append("E.i.7")
    if met:
        return Answer(YES, cited(fields, reaction, *met))
    there = all(fields.at(number, reaction) for number in (FATAL, LIFE_THREATENING))
    return Answer(NO if there else UNKNOWN, cited(fields, reaction, FATAL, LIFE_THREATENING))


def fatal(fields: Elements, reaction: Place) -> Answer:
    """Whether a reaction was fatal."""
    if fields.value(FATAL, reaction) == "true":
        return Answer(YES, cited(fields, reaction, FATAL))
    if fields.value("E.i.7", reaction) == "5":
        return Answer(YES, cited(fields, reaction, "E.i.7"))
    return Answer(NO if fields.at(FATAL, reaction) else UNKNOWN, cited(fields, reaction, FATAL, "E.i.7"))
