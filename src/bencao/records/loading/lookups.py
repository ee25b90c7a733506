"""What the different values of a column mean: read once each, so that the plan only joins and casts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from bencao.records.cdm.definition import Field
from bencao.records.errors import MappingError
from bencao.records.mapping.model import Rule
from bencao.records.values.dates import Moment, Order, read_moment
from bencao.records.values.quantities import converted, read_quantity, ucum_of
from bencao.records.values.sexes import read_sex

SEPARATOR = "\x1f"  # between the columns of one value
Read = tuple[Any, str]  # value, reason why there is none
Reader = Callable[[str], Read]
_TYPES = {
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
}


@dataclass(frozen=True)
class Concepts:
    """What codes mean: by vocabulary and code, the standard concept, or None where there is none.

    Attributes
    ----------
    standard : dict of int
        By (vocabulary, code).
    domains : dict of str
        Domain of each concept.
    """

    standard: Mapping[tuple[str, str], int]
    domains: Mapping[int, str]


def reader_of(rule: Rule, field: Field, concepts: Concepts, latest: int) -> Reader:
    """What reads one value by a rule.

    Parameters
    ----------
    rule : Rule
    field : Field
    concepts : Concepts
    latest : int
        Last year that a year of two digits may mean.

    Returns
    -------
    callable
        From the text, columns with `SEPARATOR` between them, to the value and an empty reason, or None and the reason.
    """
    match rule.rule:
        case "copy" | "join":
            return _fitting(rule, field)
        case "integer" | "number":
            return lambda text: _number(rule, text, whole=rule.rule == "integer")
        case "date" | "datetime" | "year" | "month" | "day":
            return lambda text: _moment(rule, field, text, latest)
        case "sex":
            return lambda text: _known(read_sex(text), "unknown_sex")
        case "code":
            codes = {str(key): value for key, value in rule.codes.items()}
            return lambda text: _known(_typed(codes.get(text.strip()), field), "unknown_code")
        case "unit":
            return lambda text: _unit(rule, text)
        case "concept":
            return lambda text: _known(concepts.standard.get((rule.vocabulary, text.strip())), "unmapped")
        case "quantity":
            return lambda text: _quantity(rule, text)
        case "part":
            pattern = re.compile(rule.pattern)
            return lambda text: _part(pattern, text)
        case _:
            raise MappingError(f"{rule.rule} is read by the plan", where=field.name)


def lookup_table(values: list[str], reader: Reader, field: Field) -> pa.Table:
    """A lookup table: ``raw``, ``value`` and ``reason``, by raw."""
    read = [reader(value) for value in values]
    return pa.table(
        {
            "raw": pa.array(values, pa.string()),
            "value": pa.array([value for value, _ in read], _TYPES[field.sql_type]),
            "reason": pa.array([reason or None for _, reason in read], pa.string()),
        }
    )


def _known(value: Any, reason: str) -> Read:
    return (None, reason) if value is None else (value, "")


def _typed(value: Any, field: Field) -> Any:
    if value is None:
        return None
    kind = {"BIGINT": int, "DOUBLE": float}.get(field.sql_type, str)
    return kind(value)


def _fitting(rule: Rule, field: Field) -> Reader:
    def read(text: str) -> Read:
        told = rule.separator.join(part for part in text.split(SEPARATOR) if part) if rule.rule == "join" else text
        if field.length is not None and len(told) > field.length:
            return None, "too_long"
        return told, ""

    return read


def _number(rule: Rule, text: str, *, whole: bool) -> Read:
    found = read_quantity(text)
    if found.number is None or found.unit or found.operator:
        return None, "not_a_number"
    if not _within(rule, found.number):
        return None, "impossible_value"
    if whole:
        return (int(found.number), "") if found.number == int(found.number) else (None, "not_whole")
    return found.number, ""


def _within(rule: Rule, number: float) -> bool:
    return (rule.low is None or number >= rule.low) and (rule.high is None or number <= rule.high)


def _moment(rule: Rule, field: Field, text: str, latest: int) -> Read:
    found = _read_parts(text, rule.order, latest)
    if found.day is None:
        return None, found.reason
    if not _within(rule, found.day.year):
        return None, "impossible_value"
    if rule.rule in ("year", "month", "day"):
        return getattr(found.day, rule.rule), ""
    return (found.day if field.sql_type == "DATE" else found.at), ""


def _read_parts(text: str, order: Order, latest: int) -> Moment:
    day, mark, time = text.partition(SEPARATOR)
    found = read_moment(day, order, latest)
    if not mark or not time.strip() or found.day is None:
        return found
    both = read_moment(f"{found.day.isoformat()} {time}", order, latest)
    return both if both.day else Moment(None, reason="not_a_time")


def _unit(rule: Rule, text: str) -> Read:
    told = ucum_of(text)
    concept = rule.codes.get(told or "", rule.codes.get(text.strip()))
    return _known(None if concept is None else int(concept), "unknown_unit")


def _quantity(rule: Rule, text: str) -> Read:
    """Number, unit where another column has it, and what decides which unit is wanted."""
    parts = text.split(SEPARATOR)
    number, unit = parts[0], parts[1] if len(rule.columns) > 1 else ""
    wanted = rule.unit_from.get(parts[-1]) if rule.by else [rule.unit, rule.analyte]
    found = read_quantity(number, unit)
    if found.number is None:
        return None, found.reason
    if wanted and wanted[0]:
        found = converted(found, wanted[0], wanted[1] if len(wanted) > 1 else "")
    if found.reason or found.number is None:
        return None, found.reason
    return (found.number, "") if _within(rule, found.number) else (None, "impossible_value")


def _part(pattern: re.Pattern[str], text: str) -> Read:
    found = pattern.search(text)
    return _known(found[1] if found and found.groups() else None, "no_match")
