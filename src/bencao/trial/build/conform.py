"""What makes a frame a data set of its specification: types, order of columns and records, keys, codelists."""

from __future__ import annotations

import polars as pl

from bencao.trial.build.supplemental import supplemental
from bencao.trial.dataset import Dataset
from bencao.trial.errors import CodelistError, DuplicateKeyError, SpecificationError
from bencao.trial.specification import DatasetSpecification, Specification, VariableSpecification

# SAS formats of numeric variables that hold a date or a time; the frame holds them as such.
_DATE_FORMATS = ("DATE", "YYMMDD", "E8601DA", "MMDDYY", "DDMMYY")
_SHOWN = 3


def conform(specification: Specification, name: str, frame: pl.DataFrame) -> tuple[Dataset, ...]:
    """Make a data set of the records that a build gave.

    Parameters
    ----------
    specification : Specification
    name : str
    frame : polars DataFrame
        With every variable of the data set, in any order; others are dropped.

    Returns
    -------
    tuple of Dataset
        The data set, sorted by its keys (by all variables where it has none), missing values first; then its
        supplemental qualifiers, where it has any.

    Raises
    ------
    SpecificationError
        A variable that the build does not make, or one that cannot be of its type.
    DuplicateKeyError, CodelistError
        Name the records.
    """
    dataset = specification.study.datasets[name]
    if not dataset.variables:
        return (Dataset(name, frame, (), dataset.label, dataset.keys),)
    for index, variable in enumerate(dataset.variables):
        if variable.name not in frame.columns:
            raise SpecificationError(
                f"the build of {name} makes no variable {variable.name}",
                where=specification.where("datasets", name, "variables", index),
                mend=f"it makes {', '.join(frame.columns)}",
            )
    frame = frame.select(_typed(specification, name, index, frame) for index in range(len(dataset.variables)))
    _check_values(specification, name, frame)
    _check_keys(dataset, name, frame)
    frame = frame.sort(dataset.keys or frame.columns, nulls_last=False)
    own = [variable for variable in dataset.variables if not variable.supplemental]
    conformed = Dataset(
        name,
        frame.select(variable.name for variable in own),
        tuple(variable.variable() for variable in own),
        dataset.label,
        dataset.keys,
    )
    return (conformed,) if len(own) == len(dataset.variables) else (conformed, supplemental(dataset, name, frame))


def is_date(variable: VariableSpecification) -> bool:
    """Say whether a number is a date by its SAS format."""
    return variable.type in ("integer", "float") and variable.format.upper().startswith(_DATE_FORMATS)


def _typed(specification: Specification, name: str, index: int, frame: pl.DataFrame) -> pl.Series:
    variable = specification.study.datasets[name].variables[index]
    column = frame[variable.name]
    try:
        if is_date(variable):
            return column.cast(pl.Date)
        if variable.type == "integer":
            return column.cast(pl.Float64).cast(pl.Int64) if column.dtype != pl.Int64 else column
        if variable.type == "float":
            return column.cast(pl.Float64)
        text = column.cast(pl.String)
        return text.set(text == "", None) if text.len() else text
    except pl.exceptions.PolarsError as error:
        raise SpecificationError(
            f"{name}.{variable.name} is of type {column.dtype}, which cannot be {variable.type}: "
            f"{str(error).splitlines()[0]}",
            where=specification.where("datasets", name, "variables", index),
        ) from error


def _check_values(specification: Specification, name: str, frame: pl.DataFrame) -> None:
    dataset, codelists = specification.study.datasets[name], specification.study.codelists
    for index, variable in enumerate(dataset.variables):
        where = specification.where("datasets", name, "variables", index)
        column = frame[variable.name]
        if variable.mandatory and column.null_count():
            rows = frame.filter(column.is_null())
            raise SpecificationError(
                f"{name}.{variable.name} is mandatory and missing in {_records(dataset, rows)}", where=where
            )
        codelist = codelists.get(variable.codelist)
        if codelist is None or codelist.extensible or not codelist.terms:
            continue
        terms = pl.Series([term.value for term in codelist.terms], strict=False).cast(column.dtype)
        outside = frame.filter(~column.is_in(terms.implode()) & column.is_not_null())
        if len(outside):
            values = ", ".join(repr(value) for value in outside[variable.name].unique(maintain_order=True)[:_SHOWN])
            raise CodelistError(
                f"{name}.{variable.name}: {values} in {_records(dataset, outside)} not of {variable.codelist}",
                where=where,
                mend="the codelist is not extensible: code the value, or correct the codelist",
            )


def _check_keys(dataset: DatasetSpecification, name: str, frame: pl.DataFrame) -> None:
    if not dataset.keys:
        return
    shared = frame.group_by(dataset.keys).len().filter(pl.col("len") > 1).sort(dataset.keys)
    if len(shared):
        raise DuplicateKeyError(
            f"{len(shared)} keys of {name} are shared by several records: {_records(dataset, shared)}",
            mend=f"its keys are {', '.join(dataset.keys)}",
        )


def _records(dataset: DatasetSpecification, rows: pl.DataFrame) -> str:
    keys = [key for key in dataset.keys if key in rows.columns] or rows.columns[:4]
    first = rows.select(keys).head(_SHOWN).to_dicts()
    shown = [", ".join(f"{key} {value}" for key, value in row.items()) for row in first]
    more = f" and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
    return "; ".join(shown) + more
