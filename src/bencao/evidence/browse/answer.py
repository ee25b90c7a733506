"""A study that was run, as it is looked at and taken away; what is kept back is nowhere in it."""

from __future__ import annotations

from dataclasses import dataclass

from bencao.evidence.protocol.editing.words import Language
from bencao.kernel.report import Section


@dataclass(frozen=True)
class Told:
    """What a person reads of a study, in one language.

    Attributes
    ----------
    design : tuple of Section
        Diagnostics, attrition, and what was asked.
    results : tuple of Section
        Answer, estimates, trust, limits; empty while they are kept back.
    page : str
        The whole report, HTML.
    """

    design: tuple[Section, ...]
    results: tuple[Section, ...]
    page: str


@dataclass(frozen=True)
class StudyAnswer:
    """A study that was run.

    Attributes
    ----------
    study, protocol, data : str
        Its name, and those of the files.
    despite : str
        Why results are shown though diagnostics do not pass.
    hidden : bool
        Whether results are kept back.
    failed : tuple of str
        Names of the diagnostics that do not pass.
    told : dict of Told
        By language.
    json : str
        All figures.
    """

    study: str
    protocol: str
    data: str
    despite: str
    hidden: bool
    failed: tuple[str, ...]
    told: dict[Language, Told]
    json: str
