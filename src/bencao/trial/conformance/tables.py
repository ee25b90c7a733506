"""The table that a rule's check runs over, by the rule's type: records, variables, data sets or values."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from bencao.trial.conformance.study import RECORD, SOURCE, Study, Table

Build = Callable[[Table, Study, bool], pl.DataFrame]


def _records(table: Table, study: Study, split: bool) -> pl.DataFrame:
    return table.frame if split else study.records(table)


def _parts(table: Table, study: Study, split: bool) -> list[Table]:
    return [table] if split else study.parts(table)


def _variables_of(table: Table) -> pl.DataFrame:
    described = table.dataset.variables
    longest = table.frame.select(
        (pl.col(name).cast(pl.String).str.len_chars().max().fill_null(0)).alias(name) for name in table.columns
    )
    kinds = {"integer": "Num", "float": "Num"}
    rows = [
        {
            "variable_name": item.name,
            "variable_order_number": place,
            "variable_label": item.label or None,
            "variable_size": item.length,
            "variable_data_type": kinds.get(item.data_type, "Char"),
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


def _tagged(frame: pl.DataFrame, table: Table) -> pl.DataFrame:
    return frame.with_columns(
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(RECORD), pl.lit(table.name).alias(SOURCE)
    )


def _variables(table: Table, study: Study, split: bool) -> pl.DataFrame:
    return pl.concat([_variables_of(part) for part in _parts(table, study, split)], how="vertical_relaxed")


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


def _dataset(table: Table, study: Study, split: bool) -> pl.DataFrame:
    return pl.concat([_dataset_of(part) for part in _parts(table, study, split)], how="vertical_relaxed")


def _domains(table: Table, study: Study, split: bool) -> pl.DataFrame:
    row = {item.unsplit_name: item.location or item.name for item in study.tables}
    return _tagged(pl.DataFrame([row]), table)


def _values_of(table: Table) -> pl.DataFrame:
    """A row for each value of each record, the record's number kept."""
    texts = table.frame.drop(SOURCE).with_columns(pl.all().exclude(RECORD).cast(pl.String))
    long = texts.unpivot(index=RECORD, variable_name="variable_name", value_name="variable_value")
    return long.with_columns(pl.lit(table.name).alias(SOURCE), pl.col(RECORD).alias("row_number"))


def _values_with_dataset(table: Table, study: Study, split: bool) -> pl.DataFrame:
    parts = []
    for part in _parts(table, study, split):
        about = _dataset_of(part).drop(RECORD, SOURCE)
        parts.append(_values_of(part).join(about, how="cross"))
    return pl.concat(parts, how="vertical_relaxed")


def _values_with_variables(table: Table, study: Study, split: bool) -> pl.DataFrame:
    parts = []
    for part in _parts(table, study, split):
        about = _variables_of(part).drop(RECORD, SOURCE, "variable_max_size")
        joined = _values_of(part).join(about, on="variable_name", how="left", maintain_order="left")
        parts.append(joined.with_columns(pl.col("variable_value").str.len_chars().alias("variable_value_length")))
    return pl.concat(parts, how="vertical_relaxed")


TABLES: dict[str, Build] = {
    "Record Data": _records,
    "Variable Metadata Check": _variables,
    "Dataset Metadata Check": _dataset,
    "Domain Presence Check": _domains,
    "Value Check with Dataset Metadata": _values_with_dataset,
    "Value Check with Variable Metadata": _values_with_variables,
}
