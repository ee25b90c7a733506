"""What a study's file of displays may say: analysis sets, columns, rows, tests and how a number is printed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from bencao.trial.display.listings import Listing
from bencao.trial.errors import SpecificationError

# SQL of one condition or value over the variables of a record, as `polars.sql_expr` reads it.
Sql = str
TestKind = Literal["fisher", "chi_square", "anova", "cmh"]
ModelKind = Literal["ancova", "mmrm"]


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CellFormat(_Declared):
    """How a cell is printed.

    Attributes
    ----------
    text : str
        With places such as ``{mean:5.1}``: statistic, least width, decimals. Rounding is SAS's.
    zero : str or None
        Printed instead where the first statistic is 0.
    missing : str
        Printed where the first statistic has no value.
    small : str or None
        Printed for a percentage that is not 0 but rounds to it.
    below, above : (limit, text) or None
        Printed where the first statistic is beyond the limit.
    mark : (limit, text, else) or None
        Put after what is below the limit, and the other text after what is not.
    """

    text: str
    zero: str | None = None
    missing: str = ""
    small: str | None = None
    below: tuple[float, str] | None = None
    above: tuple[float, str] | None = None
    mark: tuple[float, str, str] | None = None


class Lookup(_Declared):
    """Variables brought from another data set, one record a key."""

    data: str
    by: tuple[str, ...] = ("USUBJID",)
    variables: tuple[str, ...]


class Pick(_Declared):
    """Keep the first record of each key in an order, or with `ties` all that are equal to the first.

    ``-NAME`` sorts downwards, missing values come last.
    """

    by: tuple[str, ...]
    order: tuple[str, ...]
    ties: bool = False


class AnalysisSet(_Declared):
    """Records to analyse: stacked, joined, derived, selected, and then picked from, in this order."""

    data: tuple[str, ...]
    lookup: tuple[Lookup, ...] = ()
    derive: dict[str, Sql] = {}
    where: Sql = "TRUE"
    pick: tuple[Pick, ...] = ()


class Test(_Declared):
    """A comparison of groups whose p-value stands in a column.

    Attributes
    ----------
    column : str
        Where it stands.
    rows : str
        ``first`` row of the block (once for each combination of `by`), ``each`` row, or the label of one.
    group : str
        Variable that tells the groups apart; `groups` restricts it to some values.
    response : str
        Variable compared, or ``row``: whether a subject of the denominator has a record on the row.
    statistic : {"general", "row_mean", "nonzero"}
        Of Cochran, Mantel and Haenszel.
    least_strata, least_per_stratum : int
        With fewer strata, or a stratum of fewer records, the test is not made.
    """

    column: str
    kind: TestKind
    show: str
    rows: str = "first"
    group: str
    groups: tuple[float | str, ...] = ()
    response: str
    strata: tuple[str, ...] = ()
    statistic: Literal["general", "row_mean", "nonzero"] = "general"
    least_strata: int = 1
    least_per_stratum: int = 1
    where: Sql = "TRUE"


class Column(_Declared):
    """A column of results.

    Attributes
    ----------
    id : str
    heading : tuple of str
        Lines of the header from the top; equal neighbours above the last line are joined. ``{N}`` is the number of
        subjects of the population in the column.
    arm : Sql
        Which subjects the column is about; ``{N}`` counts them.
    where, numerator : Sql
        Which of their records stand in it; the latter does not restrict what a percentage is of.
    show, value : str or None
        Format and analysis variable, where the row does not say.
    set : str or None
        Another analysis set than the block's; only the variables in `within` of the block's `by` then hold.
    rows : {"all", "first"}
    population : str or None
        Set that ``{N}`` counts, where it is not the display's.
    """

    id: str
    heading: tuple[str, ...]
    arm: Sql = "TRUE"
    where: Sql = "TRUE"
    numerator: Sql = "TRUE"
    show: str | None = None
    value: str | None = None
    set: str | None = None
    within: tuple[str, ...] = ()
    rows: Literal["all", "first", "none"] = "all"
    population: str | None = None


class Size(_Declared):
    """Number of subjects of a population with a value of the level's variable, printed in a label column."""

    set: str
    stub: int


class By(_Declared):
    """A level of rows, one group for each value of a variable.

    Attributes
    ----------
    values : mapping of value to label, or None
        Which, in order; else those in the data.
    label : Sql or None
        Label of a value that is found in the data.
    order : tuple of str
        Variables to sort the values by, else the label.
    most : str or None
        Column id: values with most subjects there come first.
    stub : int
        Which of the label columns holds the label.
    heading : {"none", "row", "cells"}
        Whether the label stands on the first row of the group, on a row of its own, or on a row with results of the
        whole group.
    repeat : bool
        Print the label on every row.
    size : Size or None
    indent : int
        Spaces before the label.
    """

    variable: str
    values: dict[float | str, str] | None = None
    label: Sql | None = None
    order: tuple[str, ...] = ()
    most: str | None = None
    stub: int = 0
    heading: Literal["none", "row", "cells"] = "none"
    repeat: bool = False
    size: Size | None = None
    indent: int = 0


class RowSpec(_Declared):
    """One row: what it is called, which records it holds, and how they are shown."""

    label: str = ""
    where: Sql = "TRUE"
    show: str | None = None
    value: str | None = None


class Denominator(_Declared):
    """Subjects that a percentage is of; `within` names the variables of `by` that hold for it."""

    set: str | None = None
    where: Sql = "TRUE"
    within: tuple[str, ...] | None = None


class ModelCell(_Declared):
    """What a fitted model says, printed how: of the difference of two groups, of one group's mean, or of the trend."""

    contrast: tuple[float, float] | None = None
    mean: float | None = None
    trend: bool = False
    show: str

    @model_validator(mode="after")
    def _one_of_three(self) -> ModelCell:
        if (self.contrast is not None) + (self.mean is not None) + self.trend != 1:
            raise ValueError("give one of contrast, mean and trend")
        return self


class ModelRow(_Declared):
    """A row of a fitted model's numbers, by column."""

    label: str = ""
    cells: dict[str, ModelCell] = {}


class Model(_Declared):
    """A model fitted to an analysis set.

    Attributes
    ----------
    treatment : str
        Variable of the groups, a number (the dose).
    factors, covariates : tuple of str
    visit, subject : str or None
        Of repeated measures; `at` is the visit that is reported.
    weights : {"equal", "observed"}
        Least-squares means over the factors: with equal weights, or as often as observed (SAS's OM).
    """

    kind: ModelKind
    response: str
    treatment: str
    factors: tuple[str, ...] = ()
    covariates: tuple[str, ...] = ()
    visit: str | None = None
    subject: str = "USUBJID"
    at: float | None = None
    weights: Literal["equal", "observed"] = "equal"


class Block(_Declared):
    """Rows that are computed in the same way."""

    set: str
    where: Sql = "TRUE"
    label: str = ""
    by: tuple[By, ...] = ()
    rows: tuple[RowSpec, ...] = ()
    show: str | None = None
    value: str | None = None
    denominator: Denominator = Denominator()
    stub: int = 0
    heading: Literal["none", "row"] = "none"
    indent: int = 0
    drop_empty: bool = False
    tests: tuple[Test, ...] = ()
    model: Model | None = None
    model_rows: tuple[ModelRow, ...] = ()

    @model_validator(mode="after")
    def _model_has_rows(self) -> Block:
        if (self.model is None) != (not self.model_rows):
            raise ValueError("model and model_rows go together")
        return self


def _flat(value: Any) -> Any:
    """Lists in lists of columns or blocks, as an alias in YAML makes them, become one list."""
    if not isinstance(value, list):
        return value
    return [item for part in value for item in (_flat(part) if isinstance(part, list) else [part])]


class Display(_Declared):
    """A table of the report.

    Attributes
    ----------
    population_label : str
        As it is printed; `population` is the analysis set that headings count.
    purpose : str
        The Analysis Results Standard's term.
    stubs : tuple of str
        Headings of the label columns.
    """

    number: str
    title: tuple[str, ...]
    population_label: str
    population: str
    purpose: Literal["PRIMARY OUTCOME MEASURE", "SECONDARY OUTCOME MEASURE", "EXPLORATORY OUTCOME MEASURE"] = (
        "EXPLORATORY OUTCOME MEASURE"
    )
    footnotes: tuple[str, ...] = ()
    stubs: tuple[str, ...] = ("",)
    columns: Annotated[tuple[Column, ...], BeforeValidator(_flat)]
    blocks: Annotated[tuple[Block, ...], BeforeValidator(_flat)]


class SurvivalFigure(_Declared):
    """Kaplan-Meier curves: time, censoring (0 is an event) and group of each record of the set."""

    kind: Literal["survival"]
    time: str
    censored: str
    group: str
    label: str
    event: str


class BoxFigure(_Declared):
    """Box plots of a value, along a variable and side by side for groups."""

    kind: Literal["box"]
    value: str
    by: str
    group: str
    label: str


class WaterfallFigure(_Declared):
    """A bar for each subject, the greatest value first."""

    kind: Literal["waterfall"]
    value: str
    group: str
    label: str


class Figure(_Declared):
    """A figure of the report."""

    number: str
    title: tuple[str, ...]
    population_label: str
    footnotes: tuple[str, ...] = ()
    set: str
    plot: Annotated[SurvivalFigure | BoxFigure | WaterfallFigure, Field(discriminator="kind")]


class Displays(_Declared):
    """All displays of a study and what they share."""

    study: str
    sets: dict[str, AnalysisSet]
    formats: dict[str, CellFormat]
    shared: Any = Field(default=None, description="Parts that the displays repeat by YAML aliases.")
    displays: tuple[Display, ...]
    figures: tuple[Figure, ...] = ()
    listings: tuple[Listing, ...] = ()

    def display(self, number: str) -> Display:
        """The table with a number; SpecificationError where there is none."""
        for display in self.displays:
            if display.number == number:
                return display
        known = ", ".join(display.number for display in self.displays)
        raise SpecificationError(f"there is no table {number}", mend=f"give one of {known}")

    def figure(self, number: str) -> Figure:
        """The figure with a number; SpecificationError where there is none."""
        for figure in self.figures:
            if figure.number == number:
                return figure
        known = ", ".join(figure.number for figure in self.figures) or "none"
        raise SpecificationError(f"there is no figure {number}", mend=f"there is {known}")

    def is_listing(self, number: str) -> bool:
        """Whether a listing has the number."""
        return any(listing.number == number for listing in self.listings)

    def listing(self, number: str) -> Listing:
        """The listing with a number; SpecificationError where there is none."""
        for listing in self.listings:
            if listing.number == number:
                return listing
        known = ", ".join(listing.number for listing in self.listings) or "none"
        raise SpecificationError(f"there is no listing {number}", mend=f"there is {known}")


def _unknown_name(display: Display, displays: Displays) -> str:
    """What a display names that is not declared, in words; empty where there is nothing."""
    columns = {column.id for column in display.columns}
    sets = [display.population, *(column.set or column.population for column in display.columns)]
    formats = [column.show for column in display.columns]
    named = []
    for block in display.blocks:
        sets += [block.set, block.denominator.set, *(level.size.set for level in block.by if level.size)]
        formats += [block.show, *(row.show for row in block.rows), *(test.show for test in block.tests)]
        formats += [cell.show for row in block.model_rows for cell in row.cells.values()]
        named += [test.column for test in block.tests] + [level.most for level in block.by]
        named += [column for row in block.model_rows for column in row.cells]
    for kind, names, known in (
        ("analysis set", sets, set(displays.sets)),
        ("format", formats, set(displays.formats)),
        ("column", named, columns),
    ):
        for name in names:
            if name is not None and name not in known:
                return f"there is no {kind} {name!r}"
    return ""


def sets_of(display: Display) -> set[str]:
    """Names of the analysis sets that a table is made of."""
    named = [display.population]
    for column in display.columns:
        named += [column.set or "", column.population or ""]
    for block in display.blocks:
        named += [block.set, block.denominator.set or "", *(level.size.set for level in block.by if level.size)]
    return {name for name in named if name}


def data_of(displays: Displays, sets: Iterable[str]) -> tuple[str, ...]:
    """Names of the data sets that analysis sets need, in order."""
    declared = [displays.sets[name] for name in sets]
    return tuple(sorted({name for one in declared for name in (*one.data, *(lookup.data for lookup in one.lookup))}))


def first_unknown(displays: Displays) -> tuple[tuple[int | str, ...], str] | None:
    """The first table or figure that names what is not declared: its place, and what is wrong in words."""
    for key, numbers in (
        ("displays", [display.number for display in displays.displays]),
        ("figures", [figure.number for figure in displays.figures]),
        ("listings", [listing.number for listing in displays.listings]),
    ):
        for place, number in enumerate(numbers):
            if number in numbers[:place]:
                return (key, place), f"{number} is declared twice"
    tables = {display.number for display in displays.displays}
    for place, listing in enumerate(displays.listings):
        if listing.number in tables:
            return ("listings", place), f"{listing.number} is a table and a listing"
    for place, display in enumerate(displays.displays):
        if unknown := _unknown_name(display, displays):
            return ("displays", place), f"table {display.number}: {unknown}"
    for place, figure in enumerate(displays.figures):
        if figure.set not in displays.sets:
            return ("figures", place), f"figure {figure.number}: there is no analysis set {figure.set!r}"
    for place, listing in enumerate(displays.listings):
        if listing.set not in displays.sets:
            return ("listings", place), f"listing {listing.number}: there is no analysis set {listing.set!r}"
    return None
