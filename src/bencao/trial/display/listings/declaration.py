"""What a study's displays may say of a listing: columns, order, pages."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

# Characters of a line of Courier New, 8 points, between the margins of a landscape page of US letter.
LINE = 135
# SQL of one value over the variables of a record, as `polars.sql_expr` reads it.
_Sql = str


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ListingColumn(_Declared):
    """A column of a listing.

    Attributes
    ----------
    id : str
    heading : tuple of str
        Lines of the header from the top; equal neighbours above the last line are joined.
    value : Sql
        Of each record.
    width : int
        Characters; what is longer goes on in the next line.
    decimals : int or None
        Of a number, rounded as SAS rounds; as it stands where not given.
    dates : {"iso", "date9"}
        How a date is printed: 2014-01-02 or 02JAN2014.
    group : bool
        Print the value once while it and those of the group columns before it do not change. Group columns come first.
    """

    id: str
    heading: tuple[str, ...] = Field(min_length=1)
    value: _Sql
    width: int = Field(ge=1, le=LINE)
    decimals: int | None = Field(default=None, ge=0, le=12)
    dates: Literal["iso", "date9"] = "iso"
    group: bool = False


class PageBy(_Declared):
    """A value of which each starts a page, printed above its records as ``label: value``."""

    label: str
    value: _Sql


class Listing(_Declared):
    """Records of an analysis set, one a row, in the manner of ICH E3, appendix 16.2.

    Attributes
    ----------
    population_label : str
        As it is printed.
    order : tuple of str
        Variables to sort by; ``-NAME`` sorts downwards, missing values come last.
    page_by : tuple of PageBy
    together : tuple of str
        Ids of group columns whose records stay on one page where a page holds them; where it does not, the next page
        says that they are continued.
    lines : int
        Lines of the body on a page.
    """

    number: str
    title: tuple[str, ...]
    population_label: str
    footnotes: tuple[str, ...] = ()
    set: str
    order: tuple[str, ...] = ()
    page_by: tuple[PageBy, ...] = ()
    columns: Annotated[tuple[ListingColumn, ...], Field(min_length=1)]
    together: tuple[str, ...] = ()
    lines: int = Field(default=40, ge=4)

    @model_validator(mode="after")
    def _columns_fit(self) -> Listing:
        names = [column.id for column in self.columns]
        if len(set(names)) < len(names):
            raise ValueError("two columns have one id")
        grouped = [column.group for column in self.columns]
        if grouped != sorted(grouped, reverse=True):
            raise ValueError("the columns with group: true come first")
        if unknown := [name for name in self.together if name not in names[: sum(grouped)]]:
            raise ValueError(f"together names {unknown[0]!r}, which is no group column")
        if (width := sum(column.width for column in self.columns)) > LINE:
            raise ValueError(f"the columns are {width} characters wide, a line holds {LINE}")
        return self
