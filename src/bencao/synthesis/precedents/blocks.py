"""How reported reactions lie in a file: compressed blocks, each of whole reaction centres."""

from __future__ import annotations

import lzma
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise

BLOCK_BYTES = 1 << 16  # of text, after which a block is closed; a large centre makes a larger one
_FILTERS = [{"id": lzma.FILTER_LZMA2, "preset": 9 | lzma.PRESET_EXTREME, "lc": 3, "pb": 0, "dict_size": 1 << 22}]


@dataclass(frozen=True)
class Reported:
    """A reported reaction.

    Attributes
    ----------
    product, reactants : str
        SMILES; the reactants sorted, joined by ``.``.
    reaction_class : int
    source : str
        Collection that it comes from.
    row : int
        Line of the table that the index was made from, the header being line 1.
    source_id : str
        What the collection calls it, e.g. a patent number; empty where that was not kept.
    """

    product: str
    reactants: str
    reaction_class: int
    source: str
    row: int
    source_id: str = ""


@dataclass(frozen=True)
class Block:
    """A block as it was read: the text of each reaction is taken apart only where it is asked for.

    Attributes
    ----------
    places : dict of int to range
        Reactions of each centre, by its key.
    """

    places: dict[int, range]
    _reactions: list[str]
    _records: list[str]

    def product(self, place: int) -> str:
        """SMILES of the product of a reaction."""
        return self._reactions[place].rpartition(">")[2]

    def reported(self, place: int) -> Reported:
        """The reaction in full."""
        reactants, _, product = self._reactions[place].partition(">")
        number, source, row, source_id = self._records[place].split("\t")
        return Reported(product, reactants, int(number), source, int(row), source_id)


def packed(centres: Iterable[tuple[int, list[Reported]]]) -> Iterator[tuple[int, bytes]]:
    """Blocks of some centres in rising order of their keys, each block with its first key."""
    waiting: list[tuple[int, list[Reported]]] = []
    size = 0
    for key, reactions in centres:
        grown = sum(len(reaction.product) + len(reaction.reactants) + 2 for reaction in reactions)
        if waiting and size + grown > BLOCK_BYTES:
            yield waiting[0][0], _compressed(waiting)
            waiting, size = [], 0
        waiting.append((key, reactions))
        size += grown
    if waiting:
        yield waiting[0][0], _compressed(waiting)


def _compressed(centres: list[tuple[int, list[Reported]]]) -> bytes:
    """Three parts, each of lines: the centres with their sizes, the reactions, and where these come from."""
    reactions = [reaction for _, some in centres for reaction in some]
    parts = (
        (f"{key:x} {len(some)}" for key, some in centres),
        (f"{reaction.reactants}>{reaction.product}" for reaction in reactions),
        (f"{one.reaction_class}\t{one.source}\t{one.row}\t{one.source_id}" for one in reactions),
    )
    text = "\n\n".join("\n".join(part) for part in parts)
    return lzma.compress(text.encode(), format=lzma.FORMAT_RAW, filters=_FILTERS)


def unpacked(data: bytes) -> Block:
    """Read a block.

    Raises
    ------
    ValueError
        It is no block.
    """
    try:
        text = lzma.decompress(data, format=lzma.FORMAT_RAW, filters=_FILTERS).decode()
    except lzma.LZMAError as error:
        raise ValueError(str(error)) from error
    centres, reactions, records = (part.split("\n") for part in text.split("\n\n"))
    keys, sizes = zip(*(line.split(" ") for line in centres), strict=True)
    ends = accumulate(map(int, sizes), initial=0)
    places = {int(key, 16): range(*bounds) for key, bounds in zip(keys, pairwise(ends), strict=True)}
    if not len(reactions) == len(records) == max(place.stop for place in places.values()):
        raise ValueError("its parts are of different lengths")
    return Block(places, reactions, records)
