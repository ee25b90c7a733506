"""Hold a data set that was made elsewhere against a specification."""

from __future__ import annotations

import polars as pl

from bencao.kernel.errors import InputError
from bencao.trial.build.conform import conform, is_date
from bencao.trial.dataset import Dataset
from bencao.trial.errors import DateParseError
from bencao.trial.specification import Specification


def conform_strictly(specification: Specification, dataset: Dataset) -> tuple[Dataset, ...]:
    """Give a data set the types, labels, keys and order of its specification, as `conform` does, and lose nothing.

    Parameters
    ----------
    specification : Specification
    dataset : Dataset

    Returns
    -------
    tuple of Dataset
        As `conform`.

    Raises
    ------
    InputError
        Where the specification has no such data set, or the one has variables that the other has not.
    DateParseError
        Where a text that shall be a numeric date is none in ISO 8601.
    SpecificationError, DuplicateKeyError, CodelistError
        As `conform`.
    """
    known = specification.study.datasets.get(dataset.name)
    if known is None:
        raise InputError(
            f"the specification has no data set {dataset.name}",
            where=dataset.name,
            mend=f"it has {', '.join(specification.study.datasets)}",
        )
    named = [variable.name for variable in known.variables]
    for missing, of in ((set(dataset.frame.columns) - set(named), "specification"),
                        (set(named) - set(dataset.frame.columns), "data set")):  # fmt: skip
        if missing:
            raise InputError(
                f"variables that the {of} has not: {', '.join(sorted(missing))}",
                where=dataset.name,
                mend="make the two alike",
            )
    dates = [variable.name for variable in known.variables if is_date(variable)]
    written = [name for name in dates if dataset.frame.schema[name] == pl.String]
    try:
        frame = dataset.frame.with_columns(pl.col(written).str.to_date("%Y-%m-%d"))
    except pl.exceptions.PolarsError as error:
        raise DateParseError(
            str(error).splitlines()[0], where=dataset.name, mend="write dates as 2014-01-02"
        ) from error
    return conform(specification, dataset.name, frame)
