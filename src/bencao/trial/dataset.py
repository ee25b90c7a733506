"""A data set of a trial with what its define.xml would say of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

# Data types of ODM 1.3.2 as define.xml 2.1 allows them for a variable (ItemDef, DataType).
DataType = Literal[
    "text", "integer", "float", "date", "datetime", "time", "partialDate", "partialDatetime", "durationDatetime"
]


@dataclass(frozen=True)
class Variable:
    """A column of a data set.

    Attributes
    ----------
    name : str
        Upper case, 8 characters at most where it goes into a submission.
    label : str
    data_type : DataType
    length : int or None
        Of a text in bytes, of a number in digits.
    display_format : str
        SAS format, such as ``DATE9.``; empty if none.
    """

    name: str
    label: str = ""
    data_type: DataType = "text"
    length: int | None = None
    display_format: str = ""


@dataclass(frozen=True)
class Dataset:
    """Records of one domain or analysis data set.

    Attributes
    ----------
    name : str
        Such as ``AE`` or ``ADSL``.
    frame : polars DataFrame
        A column for each variable, in the same order. What is missing is null, a text never an empty string.
    variables : tuple of Variable
    label : str
    keys : tuple of str
        Names of the variables that tell records apart, in sort order; empty where they are not known.
    """

    name: str
    frame: pl.DataFrame
    variables: tuple[Variable, ...]
    label: str = ""
    keys: tuple[str, ...] = ()
