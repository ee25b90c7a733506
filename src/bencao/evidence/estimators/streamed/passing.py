"""The rows of a cohort in chunks, from a file or a DuckDB database, as a design that is in standard units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from bencao.evidence.errors import EmptyArm, NoEvents, StudyDataError
from bencao.evidence.estimators.data.columns import LARGEST

Floats = npt.NDArray[np.float64]
CHUNK = 32_768  # rows


@dataclass(frozen=True)
class Passing:
    """A cohort whose rows pass by.

    Attributes
    ----------
    connection : duckdb.DuckDBPyConnection
    relation : str
        What stands after FROM.
    treatment : str
        Column of 1 and 0.
    covariates : tuple of str
    n : int
    means, spreads : ndarray, shape (p,)
        Of the covariates.
    """

    connection: Any
    relation: str
    treatment: str
    covariates: tuple[str, ...]
    n: int
    means: Floats
    spreads: Floats

    def chunks(self, outcomes: Sequence[str] = (), most: int | None = None) -> Iterator[tuple[Floats, Floats, Floats]]:
        """Pass over the rows.

        Parameters
        ----------
        outcomes : sequence of str
            Columns that are read too.
        most : int, optional
            Rows, from the first.

        Yields
        ------
        design : ndarray, shape (rows, p + 1)
            A constant, and the covariates in standard units.
        treatment : ndarray, shape (rows,)
        outcomes : ndarray, shape (rows, m)
        """
        columns = [self.treatment, *self.covariates, *outcomes]
        text = f"SELECT {', '.join(map(_name, columns))} FROM {self.relation}"
        reader = self.connection.sql(text + (f" LIMIT {most}" if most else "")).to_arrow_reader(CHUNK)
        size = len(self.covariates)
        for batch in reader:
            values = [column.to_numpy(zero_copy_only=False) for column in batch.columns]
            design = np.empty((batch.num_rows, size + 1))
            design[:, 0] = 1.0
            for place in range(size):
                design[:, place + 1] = values[place + 1]
            design[:, 1:] -= self.means
            design[:, 1:] /= self.spreads
            wanted = np.empty((batch.num_rows, len(outcomes)))
            for place in range(len(outcomes)):
                wanted[:, place] = values[size + 1 + place]
            yield design, np.asarray(values[0], dtype=float), wanted


def open_rows(source: str | Path, treatment: str, covariates: Sequence[str], *, memory: str = "2GB") -> Passing:
    """Open a cohort whose rows pass by.

    Parameters
    ----------
    source : path
        One row a person: .parquet, .csv, or a DuckDB file with the table ``analysis``.
    treatment : str
    covariates : sequence of str
        Columns of numbers.
    memory : str
        Most that DuckDB may take.

    Returns
    -------
    Passing

    Raises
    ------
    StudyDataError
        What cannot be read; a column that is absent, no number, has missing values, or is constant.
    EmptyArm
    """
    path = Path(source)
    connection = duckdb.connect(":memory:", config={"memory_limit": memory, "threads": 2})
    try:
        relation = _relation(connection, path)
        kinds = {name: kind for name, kind, *_ in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()}
    except duckdb.Error as error:
        raise StudyDataError(
            f"cannot be read ({type(error).__name__})",
            where=path.name,
            mend="give .parquet, .csv, or a DuckDB file with the table analysis",
        ) from None
    check_columns(kinds, [treatment, *covariates])
    if not covariates:
        raise StudyDataError("none is given", where="covariates", mend="name at least one")
    shown = [f"avg({_name(one)}), stddev_pop({_name(one)}), count({_name(one)})" for one in (treatment, *covariates)]
    arms = f"count(*) FILTER ({_name(treatment)} NOT IN (0, 1))"
    n, others, *found = connection.execute(f"SELECT count(*), {arms}, {', '.join(shown)} FROM {relation}").fetchall()[0]
    figures = np.array(found, dtype=float).reshape(-1, 3)
    for name, (mean, spread, there) in zip((treatment, *covariates), figures, strict=True):
        if there < n:
            raise StudyDataError(f"{n - int(there)} of {n} values are missing", where=name, mend="impute them")
        if not abs(mean) + spread <= LARGEST:
            raise StudyDataError("holds values that are infinite or beyond 1e75", where=name, mend="give a larger unit")
        if name != treatment and not spread > 1e-12 * max(1.0, abs(mean)):
            raise StudyDataError("is the same for everybody", where=name, mend="leave the covariate out")
    if others:
        raise StudyDataError("holds more than 0 and 1", where=treatment, mend="write 1 for the treatment, 0 for others")
    if not n or not 1 < round(figures[0, 0] * n) < n - 1:
        raise EmptyArm(
            "one arm has nobody, or one person only", where=treatment, mend="widen eligibility, or check the strategies"
        )
    return Passing(connection, relation, treatment, tuple(covariates), n, figures[1:, 0], figures[1:, 1])


def check_outcomes(rows: Passing, outcomes: Sequence[str]) -> None:
    """Refuse outcomes that are absent, no numbers, not whole, or the same for everybody; or none."""
    if not outcomes:
        raise StudyDataError("none is given", where="outcomes", mend="name at least one")
    both = [one for one in outcomes if one in (rows.treatment, *rows.covariates)]
    if both:
        raise StudyDataError("is an outcome and known before it at once", where=both[0], mend="leave it out of one")
    described = rows.connection.execute(f"DESCRIBE SELECT * FROM {rows.relation}").fetchall()
    check_columns({name: kind for name, kind, *_ in described}, outcomes)
    shown = [f"count({_name(one)}), min({_name(one)}), max({_name(one)})" for one in outcomes]
    found = rows.connection.execute(f"SELECT {', '.join(shown)} FROM {rows.relation}").fetchall()[0]
    for name, (there, low, high) in zip(outcomes, np.reshape(found, (-1, 3)), strict=True):
        if there < rows.n:
            raise StudyDataError(
                f"{rows.n - int(there)} of {rows.n} values are missing", where=name, mend="impute them"
            )
        if not max(abs(low), abs(high)) <= LARGEST:
            raise StudyDataError("holds values that are infinite or beyond 1e75", where=name, mend="give a larger unit")
        if low == high:
            raise NoEvents("is the same for everybody", where=name, mend="check its definition")


def check_columns(kinds: dict[str, str], wanted: Sequence[str]) -> None:
    """Refuse a column that is absent, stands twice, or is no number."""
    for name in wanted:
        if name not in kinds:
            raise StudyDataError("is absent", where=name, mend="see the columns of the table")
        if kinds[name] in ("VARCHAR", "DATE", "TIMESTAMP", "BLOB"):
            raise StudyDataError("is no column of numbers", where=name, mend="write numbers; levels as columns of 0, 1")
        if list(wanted).count(name) > 1:
            raise StudyDataError("stands twice", where=name, mend="name it once")


def _relation(connection: Any, path: Path) -> str:
    quoted = "'" + str(path).replace("'", "''") + "'"
    if path.suffix == ".parquet":
        return f"read_parquet({quoted})"
    if path.suffix == ".csv":
        return f"read_csv({quoted})"
    connection.execute(f"ATTACH {quoted} AS cohort (READ_ONLY)")
    return "cohort.analysis"


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'
