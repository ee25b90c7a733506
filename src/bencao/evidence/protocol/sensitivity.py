"""What a protocol does about values that are missing, and which biases it asks about."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from bencao.evidence.protocol.concepts import Strict

Bias = Literal["confounding", "misclassification", "selection"]
PARAMETERS: dict[Bias, tuple[str, ...]] = {
    "confounding": ("confounder_ratio", "among_exposed", "among_unexposed"),
    "misclassification": ("sensitivity", "specificity"),
    "selection": ("exposed_cases", "unexposed_cases", "exposed_others", "unexposed_others"),
}


class MissingData(Strict):
    """Missing values of a flat table that are imputed by chained equations.

    Attributes
    ----------
    covariates : tuple of str
        Those of the protocol's whose values may be missing: numbers. A text has a level for it.
    outcome : bool
        Whether the outcome may be missing; not of a time to event, where who is not seen is censored.
    deltas : tuple of float
        With `outcome`: by how much what is missing among the treated differs from what is known, in the outcome's unit,
        or in log odds; one estimate each beside that of 0 (a pattern-mixture model; its tipping point).
    imputations, iterations, seed : int
    """

    covariates: tuple[str, ...] = ()
    outcome: bool = False
    deltas: tuple[float, ...] = ()
    imputations: int = Field(default=20, ge=2, le=200)
    iterations: int = Field(default=10, ge=1, le=100)
    seed: int = Field(default=1, ge=0, lt=2**32)

    @model_validator(mode="after")
    def _whole(self) -> MissingData:
        if not (self.covariates or self.outcome):
            raise ValueError("missing_data: name covariates, or outcome: true")
        if self.deltas and not self.outcome:
            raise ValueError("missing_data: deltas go with outcome: true")
        if not all(abs(one) < float("inf") for one in self.deltas):
            raise ValueError("missing_data: deltas are finite numbers")
        return self


class BiasAnalysis(Strict):
    """A bias whose size is drawn from what is known of it, and taken out of the ratio.

    Attributes
    ----------
    name : str
    bias : {"confounding", "misclassification", "selection"}
        By a binary confounder that was not measured, of the outcome's record (a binary one), or of who is in the data.
    ranges : dict of str to tuple of float
        Of each parameter low, likely, high, or low, likely from, likely to, high; see `bencao.evidence.bias.drawing`.
    draws, seed : int
    """

    name: str = Field(min_length=1)
    bias: Bias
    ranges: dict[str, tuple[float, ...]]
    draws: int = Field(default=10_000, ge=100, le=1_000_000)
    seed: int = Field(default=1, ge=0, lt=2**32)

    @model_validator(mode="after")
    def _whole(self) -> BiasAnalysis:
        wanted = PARAMETERS[self.bias]
        if set(self.ranges) != set(wanted):
            raise ValueError(f"{self.name}: give ranges of {', '.join(wanted)}")
        for key, told in self.ranges.items():
            finite = all(abs(one) < float("inf") for one in told)
            if len(told) not in (3, 4) or not finite or list(told) != sorted(told):
                raise ValueError(f"{self.name}: {key} is not three or four rising numbers")
            if key != "confounder_ratio" and not (told[0] >= 0 and told[-1] <= 1):
                raise ValueError(f"{self.name}: {key} is no chance from 0 to 1")
        return self
