"""What a column of raw data says of itself: its name, its label, and what kind of values it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

Profile = Literal["empty", "constant", "date", "time", "yesno", "integer", "number", "few", "text", "distinct"]
PROFILES: tuple[Profile, ...] = (
    "empty", "constant", "date", "time", "yesno", "integer", "number", "few", "text", "distinct",
)  # fmt: skip

# So many different values say what a column holds; more cost time and say nothing new.
MOST_VALUES = 200

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|un|unk)[a-z]*"
_DATE = re.compile(
    rf"(?:\d{{4}}-\d\d(?:-\d\d)?|\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}|(?:\d{{1,2}}|un)[ /-]?{_MONTH}[ /-]?\d{{2,4}})"
    r"(?:[T ]\d\d?:\d\d.*)?",
    re.IGNORECASE,
)
_TIME = re.compile(r"\d{1,2}:\d\d(?::\d\d)?(?: ?[ap]m)?", re.IGNORECASE)
_INTEGER = re.compile(r"[+-]?\d+(?:\.0+)?")
_NUMBER = re.compile(r"[<>]?=?[+-]?\d*\.?\d+(?:e[+-]?\d+)?", re.IGNORECASE)
_YES_NO = {
    "y",
    "n",
    "yes",
    "no",
    "true",
    "false",
    "checked",
    "unchecked",
    "u",
    "unk",
    "unknown",
    "na",
    "not applicable",
}
_WORD = re.compile(r"[A-Za-z][a-z]+|[A-Z]+(?![a-z])|\d+")


@dataclass(frozen=True)
class RawColumn:
    """A column of raw data.

    Attributes
    ----------
    name, label : str
    values : tuple of str
        The different ones, the most frequent first, `MOST_VALUES` at most.
    profile : Profile
    """

    name: str
    label: str
    values: tuple[str, ...]
    profile: Profile

    @property
    def core(self) -> str:
        """The name as SDTM would write it: capitals and digits, without what stands before a point."""
        return re.sub(r"[^A-Z0-9]", "", self.name.upper().rpartition(".")[2])

    @property
    def words(self) -> str:
        """Words of the name, where it is written in words."""
        return " ".join(_WORD.findall(self.name.rpartition(".")[2]))


def read_columns(frame: pl.DataFrame, labels: Mapping[str, str] | None = None) -> tuple[RawColumn, ...]:
    """Describe the columns of raw data.

    Parameters
    ----------
    frame : polars DataFrame
    labels : mapping of str to str, optional
        Name of a column to its question or prompt on the form.

    Returns
    -------
    tuple of RawColumn
    """
    return tuple(_column(frame[name], (labels or {}).get(name, "")) for name in frame.columns)


def _column(series: pl.Series, label: str) -> RawColumn:
    texts = series.cast(pl.String).str.strip_chars()
    texts = texts.filter(texts.is_not_null() & (texts != ""))
    counted = texts.value_counts(sort=True).sort(["count", series.name], descending=[True, False])
    values = tuple(counted[series.name][:MOST_VALUES].to_list())
    return RawColumn(series.name, label, values, profile_of(values, len(texts), counted.height))


def profile_of(values: tuple[str, ...], filled: int, different: int) -> Profile:
    """Say what kind of values a column holds.

    Parameters
    ----------
    values : tuple of str
        Different ones.
    filled, different : int
        How many values the column has, and how many different ones.

    Returns
    -------
    Profile
    """
    if not values:
        return "empty"
    for name, pattern in (("date", _DATE), ("time", _TIME)):
        if _share(values, pattern) >= 0.9:
            return name  # type: ignore[return-value]
    if all(value.lower() in _YES_NO for value in values):
        return "yesno"
    if different == 1 and filled > 2:
        return "constant"
    if _share(values, _INTEGER) >= 0.95:
        return "integer"
    if _share(values, _NUMBER) >= 0.95:
        return "number"
    if different <= 20 and filled >= 2 * different:
        return "few"
    return "distinct" if different >= 0.9 * filled and not any(" " in value for value in values) else "text"


def _share(values: tuple[str, ...], pattern: re.Pattern[str]) -> float:
    return sum(pattern.fullmatch(value) is not None for value in values) / len(values)
