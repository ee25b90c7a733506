"""What a study's specification says of its analyses, in the terms of Analysis Results Metadata 1.0 for define.xml."""

from __future__ import annotations

import difflib
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from bencao.trial.specification.model import Condition, Name, Part

# The standard's terms; a sponsor may add to them.
REASONS = ("SPECIFIED IN PROTOCOL", "SPECIFIED IN SAP", "DATA DRIVEN", "REQUESTED BY REGULATORY AGENCY")
PURPOSES = ("PRIMARY OUTCOME MEASURE", "SECONDARY OUTCOME MEASURE", "EXPLORATORY OUTCOME MEASURE")
# A term as like a standard one as this is a slip of the pen.
_SLIP = 0.8


def _term(known: tuple[str, ...]) -> AfterValidator:
    def check(value: str) -> str:
        near = difflib.get_close_matches(value.upper(), known, 1, _SLIP)
        if near and value != near[0]:
            raise ValueError(f"{value!r}: write {near[0]}, or a term of your own that is not so near to it")
        return value

    return AfterValidator(check)


Reason = Annotated[str, Field(min_length=1), _term(REASONS)]
Purpose = Annotated[str, Field(min_length=1), _term(PURPOSES)]


class DocumentReference(Part):
    """A document of the study, and pages of it: numbers with blanks between them."""

    document: str
    pages: str = ""


class ResultDisplay(Part):
    """The table, figure or listing that shows results; written as a text, it is the name alone.

    Attributes
    ----------
    name : str
        Such as ``Table 14-3.01``.
    title : str
        That of the study's displays where none is given.
    documents : tuple of DocumentReference
        Where it stands.
    """

    name: str = Field(min_length=1)
    title: str = ""
    documents: tuple[DocumentReference, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _from_name(cls, given: object) -> object:
        return {"name": given} if isinstance(given, str) else given


class AnalysisData(Part):
    """Records that are analysed.

    Attributes
    ----------
    dataset : str
    where : tuple of Condition
        All must hold.
    variables : tuple of str
        Those analysed.
    """

    dataset: Name
    where: tuple[Condition, ...] = ()
    variables: tuple[Name, ...] = Field(min_length=1)


class Population(Part):
    """Subjects that an analysis is of: the data set that tells them, and the conditions, all of which must hold."""

    dataset: Name = "ADSL"
    where: tuple[Condition, ...] = ()


class Program(Part):
    """How the result was computed: the statements, documents with them, or both.

    Attributes
    ----------
    context : str
        Language and version.
    code : str
    documents : tuple of DocumentReference
    """

    context: str = ""
    code: str = ""
    documents: tuple[DocumentReference, ...] = ()


class Analysis(Part):
    """An analysis whose results a display shows.

    Attributes
    ----------
    display : ResultDisplay
    label : str
        What is analysed.
    data : tuple of AnalysisData
        One at least; comment says how several are joined.
    population : Population or None
    parameter : str
        Variable of the first data set that tells parameters apart, such as PARAMCD; their values are conditions.
    method : str
        How, in words.
    documents : tuple of DocumentReference
        That describe it, such as the statistical analysis plan.
    program : Program or None
    reason, purpose : str
        Of `REASONS` and `PURPOSES`, or a sponsor's own.
    comment : str
    """

    display: ResultDisplay
    label: str = Field(min_length=1)
    data: tuple[AnalysisData, ...] = Field(min_length=1)
    population: Population | None = None
    parameter: Name | None = None
    method: str = ""
    documents: tuple[DocumentReference, ...] = ()
    program: Program | None = None
    reason: Reason
    purpose: Purpose
    comment: str = ""

    @model_validator(mode="after")
    def _documents_are_described(self) -> Analysis:
        if self.documents and not self.method:
            raise ValueError("documents describe the method: give method, in words")
        return self
