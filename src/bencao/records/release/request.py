"""The request for a research extract: whom it is about, what is released of them, how they are hidden."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from bencao.kernel.errors import InputError
from bencao.records.release.columns import AGE, TABLES, Treatment, ladder_of, treatment_of

EVERY = "*"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ConceptSet(_Strict):
    """Concepts, or codes of the source, that mean one thing.

    Attributes
    ----------
    concepts : tuple of int
        Concept ids, found in a table's own concept column.
    descendants : bool
        With all their descendants of ``concept_ancestor``.
    without : tuple of int
        Concepts left out again, likewise with descendants.
    codes : tuple of str
        Codes as the source writes them, whatever the case; ``K25*`` is every code that begins so.
    """

    concepts: tuple[int, ...] = ()
    descendants: bool = True
    without: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _some(self) -> ConceptSet:
        if not self.concepts and not self.codes:
            raise ValueError("give concepts or codes")
        if any(not code.strip(" *") for code in self.codes):
            raise ValueError("a code has no sign before its star")
        return self


class Entry(_Strict):
    """The event by which a person enters; its day is the person's index date.

    Attributes
    ----------
    any_of : tuple of str
        Concept sets.
    tables : tuple of str
        Where to look; every table of events without it.
    event : {"first_ever", "first_in_dates"}
        The earliest event of all, which must lie within the dates, or the earliest within the dates.
    """

    any_of: tuple[str, ...] = Field(min_length=1)
    tables: tuple[str, ...] = ()
    event: Literal["first_ever", "first_in_dates"] = "first_ever"


class Rule(_Strict):
    """Events that a person must have, or must not have.

    Attributes
    ----------
    set : str
        A concept set.
    tables : tuple of str
        Where to look; every table of events without it.
    days : (int or None, int or None)
        From and to, counted from the index date, both included; None is open.
    at_least : int
        On how many different days.
    """

    set: str
    tables: tuple[str, ...] = ()
    days: tuple[int | None, int | None] = (None, None)
    at_least: int = Field(default=1, ge=1)

    @field_validator("days")
    @classmethod
    def _in_order(cls, days: tuple[int | None, int | None]) -> tuple[int | None, int | None]:
        if days[0] is not None and days[1] is not None and days[0] > days[1]:
            raise ValueError("the first day comes after the last")
        return days


class Ages(_Strict):
    """Whole years at the index date, both included."""

    least: int = Field(default=0, ge=0)
    most: int = Field(default=150, ge=0)


class Days(_Strict):
    """Days before and after the index date; None is all there are."""

    before: int | None = Field(default=None, ge=0)
    after: int | None = Field(default=None, ge=0)


class Cohort(_Strict):
    """Who is in the extract; the steps are taken in this order.

    Attributes
    ----------
    entry : Entry, optional
        Without it everybody enters, on the first day of observation within the dates.
    from, to : date
        When the index date may be.
    age : Ages
    sex : tuple of int
        ``gender_concept_id``: 8507 men, 8532 women.
    observed : Days
        How long the observation period of the index date must reach before and after it.
    include, exclude : tuple of Rule
    """

    entry: Entry | None = None
    from_: date | None = Field(default=None, alias="from")
    to: date | None = None
    age: Ages | None = None
    sex: tuple[int, ...] = ()
    observed: Days | None = None
    include: tuple[Rule, ...] = ()
    exclude: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Cohort:
        if self.from_ and self.to and self.from_ > self.to:
            raise ValueError("`from` is later than `to`")
        return self


class Privacy(_Strict):
    """How persons are hidden.

    Attributes
    ----------
    k : int
        Each person is like at least k - 1 others in all released columns of ``person``.
    most_suppressed : float
        Share of the cohort that may be left out to reach k.
    ladders : mapping of column to steps
        From fine to coarse, as `columns.ladder_of` has them; the order of generalisation.
    minimum_cell : int
        Fewest persons of a cohort and of any value that is released.
    small_cells : {"refuse", "withhold"}
        What happens where a value is held by fewer: no release, or the value is withheld.
    """

    k: int = Field(default=5, ge=2)
    most_suppressed: float = Field(default=0.05, ge=0, lt=1)
    ladders: dict[str, tuple[int | Literal["*"], ...]] = {}
    minimum_cell: int = Field(default=11, ge=1)
    small_cells: Literal["refuse", "withhold"] = "refuse"


class FreeText(_Strict):
    """How free text is de-identified.

    Attributes
    ----------
    known : str
        A table (CSV, JSON lines or Parquet) of what the database does not hold of its persons: names, phones, numbers,
        each told by its column's name. It has a row for each person of the extract, whose texts are searched for all
        of it. A relative path begins at the request's folder.
    known_by : {"person_id", "person_source_value"}
        Its column that says who it is.
    style : {"surrogate", "tag"}
        Something made up of the same form in the place of what identifies, or a tag such as ``[NAME]``.
    """

    known: str = Field(min_length=1)
    known_by: Literal["person_id", "person_source_value"] = "person_id"
    style: Literal["surrogate", "tag"] = "surrogate"


class Request(_Strict):
    """A research extract as asked for.

    Attributes
    ----------
    name : str
        Of the project: pseudonyms and shifts of one project cannot be joined to those of another.
    database : str
        An OMOP database; a relative path begins at the request's folder.
    source, purpose : str
        For the data card; it takes over no name from the database, where hospitals may be named.
    as_of : date, optional
        When "the future" begins for the quality checks; the last day of observation without it.
    concept_sets : mapping of name to ConceptSet
    cohort : Cohort
    tables : mapping of table to columns
        What is released.
    window : Days
        Which records, counted from the index date.
    privacy : Privacy
    text : FreeText, optional
        Without it no free text is released.
    """

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")
    database: str = Field(min_length=1)
    source: str = ""
    purpose: str = ""
    as_of: date | None = None
    concept_sets: dict[str, ConceptSet] = {}
    cohort: Cohort = Cohort()
    tables: dict[str, tuple[str, ...]] = Field(min_length=1)
    window: Days = Days()
    privacy: Privacy = Privacy()
    text: FreeText | None = None


def texts_of(table: str, columns: Sequence[str]) -> tuple[str, ...]:
    """Those of a table's columns that are free text."""
    return tuple(name for name in columns if treatment_of(table, name) is Treatment.TEXT)


def read_request(path: str | os.PathLike[str]) -> Request:
    """Read a request from YAML.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    Request

    Raises
    ------
    InputError
        Where it cannot be read, or a key is wrong; `where` names file and key.
    """
    name = Path(path).name
    try:
        told: Any = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
        request = Request.model_validate(told)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=name, mend="check the path") from error
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = name if line is None else f"{name}: line {line + 1}"
        raise InputError("is no YAML in UTF-8", where=where, mend="correct it there") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        cause = first["msg"].removeprefix("Value error, ")
        raise InputError(cause, where=f"{name}: {key}" if key else name, mend="correct that key") from None
    for key, cause, mend in _faults_of(request):
        raise InputError(cause, where=f"{name}: {key}", mend=mend)
    return request


def _faults_of(request: Request) -> list[tuple[str, str, str]]:
    """What single keys cannot show: names that must exist, columns that may not leave."""
    faults = []
    entry = request.cohort.entry
    named = [("cohort.entry.any_of", name) for name in (entry.any_of if entry else ())]
    searched = [("cohort.entry.tables", name) for name in (entry.tables if entry else ())]
    for kind in ("include", "exclude"):
        for place, rule in enumerate(getattr(request.cohort, kind)):
            named.append((f"cohort.{kind}.{place}.set", rule.set))
            searched += [(f"cohort.{kind}.{place}.tables", name) for name in rule.tables]
    for key, name in named:
        if name not in request.concept_sets:
            faults.append((key, f"there is no concept set {name}", "define it in concept_sets"))
    for key, name in searched:
        if name not in TABLES or not TABLES[name].concept:
            known = ", ".join(one for one in TABLES if TABLES[one].concept)
            faults.append((key, f"{name} is no table of events", f"give some of {known}"))
    for table, columns in request.tables.items():
        faults += _faults_of_table(table, columns, free_text=request.text is not None)
    if request.text and not any(texts_of(table, columns) for table, columns in request.tables.items()):
        faults.append(("text", "no column of free text is asked for", "drop the key, or ask for note.note_text"))
    released = request.tables.get("person", ())
    for column, steps in request.privacy.ladders.items():
        key = f"privacy.ladders.{column}"
        if column not in released:
            faults.append((key, "is no released column of person", "ask for it in tables.person, or drop the key"))
        elif not steps or any(one != EVERY and (column != AGE or int(one) < 1) for one in steps):
            told = ", ".join(str(one) for one in ladder_of(column))
            faults.append((key, "there are no such steps", f"take {told}"))
    return faults


def _faults_of_table(table: str, columns: tuple[str, ...], *, free_text: bool) -> list[tuple[str, str, str]]:
    if table not in TABLES:
        return [(f"tables.{table}", "no such table can be released", f"give some of {', '.join(TABLES)}")]
    faults = []
    for place, column in enumerate(columns):
        key = f"tables.{table}.{place}"
        treatment = treatment_of(table, column)
        if treatment is None:
            faults.append((key, f"{table} has no column {column}", "see `bencao records model`"))
        elif treatment is Treatment.IDENTIFIER:
            mend = f"ask for {AGE}" if "birth" in column else "leave it out"
            faults.append((key, f"{table}.{column} identifies a person and is never released", mend))
        elif treatment is Treatment.TEXT and not free_text:
            cause = f"{table}.{column} is free text, which is released only de-identified"
            faults.append((key, cause, "leave it out, or write `text: {known: FILE}`"))
    if len(set(columns)) < len(columns):
        faults.append((f"tables.{table}", "a column is named twice", "name it once"))
    return faults
