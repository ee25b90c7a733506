"""What the parts of a study's specification say: data sets, variables, codelists and how each is made."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bencao.trial.dataset import DataType, Variable

# Origins of define.xml 2.1 (def:Origin, Type) and their sources.
OriginType = Literal["Collected", "Derived", "Assigned", "Protocol", "Predecessor", "Not Available"]
OriginSource = Literal["Subject", "Investigator", "Vendor", "Sponsor"]

Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
Value = str | int | float


class Part(BaseModel):
    """A part of a specification: what it does not know it refuses."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Origin(Part):
    """Where a variable's values come from.

    Attributes
    ----------
    type : OriginType
    source : OriginSource or None
    description : str
        Of a predecessor its data set and variable, such as ``ADSL.AGE``.
    pages : str
        Of an annotated CRF, numbers with blanks between them.
    """

    type: OriginType
    source: OriginSource | None = None
    description: str = ""
    pages: str = ""


class Condition(Part):
    """One comparison of a where clause: a variable of the same data set with values."""

    variable: Name
    comparator: Literal["EQ", "NE", "LT", "LE", "GT", "GE", "IN", "NOTIN"] = "EQ"
    values: tuple[Value, ...]


class ValueLevel(Part):
    """What is said of a variable only where all `where` conditions hold."""

    where: tuple[Condition, ...]
    label: str = ""
    type: DataType = "text"
    length: int | None = None
    significant_digits: int | None = None
    format: str = ""
    codelist: str = ""
    origin: Origin | None = None
    method: str = ""
    comment: str = ""
    mandatory: bool = False


class VariableSpecification(Part):
    """A variable of a data set, in the words of define.xml 2.1.

    Attributes
    ----------
    name, label : str
    type : DataType
    length : int or None
        Of a text in bytes, of a number in digits.
    significant_digits : int or None
    format : str
        SAS display format.
    codelist : str
        Name of a codelist of the study; a value outside one that is not extensible is an error.
    origin : Origin or None
    method : str
        How it is derived, in words for a reader; empty where the steps' own words do.
    comment : str
    mandatory : bool
        True where a missing value is an error.
    role : str
        Of SDTM, such as ``Identifier``.
    core : str
        ``Req``, ``Exp``, ``Perm`` or ``Cond``.
    supplemental : bool
        True for what goes into SUPP-- of the data set instead of the data set.
    evaluator : str
        QEVAL of a supplemental qualifier.
    values : tuple of ValueLevel
    """

    name: Name
    label: str = ""
    type: DataType = "text"
    length: int | None = None
    significant_digits: int | None = None
    format: str = ""
    codelist: str = ""
    origin: Origin | None = None
    method: str = ""
    comment: str = ""
    mandatory: bool = False
    role: str = ""
    core: Literal["", "Req", "Exp", "Perm", "Cond"] = ""
    supplemental: bool = False
    evaluator: str = ""
    values: tuple[ValueLevel, ...] = ()

    def variable(self) -> Variable:
        """Give what a data set carries of it."""
        return Variable(self.name, self.label, self.type, self.length, self.format)


class Step(Part):
    """One step of a build: a building block, or a function of the study, with its parameters.

    It is written ``{block: {parameter: value, ...}, note: words}``.

    Attributes
    ----------
    block : str
    parameters : dict of str to object
        As the block's signature types them.
    note : str
        What it is for, in words; the method of the variables it sets.
    """

    block: str
    parameters: dict[str, Any] = {}
    note: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_short_form(cls, given: Any) -> Any:
        if not isinstance(given, dict) or "block" in given:
            return given
        named = [key for key in given if key != "note"]
        if len(named) != 1:
            raise ValueError(f"a step names one building block, this one {len(named)}: {', '.join(map(str, named))}")
        return {"block": named[0], "parameters": given[named[0]] or {}, "note": given.get("note", "")}


class DatasetSpecification(Part):
    """A data set and how it is built.

    Attributes
    ----------
    label : str
    class_name : str
        Of SDTM or ADaM, such as ``EVENTS`` or ``BASIC DATA STRUCTURE`` (in YAML: ``class``).
    structure : str
        Such as ``One record per subject``.
    purpose : str
    standard : str
        Name of a standard of the study.
    keys : tuple of str
        Variables that tell records apart, in sort order; two records with the same keys are an error.
    repeating, reference : bool
        More than one record for a subject; data that are of no subject.
    comment : str
    keep : bool
        False for a data set that only serves to build others.
    build : tuple of Step
        In order.
    variables : tuple of VariableSpecification
        In order of the columns; what the steps make beyond them is dropped.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    label: str = ""
    class_name: str = Field(default="", alias="class")
    structure: str = ""
    purpose: Literal["Tabulation", "Analysis"] = "Tabulation"
    standard: str = ""
    keys: tuple[Name, ...] = ()
    repeating: bool = True
    reference: bool = False
    comment: str = ""
    keep: bool = True
    build: tuple[Step, ...] = ()
    variables: tuple[VariableSpecification, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> DatasetSpecification:
        names = [variable.name for variable in self.variables]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"variables given twice: {', '.join(twice)}")
        if names and (unknown := [key for key in self.keys if key not in names]):
            raise ValueError(f"keys that are no variables of the data set: {', '.join(unknown)}")
        return self


class Term(Part):
    """A value of a codelist.

    Attributes
    ----------
    value : str, int or float
        The submission value.
    decode : str
    code : str
        Its NCI concept, such as ``C16576``.
    order : float or None
        Rank among the terms, for sorting and for ``--N`` variables.
    synonyms : tuple of str
        What else collected data call it; compared without regard to case.
    extended : bool
        True for a term of the sponsor's in an extensible codelist.
    """

    value: Value
    decode: str = ""
    code: str = ""
    order: float | None = None
    synonyms: tuple[str, ...] = ()
    extended: bool = False


class Codelist(Part):
    """Values that a variable may take.

    Attributes
    ----------
    label : str
    type : ``text``, ``integer`` or ``float``
    code : str
        NCI concept of the codelist.
    standard : str
        Name of a standard of the study.
    extensible : bool
    terms : tuple of Term
        In order; empty for a dictionary.
    dictionary, version, href : str
        An external dictionary, such as MedDRA.
    """

    label: str = ""
    type: Literal["text", "integer", "float"] = "text"
    code: str = ""
    standard: str = ""
    extensible: bool = False
    terms: tuple[Term, ...] = ()
    dictionary: str = ""
    version: str = ""
    href: str = ""
    comment: str = ""


class Standard(Part):
    """A standard that data sets or codelists follow, such as SDTMIG 3.4."""

    name: str
    type: Literal["IG", "CT"] = "IG"
    version: str
    status: Literal["Draft", "Provisional", "Final"] = "Final"
    publishing_set: str = ""


class Source(Part):
    """Data that a build reads.

    Attributes
    ----------
    path : str
        A .csv, .parquet, .xpt or .json file, relative to the folder that the build is given for `root`.
    root : str
        Name of a folder given to the build; the study's own folder where empty.
    label : str
    columns : dict of str to str
        Names in the file that the steps shall know by another name: new name to name in the file.
    """

    path: str
    root: str = ""
    label: str = ""
    columns: dict[Name, str] = {}


class Document(Part):
    """A document that define.xml points to, such as the annotated CRF."""

    title: str
    href: str
