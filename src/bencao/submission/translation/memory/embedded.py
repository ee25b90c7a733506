"""What the package knows by itself: headings of the dossier, clinical abbreviations and terms, with their sources."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bencao.kernel.models import Model, load
from bencao.submission.exchange.memory import Memory
from bencao.submission.exchange.tbx import Concept, read_terms
from bencao.submission.exchange.tmx import read_tmx
from bencao.submission.translation.termbase import Term

_FOLDER = Path(__file__).parents[2] / "models" / "translation"


def embedded_model() -> Model:
    """The card of what is embedded, its files checked.

    Raises
    ------
    ModelError
        Where a file is absent or altered.
    """
    return load(_FOLDER, "translation-memory")


@cache
def embedded_memory() -> Memory:
    """Headings of the CTD and of China's Module 1, in both languages."""
    return read_tmx(embedded_model().path("headings.tmx"))


@cache
def embedded_terms() -> tuple[Concept, ...]:
    """Clinical abbreviations and terms, in both languages."""
    return tuple(read_terms(embedded_model().path("terms.tbx")))


def terms_between(concepts: tuple[Concept, ...] | list[Concept], source: str, target: str) -> list[Term]:
    """The terms of concepts, from one language to the other."""
    terms = []
    for concept in concepts:
        said = [name for name in concept.names if name.language.partition("-")[0] == source]
        told = [name for name in concept.names if name.language.partition("-")[0] == target]
        allowed = tuple(name.text for name in told if not name.forbidden)
        forbidden = tuple(name.text for name in told if name.forbidden)
        terms += [Term(name.text, allowed, forbidden) for name in said if allowed or forbidden]
    return terms
