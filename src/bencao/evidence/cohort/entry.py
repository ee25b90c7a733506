"""Who enters, and when: candidates for time zero, and what each step of eligibility leaves of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import reduce
from operator import and_
from typing import Any

import ibis

from bencao.evidence.cohort.engines import Engine
from bencao.evidence.cohort.model import Model
from bencao.evidence.protocol.concepts import EventRule
from bencao.evidence.protocol.protocol import Protocol

Attrition = tuple[tuple[str, int], ...]
Step = tuple[str, Callable[[Any], Any]]
_YEAR = 365.25
_EPOCH = date(1970, 1, 1)


def enter(engine: Engine, protocol: Protocol) -> tuple[Any, Attrition]:
    """Find each person's time zero: the first day on which one strategy starts and all of eligibility holds.

    All that is asked for is known on that day, so that nobody is chosen by what happens later.

    Parameters
    ----------
    engine : Engine
    protocol : Protocol
        Over a common data model.

    Returns
    -------
    cohort : ibis expression
        ``person_id``, ``day`` (since 1970), ``arm`` (1, 0), ``born``, ``sex``, ``last`` (day of observation).
    attrition : tuple of (str, int)
        Each step, and the persons left after it.

    Raises
    ------
    StudyDataError
        A table that is needed and not there.
    """
    started = engine.keep("bencao_starts", candidates(engine.model, protocol))
    steps = list(_known_at_start(protocol))
    for place, (kind, rule) in enumerate(_rules(protocol)):
        name = f"rule_{place}"
        flagged = flag(started, engine.model.events(rule.events), rule.days, name)
        started = engine.keep(f"bencao_starts_{place}", flagged)
        steps.append((f"{kind} {rule.events.name}", _is(name, int(kind == "require"))))
    left = [reduce(and_, [holds(started) for _, holds in steps[: number + 1]]) for number in range(len(steps))]
    counts = {f"step_{number}": started.person_id.nunique(where=one) for number, one in enumerate(left)}
    counted = engine.rows(started.aggregate(anybody=started.person_id.nunique(), **counts)).iloc[0]
    persons = engine.rows(engine.model.persons().aggregate(n=lambda rows: rows.count())).iloc[0, 0]
    begun = "start a strategy" if protocol.strategies.comparator else "have the entry event"
    attrition = [("persons", int(persons)), (begun, int(counted["anybody"]))]
    attrition += [(name, int(counted[f"step_{number}"])) for number, (name, _) in enumerate(steps)]
    turn = ibis.row_number().over(ibis.window(group_by="person_id", order_by="day"))
    first = started.filter(left[-1]).mutate(turn=turn).filter(lambda rows: rows.turn == 0)
    cohort = first.select("person_id", "day", "arm", "born", "sex", "last")
    return engine.keep("bencao_cohort", cohort), tuple(attrition)


def _is(name: str, wanted: int) -> Callable[[Any], Any]:
    return lambda rows: rows[name] == wanted


def candidates(model: Model, protocol: Protocol) -> Any:
    """Every day on which a person starts a strategy, with what is known of the person on it.

    Returns
    -------
    ibis expression
        ``person_id``, ``day``, ``arm`` and ``other`` (the greatest and least arm that starts on it), ``until`` (last
        day of any earlier exposure, or null), ``born``, ``sex``, ``first``, ``last`` (of the observation around it).
    """
    exposures = exposed(model, protocol)
    entry = protocol.lasting.entry if protocol.lasting else None
    days = _exposures_by_day(exposures) if entry is None else _entries_by_day(model.events(entry), exposures)
    persons, observed = model.persons(), model.observed()
    known = days.inner_join(persons, "person_id").select(
        "person_id", "arm", "other", "until", "born", "sex", day=days.start
    )
    around = known.inner_join(observed, "person_id").filter(
        lambda rows: (rows["first"] <= rows.day) & (rows.day <= rows["last"])
    )
    kept = ["person_id", "day", "arm", "other", "until", "born", "sex"]
    return around.group_by(kept).agg(first=around["first"].min(), last=around["last"].max())


def _exposures_by_day(exposures: Any) -> Any:
    days = exposures.group_by(["person_id", "start"]).agg(
        arm=exposures.arm.max(), other=exposures.arm.min(), end=exposures.end.max()
    )
    earlier = ibis.window(group_by="person_id", order_by="start", preceding=(None, 1))
    return days.mutate(until=days.end.max().over(earlier))


def _entries_by_day(entries: Any, exposures: Any) -> Any:
    """Days of an event that lets persons enter before any strategy is told; nobody is in an arm yet."""
    days = entries.select("person_id", "start").distinct()
    before = exposures.select("person_id", begun=exposures.start, end=exposures.end)
    pairs = days.inner_join(before, "person_id").filter(lambda rows: rows.begun < rows.start)
    until = pairs.group_by(["person_id", "start"]).agg(until=pairs.end.max())
    joined = days.left_join(until, ["person_id", "start"])
    nobody = ibis.literal(0, "int64")
    return joined.select("person_id", "start", arm=nobody, other=nobody, until=joined.until)


def exposed(model: Model, protocol: Protocol) -> Any:
    """``person_id``, ``arm``, ``start``, ``end`` of all exposures to the strategies."""
    found = [
        model.events(events).mutate(arm=ibis.literal(1 - place, "int64"))
        for place, events in enumerate(protocol.strategies.given)
    ]
    return found[0] if len(found) == 1 else found[0].union(found[1])


def flag(cohort: Any, events: Any, days: tuple[int | None, int], name: str) -> Any:
    """The cohort with a column: 1 for who has an event that starts in the window of days, counted from time zero.

    Parameters
    ----------
    cohort : ibis expression
        ``person_id``, ``day``, and others, which stay.
    events : ibis expression
        ``person_id``, ``start``.
    days : (int or None, int)
        First and last day, both included.
    name : str
    """
    within = _within(cohort, events, days).select("person_id", "day").distinct().mutate(**{name: 1})
    joined = cohort.left_join(within, ["person_id", "day"])
    return joined.select(*cohort.columns, **{name: joined[name].fill_null(0).cast("int64")})


def _within(cohort: Any, events: Any, days: tuple[int | None, int]) -> Any:
    first, last = days
    pairs = cohort.select("person_id", "day").inner_join(events, "person_id")
    found = pairs.filter(pairs.start <= pairs.day + last)
    return found if first is None else found.filter(found.start >= found.day + first)


def _rules(protocol: Protocol) -> list[tuple[str, EventRule]]:
    asked, outcome = protocol.eligibility, protocol.outcome
    rules = [("require", one) for one in asked.require] + [("exclude", one) for one in asked.exclude]
    if outcome.washed_out:  # only what stands at or before time zero is read of the outcome
        rules.append(("exclude", EventRule(events=outcome.events, days=(None, 0))))
    return rules


def _known_at_start(protocol: Protocol) -> list[Step]:
    """The steps that need no further events."""
    asked, washout = protocol.eligibility, protocol.strategies.washout
    observed = max(asked.prior_observation, washout)  # a washout that nobody observed is none
    steps: list[Step] = []
    if protocol.strategies.comparator:
        steps.append(("start one strategy only", lambda rows: rows.arm == rows.other))
    steps.append((f"observed {observed} days before", lambda rows: rows.day - rows["first"] >= observed))
    if washout:
        which = "neither strategy" if protocol.strategies.comparator else "no treatment"
        steps.append((f"{which} {washout} days before", lambda rows: (rows.day - rows.until > washout).fill_null(True)))
    low, high = asked.ages
    if low is not None:
        steps.append((f"{low:g} years or older", lambda rows: (rows.day - rows.born) / _YEAR >= low))
    if high is not None:
        steps.append((f"{high:g} years or younger", lambda rows: (rows.day - rows.born) / _YEAR < high + 1))
    since, until = asked.dates
    if since is not None:
        begin = (since - _EPOCH).days
        steps.append((f"from {since}", lambda rows: rows.day >= begin))
    if until is not None:
        finish = (until - _EPOCH).days
        steps.append((f"to {until}", lambda rows: rows.day <= finish))
    return steps
