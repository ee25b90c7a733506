"""How a protocol names events and variables, and when they must be known."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from bencao.evidence.errors import TimeZeroError


class Strict(BaseModel):
    """A part of a protocol: no key that is not known, and no change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Events(Strict):
    """Events that mean one thing.

    Attributes
    ----------
    name : str
    concepts : tuple of int
        Standard concepts, in the tables of drugs, conditions, procedures, measurements and observations.
    descendants : bool
        With all their descendants, where the database has ``concept_ancestor``.
    column : str
        Of a flat table, instead.
    value : float or str
        What stands in `column` where the event is so; for a strategy.
    """

    name: str = Field(min_length=1)
    concepts: tuple[int, ...] = ()
    descendants: bool = True
    column: str = ""
    value: float | str | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Events:
        if bool(self.concepts) == bool(self.column):
            raise ValueError(f"{self.name}: give either concepts or a column")
        return self

    @property
    def is_column(self) -> bool:
        """Whether a flat table holds it."""
        return bool(self.column)


class EventRule(Strict):
    """Events before time zero that a person must have, or must not have.

    Attributes
    ----------
    events : Events
    days : (int or None, int)
        From and to, counted from time zero, both included; None is open. None may lie after it.
    """

    events: Events
    days: tuple[int | None, int] = (None, 0)

    @model_validator(mode="after")
    def _before_time_zero(self) -> EventRule:
        _refuse_later(self.events.name, self.days[1])
        return self


class Covariate(Strict):
    """A variable known at time zero.

    Attributes
    ----------
    name : str
    given_by : {"events", "domain", "age", "sex", "year", "column"}
        Any of `events` in `days`; one variable for each concept of a domain in `days`; the person's own; or a column of
        a flat table.
    events : Events, optional
    domain : {"drug", "condition", "procedure", "measurement", "observation"}, optional
        Without the concepts of the strategies.
    least : int
        Persons who must have a concept of the domain, so that it becomes a variable.
    days : (int or None, int)
        From and to, counted from time zero.
    varying : bool
        With strategies that last: told anew at the start of each period, `days` counted from it.
    measured_on : str
        Column of a flat table with the day, counted from time zero, on which it was measured.
    """

    name: str = Field(min_length=1)
    given_by: Literal["events", "domain", "age", "sex", "year", "column"] = "column"
    events: Events | None = None
    domain: Literal["drug", "condition", "procedure", "measurement", "observation"] | None = None
    least: int = Field(default=20, ge=1)
    days: tuple[int | None, int] = (-365, 0)
    varying: bool = False
    measured_on: str = ""

    @model_validator(mode="after")
    def _whole(self) -> Covariate:
        if (self.given_by == "events") != (self.events is not None):
            raise ValueError(f"{self.name}: events go with given_by: events")
        if (self.given_by == "domain") != (self.domain is not None):
            raise ValueError(f"{self.name}: domain goes with given_by: domain")
        if self.varying and self.given_by != "events":
            raise ValueError(f"{self.name}: only what is given_by: events varies")
        _refuse_later(self.name, self.days[1])
        return self

    def check_form(self, data: str) -> None:
        """Refuse a variable that the form of the data cannot give."""
        if (self.given_by == "column") != (data == "table"):
            raise ValueError(f"{self.name}: over data: {data} it cannot be given by {self.given_by}")


def _refuse_later(name: str, last: int) -> None:
    if last > 0:
        raise TimeZeroError(
            f"is known only {last} days after time zero",
            where=name,
            mend="end its window at day 0 or before; what happens later belongs to follow-up",
        )
