"""Lengths and digits that a specification does not give, taken from the data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import polars as pl

from bencao.trial.dataset import Dataset
from bencao.trial.specification import DatasetSpecification, Study, VariableSpecification


def with_lengths(study: Study, datasets: Iterable[Dataset]) -> Study:
    """Fill in the lengths, and the digits after the point of floats, that define.xml asks for.

    What the specification says is kept. Of a text it is the longest value in bytes, of an integer its digits; floats
    and numbers that count days or seconds have the length 8 that a transport file gives them.

    Parameters
    ----------
    study : Study
    datasets : iterable of Dataset

    Returns
    -------
    Study
    """
    frames = {dataset.name: dataset.frame for dataset in datasets}
    filled = {
        name: _filled(dataset, frames[name]) if name in frames else dataset for name, dataset in study.datasets.items()
    }
    return study.model_copy(update={"datasets": filled})


def _filled(dataset: DatasetSpecification, frame: pl.DataFrame) -> DatasetSpecification:
    variables = tuple(
        _measured(variable, frame[variable.name]) if variable.name in frame.columns else variable
        for variable in dataset.variables
    )
    return dataset.model_copy(update={"variables": variables})


def _measured(variable: VariableSpecification, column: pl.Series) -> VariableSpecification:
    update: dict[str, Any] = {}
    if variable.length is None and variable.type in ("text", "integer", "float"):
        update["length"] = 8 if variable.type == "float" else _longest(column)
    if variable.significant_digits is None and variable.type == "float":
        # As the shortest text that is the number; nothing is printed beyond it.
        texts = column.cast(pl.Float64, strict=False).cast(pl.String)
        decimals: Any = texts.str.strip_suffix(".0").str.extract(r"\.(\d+)$").str.len_chars().max()
        update["significant_digits"] = decimals or 0
    return variable.model_copy(update=update)


def _longest(column: pl.Series) -> int:
    if column.dtype.is_temporal():
        return 8
    if column.dtype.is_numeric():
        column = column.cast(pl.Int64, strict=False)
    longest: Any = column.cast(pl.String).str.len_bytes().max()
    return longest or 1
