"""Operations that count, list or reduce records, over a data set or within its groups."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import polars as pl

from bencao.trial.conformance.operations.context import Context, MissingDomain, Runner, require
from bencao.trial.conformance.operators.dates import IsoDate, Precision, parse_complete_date, parse_iso_date
from bencao.trial.conformance.rule import Operation


def _grouping(operation: Operation, context: Context, names: Any) -> list[str]:
    """Variables of a grouping; the result of an operation that lists names stands for those names."""
    expanded: list[str] = []
    for name in names or ():
        name = str(name).replace("--", context.prefix(operation))
        if name in context.frame.columns and isinstance(context.frame.schema[name], pl.List):
            expanded += context.first_list(name)
        else:
            expanded.append(name)
    return list(dict.fromkeys(expanded))


def _keys(operation: Operation, context: Context) -> tuple[list[str], list[str]]:
    """Variables grouped by, and those of the table that they are matched with."""
    right = _grouping(operation, context, operation.get("group"))
    aliases = list(operation.get("group_aliases") or ())
    left = [aliases[place] if place < len(aliases) else name for place, name in enumerate(right)]
    return right, [name.replace("--", context.prefix(operation)) for name in left]


def record_count(operation: Operation, context: Context) -> pl.DataFrame:
    """Number of records, of those that meet the filter, for each group of all."""
    frame, _ = context.source(operation)
    kept = context.filtered(operation, frame)
    if not operation.get("group"):
        return context.with_constant(operation, len(kept))
    right, left = _keys(operation, context)
    for name in right:
        require(frame, name)
    pattern = operation.get("regex")
    if pattern:
        return _count_by_pattern(operation, context, frame, right, str(pattern))
    counts = kept.group_by(right).agg(pl.len().cast(pl.Int64).alias("__n"))
    groups = frame.select(right).unique().join(counts, on=right, how="left", nulls_equal=True)
    return context.with_groups(operation, groups.with_columns(pl.col("__n").fill_null(0)), left)


def _count_by_pattern(
    operation: Operation, context: Context, frame: pl.DataFrame, keys: list[str], pattern: str
) -> pl.DataFrame:
    """Counts with the texts that begin with a pattern cut to it, such as date-times to dates."""
    cut = []
    for name in keys:
        values = frame[name].drop_nulls()
        begins = frame.schema[name] == pl.String and len(values) and re.match(pattern, values[0])
        found = pl.coalesce(pl.col(name).str.extract(f"^({pattern.removeprefix('^')})", 1), pl.col(name))
        cut.append((found if begins else pl.col(name)).alias(name))
    counted = frame.select(keys).with_columns(pl.len().over(cut).cast(pl.Int64).alias("__n"))
    groups = counted.group_by(keys, maintain_order=True).agg(pl.col("__n").first())
    return context.with_groups(operation, groups, keys)


def distinct(operation: Operation, context: Context) -> pl.DataFrame:
    """Values of a variable, sorted, for the data set or each group."""
    frame, _ = context.source(operation)
    frame = context.filtered(operation, frame)
    target = require(frame, context.target(operation))
    if operation.get("value_is_reference"):
        frame = _references(frame, target, context)
    if not operation.get("group"):
        values = frame[target].drop_nulls().unique().sort().to_list()
        return context.with_constant(operation, values)
    right, left = _keys(operation, context)
    for name in right:
        require(frame, name)
    given = frame.drop_nulls(right).with_columns(pl.col(target).alias("__v"))
    groups = given.group_by(right, maintain_order=True).agg(pl.col("__v").drop_nulls().unique().sort())
    return context.with_groups(operation, groups, left)


def _references(frame: pl.DataFrame, target: str, context: Context) -> pl.DataFrame:
    """Records whose value names a variable of the domain that RDOMAIN names."""
    known = {(table.unsplit_name, name) for table in context.study.tables for name in table.columns}
    names = pl.DataFrame(sorted(known), schema=["RDOMAIN", target], orient="row")
    return frame.join(names, on=[require(frame, "RDOMAIN"), target], how="semi")


def _extreme(method: str) -> Runner:
    def run(operation: Operation, context: Context) -> pl.DataFrame:
        frame, _ = context.source(operation)
        target = require(frame, context.target(operation))
        if not operation.get("group"):
            return context.with_constant(operation, getattr(frame[target], method)())
        right, left = _keys(operation, context)
        groups = (
            frame.drop_nulls([require(frame, name) for name in right])
            .with_columns(pl.col(target).alias("__v"))
            .group_by(right)
            .agg(getattr(pl.col("__v"), method)())
        )
        return context.with_groups(operation, groups, left)

    return run


def written(text: str, date: IsoDate) -> str | None:
    """A date as far as it is given, without zone or fraction of a second."""
    if date.precision is None:
        return None
    forms = ("%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%dT%H", "%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")
    return date.cut(date.precision).strftime(forms[min(date.precision, Precision.SECOND)])


def _date_extreme(choose: Callable[..., Any]) -> Runner:
    def reduced(values: list[str | None]) -> str | None:
        dates = [(date, text) for text in values if text is not None and (date := parse_iso_date(text))]
        if not dates:
            return None
        date, text = choose(dates, key=lambda item: item[0].start)
        return written(text, date)

    def run(operation: Operation, context: Context) -> pl.DataFrame:
        frame, _ = context.source(operation)
        target = require(frame, context.target(operation))
        if not operation.get("group"):
            return context.with_constant(operation, reduced(frame[target].to_list()))
        right, left = _keys(operation, context)
        groups = (
            frame.drop_nulls([require(frame, name) for name in right])
            .with_columns(pl.col(target).alias("__v"))
            .group_by(right, maintain_order=True)
            .agg(pl.col("__v"))
        )
        values = pl.Series("__v", [reduced(item) for item in groups["__v"].to_list()], dtype=pl.String)
        return context.with_groups(operation, groups.with_columns(values), left)

    return run


def study_day(operation: Operation, context: Context) -> pl.DataFrame:
    """Day of a date relative to the subject's RFSTDTC, of which the day is 1 (SDTMIG 3.4, section 4.4.4)."""
    target = require(context.frame, context.target(operation))
    subjects = context.study.find("DM")
    if subjects is None:
        raise MissingDomain("DM")
    for name in ("USUBJID", "RFSTDTC"):
        require(subjects.frame, name)
    starts = context.study.records(subjects).select(pl.col("USUBJID").alias("__u"), pl.col("RFSTDTC").alias("__start"))
    starts = starts.unique("__u", keep="first", maintain_order=True)
    require(context.frame, "USUBJID")
    frame = context.frame.join(
        starts, left_on="USUBJID", right_on="__u", how="left", nulls_equal=True, maintain_order="left"
    )
    days = frame.select(_day(target).alias("d"), _day("__start").alias("s"))
    distance = (days["d"] - days["s"]).dt.total_days()
    day = pl.DataFrame({"x": distance}).select(
        pl.when(pl.col("x") < 0).then("x").otherwise(pl.col("x") + 1).alias(operation.id)
    )
    return frame.drop("__start").with_columns(day[operation.id])


def _day(name: str) -> pl.Expr:
    def answer(series: pl.Series) -> pl.Series:
        values = series.unique().drop_nulls()
        days = [date.date() if (date := parse_complete_date(text)) else None for text in values.to_list()]
        table = pl.DataFrame({"v": values, "d": pl.Series(days, dtype=pl.Date)})
        return series.to_frame("v").join(table, on="v", how="left", maintain_order="left")["d"]

    return pl.col(name).map_batches(answer, return_dtype=pl.Date)


def mapped(operation: Operation, context: Context) -> pl.DataFrame:
    """A value looked up by variables of the record, or one value for all."""
    rows = list(operation.get("map") or ())
    keys = list(dict.fromkeys(key for row in rows for key in row if key != "output"))
    if not keys:
        return context.with_constant(operation, rows[0]["output"])
    table = pl.DataFrame([{**{key: row.get(key) for key in keys}, "output": row["output"]} for row in rows])
    return context.with_groups(operation, table.select(*keys, "output"), keys)


def split_by(operation: Operation, context: Context) -> pl.DataFrame:
    """Parts of a text between delimiters."""
    target = require(context.frame, context.target(operation))
    return context.frame.with_columns(pl.col(target).str.split(str(operation.get("delimiter"))).alias(operation.id))


def deviation(operation: Operation, context: Context) -> pl.DataFrame:
    """How far a number is from the difference of two others, or from that difference in per cent of the second.

    An operation of ours, for rules on changes from baseline; null where a number is missing.
    """
    names = [require(context.frame, str(name)) for name in operation.get("of")]
    first, second = (pl.col(name).cast(pl.Float64, strict=False) for name in names)
    expected = first - second
    if operation.get("from") == "percent":
        expected = 100 * expected / second
    stated = pl.col(require(context.frame, context.target(operation))).cast(pl.Float64, strict=False)
    # Relative where numbers are large: a stored value carries some fifteen digits.
    scale = pl.max_horizontal(pl.lit(1.0), expected.abs())
    return context.frame.with_columns(((stated - expected).abs() / scale).alias(operation.id))


OPERATIONS: dict[str, Runner] = {
    "record_count": record_count,
    "distinct": distinct,
    "min": _extreme("min"),
    "max": _extreme("max"),
    "mean": _extreme("mean"),
    "min_date": _date_extreme(min),
    "max_date": _date_extreme(max),
    "dy": study_day,
    "map": mapped,
    "split_by": split_by,
    "deviation": deviation,
}
