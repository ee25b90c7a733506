"""The trained tagger made small: a vocabulary cut to what is met, weights rounded to whole numbers of few bits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import torch

from bencao.safety.intake.extraction.wordpiece import END, PADDING, START, UNKNOWN, encode
from extraction.network import Tagger

LONGEST = 256
# One whole number, in units of the root mean square of a row's weights: coarser for words, of which few are met.
STEP_OF_LAYERS, STEP_OF_PIECES, STEP_OF_REST = 0.27, 0.35, 0.1
# The vocabulary of BERT stands in the order of how often a word is met; before this number it has marks alone.
FIRST_WORD, LAST_WORD = 999, 8000
_LATIN = 0x250


def kept_pieces(texts: Iterable[str], vocabulary: Mapping[str, int]) -> list[str]:
    """Pieces to keep: those of the texts, frequent words, parts of words and single letters, in their old order."""
    names = list(vocabulary)
    met = {names[one] for text in texts for one in encode(text, vocabulary).ids} | {PADDING, UNKNOWN, START, END}
    return [
        piece
        for piece, number in vocabulary.items()
        if piece in met
        or (
            all(ord(sign) < _LATIN for sign in piece)
            and (FIRST_WORD <= number < LAST_WORD or piece.startswith("##") or len(piece) == 1)
        )
    ]


def arrays_of(
    tagger: Tagger, roles: Sequence[int], pieces: Sequence[str], vocabulary: Mapping[str, int]
) -> dict[str, np.ndarray]:
    """Arrays of the encoder that is shipped: some roles, some pieces, the first places."""
    state = {name: value.detach().numpy() for name, value in tagger.state_dict().items()}
    tags = tagger.moves.shape[1]
    rows = [role * tags + tag for role in roles for tag in range(tags)]
    arrays = {
        "pieces": state["pieces.weight"][[vocabulary[piece] for piece in pieces]],
        "places": state["places.weight"][:LONGEST],
        "norm": state["norm.weight"],
        "norm.bias": state["norm.bias"],
        "head": state["head.weight"][rows],
        "head.bias": state["head.bias"][rows],
        "moves": state["moves"][list(roles)],
    }
    for name, value in state.items():
        if name.startswith("layers."):
            arrays[name.removeprefix("layers.").removesuffix(".weight")] = value
    return arrays


def steps_of(arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Size of one whole number in each row of each matrix."""
    steps = {}
    for name, array in arrays.items():
        if array.ndim == 2:
            layer = name[0].isdigit()
            share = STEP_OF_PIECES if name == "pieces" else STEP_OF_LAYERS if layer else STEP_OF_REST
            steps[name] = np.sqrt((array**2).mean(1, keepdims=True)) * share
    return steps


def average(taggers: Sequence[Tagger]) -> Tagger:
    """The mean of taggers that learnt from one start (Wortsman et al. 2022, model soups)."""
    states = [tagger.state_dict() for tagger in taggers]
    taggers[0].load_state_dict({name: torch.stack([state[name] for state in states]).mean(0) for name in states[0]})
    return taggers[0]
