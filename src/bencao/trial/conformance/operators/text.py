"""Operators over texts: parts, patterns, lengths, what they contain."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import polars as pl

from bencao.trial.conformance.operators.columns import Columns, Compiler, by_pair, by_value, false_where_null
from bencao.trial.conformance.operators.comparison import contained
from bencao.trial.conformance.rule import Comparison
from bencao.trial.errors import UnsupportedRule


def as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    """Text of a column; a whole number without its point."""
    if dtype == pl.String:
        return pl.col(name)
    if dtype.is_float():
        number = pl.col(name)
        whole = number == number.round()
        return (
            pl.when(whole).then(number.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(number.cast(pl.String))
        )
    if dtype.is_integer() or dtype == pl.Boolean:
        return pl.col(name).cast(pl.String)
    raise UnsupportedRule(f"a text is needed, {name} is of type {dtype}")


@cache
def _engine_takes(pattern: str) -> bool:
    try:
        pl.Series([""]).str.contains(pattern)
    except pl.exceptions.ComputeError:  # look-around and back references are Python's alone
        return False
    return True


def _matches(text: pl.Expr, pattern: str) -> pl.Expr:
    """Whether the pattern is found, null where there is no text."""
    if _engine_takes(pattern):
        return text.str.contains(pattern)
    compiled = re.compile(pattern)

    def found(series: pl.Series) -> pl.Series:
        return by_value_series(series, lambda value: compiled.search(value) is not None)

    return text.map_batches(found, return_dtype=pl.Boolean)


def by_value_series(series: pl.Series, function: Any) -> pl.Series:
    """A predicate of a text, called once for each text; null for the missing one."""
    values = series.unique()
    answers = pl.Series([None if value is None else function(value) for value in values.to_list()], dtype=pl.Boolean)
    frame = pl.DataFrame({"v": values, "a": answers})
    return series.to_frame("v").join(frame, on="v", how="left", nulls_equal=True, maintain_order="left")["a"]


def _regex(part: str, negated: bool) -> Compiler:
    def compiled(test: Comparison, columns: Columns) -> pl.Expr:
        target = columns.require(test.target)
        text = as_text(target, columns.dtype(target))
        pattern = str(test.value)
        if part == "prefix":
            text = text.str.head(int(test.options["prefix"]))
        elif part == "suffix":
            text = text.str.tail(int(test.options["suffix"]))
        else:
            pattern = f"^(?:{pattern})"
        found = _matches(text, pattern)
        return false_where_null(~found if negated else found)

    return compiled


def _part(test: Comparison, columns: Columns, part: str) -> pl.Expr:
    text = as_text(columns.require(test.target), columns.dtype(columns.require(test.target)))
    length = int(test.options[part])
    return text.str.head(length) if part == "prefix" else text.str.tail(length)


def _whole(test: Comparison, columns: Columns) -> pl.Expr:
    value, is_column = columns.other(test)
    if value == "DOMAIN":  # the domain of the data set, also where the table has no such column
        return pl.lit(columns.prefix)
    return pl.col(value) if is_column else pl.lit(str(value))


def _part_equal(part: str) -> Compiler:
    def compiled(test: Comparison, columns: Columns) -> pl.Expr:
        return false_where_null(_part(test, columns, part) == _whole(test, columns))

    return compiled


def _part_contained(part: str) -> Compiler:
    def compiled(test: Comparison, columns: Columns) -> pl.Expr:
        return contained(_part(test, columns, part), pl.String(), test, columns)

    return compiled


def _edge(method: str) -> Compiler:
    def compiled(test: Comparison, columns: Columns) -> pl.Expr:
        text = pl.col(columns.require(test.target)).cast(pl.String)
        value, is_column = columns.other(test)
        if not is_column:
            return false_where_null(getattr(text.str, method)(str(value)))
        edges = tuple(columns.frame[value].cast(pl.String).drop_nulls().unique().to_list())
        return by_value(columns.require(test.target), pl.String(), lambda text: _edged(text, method, edges))

    return compiled


def _edged(text: Any, method: str, edges: tuple[str, ...]) -> bool:
    if text is None:
        return False
    return str(text).startswith(edges) if method == "starts_with" else str(text).endswith(edges)


def _length(compare: str) -> Compiler:
    def compiled(test: Comparison, columns: Columns) -> pl.Expr:
        target = columns.require(test.target)
        value, is_column = columns.other(test)
        right = pl.lit(value)
        if is_column:
            dtype = columns.dtype(value)
            right = pl.col(value) if dtype.is_integer() else as_text(value, dtype).str.len_chars()
        lengths = as_text(target, columns.dtype(target)).str.len_chars().cast(pl.Int64)
        return false_where_null(getattr(lengths, compare)(right))

    return compiled


def contains(test: Comparison, columns: Columns) -> pl.Expr:
    """A text contains another; a list contains a value."""
    target = columns.require(test.target)
    value, is_column = columns.other(test)
    dtype = columns.dtype(target)
    if isinstance(dtype, pl.List):
        if is_column:
            return by_pair(pl.col(target), pl.col(value), lambda left, right: left is not None and right in left)
        return by_pair(pl.col(target), pl.lit(0), lambda left, _: left is not None and value in left)
    if is_column:  # a column's value among all values of the target
        members = pl.col(target).drop_nulls().unique().implode()
        return false_where_null(pl.col(value).is_in(members))
    if dtype != pl.String:
        return false_where_null(pl.col(target) == value)
    return false_where_null(pl.col(target).str.contains(str(value), literal=True))


def contains_case_insensitive(test: Comparison, columns: Columns) -> pl.Expr:
    """A text, or one of a list's, contains another, whatever the case."""
    target = columns.require(test.target)
    value, is_column = columns.other(test)
    dtype = columns.dtype(target)
    text = (
        pl.col(target).list.eval(pl.element().cast(pl.String)).list.join("\x00")
        if isinstance(dtype, pl.List)
        else (pl.col(target).cast(pl.String))
    )
    sought = pl.col(value).cast(pl.String) if is_column else pl.lit(str(value))
    return false_where_null(text.str.to_lowercase().str.contains(sought.str.to_lowercase(), literal=True))


def equals_string_part(test: Comparison, columns: Columns) -> pl.Expr:
    """Equal to what a pattern finds in another value: its first group, or the whole find."""
    target = columns.require(test.target)
    value, is_column = columns.other(test)
    pattern = re.compile(str(test.options["regex"]))

    def holds(left: Any, right: Any) -> bool:
        found = pattern.findall(str(right)) if right is not None else []
        return bool(found) and left is not None and str(left) == found[0]

    return by_pair(pl.col(target), pl.col(value) if is_column else pl.lit(value), holds)


def split_parts_have_equal_length(test: Comparison, columns: Columns) -> pl.Expr:
    """Both parts of a text around a separator are of one length; a text without separator passes."""
    separator = str(test.options.get("separator", "/"))

    def holds(text: Any) -> bool:
        parts = str(text).split(separator) if text is not None else [""]
        return len(parts) == 1 or (len(parts) == 2 and len(parts[0]) == len(parts[1]))

    return by_value(columns.require(test.target), pl.String(), holds)


OPERATORS: dict[str, Compiler] = {
    "matches_regex": _regex("", negated=False),
    "not_matches_regex": _regex("", negated=True),
    "prefix_matches_regex": _regex("prefix", negated=False),
    "not_prefix_matches_regex": _regex("prefix", negated=True),
    "suffix_matches_regex": _regex("suffix", negated=False),
    "not_suffix_matches_regex": _regex("suffix", negated=True),
    "prefix_equal_to": _part_equal("prefix"),
    "suffix_equal_to": _part_equal("suffix"),
    "prefix_is_contained_by": _part_contained("prefix"),
    "suffix_is_contained_by": _part_contained("suffix"),
    "starts_with": _edge("starts_with"),
    "ends_with": _edge("ends_with"),
    "has_equal_length": _length("eq"),
    "longer_than": _length("gt"),
    "longer_than_or_equal_to": _length("ge"),
    "contains": contains,
    "contains_case_insensitive": contains_case_insensitive,
    "equals_string_part": equals_string_part,
    "split_parts_have_equal_length": split_parts_have_equal_length,
}
NEGATED = {
    "prefix_not_equal_to": "prefix_equal_to",
    "suffix_not_equal_to": "suffix_equal_to",
    "prefix_is_not_contained_by": "prefix_is_contained_by",
    "suffix_is_not_contained_by": "suffix_is_contained_by",
    "has_not_equal_length": "has_equal_length",
    "shorter_than": "longer_than_or_equal_to",
    "shorter_than_or_equal_to": "longer_than",
    "does_not_contain": "contains",
    "does_not_contain_case_insensitive": "contains_case_insensitive",
    "does_not_equal_string_part": "equals_string_part",
    "split_parts_have_unequal_length": "split_parts_have_equal_length",
}
