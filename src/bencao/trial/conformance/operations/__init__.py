"""Run the operations of a rule: each adds a column that the check may name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from bencao.trial.conformance.operations import groups, library, metadata, terms
from bencao.trial.conformance.operations.context import Context, MissingDomain, NotKnown, Runner
from bencao.trial.conformance.rule import Operation
from bencao.trial.errors import UnsupportedRule

_OPERATIONS: dict[str, Runner] = {**groups.OPERATIONS, **library.OPERATIONS, **metadata.OPERATIONS, **terms.OPERATIONS}


def run_operations(operations: Iterable[Operation], context: Context) -> pl.DataFrame:
    """The table with a column for each operation.

    Parameters
    ----------
    operations : iterable of Operation
        In order; a later one may use the result of an earlier.
    context : Context

    Returns
    -------
    polars DataFrame

    Raises
    ------
    MissingVariable, MissingDomain
        Where the data have not what an operation needs.
    NotKnown
        Where what the standard says of a data set is not known here.
    UnsupportedRule
        Where an operation is not known here.
    """
    for operation in operations:
        runner = _OPERATIONS.get(operation.operator)
        if runner is None:
            raise UnsupportedRule(f"operation {operation.operator} is not known", where=operation.id)
        context = replace(context, frame=runner(operation, context))
    return context.frame


__all__ = ["Context", "MissingDomain", "NotKnown", "run_operations"]
