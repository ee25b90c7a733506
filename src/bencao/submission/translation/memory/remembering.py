"""Reviewed translations put into a memory, so that the next document knows them."""

from __future__ import annotations

from collections.abc import Iterable

from bencao.submission.exchange.memory import Memory, Unit, Variant
from bencao.submission.exchange.xliff import NEEDS_TRANSLATION, Xliff


def remembered(documents: Iterable[Xliff], memory: Memory | None = None, *, final_only: bool = False) -> Memory:
    """The translations of documents, before those of an older memory.

    Parameters
    ----------
    documents : iterable of Xliff
        Segments without a translation, or that still need one, are left out.
    memory : Memory, optional
        What was known; a unit whose texts are both known anew is not kept twice.
    final_only : bool
        Take only what a person marked ``reviewed`` or ``final``.

    Returns
    -------
    Memory
    """
    units: dict[tuple[object, ...], Unit] = {}
    for document in documents:
        for segment in document.segments:
            if not segment.target or segment.sub_state == NEEDS_TRANSLATION:
                continue
            if final_only and segment.state not in ("reviewed", "final"):
                continue
            pair = Variant(document.source_language, segment.source), Variant(document.target_language, segment.target)
            units.setdefault((segment.source, segment.target), Unit(pair))
    old = memory or Memory(())
    for unit in old.units:
        units.setdefault(tuple(variant.content for variant in unit.variants), unit)
    return Memory(tuple(units.values()), old.attributes, old.notes)
