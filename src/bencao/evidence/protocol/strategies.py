"""The strategies that a study compares, and those that last."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from bencao.evidence.protocol.concepts import Events, Strict


class Strategies(Strict):
    """The two strategies that are compared, among new users.

    Attributes
    ----------
    treatment, comparator : Events
        Exposures; over flat tables the values of the treatment's column. Without a comparator the treatment is compared
        with none, and `Lasting.entry` tells time zero.
    washout : int
        Days before time zero without either exposure.
    grace : int
        Days without supply after which an exposure has ended.
    """

    treatment: Events
    comparator: Events | None = None
    washout: int = Field(default=365, ge=0)
    grace: int = Field(default=30, ge=0)

    @property
    def given(self) -> tuple[Events, ...]:
        """The strategies that are exposures, the treatment first."""
        return (self.treatment, self.comparator) if self.comparator else (self.treatment,)

    @property
    def comparator_name(self) -> str:
        """What the treatment is compared with."""
        return self.comparator.name if self.comparator else f"never {self.treatment.name}"


class Lasting(Strict):
    """Strategies that last, over a common data model, analysed period by period per protocol.

    Attributes
    ----------
    period : int
        Days of a period.
    entry : Events, optional
        With no comparator: time zero is the first such event of an eligible person who is not treated.
    grace : int
        With no comparator: last period at whose start the treatment may have been started.
    emulation : {"clones", "trials"}
        With no comparator: clones from time zero, or a trial begun in each period.
    """

    period: int = Field(default=30, ge=1)
    entry: Events | None = None
    grace: int = Field(default=0, ge=0)
    emulation: Literal["clones", "trials"] = "clones"
