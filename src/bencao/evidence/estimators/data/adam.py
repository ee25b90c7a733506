"""One row a person from a trial's ADaM data sets, as Parquet or SAS transport files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from bencao.evidence.errors import StudyDataError
from bencao.evidence.estimators.data.reading import read_table

_PERSON, _ZERO = "USUBJID", 1e-75


def read_adam(
    subjects: Path,
    analysis: Path,
    *,
    parameter: str,
    treatment: str,
    control: str,
    covariates: Sequence[str] = (),
    arm: str = "TRT01P",
    value: str = "AVAL",
    population: str = "ITTFL",
    records: Mapping[str, str] | None = None,
) -> Any:
    """A flat table of a trial from ADSL, and one parameter of a BDS or time-to-event data set.

    Parameters
    ----------
    subjects : Path
        ADSL.
    analysis : Path
        ADTTE (recognised by CNSR), or a BDS data set.
    parameter : str
        PARAMCD.
    treatment, control : str
        Values of the variable `arm` of ADSL; others are left out.
    covariates : sequence of str
        Variables of ADSL; text is kept as text.
    arm, value : str
        Planned or actual treatment; AVAL, CHG or another.
    population : str
        Flag of ADSL that must be Y; empty for all.
    records : mapping of str to str, optional
        What further variables of the analysis must say, e.g. ``{"AVISIT": "Week 24"}``: one record a person must be
        left.

    Returns
    -------
    pandas.DataFrame
        USUBJID, arm (1 or 0), outcome, and of a time to event ``time`` in the unit of AVAL with outcome 1 where CNSR
        is 0; then the covariates.

    Raises
    ------
    StudyDataError
        A file that is none, a variable or a value that is absent, more than one record a person, a missing value.
    """
    people, found = _read(subjects), _read(analysis)
    for name in (_PERSON, arm, *covariates, *([population] if population else [])):
        _require(people, name, subjects)
    for name in (_PERSON, "PARAMCD", value, *(records or {})):
        _require(found, name, analysis)
    if people[_PERSON].duplicated().any():
        raise StudyDataError("subjects stand more than once", where=f"{subjects.name}: {_PERSON}", mend="give ADSL")
    if population:
        people = people[people[population].astype(str) == "Y"]
    people = people[people[arm].isin([treatment, control])]
    for one in (treatment, control):
        if not (people[arm] == one).any():
            raise StudyDataError(f"nobody has {one!r}", where=f"{subjects.name}: {arm}", mend="see the values there")
    for name, wanted in {"PARAMCD": parameter, **(records or {})}.items():
        found = found[found[name].astype(str) == wanted]
        if found.empty:
            raise StudyDataError(f"no record has {wanted!r}", where=f"{analysis.name}: {name}", mend="see the values")
    if found[_PERSON].duplicated().any():
        raise StudyDataError("more than one record a person", where=analysis.name, mend="name the visit (--record)")
    joined = people.merge(found.drop(columns=[*covariates, arm], errors="ignore"), on=_PERSON, how="inner")
    table = pd.DataFrame({_PERSON: joined[_PERSON], "arm": (joined[arm] == treatment).astype(int)})
    if "CNSR" in found.columns:
        table["outcome"], table["time"] = (joined["CNSR"] == 0).astype(int), joined[value]
    else:
        table["outcome"] = joined[value]
    return table.assign(**{name: joined[name] for name in covariates}).sort_values(_PERSON).reset_index(drop=True)


def _read(path: Path) -> Any:
    if path.suffix.lower() != ".xpt":
        return read_table(path)
    try:
        table = pd.read_sas(path, format="xport", encoding="utf-8")
    except OSError as error:
        raise StudyDataError(f"cannot be read: {error.strerror}", where=path.name, mend="check the path") from error
    except Exception as error:  # pandas raises several kinds on a file that is none
        raise StudyDataError(
            f"is no transport file of version 5 ({type(error).__name__})", where=path.name, mend="give .parquet instead"
        ) from None
    # Pandas reads a transport file's 0 as 5e-79.
    numbers = table.select_dtypes("number")
    return table.assign(**{name: numbers[name].mask(numbers[name].abs() < _ZERO, 0.0) for name in numbers})


def _require(table: Any, name: str, path: Path) -> None:
    if name not in table.columns:
        raise StudyDataError("is absent", where=f"{path.name}: {name}", mend="give a variable of the data set")
