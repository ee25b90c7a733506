"""Expressions of a specification, such as ``'Y' if AGE >= 65 and SEX == 'F' else None``, as plans on any engine."""

from __future__ import annotations

import ast
import datetime
import operator
from collections.abc import Callable
from functools import reduce
from typing import Any

import narwhals as nw

from bencao.trial.errors import SpecificationError

Frame = nw.LazyFrame[Any]

# Day 0 of SAS, in which numeric dates of XPT files and ADaM count.
SAS_EPOCH = datetime.date(1960, 1, 1)
# As of `rounding.round_half_away`.
_FUZZ = 1e-12

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def expression(text: str, data: Frame) -> nw.Expr:
    """Compile an expression over a data set's variables.

    The syntax is Python's: variables by name, numbers, texts in quotes, ``None`` for missing, ``+ - * / // % **``,
    comparisons (chained too), ``in (…)``, ``is None``, ``and``, ``or``, ``not``, ``A if CONDITION else B``, and the
    functions of `FUNCTIONS`. A comparison with a missing value is missing: `filter` leaves such records out, and an
    ``if`` takes its ``else``.

    Parameters
    ----------
    text : str
    data : narwhals LazyFrame
        What the expression will stand on: its engine, not its columns, is looked at.

    Returns
    -------
    narwhals Expr

    Raises
    ------
    SpecificationError
        Says what in the text is not understood.

    Examples
    --------
    >>> import polars as pl
    >>> data = nw.from_native(pl.LazyFrame({"AGE": [64, 65, None]}))
    >>> data.select(OLD=expression("'Y' if AGE >= 65 else 'N'", data)).collect()["OLD"].to_list()
    ['N', 'Y', 'N']
    """
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError as error:
        raise SpecificationError(f"{text!r} is no expression: {error.msg}") from error
    value = _Compiler(text, data).compile(tree.body)
    return value if isinstance(value, nw.Expr) else nw.lit(value)


def variables_of(text: str) -> frozenset[str]:
    """Name the variables that an expression reads.

    Examples
    --------
    >>> sorted(variables_of("AVAL - BASE if ABLFL is None else None"))
    ['ABLFL', 'AVAL', 'BASE']
    """
    tree = ast.parse(text.strip(), mode="eval")
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called)


def day_number(date: nw.Expr, data: Frame) -> nw.Expr:
    """Count the days of a date since 1 January 1960, as SAS does."""
    since = date - nw.lit(SAS_EPOCH)
    if data.implementation is nw.Implementation.POLARS:
        return since.dt.total_minutes() // 1440
    return since.cast(nw.Int64)


def rounded(value: nw.Expr, digits: int = 0) -> nw.Expr:
    """Round half away from zero, as `bencao.trial.round_half_away` does a number."""
    scale = 10.0**digits
    scaled = value.abs() * scale
    whole = divided((scaled + 0.5 + scaled * _FUZZ).floor(), scale)
    return nw.when(value < 0).then(-whole).otherwise(whole)


def divided(value: nw.Expr, by: float) -> nw.Expr:
    """Divide by a number as IEEE 754 has it.

    Polars multiplies by the reciprocal where the divisor is a constant, which is off by a bit: 771 / 10 becomes
    77.10000000000001. A divisor of the column's own length is divided by.
    """
    return value / (value * 0 + by)


def _substring(text: nw.Expr, start: int, length: int | None = None) -> nw.Expr:
    return text.str.slice(start - 1, length)


def _joined(*parts: Any) -> nw.Expr:
    return nw.concat_str([_wrapped(part) for part in parts], ignore_nulls=False)


def _wrapped(value: Any) -> nw.Expr:
    return value if isinstance(value, nw.Expr) else nw.lit(value)


def _least(*values: Any) -> nw.Expr:
    return nw.min_horizontal(*map(_wrapped, values))


def _greatest(*values: Any) -> nw.Expr:
    return nw.max_horizontal(*map(_wrapped, values))


def _total(*values: Any) -> nw.Expr:
    return nw.sum_horizontal(*map(_wrapped, values))


def _date(text: nw.Expr) -> nw.Expr:
    whole = text.str.contains(r"^\d{4}-\d{2}-\d{2}")
    return nw.when(whole).then(text.str.slice(0, 10)).otherwise(nw.lit(None, nw.String)).str.to_date("%Y-%m-%d")


def _number(text: nw.Expr) -> nw.Expr:
    written = text.cast(nw.String).str.strip_chars()
    is_one = written.str.contains(r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$")
    return nw.when(is_one).then(written).otherwise(nw.lit(None, nw.String)).cast(nw.Float64)


# What an expression may call. The first group is of one record, the second of all records of a group (`aggregate`).
FUNCTIONS: dict[str, Callable[..., nw.Expr]] = {
    "upper": lambda text: text.str.to_uppercase(),
    "lower": lambda text: text.str.to_lowercase(),
    "strip": lambda text: text.str.strip_chars(),
    "substr": _substring,
    "length": lambda text: text.str.len_chars(),
    "concat": _joined,
    "matches": lambda text, pattern: text.str.contains(pattern),
    "starts": lambda text, start: text.str.starts_with(start),
    "replace": lambda text, pattern, by: text.str.replace_all(pattern, by),
    "coalesce": lambda *values: nw.coalesce(*map(_wrapped, values)),
    "least": _least,
    "greatest": _greatest,
    "total": _total,
    "abs": lambda value: value.abs(),
    "floor": lambda value: value.floor(),
    "round": rounded,
    "number": _number,
    "integer": lambda value: value.cast(nw.Int64),
    "text": lambda value: value.cast(nw.String),
    "date": _date,
    "year": lambda date: date.dt.year(),
    "month": lambda date: date.dt.month(),
    "day": lambda date: date.dt.day(),
    "min": lambda value: value.min(),
    "max": lambda value: value.max(),
    "sum": lambda value: value.sum(),
    "mean": lambda value: value.mean(),
    "std": lambda value: value.std(),
    "count": lambda *value: value[0].count() if value else nw.len(),
}


class _Compiler:
    """Walks the syntax tree of one expression."""

    def __init__(self, text: str, data: Frame) -> None:
        self._text, self._data = text, data

    def compile(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant():
                return node.value
            case ast.Name():
                return nw.col(node.id)
            case ast.Tuple() | ast.List():
                return [self.compile(item) for item in node.elts]
            case ast.UnaryOp(op=ast.USub()):
                return -self.compile(node.operand)
            case ast.UnaryOp(op=ast.Not()):
                return ~self.compile(node.operand)
            case ast.BinOp() if type(node.op) in _BINARY:
                return self._pair(_BINARY[type(node.op)], self.compile(node.left), self.compile(node.right))
            case ast.BoolOp():
                both = operator.and_ if isinstance(node.op, ast.And) else operator.or_
                return reduce(both, [_wrapped(self.compile(value)) for value in node.values])
            case ast.Compare():
                return self._compare(node)
            case ast.IfExp():
                chosen = nw.when(_wrapped(self.compile(node.test))).then(_wrapped(self.compile(node.body)))
                return chosen.otherwise(_wrapped(self.compile(node.orelse)))
            case ast.Call(func=ast.Name(id=name), keywords=[]):
                return self._call(name, [self.compile(value) for value in node.args])
        raise self._refused(ast.get_source_segment(self._text.strip(), node) or self._text)

    @staticmethod
    def _pair(operation: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
        if operation is operator.truediv and isinstance(right, int | float):
            return divided(_wrapped(left), right)
        return operation(left if isinstance(right, nw.Expr) else _wrapped(left), right)

    def _compare(self, node: ast.Compare) -> nw.Expr:
        values = [self.compile(value) for value in (node.left, *node.comparators)]
        parts = [self._one(op, *pair) for op, *pair in zip(node.ops, values, values[1:], strict=False)]
        return reduce(operator.and_, parts)

    def _one(self, op: ast.cmpop, left: Any, right: Any) -> nw.Expr:
        if isinstance(op, ast.Is | ast.IsNot) and right is None:
            missing = _wrapped(left).is_null()
            return missing if isinstance(op, ast.Is) else ~missing
        if isinstance(op, ast.In | ast.NotIn) and isinstance(right, list):
            within = _wrapped(left).is_in(right)
            return within if isinstance(op, ast.In) else ~within
        if type(op) not in _COMPARE or left is None or right is None:
            raise self._refused("a comparison", "compare with None by `is None`")
        compared: nw.Expr = self._pair(_COMPARE[type(op)], left, right)
        return compared

    def _call(self, name: str, arguments: list[Any]) -> nw.Expr:
        if name == "days":
            return day_number(arguments[0], self._data) - day_number(arguments[1], self._data)
        if name not in FUNCTIONS:
            raise self._refused(f"the function {name}", f"it may be {', '.join(sorted((*FUNCTIONS, 'days')))}")
        if name not in ("coalesce", "concat", "least", "greatest", "total", "count") and arguments:
            arguments[0] = _wrapped(arguments[0])
        try:
            return FUNCTIONS[name](*arguments)
        except TypeError as error:
            raise self._refused(f"what {name} is given", str(error)) from error

    def _refused(self, what: str, mend: str = "") -> SpecificationError:
        return SpecificationError(f"in the expression {self._text!r}, {what} is not understood", mend=mend)
