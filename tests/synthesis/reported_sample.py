"""A seeded sample of reported reactions from the development data, with their templates."""

from __future__ import annotations

import random
from pathlib import Path

from bencao.synthesis.train.reactions import CleanReaction, RawReaction, read_reactions, try_clean
from bencao.synthesis.train.templates import extract


def sampled_reactions(shared_data: Path, number: int, seed: int) -> list[CleanReaction]:
    """Mapped reactions from the start of the table, which is its best curated source."""
    rows: list[RawReaction] = []
    for row in read_reactions(shared_data / "synthesis" / "reactions.tsv.xz"):
        rows.append(row)
        if len(rows) == 4_000:
            break
    cleaned = map(try_clean, random.Random(seed).sample(rows, number))
    return [reaction for reaction in cleaned if isinstance(reaction, CleanReaction)]


def templates_of(reactions: list[CleanReaction], general: bool = False) -> list[str]:
    """Templates that can be extracted, each once."""
    found = (extract(reaction.mapped, general) for reaction in reactions)
    return list(dict.fromkeys(smarts for smarts in found if not smarts.startswith("!")))
