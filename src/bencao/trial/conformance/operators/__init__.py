"""Compile the check of a rule to one polars expression: true for a record that breaks the rule."""

from __future__ import annotations

import polars as pl

from bencao.trial.conformance.operators import comparison, dates, records, text
from bencao.trial.conformance.operators.columns import Columns, Compiler, MissingVariable
from bencao.trial.conformance.rule import Comparison, Condition
from bencao.trial.errors import UnsupportedRule

_MODULES = (comparison, dates, records, text)
_OPERATORS: dict[str, Compiler] = {name: compiler for module in _MODULES for name, compiler in module.OPERATORS.items()}
_NEGATED: dict[str, str] = {name: of for module in _MODULES for name, of in module.NEGATED.items()}


def compile_check(condition: Condition, columns: Columns) -> pl.Expr:
    """Expression of a condition over a table.

    Parameters
    ----------
    condition : Condition
    columns : Columns

    Returns
    -------
    polars Expr
        Boolean, never null.

    Raises
    ------
    MissingVariable
        Where a comparison that decides is of a variable that the table has not.
    UnsupportedRule
        Where an operator is not known here.
    """
    if isinstance(condition, Comparison):
        return _compile_comparison(condition, columns)
    if condition.kind == "not":
        return ~compile_check(condition.parts[0], columns)
    if condition.kind == "all":
        return pl.all_horizontal([compile_check(part, columns) for part in condition.parts])
    parts, missing = [], []
    for part in condition.parts:  # of alternatives, those without their variable fall away
        try:
            parts.append(compile_check(part, columns))
        except MissingVariable as error:
            missing.append(str(error))
    if not parts:
        raise MissingVariable(", ".join(sorted(set(missing))))
    return pl.any_horizontal(parts)


def _compile_comparison(test: Comparison, columns: Columns) -> pl.Expr:
    operator = _NEGATED.get(test.operator, test.operator)
    compiler = _OPERATORS.get(operator)
    if compiler is None:
        raise UnsupportedRule(f"operator {test.operator} is not known", where=test.target)
    compiled = compiler(test, columns)
    return compiled if operator == test.operator else ~compiled


__all__ = ["Columns", "MissingVariable", "compile_check"]
