"""What an operation works with: the table checked as it stands, the study, and the data set it belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import polars as pl

from bencao.trial.conformance.operators.columns import MissingVariable
from bencao.trial.conformance.rule import Operation
from bencao.trial.conformance.study import Study, Table

RELATIONSHIPS = ("RELREC", "RELSUB", "CO")


class NotKnown(Exception):
    """What the standard says of a data set is not known here: the rule is not run on it, and says why."""


class MissingDomain(Exception):
    """A data set that an operation needs is not in the study: the rule does not apply to these data."""


@dataclass(frozen=True)
class Context:
    """State in which an operation runs.

    Attributes
    ----------
    frame : polars DataFrame
        The table checked, joined, with the results of the operations before.
    table : Table
        Data set that is checked.
    study : Study
    """

    frame: pl.DataFrame
    table: Table
    study: Study

    def first_list(self, name: str) -> list[Any]:
        """The list in the first record of a column of lists."""
        first = self.frame[name].head(1).to_list()
        return first[0] or [] if first else []

    def domain(self, operation: Operation) -> str:
        """Domain that the operation is over: the one it names, or the data set's own."""
        domain = str(operation.get("domain") or self.table.unsplit_name)
        if domain.endswith("--") and domain.startswith(("SUPP", "SQ")) and self.table.related_domain:
            return domain.replace("--", self.table.related_domain)
        return domain

    def prefix(self, operation: Operation) -> str:
        """What ``--`` stands for in the operation."""
        return str(operation.get("domain") or self.table.prefix)

    def target(self, operation: Operation) -> str:
        """Variable that the operation is of."""
        return str(operation.get("name") or "").replace("--", self.prefix(operation))

    def source(self, operation: Operation) -> tuple[pl.DataFrame, Table]:
        """Records that the operation is over, and the data set that they belong to.

        Raises
        ------
        MissingDomain
        """
        domain = self.domain(operation)
        if self._is_current(domain):
            return self.frame, self.table
        table = self.study.find(domain)
        if table is None:
            raise MissingDomain(domain)
        return table.frame, table

    def _is_current(self, domain: str) -> bool:
        if domain in RELATIONSHIPS or domain.startswith(("SUPP", "SQ")) or "DOMAIN" not in self.frame.columns:
            return False
        return not self.frame.is_empty() and self.frame["DOMAIN"][0] == domain

    def filtered(self, operation: Operation, frame: pl.DataFrame) -> pl.DataFrame:
        """Records that meet the operation's filter; a value that ends with ``&`` is a beginning."""
        for variable, value in (operation.get("filter") or {}).items():
            require(frame, variable)
            if isinstance(value, str) and value.endswith("&"):
                frame = frame.filter(pl.col(variable).str.starts_with(value.rstrip("&")))
            elif frame.schema[variable] == pl.String and not isinstance(value, str):
                frame = frame.clear()
            else:
                frame = frame.filter(pl.col(variable) == value)
        return frame

    def with_constant(self, operation: Operation, value: Any) -> pl.DataFrame:
        """The table with one value, or one list, in every record."""
        if isinstance(value, list | tuple):
            inner = pl.Float64 if value and all(isinstance(item, int | float) for item in value) else pl.String
            series = pl.Series([list(value)], dtype=pl.List(inner))
            return self.frame.with_columns(pl.lit(series).first().alias(operation.id))
        dtype = pl.String if value is None else None
        return self.frame.with_columns(pl.lit(value, dtype=dtype).alias(operation.id))

    def with_groups(self, operation: Operation, groups: pl.DataFrame, left: list[str]) -> pl.DataFrame:
        """The table with a result for each group joined to it.

        Parameters
        ----------
        operation : Operation
        groups : polars DataFrame
            Keys first, the result in the last column.
        left : list of str
            Variables of the table that the keys are matched with.
        """
        for name in left:
            require(self.frame, name)
        *keys, result = groups.columns
        temporary = [f"__key{place}" for place in range(len(keys))]
        right = groups.rename({**dict(zip(keys, temporary, strict=True)), result: operation.id})
        right = right.with_columns(
            _aligned(pl.col(key), right.schema[key], self.frame.schema[name])
            for key, name in zip(temporary, left, strict=True)
        )
        frame = self.frame.drop(operation.id, strict=False)
        return frame.join(right, left_on=left, right_on=temporary, how="left", nulls_equal=True, maintain_order="left")


def require(frame: pl.DataFrame, name: str) -> str:
    """The name, if the table has such a column.

    Raises
    ------
    MissingVariable
    """
    if name not in frame.columns:
        raise MissingVariable(name)
    return name


def _aligned(key: pl.Expr, dtype: pl.DataType, wanted: pl.DataType) -> pl.Expr:
    """A key in the type of the column that it is matched with."""
    if dtype == wanted:
        return key
    return key.cast(wanted, strict=False)


Runner = Callable[[Operation, Context], pl.DataFrame]
