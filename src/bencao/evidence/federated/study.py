"""What all sites of a federated study agree on, and the site's own table that answers it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Literal

import duckdb
import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bencao.evidence.errors import ProtocolError, StudyDataError

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
    minimum_count : int
        Persons below which a site answers nothing: in all, in an arm, with the outcome or without.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    study: str = Field(min_length=1)
    model: Literal["logistic", "ipw", "cox"]
    exposure: str
    outcome: str
    time: str | None = None
    covariates: tuple[str, ...] = ()
    minimum_count: int = Field(default=5, ge=5)

    @model_validator(mode="after")
    def _whole(self) -> FederatedStudy:
        if (self.model == "cox") != (self.time is not None):
            raise ValueError("`time` is for the model cox, which needs it")
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
    names = ", ".join('"' + name.replace('"', '""') + '"' for name in study.columns)
    try:
        if path.suffix == ".csv":
            with duckdb.connect() as connection:
                found: Any = connection.execute(f"SELECT {names} FROM read_csv(?)", [str(path)]).fetchnumpy()
        else:
            with duckdb.connect(str(path), read_only=True) as connection:
                found = connection.execute(f"SELECT {names} FROM analysis").fetchnumpy()
    except duckdb.Error:
        raise StudyDataError(
            f"cannot be read, or has not the columns {', '.join(study.columns)}", where=str(path),
            mend="give a CSV file, or a DuckDB database with the table analysis",
        ) from None  # fmt: skip
    return {name: _numbers(found[name], name, study, path) for name in study.columns}


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
