"""Run rules over a study: a table for each data set in scope, joined, extended, checked, and what broke the rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from bencao.trial.conformance.matching import join_matches
from bencao.trial.conformance.operations import Context, MissingDomain, NotKnown, run_operations
from bencao.trial.conformance.operators import Columns, MissingVariable, compile_check
from bencao.trial.conformance.rule import Rule
from bencao.trial.conformance.scope import applies
from bencao.trial.conformance.study import RECORD, SOURCE, Study, Table
from bencao.trial.conformance.tables import TABLES
from bencao.trial.errors import UnsupportedRule

ABSENT = "Not in dataset"


@dataclass(frozen=True)
class Violation:
    """Records of a data set that break a rule.

    Attributes
    ----------
    rule : Rule
    dataset : str
    records : polars DataFrame
        ``dataset``, ``record`` (from 1; null for a finding of the whole data set), then the variables reported that
        the data set has.
    absent : tuple of str
        Variables reported that it has not.
    message : str
        The rule's, with the domain's prefix in place of ``--``.
    """

    rule: Rule
    dataset: str
    records: pl.DataFrame
    absent: tuple[str, ...] = ()
    message: str = ""

    def __len__(self) -> int:
        return len(self.records)

    def rows(self) -> Iterator[tuple[str, int | None, str, Any]]:
        """Data set, record, variable and value, a row for each variable of each record."""
        for row in self.records.iter_rows(named=True):
            dataset, record = row.pop("dataset"), row.pop("record")
            for name, value in row.items():
                yield dataset, record, name, value
            for name in self.absent:
                yield dataset, record, name, ABSENT


@dataclass(frozen=True)
class Skipped:
    """A data set in scope that a rule could not be run on, for it lacks what the rule needs."""

    rule: Rule
    dataset: str
    reason: str


def check_rule(rule: Rule, study: Study) -> list[Violation | Skipped]:
    """Run one rule over the data sets that it applies to.

    Parameters
    ----------
    rule : Rule
    study : Study

    Returns
    -------
    list of Violation or Skipped
        Nothing for a data set that keeps the rule.

    Raises
    ------
    UnsupportedRule
        Where the rule asks for what is not known here.
    """
    build = TABLES.get(rule.rule_type)
    if build is None:
        raise UnsupportedRule(f"rule type {rule.rule_type} is not run here", where=rule.id)
    outcomes: list[Violation | Skipped] = []
    done: set[str] = set()
    for table in study.tables:
        name = table.name if rule.scope.split else table.unsplit_name
        if name in done or not applies(rule, table, study):
            continue
        done.add(name)
        frame = build(table, study, rule)
        if frame.is_empty():
            continue
        try:
            found = _broken(rule, frame, table, study)
        except (MissingVariable, MissingDomain) as error:
            outcomes.append(Skipped(rule, table.name, f"{error} is not there"))
            continue
        except NotKnown as error:
            outcomes.append(Skipped(rule, table.name, str(error)))
            continue
        except UnsupportedRule as error:
            raise UnsupportedRule(error.cause, where=rule.id) from error
        except (pl.exceptions.PolarsError, re.error) as error:  # such as a text where the rule needs a number
            reason = str(error).partition("\n")[0]
            raise UnsupportedRule(f"it does not suit the data set {table.name}: {reason}", where=rule.id) from error
        if found is not None:
            outcomes.append(found)
    return outcomes


def _broken(rule: Rule, frame: pl.DataFrame, table: Table, study: Study) -> Violation | None:
    frame = join_matches(rule, frame, table, study)
    if frame.is_empty():
        return None
    frame = run_operations(rule.operations, Context(frame, table, study))
    frame = frame.with_columns(pl.col(pl.Null).cast(pl.String))  # a column without a value counts as text
    flags = frame.select(compile_check(rule.check, Columns(frame, table.prefix)).alias("flag"))["flag"]
    if len(flags) == 1 and len(frame) > 1:  # a check without any column: one answer for all
        flags = pl.Series([flags[0]] * len(frame))
    broken = frame.filter(flags)
    return _reported(rule, broken, table) if len(broken) else None


def _reported(rule: Rule, broken: pl.DataFrame, table: Table) -> Violation:
    named = rule.outputs or [test.target for test in rule.comparisons()]
    names = list(dict.fromkeys(str(name).replace("--", table.prefix) for name in named))
    names += _names_in_lists(broken, names)
    present = [name for name in names if name in broken.columns]
    absent = tuple(name for name in names if name not in broken.columns)
    record: pl.Expr = pl.col(RECORD)
    if rule.sensitivity == "Dataset":
        broken, record = broken.head(1), pl.lit(None, dtype=pl.Int64)
    elif rule.sensitivity == "Group":
        grouping = [name.replace("--", table.prefix) for name in rule.grouping]
        missing = [name for name in grouping if name not in broken.columns]
        if missing or not grouping:
            raise UnsupportedRule(f"grouping variables {missing or 'are missing'}", where=rule.id)
        broken = broken.unique(grouping, keep="first", maintain_order=True)
        present = list(dict.fromkeys([*present, *grouping]))
    dataset = pl.lit("STUDY") if rule.rule_type == "Domain Presence Check" else pl.col(SOURCE)
    if rule.rule_type == "Domain Presence Check":
        record = pl.lit(None, dtype=pl.Int64)
    records = broken.select(dataset.alias("dataset"), record.alias("record"), *present)
    return Violation(rule, table.name, records, absent, rule.message.replace("--", table.prefix))


def _names_in_lists(broken: pl.DataFrame, names: list[str]) -> list[str]:
    """Variables that a reported list names, which are reported with it."""
    lists = [name for name in names if name in broken.columns and isinstance(broken.schema[name], pl.List)]
    listed = [value for name in lists for values in broken[name].unique().to_list() for value in values or ()]
    return [value for value in dict.fromkeys(listed) if value in broken.columns and value not in names]
