"""Analysis sets: the records that a display analyses, each with its number, so that every result can name them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl
from polars.exceptions import PolarsError

from bencao.trial.display.declaration import AnalysisSet, Displays, Lookup, Pick, Sql
from bencao.trial.display.table import NO_RECORDS, Numbers
from bencao.trial.errors import SpecificationError

SUBJECT = "USUBJID"
# Rows of an analysis set, by their position.
Positions = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
_RECORD = "_record"
# Number of a record: the place of its data set among all names in order, and its row.
_ROWS = 1 << 32


class PreparedSet:
    """An analysis set ready to be sliced by position.

    Parameters
    ----------
    name : str
        Named in errors.
    frame : polars DataFrame
        A row for each record analysed, its number in ``_record``.
    considered : polars DataFrame
        The records that one was picked from, equal to `frame` where nothing was picked.
    keys : tuple of str
        What records are told apart by between which none is chosen; empty where nothing was picked.
    looked_up : tuple of str
        Columns with the numbers of the records that variables were brought from.
    """

    def __init__(
        self,
        name: str,
        frame: pl.DataFrame,
        considered: pl.DataFrame,
        keys: tuple[str, ...] = (),
        looked_up: tuple[str, ...] = (),
    ) -> None:
        self.name, self.frame, self._considered, self._keys = name, frame, considered, keys
        self._columns = (_RECORD, *looked_up)
        self._masks: dict[Sql, Mask] = {}
        self._parts: dict[str, dict[str | float, Positions]] = {}
        self._picked_from: dict[tuple[Sql, tuple[tuple[str, str | float], ...]], Numbers] = {}

    @property
    def all(self) -> Positions:
        """Positions of all its records."""
        return np.arange(self.frame.height, dtype=np.int64)

    def chosen(self, positions: Positions, *conditions: Sql) -> Positions:
        """Those of the positions whose records meet the conditions."""
        for condition in conditions:
            if condition != "TRUE":
                positions = positions[self._mask(condition)[positions]]
        return positions

    def _mask(self, condition: Sql) -> Mask:
        if condition not in self._masks:
            try:
                met = self.frame.select(pl.sql_expr(condition).alias("met"))["met"]
            except PolarsError as error:
                raise self._wrong(error) from error
            if met.dtype != pl.Boolean:
                raise SpecificationError(f"{condition!r} is no condition", where=f"analysis set {self.name}")
            self._masks[condition] = met.fill_null(False).to_numpy()
        return self._masks[condition]

    def evaluated(self, expression: Sql) -> pl.Series:
        """A value in SQL for every record."""
        try:
            return self.frame.select(pl.sql_expr(expression).alias("value"))["value"]
        except PolarsError as error:
            raise self._wrong(error) from error

    def _wrong(self, error: PolarsError) -> SpecificationError:
        return SpecificationError(
            str(error).splitlines()[0], where=f"analysis set {self.name}", mend="mend the condition or the expression"
        )

    def variable(self, name: str) -> pl.Series:
        """A variable; SpecificationError where there is none."""
        if name not in self.frame.columns:
            raise SpecificationError(
                f"there is no variable {name}",
                where=f"analysis set {self.name}",
                mend="give one of the set, or derive it",
            )
        return self.frame[name]

    def parted(self, variable: str) -> dict[str | float, Positions]:
        """Positions by the value of a variable; what is missing is in no part."""
        if variable not in self._parts:
            whole = self.variable(variable)
            numbered = pl.DataFrame({"value": whole, "position": self.all}).drop_nulls("value")
            grouped = numbered.group_by("value", maintain_order=True).agg("position")
            self._parts[variable] = {
                value: np.asarray(positions, dtype=np.int64)
                for value, positions in zip(grouped["value"].to_list(), grouped["position"].to_list(), strict=True)
            }
        return self._parts[variable]

    @cached_property
    def _subject_codes(self) -> Positions:
        return self.variable(SUBJECT).rank("dense").cast(pl.Int64).to_numpy()

    def subjects(self, positions: Positions) -> int:
        """How many subjects the records are of."""
        return len(np.unique(self._subject_codes[positions]))

    @cached_property
    def _numbers(self) -> npt.NDArray[np.int64]:
        return self.frame.select(pl.col(self._columns).fill_null(-1)).to_numpy()

    def numbers(self, positions: Positions) -> Numbers:
        """Numbers of the records and of those that their variables were brought from, each once, in order."""
        found = np.unique(self._numbers[positions])
        return found[found >= 0]

    def considered(self, arm: Sql, fixed: Mapping[str, str | float]) -> Numbers:
        """Numbers of the records among which one is picked for an arm; none where nothing is picked.

        A value of a variable restricts them only where no choice is made across its values.
        """
        if not self._keys:
            return NO_RECORDS
        values = tuple((name, value) for name, value in fixed.items() if name in self._keys)
        if (arm, values) not in self._picked_from:
            conditions = [pl.sql_expr(arm), *(pl.col(name) == value for name, value in values)]
            found = np.unique(
                self._considered.filter(*conditions).select(pl.col(self._columns).fill_null(-1)).to_numpy()
            )
            self._picked_from[arm, values] = found[found >= 0]
        return self._picked_from[arm, values]


def record_of(number: int, names: tuple[str, ...]) -> tuple[str, int]:
    """Data set and row (from 0) of a record's number.

    Parameters
    ----------
    number : int
    names : tuple of str
        Names of all data sets, in order.
    """
    return names[number // _ROWS], number % _ROWS


def prepare(name: str, declared: AnalysisSet, data: Mapping[str, pl.DataFrame]) -> PreparedSet:
    """Build an analysis set from the data sets.

    Parameters
    ----------
    name : str
    declared : AnalysisSet
    data : mapping of str to polars DataFrame
        All data sets by name.

    Returns
    -------
    PreparedSet

    Raises
    ------
    SpecificationError
        Where a data set or variable is not there, or a condition cannot be evaluated.
    """
    parts = [_numbered(each, data, _RECORD) for each in declared.data]
    frame = pl.concat(parts, how="diagonal_relaxed") if len(parts) > 1 else parts[0]
    looked_up = tuple(f"{_RECORD}_{lookup.data}" for lookup in declared.lookup)
    try:
        for lookup in declared.lookup:
            frame = _looked_up(frame, lookup, data)
        for variable, expression in declared.derive.items():
            frame = frame.with_columns(pl.sql_expr(expression).alias(variable))
        frame = frame.filter(pl.sql_expr(declared.where))
        picked = frame
        for pick in declared.pick:
            picked = _picked(picked, pick)
    except PolarsError as error:
        raise SpecificationError(
            str(error).splitlines()[0], where=f"analysis set {name}", mend="mend its expressions"
        ) from error
    by = declared.pick[0].by if declared.pick else ()
    shared = tuple(key for key in by if all(key in pick.by for pick in declared.pick))
    return PreparedSet(name, picked, frame, shared, looked_up)


def _numbered(name: str, data: Mapping[str, pl.DataFrame], column: str) -> pl.DataFrame:
    names = sorted(data)
    if name not in data:
        raise SpecificationError(f"there is no data set {name}", mend=f"give one of {', '.join(names)}")
    numbers = pl.int_range(pl.len(), dtype=pl.Int64) + names.index(name) * _ROWS
    return data[name].with_columns(numbers.alias(column))


def _looked_up(frame: pl.DataFrame, lookup: Lookup, data: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    column = f"{_RECORD}_{lookup.data}"
    source = _numbered(lookup.data, data, column).select(*lookup.by, *lookup.variables, column)
    kept = frame.drop(lookup.variables, strict=False)
    return kept.join(source, on=list(lookup.by), how="left", maintain_order="left", validate="m:1")


def _picked(frame: pl.DataFrame, pick: Pick) -> pl.DataFrame:
    order = [name.removeprefix("-") for name in pick.order]
    down = [name.startswith("-") for name in pick.order]
    # The number decides between equals, so that the same record is picked at any time.
    ordered = frame.sort([*order, _RECORD], descending=[*down, False], nulls_last=True, maintain_order=True)
    first = ordered.unique(list(pick.by), keep="first", maintain_order=True)
    if pick.ties:
        first = frame.join(first.select(*pick.by, *order), on=[*pick.by, *order], how="semi", nulls_equal=True)
    return first.sort(_RECORD)


class SetStore:
    """The analysis sets of a study, each prepared once."""

    def __init__(self, displays: Displays, data: Mapping[str, pl.DataFrame]) -> None:
        self._displays, self._data = displays, data
        self._prepared: dict[str, PreparedSet] = {}

    def __getitem__(self, name: str) -> PreparedSet:
        if name not in self._prepared:
            self._prepared[name] = prepare(name, self._displays.sets[name], self._data)
        return self._prepared[name]
