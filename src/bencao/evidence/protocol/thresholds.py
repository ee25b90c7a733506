"""What a study's diagnostics must reach before a result is shown."""

from __future__ import annotations

from pydantic import Field

from bencao.evidence.protocol.concepts import Strict


class Thresholds(Strict):
    """What diagnostics must reach before a result is shown.

    Attributes
    ----------
    standardised_difference : float
        Largest, after adjustment.
    equipoise : float
        Least share of persons with a preference score from 0.3 to 0.7 (Walker et al., Comp Effect Res 2013, 3, 11).
    effective_share : float
        Least effective sample size as a share of each arm.
    events : int
        Least number over both arms.
    effective_at_end : float
        Least effective number of persons of each arm in the last period, of strategies that last.
    followed : float
        Least share of persons who are followed to the last day, of a binary outcome over a common data model.
    systematic_error : float
        Greatest expected absolute error of a log ratio, as five or more negative controls tell it.
    """

    standardised_difference: float = Field(default=0.1, gt=0)
    equipoise: float = Field(default=0.35, ge=0, le=1)
    effective_share: float = Field(default=0.1, ge=0, le=1)
    events: int = Field(default=10, ge=1)
    effective_at_end: float = Field(default=50, ge=0)
    followed: float = Field(default=0.8, ge=0, le=1)
    systematic_error: float = Field(default=0.25, gt=0)
