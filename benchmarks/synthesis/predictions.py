"""Read what ``single_step.py --predictions`` wrote."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from bencao.kernel.errors import InputError


@dataclass(frozen=True)
class Predicted:
    """One reaction of the file.

    Attributes
    ----------
    reaction_class : str
    product, truth : str
        Empty where the row could not be read.
    rank : int
        Place of the truth, from 1; 0 where it is not proposed.
    proposals : tuple of (str, float)
        Reactant sets with their probabilities, best first.
    """

    reaction_class: str
    product: str
    truth: str
    rank: int
    proposals: tuple[tuple[str, float], ...]


def read_predictions(path: Path) -> list[Predicted]:
    """All reactions of a file.

    Raises
    ------
    InputError
        The file cannot be read, or a line is none of such a file.
    """
    found = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=str(path), mend="give another file") from error
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            proposals = tuple((one["reactants"], float(one["probability"])) for one in row["proposals"])
            found.append(Predicted(row["class"], row["product"], row["truth"], row["rank"], proposals))
        except (ValueError, KeyError, TypeError) as error:
            where = f"{path}: line {number}"
            raise InputError(f"no prediction ({error})", where=where, mend="write it with single_step.py") from error
    return found
