"""What an operator may see: the columns at hand, and what a rule's names stand for among them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from bencao.trial.conformance.rule import Comparison


class MissingVariable(Exception):
    """A comparison's target is not among the columns: the rule does not apply to these data."""


@dataclass(frozen=True)
class Columns:
    """Table that a check is compiled for.

    Attributes
    ----------
    frame : polars DataFrame
    prefix : str
        What a leading ``--`` stands for.
    """

    frame: pl.DataFrame
    prefix: str = ""

    def resolved(self, value: Any) -> Any:
        """A value with the domain's prefix in place of ``--``."""
        if isinstance(value, str) and value.startswith("--"):
            return value.replace("--", self.prefix, 1)
        if isinstance(value, list):
            return [self.resolved(item) for item in value]
        return value

    def dtype(self, name: str) -> pl.DataType:
        """Type of a column; one without any value counts as text."""
        dtype = self.frame.schema[name]
        return pl.String() if dtype == pl.Null else dtype

    def require(self, name: str) -> str:
        """The name with its prefix, if there is such a column.

        Raises
        ------
        MissingVariable
        """
        name = self.resolved(name)
        if name not in self.frame.columns:
            raise MissingVariable(name)
        return name

    def has(self, value: Any) -> bool:
        """Whether a resolved value names a column."""
        return isinstance(value, str) and value in self.frame.columns

    def other(self, test: Comparison) -> tuple[Any, bool]:
        """What the target is compared with, and whether that is a column's name."""
        value = self.resolved(test.value)
        return value, not test.options.get("value_is_literal", False) and self.has(value)

    def first_list(self, name: str) -> list[Any]:
        """The list in the first record of a column of lists."""
        first = self.frame[name].head(1).to_list()
        return first[0] or [] if first else []

    def expanded(self, names: Any) -> list[str]:
        """Columns of a list, without those absent; an operation's result that lists names stands for those names."""
        listed: list[str] = []
        for name in names if isinstance(names, list) else [names]:
            resolved = self.resolved(name)
            if isinstance(resolved, list):
                listed += self.expanded(resolved)
            elif self.has(resolved) and isinstance(self.frame.schema[resolved], pl.List):
                listed += self.first_list(resolved)
            else:
                listed.append(resolved)
        return list(dict.fromkeys(name for name in listed if self.has(name)))


Compiler = Callable[[Comparison, Columns], pl.Expr]


def false_where_null(expr: pl.Expr) -> pl.Expr:
    """A comparison with something missing does not hold."""
    return expr.fill_null(False)


def by_value(name: str, dtype: pl.DataType, function: Callable[[Any], bool]) -> pl.Expr:
    """A predicate of one column, called once for each of its values; the missing one is None."""

    def answer(series: pl.Series) -> pl.Series:
        values = series.unique()
        answers = pl.Series([function(value) for value in values.to_list()], dtype=pl.Boolean)
        return series.to_frame("v").join(
            pl.DataFrame({"v": values, "a": answers}), on="v", how="left", nulls_equal=True, maintain_order="left"
        )["a"]

    return pl.col(name).map_batches(answer, return_dtype=pl.Boolean)


def by_pair(left: pl.Expr, right: pl.Expr, function: Callable[[Any, Any], bool]) -> pl.Expr:
    """A predicate of two columns, called once for each pair of values; a list comes as a tuple."""

    def answer(series: pl.Series) -> pl.Series:
        first, second = (series.struct.field(side).to_list() for side in ("l", "r"))
        known: dict[tuple[Any, Any], bool] = {}
        answers = []
        for pair in zip(first, second, strict=True):
            key = (_frozen(pair[0]), _frozen(pair[1]))
            if key not in known:
                known[key] = function(*key)
            answers.append(known[key])
        return pl.Series(answers, dtype=pl.Boolean)

    return pl.struct(left.alias("l"), right.alias("r")).map_batches(answer, return_dtype=pl.Boolean)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
