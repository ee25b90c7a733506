"""Which numbers of a text its translation states too, by value, and in the same unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from bencao.submission.quantity.quantity import Quantity, Value
from bencao.submission.quantity.units import same_amount, same_kind


@dataclass(frozen=True, slots=True)
class Difference:
    """A number that one side lacks, or states in another unit.

    Attributes
    ----------
    kind : str
        ``missing``: the target lacks it; ``added``: the source lacks it; ``unit``: the unit differs.
    source, target : Quantity or None
    """

    kind: str
    source: Quantity | None
    target: Quantity | None


# Units that are told apart by context alone, or that one language does not tell apart.
_SAME = [{"month of the year", "mo"}, {"day of the month", "d"}, {"lb", "GBP"}, {"decade", "yr"}]


def compare(source: Sequence[Quantity], target: Sequence[Quantity], letters: Callable[[str], bool]) -> list[Difference]:
    """Hold the numbers of a text against those of its translation.

    Parameters
    ----------
    source, target : sequence of Quantity
    letters : callable
        Whether the other side, whichever, holds these letters; a code such as COVID-19 may be told by a name without
        digits, but not by its letters alone.

    Returns
    -------
    list of Difference
    """
    left, right = (sorted(side, key=lambda quantity: not quantity.required) for side in (source, target))
    pairs: list[tuple[Quantity, Quantity]] = []
    for accepted in (_same_code, _same_unit, _same_kind, _same_value, _another_reading, _converted):
        _take(left, right, accepted, pairs, both_required=True)
        _take(left, right, accepted, pairs, both_required=False)
    units = [Difference("unit", one, two) for one, two in pairs if _units_differ(one, two)]
    missing = [Difference("missing", one, None) for one in left if _is_due(one, target, pairs, letters)]
    added = [
        Difference("added", None, two)
        for two in right
        if _is_due(two, source, pairs, letters) and not _repeated_month(two, pairs)
    ]
    told = {_date_part(one) for one in source}
    if not missing and all(_date_part(two.target) not in (told | {""}) for two in added):
        added = []  # "last March" may be told as 2020年3月
    return [*units, *missing, *added]


def _date_part(quantity: Quantity | None) -> str:
    """Whether a number is the year or the month of a date; "" where it is neither."""
    if quantity is None or quantity.code:
        return ""
    if quantity.unit == "month of the year":
        return "month"
    return "year" if _may_be_a_year(quantity.values[0]) and quantity.unit in ("yr", "") else ""


def _take(
    left: list[Quantity],
    right: list[Quantity],
    accepted: Callable[[Quantity, Quantity], bool],
    pairs: list[tuple[Quantity, Quantity]],
    *,
    both_required: bool,
) -> None:
    """Move what matches from both lists to the pairs, in the order of the source."""
    for one in tuple(left):
        if both_required and not one.required:
            continue
        for two in right:
            if (two.required or not both_required) and accepted(one, two):
                pairs.append((one, two))
                left.remove(one)
                right.remove(two)
                break


def _same_code(one: Quantity, two: Quantity) -> bool:
    return bool(one.code) and one.code.lower() == two.code.lower() and one.values[0] == two.values[0]


def _same_unit(one: Quantity, two: Quantity) -> bool:
    alike = one.unit == two.unit or {one.unit, two.unit} in _SAME
    return one.values[0] == two.values[0] and alike and bool(one.code) == bool(two.code)


def _same_kind(one: Quantity, two: Quantity) -> bool:
    return one.values[0] == two.values[0] and bool(one.unit) and same_kind(one.unit, two.unit)


def _same_value(one: Quantity, two: Quantity) -> bool:
    return one.values[0] == two.values[0]


def _another_reading(one: Quantity, two: Quantity) -> bool:
    return any(value in two.values for value in one.values)


def _converted(one: Quantity, two: Quantity) -> bool:
    return bool(one.unit and two.unit) and same_amount(
        Fraction(one.values[0]), one.unit, Fraction(two.values[0]), two.unit
    )


def _units_differ(one: Quantity, two: Quantity) -> bool:
    if not one.unit or not two.unit or one.unit == two.unit:
        return False
    if {one.unit, two.unit} in _SAME:
        return False
    return not same_amount(Fraction(one.values[0]), one.unit, Fraction(two.values[0]), two.unit)


def _is_due(
    quantity: Quantity,
    other: Sequence[Quantity],
    pairs: Sequence[tuple[Quantity, Quantity]],
    letters: Callable[[str], bool],
) -> bool:
    """Whether an unmatched number is a fault."""
    value = quantity.values[0]
    if quantity.vague and value >= 10**4:
        return not any(_magnitude(told.values[0]) == _magnitude(value) for told in other)
    if not quantity.required:
        return False
    if quantity.code:  # repeated on one side alone, or told by a name without digits
        code = quantity.code.lower()
        return letters(code) and not any(value == told.values[0] and told.code.lower() == code for told in other)
    if _may_be_a_year(value):  # one language repeats the year of a date that the other states once
        return not any(value == one.values[0] for one, _ in pairs)
    return True


def _repeated_month(quantity: Quantity, pairs: Sequence[tuple[Quantity, Quantity]]) -> bool:
    """3-20 January is 1月3日至1月20日."""
    return quantity.unit == "month of the year" and any(quantity.values[0] == two.values[0] for _, two in pairs)


def _magnitude(value: Value) -> int:
    return len(str(int(value)))


def _may_be_a_year(value: Value) -> bool:
    return isinstance(value, int) and 1900 <= value <= 2100
