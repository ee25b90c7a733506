"""A cohort from a flat table, one row a person."""

from __future__ import annotations

from typing import Any

import pandas as pd

from bencao.evidence.cohort.cohort import ARM, OUTCOME, TIME, Cohort
from bencao.evidence.errors import EmptyArm, ProtocolError, TimeZeroError
from bencao.evidence.estimators.data.columns import refuse_rows
from bencao.evidence.protocol.concepts import Events
from bencao.evidence.protocol.protocol import Eligibility, OutcomeKind, Protocol


def flat_cohort(protocol: Protocol, table: Any) -> Cohort:
    """Choose persons from a flat table by the protocol.

    Parameters
    ----------
    protocol : Protocol
    table : pandas.DataFrame

    Returns
    -------
    Cohort

    Raises
    ------
    ProtocolError
        A protocol that asks for what a flat table cannot give.
    TimeZeroError
        A covariate that was measured after time zero.
    EmptyArm
    """
    _refuse_untold(protocol)
    chosen, attrition = _chosen(protocol, table)
    outcome = protocol.outcome

    def read(events: Events, control: bool) -> tuple[Any, OutcomeKind]:
        if control:
            return pd.DataFrame({OUTCOME: _told(chosen, events).astype(float)}), "binary"
        columns = {OUTCOME: _column(chosen, events.column)}
        if outcome.time:
            columns[TIME] = _column(chosen, outcome.time)
        return pd.DataFrame(columns), outcome.kind

    blind = chosen.drop(columns=[outcome.events.column], errors="ignore")
    return Cohort(blind, protocol.person, tuple(one.name for one in protocol.covariates), attrition, read)


def _refuse_untold(protocol: Protocol) -> None:
    if protocol.outcome.washed_out or protocol.follow_up.analysed_as == "on_treatment":
        raise ProtocolError(
            "a flat table tells neither earlier outcomes nor the end of exposure",
            where="outcome.washed_out, follow_up.analysed_as",
            mend="exclude: by a column, and end times in the table",
        )
    unused = sorted(protocol.strategies.model_fields_set & {"washout", "grace"})
    if unused:
        raise ProtocolError(
            "a flat table does not tell supplies day by day",
            where=", ".join(f"strategies.{one}" for one in unused),
            mend="leave it out, and let the table hold new users only",
        )
    asked = protocol.eligibility
    if (asked.ages, asked.prior_observation, asked.dates) != (Eligibility().ages, 0, Eligibility().dates):
        raise ProtocolError(
            "cannot be told from a flat table", where="eligibility", mend="write require: and exclude: with columns"
        )


def _chosen(protocol: Protocol, table: Any) -> tuple[Any, tuple[tuple[str, int], ...]]:
    """The persons who enter, with their arm, and how many each step left."""
    asked = protocol.eligibility
    left = table
    steps = [("all", len(left))]
    for kind, rules in (("require", asked.require), ("exclude", asked.exclude)):
        for rule in rules:
            having = _told(left, rule.events)
            left = left[having if kind == "require" else ~having]
            steps.append((f"{kind} {rule.events.name}", len(left)))
    treated, compared = (has(left, one) for one in protocol.strategies.given)
    left = left.assign(**{ARM: treated.astype(float)})[treated ^ compared]
    steps.append(("one strategy", len(left)))
    if left.empty:
        raise EmptyArm("nobody is left", where=steps[-1][0], mend="widen eligibility, or check the strategies")
    for covariate in protocol.covariates:
        later = covariate.measured_on and int((_column(left, covariate.measured_on) > 0).sum())
        if later:
            raise TimeZeroError(
                f"{later} values were measured after time zero",
                where=covariate.name,
                mend="take the last value at or before it",
            )
    return left, tuple(steps)


def _column(table: Any, name: str) -> Any:
    if name not in table.columns:
        raise ProtocolError(
            "is no column of the table", where=name, mend=f"it has {', '.join(map(str, table.columns))}"
        )
    return table[name]


def _told(table: Any, events: Events) -> pd.Series:
    """Whether each row has the event, of a column that says so of everybody."""
    column = _column(table, events.column)
    refuse_rows(table, events.column, column.isna(), "values are missing", "write 1 or 0 of everybody")
    return has(table, events)


def has(table: Any, events: Events) -> pd.Series:
    """Whether each row has the event."""
    if not events.column:
        raise ProtocolError("needs a column", where=events.name, mend="give column: and value:")
    found: pd.Series = _column(table, events.column) == (1 if events.value is None else events.value)
    return found
