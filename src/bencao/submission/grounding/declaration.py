"""The declaration of a document: its templates, its facts and where each comes from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bencao.submission.errors import GroundingError

NAME = r"[A-Za-z][A-Za-z0-9_]*"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """Where a fact comes from: one of a table's cell, an ARS result, a CSV cell, or a field of a safety case.

    Attributes
    ----------
    table : str
        Number of a table of the study; with `row`, the labels that lead to the row, and `column`, its id; or with
        `cell`, such as ``R15C3``. `statistic` says which result of the cell, where it has several.
    ars : str
        An ARS reporting event (JSON), with `analysis`, `operation` and `groups`.
    csv : str
        A file with a header, with `where`, what the row's columns hold, and `column`.
    case : str
        A case in JSON, with `field`, a JSON pointer such as ``/patient/age``.
    """

    table: str = ""
    row: tuple[str, ...] = ()
    column: str = ""
    cell: str = ""
    statistic: str = ""
    ars: str = ""
    analysis: str = ""
    operation: str = ""
    groups: tuple[str, ...] = ()
    csv: str = ""
    where: dict[str, str] = {}
    case: str = ""
    field: str = ""

    @model_validator(mode="after")
    def _one(self) -> Source:
        if sum(bool(kind) for kind in (self.table, self.ars, self.csv, self.case)) != 1:
            raise ValueError("give exactly one of table, ars, csv and case")
        return self


class Constant(_Strict):
    """A number that is no result: of the protocol, of an instrument's name; with where it stands."""

    text: str = ""
    en: str = ""
    zh: str = ""
    source: str = Field(min_length=1)

    def written(self, language: str) -> str:
        """How a language writes it."""
        return (self.en if language == "en" else self.zh) or self.text


class InTextTable(_Strict):
    """Which part of a study's table stands in the text.

    Attributes
    ----------
    rows : int, optional
        Only the first so many.
    at_least : float, optional
        Only rows with a percentage of this size in some column, headings of them included.
    columns : tuple of str
        Ids; all without it.
    """

    rows: int | None = None
    at_least: float | None = None
    columns: tuple[str, ...] = ()


class Declaration(_Strict):
    """A document in one or two languages.

    Attributes
    ----------
    name : str
        Of the files that are written: ``NAME.en.docx``.
    templates : mapping of language to path
        A .docx each, with slots such as ``{{n_placebo}}`` or ``{{age:1}}`` (rounded to one place), ``{{onset:date}}``
        (a date in words), and paragraphs
        ``{{table 14-2.01}}``.
    study : str
        Folder of the trial study, with displays.yaml and lineage.yaml.
    data : tuple of str
        Folders of its data sets.
    facts : mapping of name to Source
    constants : tuple of Constant
    tables : mapping of number to InTextTable
    labels : str
        A table (en, zh) of the labels of in-text tables and of facts that are words.
    """

    name: str = Field(pattern=r"^[A-Za-z0-9_-]+$")
    templates: dict[str, str]
    study: str = ""
    data: tuple[str, ...] = ()
    facts: dict[str, Source] = {}
    constants: tuple[Constant, ...] = ()
    tables: dict[str, InTextTable] = {}
    labels: str = ""


def read_declaration(path: str | os.PathLike[str]) -> Declaration:
    """Read ``document.yaml``.

    Raises
    ------
    GroundingError
        Where it cannot be read or a key is wrong; `where` names file and key.
    """
    where = os.fspath(path)
    try:
        told: Any = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        return Declaration.model_validate(told)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise GroundingError(f"cannot be read: {error}", where=where, mend="check the path and the YAML") from None
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise GroundingError(f"{first['msg']}", where=f"{where}: {key}", mend="correct that key") from None
