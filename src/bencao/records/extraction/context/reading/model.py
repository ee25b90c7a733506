"""The networks of the package that read the words about a finding, loaded once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from bencao.kernel.models import load
from bencao.records.extraction.context.reading.reader import Reader, reader_of
from bencao.records.extraction.context.reading.tokens import vectors
from bencao.records.extraction.context.weighing import MODELS

READERS = 3


@cache
def readers() -> tuple[Reader, ...]:
    """Networks that differ in their draws; their mean answer is better than any one's.

    Raises
    ------
    ModelError
        Where a file is absent or altered.
    """
    model = load(MODELS, "assertion")
    found = []
    for number in range(READERS):
        with np.load(model.path(f"reader{number}.npz"), allow_pickle=False) as file:
            found.append(opened({name: file[name] for name in file.files}))
    return tuple(found)


def opened(raw: Mapping[str, npt.NDArray[Any]]) -> Reader:
    """A reader of weights as they are kept: large ones in whole numbers of a step for each column."""
    weights = {
        name: value.astype(np.float32) * raw.get(f"{name}_step", np.float32(1))
        for name, value in raw.items()
        if name != "words" and not name.endswith("_step")
    }
    return reader_of(vectors(), str(raw["words"]).split(" "), weights)
