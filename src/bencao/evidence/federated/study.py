"""What all sites of a federated study agree on, and the site's own table that answers it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import duckdb
import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bencao.evidence.errors import ProtocolError, StudyDataError
from bencao.evidence.federated.guard.persons import Persons, fingerprints

Table = dict[str, NDArray[np.float64]]


class FederatedStudy(BaseModel):
    """One analysis that every site runs on its own rows.

    Attributes
    ----------
    study : str
    model : {"logistic", "ipw", "cox"}
    exposure, outcome : str
        Columns of 0 and 1.
    time : str or None
        Column of the follow-up time, for Cox.
    covariates : tuple of str
    eligibility : mapping of str to (float or None, float or None)
        Of columns, the least and the greatest value with which a row counts.
    horizons : tuple of float
        Of Cox, times at which survival of both arms is told; rising.
    minimum_count : int
        Persons below which a site answers nothing: in all, in an arm, with the outcome or without, and of these by arm.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    study: str = Field(min_length=1)
    model: Literal["logistic", "ipw", "cox"]
    exposure: str
    outcome: str
    time: str | None = None
    covariates: tuple[str, ...] = ()
    eligibility: dict[str, tuple[float | None, float | None]] = Field(default_factory=dict)
    horizons: tuple[float, ...] = ()
    minimum_count: int = Field(default=5, ge=5)

    @model_validator(mode="after")
    def _whole(self) -> FederatedStudy:
        if (self.model == "cox") != (self.time is not None):
            raise ValueError("`time` is for the model cox, which needs it")
        if self.horizons and (self.model != "cox" or self.horizons[0] <= 0 or any(np.diff(self.horizons) <= 0)):
            raise ValueError("`horizons` are for the model cox, above 0 and rising")
        if self.model == "ipw" and not self.covariates:
            raise ValueError("ipw needs covariates")
        if len(set(self.columns)) < len(self.columns):
            raise ValueError("a column is named twice")
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that the study reads."""
        return (self.exposure, self.outcome, *((self.time,) if self.time else ()), *self.covariates)

    @property
    def digest(self) -> str:
        """SHA-256 of the study's canonical JSON: a request for another study is refused."""
        return hashlib.sha256(json.dumps(self.model_dump(mode="json"), sort_keys=True).encode()).hexdigest()


def read_study(path: Path) -> FederatedStudy:
    """Read a federated study (.yaml); ProtocolError where it is not whole."""
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
        return FederatedStudy.model_validate(told)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ProtocolError("cannot be read as YAML", where=str(path), mend="give a federated study") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise ProtocolError(first["msg"], where=f"{path}: {key}" if key else str(path), mend="mend it") from None


def read_site(path: Path, study: FederatedStudy) -> Table:
    """Read a site's rows from its own database.

    Parameters
    ----------
    path : Path
        A DuckDB database with the table ``analysis``, or a CSV file.
    study : FederatedStudy

    Returns
    -------
    dict of str to array, shape (n,)

    Raises
    ------
    StudyDataError
        Where a column is absent or holds something missing, or an exposure or outcome that is not 0 or 1.
    """
    found = _selected(path, study, ", ".join(map(_quoted, study.columns)), _arrays)
    return {name: _numbers(found[name], name, study, path) for name in study.columns}


def read_persons(path: Path, study: FederatedStudy, secret: bytes, person: str = "") -> Persons:
    """Fingerprints of the persons whose rows `read_site` gives, for the site's own memory.

    Parameters
    ----------
    path, study
        As `read_site`.
    secret : bytes
        The site's own.
    person : str
        Column that tells persons apart over all studies; without one the whole row of the table does.

    Returns
    -------
    ndarray of uint64, shape (n,)

    Raises
    ------
    StudyDataError
    """
    if person:
        told = _selected(path, study, f"CAST({_quoted(person)} AS VARCHAR)", _rows)
        if len({row[0] for row in told}) < len(told) or (None,) in told:
            cause = "persons stand more than once, or have no identifier"
            raise StudyDataError(cause, where=f"{path}: {person}", mend="keep one row a person")
        return fingerprints((str(row[0]) for row in told), secret)
    return fingerprints(map(repr, _selected(path, study, "*", _rows)), secret)


def _selected(path: Path, study: FederatedStudy, columns: str, take: Callable[[duckdb.DuckDBPyConnection], Any]) -> Any:
    bounds = [
        (f"{_quoted(name)} {sign} ?", value)
        for name, (low, high) in study.eligibility.items()
        for sign, value in ((">=", low), ("<=", high))
        if value is not None
    ]
    where = f" WHERE {' AND '.join(one for one, _ in bounds)}" if bounds else ""
    rows, named = ("read_csv(?)", [str(path)]) if path.suffix == ".csv" else ("analysis", [])
    try:
        with duckdb.connect(*([] if named else [str(path), True])) as connection:
            asked = f"SELECT {columns} FROM {rows}{where}"
            return take(connection.execute(asked, [*named, *(value for _, value in bounds)]))
    except duckdb.Error:
        wanted = ", ".join(dict.fromkeys([*study.columns, *study.eligibility]))
        raise StudyDataError(
            f"cannot be read, or has not the columns {wanted}", where=str(path),
            mend="give a CSV file, or a DuckDB database with the table analysis",
        ) from None  # fmt: skip


def _arrays(connection: duckdb.DuckDBPyConnection) -> Any:
    return connection.fetchnumpy()


def _rows(connection: duckdb.DuckDBPyConnection) -> Any:
    return connection.fetchall()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _numbers(values: Any, name: str, study: FederatedStudy, path: Path) -> NDArray[np.float64]:
    where = f"{path}: {name}"
    try:
        column = np.ma.filled(np.ma.asarray(values).astype(float), np.nan)
    except (TypeError, ValueError):
        raise StudyDataError("holds something that is no number", where=where, mend="code it in numbers") from None
    if not np.isfinite(column).all():
        raise StudyDataError("holds missing values", where=where, mend="leave such rows out or fill them beforehand")
    if name in (study.exposure, study.outcome) and not np.isin(column, (0, 1)).all():
        raise StudyDataError("holds values other than 0 and 1", where=where, mend="code it 0 and 1")
    if name == study.time and (column <= 0).any():
        raise StudyDataError("holds times that are not above 0", where=where, mend="mend or leave out such rows")
    return np.asarray(column, np.float64)
