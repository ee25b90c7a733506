"""A number in a text: where it stands, what it is worth, in which unit, and whether its translation may lack it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

Value = int | Fraction


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it stands in a text.

    Attributes
    ----------
    start, end : int
        Where it stands, its unit not counted.
    text : str
    values : tuple of int or Fraction
        What it may be worth, the likeliest first: ``the 30s`` may be 30 or 1930.
    unit : str
        Canonical name of the unit, see ``units.tsv``; "" where it has none that is known.
    required : bool
        Whether a translation has to state it: ``12`` does, the article ``一`` need not.
    code : str
        Letters that the digits belong to, ``COVID`` of COVID-19; "" for a number that counts or measures.
    vague : bool
        Whether only the order of magnitude is told: ``tens of thousands``, 数万.
    """

    start: int
    end: int
    text: str
    values: tuple[Value, ...]
    unit: str = ""
    required: bool = True
    code: str = ""
    vague: bool = False
