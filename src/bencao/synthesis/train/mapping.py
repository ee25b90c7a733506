"""Atom maps for reactions that came without: RXNMapper, in batches of like length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bencao.kernel.errors import EngineMissing
from bencao.synthesis.train.reactions import CleanReaction, RawReaction, UnusableReaction, clean_reaction

_BATCH = 32
_MAX_LENGTH = 480  # the mapper's own limit is 512 tokens


def map_atoms(reactions: Sequence[CleanReaction]) -> Iterator[CleanReaction | str]:
    """Map unmapped reactions and clean them again, so that spectators become reagents.

    Parameters
    ----------
    reactions : sequence of CleanReaction
        Without maps.

    Yields
    ------
    CleanReaction or str
        The mapped reaction, or the reason why there is none; in order of rising length, not of input.

    Raises
    ------
    EngineMissing
        If RXNMapper (Schwaller et al., Sci. Adv. 2021, 7, eabe4166) is not installed.
    """
    try:
        from rxnmapper import RXNMapper
    except ImportError as error:
        raise EngineMissing("RXNMapper is not installed", mend='pip install "bencao[train]"') from error
    mapper = RXNMapper()
    ordered = sorted(reactions, key=lambda reaction: (len(_text(reaction)), reaction.key))
    for start in range(0, len(ordered), _BATCH):
        batch = ordered[start : start + _BATCH]
        texts = [_text(reaction) for reaction in batch]
        try:
            found = [str(one["mapped_rxn"]) for one in mapper.get_attention_guided_atom_maps(texts)]
        except Exception:  # one bad reaction fails its whole batch: take them one by one
            found = [_map_one(mapper, text) for text in texts]
        for reaction, mapped in zip(batch, found, strict=True):
            yield _remapped(reaction, mapped)


def _text(reaction: CleanReaction) -> str:
    return f"{reaction.reactants}>>{reaction.product}"


def _map_one(mapper: object, text: str) -> str:
    if len(text) > _MAX_LENGTH:
        return ""
    try:
        return str(mapper.get_attention_guided_atom_maps([text])[0]["mapped_rxn"])  # type: ignore[attr-defined]
    except Exception:  # the tokenizer and the model raise many kinds; the row is counted as not mapped
        return ""


def _remapped(reaction: CleanReaction, mapped: str) -> CleanReaction | str:
    if not mapped:
        return "not mapped"
    raw = RawReaction(
        reaction.row, reaction.source, reaction.reaction_class, reaction.held_out, mapped=True, smiles=mapped
    )
    try:
        again = clean_reaction(raw)
    except UnusableReaction as reason:
        return str(reason)
    return replace(again, reagents=reaction.reagents or again.reagents, count=reaction.count)
