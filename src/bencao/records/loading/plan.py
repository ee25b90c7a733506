"""The plan that fills a table of the model from a staged one: joins and casts in Ibis, run on any engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import ibis

from bencao.records.cdm.definition import Field, cdm_tables
from bencao.records.loading.lookups import SEPARATOR
from bencao.records.mapping.model import Rule, TableMap
from bencao.records.sources.staging import FILE, ROW

WHY = "_why_"  # before the name of a field: the reason why it has no value
_IBIS = {"BIGINT": "int64", "DOUBLE": "float64", "VARCHAR": "string", "DATE": "date", "TIMESTAMP": "timestamp"}
# Values of these forms mean what the engine reads in them; as regular expressions that all engines take alike.
_PLAIN = {
    "integer": r"^[+-]?[0-9]{1,18}$",
    "number": r"^[+-]?[0-9]{1,15}(\.[0-9]{1,15})?$",
    "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "datetime": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}$",
}


@dataclass(frozen=True)
class Step:
    """A table of the model filled from one staged table.

    Attributes
    ----------
    name : str
        Of the staged table in the engine.
    table_map : TableMap
    direct : frozenset of str
        Fields that are cast as they are.
    lookups : dict of str
        Fields that are looked up, and the name of each lookup table.
    offset : int
        Rows of the table that earlier steps may fill; its own keys follow.
    """

    name: str
    table_map: TableMap
    direct: frozenset[str]
    lookups: Mapping[str, str]
    offset: int


def raw_columns(rule: Rule) -> list[str]:
    """The columns whose values together are what a rule reads."""
    return [*rule.columns, *([rule.by] if rule.by else [])]


def raw_value(source: Any, rule: Rule) -> Any:
    """What a rule reads: its columns with `SEPARATOR` between them, null where the first are empty."""
    columns = raw_columns(rule)
    texts = [source[name].strip() for name in columns]
    if len(texts) == 1:
        return texts[0].nullif("")
    joined = reduce(lambda one, other: one + SEPARATOR + other, (text.fill_null("") for text in texts))
    filled = reduce(lambda one, other: one + other, (source[name].strip().fill_null("") for name in rule.columns))
    return ibis.ifelse(filled == "", ibis.null("string"), joined)


def plain_form(rule: Rule, field: Field) -> str:
    """The form whose values an engine can cast by itself, of a text its greatest length; empty where looked up."""
    if len(raw_columns(rule)) != 1 or rule.low is not None or rule.high is not None:
        return ""
    if rule.rule == "copy":
        return "any" if field.length is None else str(field.length)
    if rule.rule in ("integer", "number", "date"):
        return _PLAIN[rule.rule]
    return _PLAIN["datetime"] if rule.rule == "datetime" and field.sql_type == "TIMESTAMP" else ""


def table_of(name: str, columns: list[str]) -> Any:
    """A staged table as an expression."""
    schema = dict.fromkeys(columns, "string") | {FILE: "string", ROW: "int64"}
    return ibis.table(schema, name=name)


def kept_rows(source: Any, table_map: TableMap) -> Any:
    """The records that a mapping takes."""
    for column, values in table_map.where.items():
        source = source.filter(source[column].strip().isin(values))
    return source


def plan_of(step: Step, columns: list[str]) -> Any:
    """The plan of a step.

    Returns
    -------
    ibis expression
        The fields of the table, its key, ``_file``, ``_row``, and for each field looked up ``_why_FIELD``.
    """
    table = cdm_tables()[step.table_map.table]
    source = kept_rows(table_of(step.name, columns), step.table_map)
    rules = step.table_map.fields
    source = source.mutate(**{f"_raw_{name}": raw_value(source, rules[name]) for name in step.lookups})
    joined = source
    for name, lookup in step.lookups.items():
        kind = _IBIS[table.fields[name].sql_type]
        known = ibis.table({"raw": "string", "value": kind, "reason": "string"}, name=lookup)
        known = known.select(**{f"_key_{name}": known.raw, f"_value_{name}": known.value, WHY + name: known.reason})
        joined = joined.left_join(known, joined[f"_raw_{name}"] == known[f"_key_{name}"])
    chosen: dict[str, Any] = {}
    for name, field in table.fields.items():
        chosen[name] = _value(joined, name, field, rules.get(name), step)
    if table.primary_key and table.primary_key not in rules:
        order = [joined[FILE], joined[ROW]]
        chosen[table.primary_key] = (ibis.row_number().over(order_by=order) + 1 + step.offset).cast("int64")
    chosen |= {FILE: joined[FILE], ROW: joined[ROW]}
    chosen |= {WHY + name: joined[WHY + name] for name in step.lookups}
    return joined.select(**chosen)


def _value(joined: Any, name: str, field: Field, rule: Rule | None, step: Step) -> Any:
    kind = _IBIS[field.sql_type]
    if rule is None:
        # A concept that nothing is said of is concept 0, the model's "no matching concept", where one is asked for.
        return ibis.literal(0, "int64") if field.required and name.endswith("_concept_id") else ibis.null(kind)
    if rule.rule == "constant":
        return ibis.literal(rule.value).cast(kind)
    if name in step.direct:
        return joined[rule.columns[0]].strip().nullif("").cast(kind)
    value = joined[f"_value_{name}"]
    if name.endswith("_concept_id") and rule.rule in ("code", "concept", "unit", "sex"):
        # What is written and means nothing known is concept 0 as well; what is empty stays empty unless required.
        there = joined[f"_raw_{name}"].notnull()
        nothing = ibis.literal(0, "int64")
        return ibis.coalesce(value, nothing) if field.required else ibis.ifelse(there, value.fill_null(0), value)
    return value
