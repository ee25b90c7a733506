"""Results hold finite figures only: what would be built from anything else is an error, never a silent NaN."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from bencao.evidence.errors import EstimationError


class Figures:
    """Base of results, each a dataclass: none can be built with a figure that is not finite."""

    def __post_init__(self) -> None:
        for one in fields(self):  # type: ignore[arg-type]
            if not _finite(getattr(self, one.name)):
                raise EstimationError(
                    f"{one.name} is not finite",
                    where=type(self).__name__.lower(),
                    mend="see the diagnostics; trim, or use fewer covariates",
                )


def _finite(value: Any) -> bool:
    if isinstance(value, float | np.floating):
        return math.isfinite(value)
    if isinstance(value, tuple | list):
        return all(map(_finite, value))
    if isinstance(value, Mapping):
        return all(map(_finite, value.values()))
    if is_dataclass(value):
        return all(_finite(getattr(value, one.name)) for one in fields(value))
    return True


@contextmanager
def reckoned() -> Iterator[None]:
    """Around arithmetic whose results are `Figures`: a matrix without an inverse is a typed error, warnings are none.

    Raises
    ------
    EstimationError
        Where linear algebra finds no solution.
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            yield
        except np.linalg.LinAlgError:
            raise EstimationError(
                "the covariates do not determine the model", where="covariates", mend="leave out one that others imply"
            ) from None
        except (OverflowError, ZeroDivisionError, FloatingPointError):
            raise EstimationError(
                "a figure is too large or too small to reckon with", where="figures", mend="give them in another unit"
            ) from None
