"""Operators that look at a record among others: uniqueness, relationships, order, neighbours, lists."""

from __future__ import annotations

import itertools
import re
from typing import Any

import polars as pl

from bencao.trial.conformance.operators.columns import Columns, Compiler, MissingVariable, by_pair
from bencao.trial.conformance.operators.dates import parse_iso_date
from bencao.trial.conformance.rule import Comparison
from bencao.trial.errors import UnsupportedRule


def _group(test: Comparison, columns: Columns) -> list[str]:
    within = test.options.get("within")
    if within is None:
        raise UnsupportedRule(f"{test.operator} without within", where=test.target)
    return [columns.require(name) for name in (within if isinstance(within, list) else [within])]


def _cut(columns: Columns, names: list[str], pattern: str | None) -> list[pl.Expr]:
    """Columns as keys; a text whose first value begins with the pattern is cut to what the pattern finds."""
    keys = []
    for name in names:
        key = pl.col(name)
        if pattern and columns.dtype(name) == pl.String:
            values = columns.frame[name].drop_nulls()
            if len(values) and re.match(pattern, values[0]):
                key = pl.coalesce(key.str.extract(f"({pattern})", 1), key)
        keys.append(key)
    return keys


def is_unique_set(test: Comparison, columns: Columns) -> pl.Expr:
    """No other record has the same values, missing ones counting as equal."""
    names = columns.expanded([test.target, test.value])
    keys = _cut(columns, names, test.options.get("regex"))
    return pl.len().over(keys) <= 1 if keys else pl.lit(True)


def is_not_unique_relationship(test: Comparison, columns: Columns) -> pl.Expr:
    """The target, or what it is related to, goes with more than one value of the other."""
    target = columns.require(test.target)
    names = test.value if isinstance(test.value, list) else [test.value]
    others = [columns.require(name) for name in names]
    left = pl.col(target)
    right = pl.struct(others) if len(others) > 1 else pl.col(others[0])
    given = pl.all_horizontal(pl.col(name).is_not_null() for name in others)
    many_right = left.is_not_null() & (right.n_unique().over(target) > 1)
    many_left = given & (left.n_unique().over(others) > 1)
    return many_right | many_left


def is_inconsistent_across_dataset(test: Comparison, columns: Columns) -> pl.Expr:
    """Within a group, not the value that most of its records have; all of them where there is no majority."""
    target = columns.require(test.target)
    group = columns.expanded(test.value)
    pattern = test.options.get("regex")
    value = _cut(columns, [target], pattern[0] if isinstance(pattern, list) else pattern)[0]
    if not group:
        raise MissingVariable(", ".join(map(str, test.value if isinstance(test.value, list) else [test.value])))
    count = pl.len().over([*(pl.col(name) for name in group), value])
    most = count.max().over(group)
    modes = value.filter(count == most).n_unique().over(group)
    return (value.n_unique().over(group) > 1) & ((count < most) | (modes > 1))


def empty_within_except_last_row(test: Comparison, columns: Columns) -> pl.Expr:
    """Missing in a record that is not the last of its group."""
    target, group, position = _positions(test, columns)
    return pl.col(group).is_not_null() & pl.col(target).is_null() & (position < pl.len().over(group))


def non_empty_within_except_last_row(test: Comparison, columns: Columns) -> pl.Expr:
    """Populated in a record that is not the last of its group."""
    target, group, position = _positions(test, columns)
    return pl.col(group).is_not_null() & pl.col(target).is_not_null() & (position < pl.len().over(group))


def _positions(test: Comparison, columns: Columns) -> tuple[str, str, pl.Expr]:
    """Target, group, and each record's place in its group from 1, in the order asked for."""
    target, group = columns.require(test.target), columns.require(str(test.value))
    ordering = test.options.get("ordering")
    rows = pl.int_range(pl.len())
    if not ordering:
        return target, group, rows.rank("ordinal").over(group)
    key = pl.col(columns.require(ordering))
    order = pl.struct(key.is_null().alias("missing"), key.alias("key"), rows.alias("row"))
    return target, group, order.rank("ordinal").over(group)


def has_next_corresponding_record(test: Comparison, columns: Columns) -> pl.Expr:
    """The target equals another variable of the next record of the group; the last record has no next."""
    target, other = columns.require(test.target), columns.require(str(test.value))
    group, order = _group(test, columns), columns.require(str(test.options["ordering"]))
    following = pl.col(other).shift(-1).over(group, order_by=order)
    place = pl.col(order).rank("ordinal").over(group)
    is_last = place.is_null() | (place == pl.col(order).count().over(group))
    return is_last | pl.col(target).eq_missing(following)


def present_on_multiple_rows_within(test: Comparison, columns: Columns) -> pl.Expr:
    """More records of the group than a number (1 by default) have the value."""
    target = columns.require(test.target)
    return pl.len().over([*_group(test, columns), target]) > int(test.value or 1)


def inconsistent_enumerated_columns(test: Comparison, columns: Columns) -> pl.Expr:
    """Populated, while the variable that goes before in the series (TSVAL, TSVAL1, TSVAL2 …) is not."""
    stem = columns.resolved(test.target)
    series = [name for name in columns.frame.columns if re.fullmatch(rf"{re.escape(stem)}\d*", name)]
    series.sort(key=lambda name: (len(name), name))
    gaps = [pl.col(later).is_not_null() & pl.col(earlier).is_null() for earlier, later in itertools.pairwise(series)]
    return pl.any_horizontal(gaps) if gaps else pl.lit(False)


def contains_all(test: Comparison, columns: Columns) -> pl.Expr:
    """A list contains every element of another; or a column, among its values, every one of some."""
    target = columns.require(test.target)
    value = columns.resolved(test.value)
    if isinstance(columns.dtype(target), pl.List) and columns.has(value):
        return by_pair(pl.col(target), pl.col(value), lambda left, right: set(right or ()) <= set(left or ()))
    if isinstance(value, list):
        wanted: set[Any] = set()
        for item in value:
            listed = columns.has(item) and isinstance(columns.frame.schema[item], pl.List)
            wanted |= set(columns.first_list(item)) if listed else {item}
    else:
        wanted = set(columns.frame[columns.require(value)].to_list())
    # An answer for the whole table, which is given once.
    holds = wanted <= set(columns.frame[target].to_list())
    return pl.lit(True) if holds else pl.int_range(pl.len()) > 0


def _shared(condition: Any) -> Compiler:
    def compiled(test: Comparison, columns: Columns) -> pl.Expr:
        target, other = columns.require(test.target), columns.require(str(test.value))
        return by_pair(pl.col(target), pl.col(other), lambda left, right: condition(len(_set(left) & _set(right))))

    return compiled


def _set(value: Any) -> set[Any]:
    return set(value) if isinstance(value, tuple) else {value}


def is_ordered_subset_of(test: Comparison, columns: Columns) -> pl.Expr:
    """A list's elements are all in another list, in the same order."""
    target, other = columns.require(test.target), columns.require(str(test.value))

    def holds(left: Any, right: Any) -> bool:
        places = {element: place for place, element in enumerate(right or ())}
        found = [places.get(element) for element in left or ()]
        return None not in found and found == sorted(found)  # type: ignore[type-var]

    return by_pair(pl.col(target), pl.col(other), holds)


def has_different_values(test: Comparison, columns: Columns) -> pl.Expr:
    """The column has more than one value."""
    return pl.col(columns.require(test.target)).n_unique() > 1


def target_is_sorted_by(test: Comparison, columns: Columns) -> pl.Expr:
    """Within a group the target rises as the variables that it is sorted by do, missing ones last or first.

    A date of less precision that overlaps another is in no order with it, so both fail.
    """
    target, group = columns.require(test.target), _group(test, columns)
    good = pl.lit(True)
    for key in test.value:
        name = columns.require(key["name"])
        descending = str(key.get("sort_order", "asc")).lower() == "desc"
        last = key.get("null_position", "last") == "last"
        answers = _sorted_flags(columns.frame, target, name, group, descending, last)
        good = good & pl.lit(answers)
    return good


def _sorted_flags(
    frame: pl.DataFrame, target: str, key: str, group: list[str], descending: bool, nulls_last: bool
) -> pl.Series:
    table = frame.select(
        *(pl.col(name).alias(f"g{place}") for place, name in enumerate(group)),
        pl.col(target).alias("t"),
        pl.col(key).alias("k"),
    ).with_row_index("row")
    groups = [f"g{place}" for place in range(len(group))]
    table = table.sort([*groups, "t"], maintain_order=True, nulls_last=True)
    flags = [True] * len(frame)
    for _, part in table.group_by(groups, maintain_order=True):
        rows, values, keys = part["row"].to_list(), part["t"].to_list(), part["k"].to_list()
        for row, good in zip(rows, _order_in_group(values, keys, descending, nulls_last), strict=True):
            flags[row] = good
    return pl.Series("sorted", flags, dtype=pl.Boolean)


def _order_in_group(values: list[Any], keys: list[Any], descending: bool, nulls_last: bool) -> list[bool]:
    """Whether each of a group's records, which come sorted by the target, stands where its key puts it."""
    filled = [place for place, key in enumerate(keys) if key is not None]
    missing = [place for place, key in enumerate(keys) if key is None]
    good = [True] * len(keys)
    if filled and missing:
        misplaced = missing[0] < filled[-1] if nulls_last else missing[-1] > filled[0]
        for place in missing:
            good[place] = not misplaced
    overlapping = _overlapping([keys[place] for place in filled])
    for at, place in enumerate(filled):
        good[place] = not overlapping[at]
    clear = [place for at, place in enumerate(filled) if not overlapping[at]]
    wanted = sorted(clear, key=lambda place: keys[place], reverse=descending)
    for place, expected in zip(clear, wanted, strict=True):
        if values[place] != values[expected]:
            good[place] = False
    return good


def _overlapping(keys: list[Any]) -> list[bool]:
    """Whether a date is the beginning of a more precise one among the others, or has such a beginning."""
    if not keys or not isinstance(keys[0], str):
        return [False] * len(keys)
    dates = [key if parse_iso_date(key) else "" for key in keys]
    by_length = {len(date) for date in dates if date}
    if len(by_length) < 2:
        return [False] * len(keys)
    given = {date for date in dates if date}
    beginnings = {date[:length] for date in given for length in by_length if length < len(date)}
    return [
        bool(date) and (date in beginnings or any(date[:length] in given for length in by_length if length < len(date)))
        for date in dates
    ]


OPERATORS: dict[str, Compiler] = {
    "is_unique_set": is_unique_set,
    "is_not_unique_relationship": is_not_unique_relationship,
    "is_inconsistent_across_dataset": is_inconsistent_across_dataset,
    "empty_within_except_last_row": empty_within_except_last_row,
    "non_empty_within_except_last_row": non_empty_within_except_last_row,
    "has_next_corresponding_record": has_next_corresponding_record,
    "present_on_multiple_rows_within": present_on_multiple_rows_within,
    "inconsistent_enumerated_columns": inconsistent_enumerated_columns,
    "contains_all": contains_all,
    "shares_no_elements_with": _shared(lambda count: count == 0),
    "shares_exactly_one_element_with": _shared(lambda count: count == 1),
    "shares_at_least_one_element_with": _shared(lambda count: count > 0),
    "is_ordered_subset_of": is_ordered_subset_of,
    "has_different_values": has_different_values,
    "target_is_sorted_by": target_is_sorted_by,
}
NEGATED = {
    "is_not_unique_set": "is_unique_set",
    "is_unique_relationship": "is_not_unique_relationship",
    "does_not_have_next_corresponding_record": "has_next_corresponding_record",
    "not_present_on_multiple_rows_within": "present_on_multiple_rows_within",
    "not_contains_all": "contains_all",
    "is_not_ordered_subset_of": "is_ordered_subset_of",
    "has_same_values": "has_different_values",
    "target_is_not_sorted_by": "target_is_sorted_by",
}
