"""Negative and positive controls: estimates of effects that are known, from a table."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bencao.evidence.errors import StudyDataError

_LOG_RATIO, _SE = ("log_ratio", "logRr"), ("se", "seLogRr")
_TRUTH = ("truth", "trueLogRr", "groundTruth")
_NAME = ("name", "drugName", "outcomeName")


@dataclass(frozen=True)
class Control:
    """An estimate whose truth is known to be no effect.

    Attributes
    ----------
    name : str
    log_ratio, se : float
        Estimate and standard error, log scale.
    """

    name: str
    log_ratio: float
    se: float


def read_negative_controls(path: Path) -> tuple[Control, ...]:
    """Read a table of controls and keep those whose truth is no effect.

    Parameters
    ----------
    path : Path
        CSV with columns ``log_ratio`` and ``se`` (or ``logRr``, ``seLogRr`` as OHDSI's tables have them), perhaps
        ``name`` and ``truth``. A row with a truth other than 0 (or an empty one) is no negative control.

    Returns
    -------
    tuple of Control

    Raises
    ------
    StudyDataError
        Where the file has no such columns, or a number in a row is none.
    """
    try:
        table = pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        cause = str(error).partition("\n")[0]
        raise StudyDataError(f"cannot be read: {cause}", where=str(path), mend="give a CSV file") from None
    ratio, se = (_column(table, names, path) for names in (_LOG_RATIO, _SE))
    truth = next((name for name in _TRUTH if name in table.columns), None)
    name = next((name for name in _NAME if name in table.columns), None)
    found = []
    for number, row in enumerate(table.iter_rows(named=True), 2):
        if truth is None or _is_null(row[truth]):
            values = _number(row[ratio], ratio, path, number), _number(row[se], se, path, number)
            if values[1] <= 0:
                raise StudyDataError(f"{se} is not above 0", where=f"{path}: line {number}", mend="leave the row out")
            found.append(Control(row[name] if name else str(number), *values))
    if not found:
        raise StudyDataError("holds no negative control", where=str(path), mend="give rows whose truth is no effect")
    return tuple(found)


def _column(table: pl.DataFrame, names: tuple[str, ...], path: Path) -> str:
    for name in names:
        if name in table.columns:
            return name
    raise StudyDataError(f"no column {' or '.join(names)}", where=str(path), mend="name the columns so")


def _is_null(text: str | None) -> bool:
    try:
        return text is not None and float(text) == 0
    except ValueError:
        return False


def _number(text: str | None, column: str, path: Path, line: int) -> float:
    try:
        value = float(text or "")
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise StudyDataError(f"{column} is no finite number", where=f"{path}: line {line}", mend="leave the row out")
    return value
