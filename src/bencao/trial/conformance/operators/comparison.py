"""Operators that compare values: equality, order, membership, presence."""

from __future__ import annotations

from typing import Any

import polars as pl

from bencao.trial.conformance.operators.columns import Columns, Compiler, by_pair, false_where_null
from bencao.trial.conformance.rule import Comparison
from bencao.trial.errors import UnsupportedRule


def canonical(expr: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Text of a value in which 200.00 and 200 are the same."""
    text = expr.cast(pl.String).str.strip_chars() if not dtype.is_float() else expr.cast(pl.String)
    number = text.cast(pl.Float64, strict=False)
    whole = number.is_finite() & (number == number.round()) & (number.abs() < 2**53)
    return (
        pl.when(whole)
        .then(number.cast(pl.Int64, strict=False).cast(pl.String))
        .when(number.is_not_null())
        .then(number.cast(pl.String))
        .otherwise(text)
    )


def _comparable(left: pl.DataType, right: Any) -> bool:
    return bool((left.is_numeric() and right.is_numeric()) or left == right)


def _literal_type(value: Any) -> pl.DataType:
    if isinstance(value, bool):
        return pl.Boolean()
    return pl.Float64() if isinstance(value, int | float) else pl.String()


def _sides(test: Comparison, columns: Columns) -> tuple[pl.Expr, pl.Expr, bool]:
    """Both sides as expressions, and whether their types let them be equal at all."""
    target = columns.require(test.target)
    left, left_type = pl.col(target), columns.dtype(target)
    right: pl.Expr
    right_type: pl.DataType
    value, is_column = columns.other(test)
    if test.options.get("value_is_reference"):
        right, right_type = _referenced(columns, str(value)), pl.String()
    elif is_column:
        right, right_type = pl.col(value), columns.dtype(value)
    elif isinstance(value, list | dict):
        raise UnsupportedRule(f"{test.operator} with a list", where=test.target)
    else:
        right, right_type = pl.lit(value), _literal_type(value)
    if test.options.get("round_values"):
        left, right = (side.cast(pl.Float64, strict=False).round() for side in (left, right))
        left_type = right_type = pl.Float64()
    if test.options.get("type_insensitive") or test.options.get("value_is_reference"):
        left, right = canonical(left, left_type), canonical(right, right_type)
        left_type = right_type = pl.String()
    return left, right, _comparable(left_type, right_type)


def _referenced(columns: Columns, naming: str) -> pl.Expr:
    """Value of the column that another column names, as text."""
    named = columns.frame[columns.require(naming)].drop_nulls().unique().to_list()
    expr = pl.lit(None, dtype=pl.String)
    for name in named:
        if name in columns.frame.columns:
            value = canonical(pl.col(name), columns.dtype(name))
            expr = pl.when(pl.col(naming) == name).then(value).otherwise(expr)
    return expr


def equal_to(test: Comparison, columns: Columns) -> pl.Expr:
    """Both populated and equal."""
    left, right, comparable = _sides(test, columns)
    return false_where_null(left == right) if comparable else pl.lit(False)


def not_equal_to(test: Comparison, columns: Columns) -> pl.Expr:
    """Unequal, or only one of both populated."""
    left, right, comparable = _sides(test, columns)
    return left.ne_missing(right) if comparable else left.is_not_null() | right.is_not_null()


def _lower_sides(test: Comparison, columns: Columns) -> tuple[pl.Expr, pl.Expr]:
    target = columns.require(test.target)
    value, is_column = columns.other(test)
    right = pl.col(value).cast(pl.String) if is_column else pl.lit(str(value))
    return pl.col(target).cast(pl.String).str.to_lowercase(), right.str.to_lowercase()


def equal_to_case_insensitive(test: Comparison, columns: Columns) -> pl.Expr:
    """As `equal_to`, whatever the case."""
    left, right = _lower_sides(test, columns)
    return false_where_null(left == right)


def not_equal_to_case_insensitive(test: Comparison, columns: Columns) -> pl.Expr:
    """As `not_equal_to`, whatever the case."""
    left, right = _lower_sides(test, columns)
    return left.ne_missing(right)


def _ordered(compare: str) -> Compiler:
    def compiled(test: Comparison, columns: Columns) -> pl.Expr:
        target = pl.col(columns.require(test.target)).cast(pl.Float64, strict=False)
        value, is_column = columns.other(test)
        right = pl.col(value) if is_column else pl.lit(value)
        return false_where_null(getattr(target, compare)(right.cast(pl.Float64, strict=False)))

    return compiled


def empty(test: Comparison, columns: Columns) -> pl.Expr:
    """Missing, or a list without an element."""
    target = columns.require(test.target)
    if isinstance(columns.dtype(target), pl.List):
        return pl.col(target).is_null() | (pl.col(target).list.drop_nulls().list.len() == 0)
    return pl.col(target).is_null()


def exists(test: Comparison, columns: Columns) -> pl.Expr:
    """There is such a column."""
    return pl.lit(columns.has(columns.resolved(test.target)))


def is_contained_by(test: Comparison, columns: Columns) -> pl.Expr:
    """The value, or one of the values, is in a list, in the list of the record, or among a column's values."""
    target = columns.require(test.target)
    return contained(pl.col(target), columns.dtype(target), test, columns)


def contained(target: pl.Expr, dtype: pl.DataType, test: Comparison, columns: Columns) -> pl.Expr:
    """Whether an expression's value is contained by the other side of a comparison."""
    value, is_column = columns.other(test)
    right_type = columns.dtype(value) if is_column else None
    if isinstance(dtype, pl.List) or isinstance(right_type, pl.List):
        if right_type is None:
            members = value if isinstance(value, list) else [value]
            return by_pair(target, pl.lit(0), lambda left, _: _any_in(left, members))
        if isinstance(right_type, pl.List) and not isinstance(dtype, pl.List):
            inner = right_type.inner
            if inner != pl.Null and not _comparable(dtype, inner):
                return pl.lit(False)
            return false_where_null(pl.col(value).list.contains(target))
        return by_pair(target, pl.col(value), _any_in)
    if is_column:
        if not _comparable(dtype, columns.dtype(value)):
            return pl.lit(False)
        return false_where_null(target.is_in(pl.col(value).drop_nulls().unique().implode()))
    return _in_literals(target, dtype, value if isinstance(value, list) else [value])


def _in_literals(target: pl.Expr, dtype: pl.DataType, values: list[Any]) -> pl.Expr:
    members = [value for value in values if value is not None and _comparable(dtype, _literal_type(value))]
    return false_where_null(target.is_in(members)) if members else pl.lit(False)


def _any_in(left: Any, right: Any) -> bool:
    members = right if isinstance(right, tuple | list) else [right]
    values = left if isinstance(left, tuple) else [left]
    return any(value is not None and value in members for value in values)


def is_contained_by_case_insensitive(test: Comparison, columns: Columns) -> pl.Expr:
    """As `is_contained_by`, whatever the case; of texts."""
    target = columns.require(test.target)
    lower = pl.col(target).cast(pl.String).str.to_lowercase()
    value, is_column = columns.other(test)
    if not is_column:
        members = value if isinstance(value, list) else [value]
        return false_where_null(lower.is_in([str(member).lower() for member in members]))
    if isinstance(columns.dtype(value), pl.List):
        each = pl.col(value).list.eval(pl.element().cast(pl.String).str.to_lowercase())
        return false_where_null(each.list.contains(lower))
    return false_where_null(lower.is_in(pl.col(value).cast(pl.String).str.to_lowercase().drop_nulls().implode()))


OPERATORS: dict[str, Compiler] = {
    "equal_to": equal_to,
    "not_equal_to": not_equal_to,
    "equal_to_case_insensitive": equal_to_case_insensitive,
    "not_equal_to_case_insensitive": not_equal_to_case_insensitive,
    "less_than": _ordered("lt"),
    "less_than_or_equal_to": _ordered("le"),
    "greater_than": _ordered("gt"),
    "greater_than_or_equal_to": _ordered("ge"),
    "empty": empty,
    "exists": exists,
    "is_contained_by": is_contained_by,
    "is_contained_by_case_insensitive": is_contained_by_case_insensitive,
}
# Operators that hold exactly where another does not; what is missing is not contained by anything.
NEGATED = {
    "non_empty": "empty",
    "not_exists": "exists",
    "is_not_contained_by": "is_contained_by",
    "is_not_contained_by_case_insensitive": "is_contained_by_case_insensitive",
}
