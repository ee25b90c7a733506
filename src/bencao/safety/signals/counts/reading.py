"""A file of counts, or of reports to count, read into one table of counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bencao.safety.errors import CountsError
from bencao.safety.signals.counts.counting import CELLS, count_pairs, count_strata
from bencao.safety.signals.counts.expectation import stratified_expected

# Names by which a column is known, in lower case and without spaces; the first is ours.
NAMES = {
    "drug": ("drug", "drug_name", "drugname", "drug_concept_name", "product", "exposure", "vaccine", "var1"),
    "event": ("event", "event_name", "reaction", "pt", "adverse_event", "ae", "outcome", "symptom", "var2"),
    "n": ("n", "count", "n_reports", "n11", "freq"),
    "report": ("report", "report_id", "id", "primaryid", "caseid", "isr", "vaers_id", "safetyreportid", "case_id"),
    "n_drug": ("n_drug", "drug_total", "n1", "n1."),
    "n_event": ("n_event", "event_total", "n.1"),
    "total": ("total", "n_total", "n.."),
    "expected": ("expected", "e"),
}
CELLS_OF_FOUR = ("a", "b", "c", "d")
_MOST_STRATA = 200


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a file hold what; those not given are found by their usual names.

    Attributes
    ----------
    drug, event, n, report : str or None
        A file has either counts (`n`) or a row for each report (`report`).
    strata : tuple of str
        Columns of a file of reports within which expected counts are taken.
    """

    drug: str | None = None
    event: str | None = None
    n: str | None = None
    report: str | None = None
    strata: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """A table of counts.

    Attributes
    ----------
    table : DataFrame
        The columns of `CELLS` and ``expected``, by drug and event.
    strata : DataFrame or None
        What `count_strata` gives, where strata were asked for.
    form : str
        ``counts``, ``fourfold`` (a, b, c, d) or ``reports``: how the file was read.
    expected_by : str
        ``margins``, ``strata``, or ``file`` where the file gave expected counts.
    """

    table: pl.DataFrame
    strata: pl.DataFrame | None
    form: str
    expected_by: str


def read_counts(path: Path, columns: Columns | None = None) -> Counted:
    """Read a .csv, .tsv or .parquet file of counts or of reports.

    Parameters
    ----------
    path : Path
        Either a row for each pair: drug, event, n, and where known n_drug, n_event, total (else these are the sums of
        the table's rows), expected; or drug, event and the cells a, b, c, d of its fourfold table. Or a row for each
        pair of each report: report, drug, event.
    columns : Columns, optional

    Returns
    -------
    Counted

    Raises
    ------
    CountsError
        Where a column is absent, a count is none, a pair stands twice, or margins do not fit their count.
    """
    columns = columns or Columns()
    frame = read_table(path)
    found = {kind: find_column(frame, kind, getattr(columns, kind, None), path) for kind in NAMES}
    for kind in ("drug", "event"):
        if found[kind] is None:
            raise CountsError(
                f"no column of the {kind}s among {', '.join(frame.columns)}",
                where=str(path),
                mend=f"name it {kind}, or say which with --{kind}",
            )
    lower = {name.strip().lower(): name for name in frame.columns}
    if found["n"] is not None and columns.report is None:
        return _from_counts(frame, found, columns, path)
    if found["report"] is not None:
        return _from_reports(frame, found, columns, path)
    if all(cell in lower for cell in CELLS_OF_FOUR):
        return _from_fourfold(frame, found, [lower[cell] for cell in CELLS_OF_FOUR], path)
    raise CountsError(
        f"neither counts nor report numbers among {', '.join(frame.columns)}",
        where=str(path),
        mend="name a column n (counts) or report (a row for each report), or say which with --n or --report",
    )


def read_table(path: Path) -> pl.DataFrame:
    """A .csv, .tsv or .parquet file, every column as text; raises CountsError."""
    try:
        if path.suffix.lower() == ".parquet":
            frame = pl.read_parquet(path).select(pl.all().cast(pl.String))
        elif path.suffix.lower() in (".csv", ".tsv", ".txt"):
            separator = "," if path.suffix.lower() == ".csv" else "\t"
            frame = pl.read_csv(path, separator=separator, infer_schema=False)
        else:
            raise CountsError(f"no table file: {path.name}", where=str(path), mend="give a .csv, .tsv or .parquet file")
    except (OSError, pl.exceptions.PolarsError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise CountsError(
            f"cannot be read: {reason}", where=str(path), mend="give a UTF-8 table with a head"
        ) from error
    if frame.is_empty():
        raise CountsError("it has no row", where=str(path), mend="give counts or reports")
    return frame


def find_column(frame: pl.DataFrame, kind: str, told: str | None, path: Path) -> str | None:
    """The column of a kind: the one told, or the first of its usual names."""
    if told is not None:
        if told not in frame.columns:
            raise CountsError(
                f"no column {told} among {', '.join(frame.columns)}", where=str(path), mend=f"correct --{kind}"
            )
        return told
    known = {name.strip().lower().replace(" ", "_"): name for name in reversed(frame.columns)}
    return next((known[name] for name in NAMES[kind] if name in known), None)


def _from_reports(frame: pl.DataFrame, found: dict[str, str | None], columns: Columns, path: Path) -> Counted:
    missing = [name for name in columns.strata if name not in frame.columns]
    if missing:
        raise CountsError(f"no column {', '.join(missing)}", where=str(path), mend="correct --strata")
    taken = {str(found[kind]): kind for kind in ("report", "drug", "event")}
    # A stratum may be called as one of ours; it keeps its place under another name.
    strata = {name: f"stratum:{name}" for name in columns.strata}
    pairs = frame.select(
        *(pl.col(name).alias(kind) for name, kind in taken.items()), *(pl.col(k).alias(v) for k, v in strata.items())
    )
    if not strata:
        return counted_reports(pairs, path)
    _refuse_empty(pairs, path)
    table = count_pairs(pairs)
    by_stratum = count_strata(pairs, list(strata.values()))
    if (many := by_stratum["stratum"].n_unique()) > _MOST_STRATA:
        raise CountsError(
            f"{many:,} strata", where=str(path), mend="group what --strata names, such as ages, into fewer classes"
        )
    expected = stratified_expected(by_stratum)
    return Counted(table.join(expected, on=["drug", "event"]).sort("drug", "event"), by_stratum, "reports", "strata")


def counted_reports(pairs: pl.DataFrame, path: Path) -> Counted:
    """Counts of rows that were read already: columns report, drug, event; raises CountsError where a cell is empty."""
    _refuse_empty(pairs, path)
    return Counted(_with_expected(count_pairs(pairs)), None, "reports", "margins")


def _from_counts(frame: pl.DataFrame, found: dict[str, str | None], columns: Columns, path: Path) -> Counted:
    if columns.strata:
        raise CountsError("strata of a file of counts", where=str(path), mend="give a file of reports to use --strata")
    kinds = ("n", "n_drug", "n_event", "total")
    named = {kind: found[kind] for kind in (*kinds, "expected") if found[kind] is not None}
    given = [kind for kind in kinds[1:] if kind in named]
    if given and len(given) < 3:
        named = {kind: name for kind, name in named.items() if kind not in given}
    table = frame.select(
        pl.col(str(found["drug"])).alias("drug"),
        pl.col(str(found["event"])).alias("event"),
        *(_number(frame, str(name), kind != "expected", path).alias(kind) for kind, name in named.items()),
    )
    _refuse_empty(table, path)
    if "total" not in table.columns:
        table = table.with_columns(
            n_drug=pl.col("n").sum().over("drug"),
            n_event=pl.col("n").sum().over("event"),
            total=pl.col("n").sum(),
        )
    if "expected" not in table.columns:
        return Counted(_with_expected(_checked(table, path)), None, "counts", "margins")
    return Counted(_checked(table, path).select(*CELLS, "expected"), None, "counts", "file")


def _from_fourfold(frame: pl.DataFrame, found: dict[str, str | None], cells: Sequence[str], path: Path) -> Counted:
    a, b, c, d = (_number(frame, cell, True, path) for cell in cells)
    table = pl.DataFrame(
        {
            "drug": frame[str(found["drug"])],
            "event": frame[str(found["event"])],
            "n": a,
            "n_drug": a + b,
            "n_event": a + c,
            "total": a + b + c + d,
        }
    )
    _refuse_empty(table, path)
    return Counted(_with_expected(_checked(table, path)), None, "fourfold", "margins")


def _with_expected(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns(expected=pl.col("n_drug") * pl.col("n_event") / pl.col("total"))


def _number(frame: pl.DataFrame, name: str, whole: bool, path: Path) -> pl.Series:
    """A column as numbers, each finite, not negative, and whole where asked."""
    values = frame[name].str.strip_chars().cast(pl.Float64, strict=False)
    wrong = values.is_null() | ~values.is_finite() | (values < 0)
    if whole:
        wrong = wrong | (values != values.floor())
    if wrong.fill_null(True).any():
        row = int(wrong.fill_null(True).arg_max() or 0)
        kind = "whole number from 0" if whole else "number from 0"
        raise CountsError(
            f"{frame[name][row]!r} is no {kind}", where=f"{path}: row {row + 2}, column {name}", mend="give counts"
        )
    return values.cast(pl.Int64) if whole else values


def _refuse_empty(table: pl.DataFrame, path: Path) -> None:
    for kind in [name for name in ("report", "drug", "event") if name in table.columns]:
        empty = table[kind].is_null() | (table[kind].str.strip_chars() == "")
        if empty.any():
            row = int(empty.arg_max() or 0)
            raise CountsError(f"no {kind}", where=f"{path}: row {row + 2}", mend="fill it, or leave the row out")


def _checked(table: pl.DataFrame, path: Path) -> pl.DataFrame:
    """Counts whose pairs stand once and whose margins can hold them."""
    twice = table.select("drug", "event").is_duplicated()
    if twice.any():
        row = int(twice.arg_max() or 0)
        raise CountsError(
            f"the pair {table['drug'][row]}, {table['event'][row]} stands more than once",
            where=f"{path}: row {row + 2}",
            mend="give each pair one row, or a file of reports",
        )
    smaller, larger = pl.min_horizontal("n_drug", "n_event"), pl.max_horizontal("n_drug", "n_event")
    fits = (pl.col("n") <= smaller) & (larger <= pl.col("total"))
    fits = fits & (pl.col("n_drug") + pl.col("n_event") - pl.col("n") <= pl.col("total"))
    wrong = ~table.select(fits.alias("fits"))["fits"]
    if wrong.any():
        row = int(wrong.arg_max() or 0)
        n, n_drug, n_event, total = table.select("n", "n_drug", "n_event", "total").row(row)
        raise CountsError(
            f"{n} reports of both, {n_drug} of the drug, {n_event} of the event, {total} in all cannot be",
            where=f"{path}: row {row + 2}",
            mend="give the margins of the same reports as the count",
        )
    return table.sort("drug", "event")
