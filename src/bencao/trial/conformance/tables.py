"""The table that a rule's check runs over, by the rule's type: records, variables, data sets or values."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from bencao.trial.conformance.operators import Columns, compile_check
from bencao.trial.conformance.rule import Comparison, Group, Rule
from bencao.trial.conformance.study import RECORD, SOURCE, Study, Table
from bencao.trial.dataset import Variable

Build = Callable[[Table, Study, Rule], pl.DataFrame]


def _records(table: Table, study: Study, rule: Rule) -> pl.DataFrame:
    return table.frame if rule.scope.split else study.records(table)


def _parts(table: Table, study: Study, rule: Rule) -> list[Table]:
    return [table] if rule.scope.split else study.parts(table)


def _variables_of(table: Table) -> pl.DataFrame:
    described = table.dataset.variables
    longest = table.frame.select(
        (pl.col(name).cast(pl.String).str.len_chars().max().fill_null(0)).alias(name) for name in table.columns
    )
    rows = [
        {
            "variable_name": item.name,
            "variable_order_number": place,
            "variable_label": item.label or None,
            "variable_size": item.length,
            "variable_data_type": _kind(item, table),
            "variable_format": item.display_format or None,
            "variable_max_size": longest[item.name][0] if item.name in table.columns else 0,
        }
        for place, item in enumerate(described, start=1)
    ]
    schema = {
        "variable_name": pl.String,
        "variable_order_number": pl.Int64,
        "variable_label": pl.String,
        "variable_size": pl.Int64,
        "variable_data_type": pl.String,
        "variable_format": pl.String,
        "variable_max_size": pl.Int64,
    }
    return _tagged(pl.DataFrame(rows, schema=schema), table)


def _kind(variable: Variable, table: Table) -> str:
    """Num or Char, as SAS keeps the variable; a date held as a date is a number there."""
    if variable.name in table.columns:
        return "Char" if table.frame.schema[variable.name] in (pl.String, pl.Null) else "Num"
    return "Num" if variable.data_type in ("integer", "float") else "Char"


def _tagged(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    return frame.with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(RECORD), pl.lit(table.name).alias(SOURCE)
    )


def _variables(table: Table, study: Study, rule: Rule) -> pl.DataFrame:
    return pl.concat([_variables_of(part) for part in _parts(table, study, rule)], how="vertical_relaxed")


def _dataset_of(table: Table) -> pl.DataFrame:
    row = {
        "dataset_size": table.size,
        "dataset_location": table.location or None,
        "dataset_name": table.name,
        "dataset_label": table.dataset.label or None,
        "record_count": len(table.frame),
        "is_ap": table.is_associated,
        "ap_suffix": table.prefix if table.is_associated else None,
        "domain": table.domain,
    }
    return _tagged(pl.DataFrame([row], schema_overrides={"dataset_size": pl.Int64}), table)


def _dataset(table: Table, study: Study, rule: Rule) -> pl.DataFrame:
    return pl.concat([_dataset_of(part) for part in _parts(table, study, rule)], how="vertical_relaxed")


def _domains(table: Table, study: Study, rule: Rule) -> pl.DataFrame:
    row = {item.unsplit_name: item.location or item.name for item in study.tables}
    return _tagged(pl.DataFrame([row]), table)


def _asked(rule: Rule, variables: pl.DataFrame) -> list[str]:
    """Variables whose values can break a rule: those that meet what its check says of the variable alone."""
    names = variables["variable_name"]
    if not isinstance(rule.check, Group) or rule.check.kind != "all":
        return names.to_list()
    own = [
        part
        for part in rule.check.parts
        if isinstance(part, Comparison) and part.target in variables.columns and not str(part.value).startswith("$")
    ]
    if not own:
        return names.to_list()
    variables = variables.with_columns(pl.col(pl.Null).cast(pl.String))
    kept = variables.filter(compile_check(Group("all", tuple(own)), Columns(variables)))
    return kept["variable_name"].to_list()


def _values_of(table: Table, names: list[str]) -> pl.DataFrame:
    """A row for each value of each record of some variables, the record's number kept."""
    columns = [pl.col(name).cast(pl.String) for name in names if name in table.columns]
    texts = table.frame.select(RECORD, *columns)
    long = texts.unpivot(index=RECORD, variable_name="variable_name", value_name="variable_value")
    long = long.with_columns(pl.col("variable_value").cast(pl.String))
    return long.with_columns(pl.lit(table.name).alias(SOURCE), pl.col(RECORD).alias("row_number"))


def _values_with_dataset(table: Table, study: Study, rule: Rule) -> pl.DataFrame:
    parts = []
    for part in _parts(table, study, rule):
        about = _dataset_of(part).drop(RECORD, SOURCE)
        names = _asked(rule, _variables_of(part))
        parts.append(_values_of(part, names).join(about, how="cross"))
    return pl.concat(parts, how="vertical_relaxed")


def _values_with_variables(table: Table, study: Study, rule: Rule) -> pl.DataFrame:
    parts = []
    for part in _parts(table, study, rule):
        about = _variables_of(part).drop(RECORD, SOURCE, "variable_max_size")
        joined = _values_of(part, _asked(rule, about)).join(
            about, on="variable_name", how="left", maintain_order="left"
        )
        length = pl.col("variable_value").str.len_chars().alias("variable_value_length")
        parts.append(joined.with_columns(length))
    return pl.concat(parts, how="vertical_relaxed")


TABLES: dict[str, Build] = {
    "Record Data": _records,
    "Variable Metadata Check": _variables,
    "Dataset Metadata Check": _dataset,
    "Domain Presence Check": _domains,
    "Value Check with Dataset Metadata": _values_with_dataset,
    "Value Check with Variable Metadata": _values_with_variables,
}
