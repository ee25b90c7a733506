"""The bias analyses that a protocol asks for, on its study's ratio."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bencao.evidence.bias.corrections import (
    Counts,
    without_confounding,
    without_misclassification,
    without_selection,
)
from bencao.evidence.bias.drawing import Corrected, draw_corrections
from bencao.evidence.errors import StudyDataError
from bencao.evidence.estimators.data.study_data import StudyData
from bencao.evidence.estimators.estimate import Estimate
from bencao.evidence.protocol.sensitivity import BiasAnalysis
from bencao.kernel.errors import BencaoError


@dataclass(frozen=True)
class Biased:
    """One bias analysis.

    Attributes
    ----------
    name, bias : str
    corrected : Corrected, optional
        The ratio without the bias; None where it could not be told.
    refused : str
        Why not.
    """

    name: str
    bias: str
    corrected: Corrected | None
    refused: str = ""


def bias_analyses(asked: tuple[BiasAnalysis, ...], ratio: Estimate, data: StudyData) -> tuple[Biased, ...]:
    """Take each bias out of a log ratio.

    Parameters
    ----------
    asked : tuple of BiasAnalysis
    ratio : Estimate
    data : StudyData
        Whose counts a misclassified outcome is corrected in; the adjusted ratio is changed as the crude one is (Fox,
        MacLehose and Lash 2021, chapter 6).

    Returns
    -------
    tuple of Biased
        What the data rule out is told, and does not end the study.
    """
    found = []
    for one in asked:
        try:
            found.append(Biased(one.name, one.bias, _drawn(one, ratio, data)))
        except BencaoError as error:
            found.append(Biased(one.name, one.bias, None, f"{error.kind}: {error.cause}"))
    return tuple(found)


def _drawn(one: BiasAnalysis, ratio: Estimate, data: StudyData) -> Corrected:
    value = math.exp(ratio.value)

    def corrected(drawn: Mapping[str, Any]) -> Any:
        if one.bias == "confounding":
            return without_confounding(value, **drawn)
        if one.bias == "selection":
            return without_selection(value, **drawn)
        return value * _as_recorded_right(data, drawn)

    return draw_corrections(corrected, one.ranges, ratio.standard_error, draws=one.draws, seed=one.seed)


def _as_recorded_right(data: StudyData, drawn: Mapping[str, Any]) -> Any:
    """By how much the crude risk ratio changes once the outcome's record is put right."""
    if data.kind != "binary":
        raise StudyDataError("is of a binary outcome", where="misclassification", mend="leave the analysis out")
    cells = [float(((data.treatment == arm) & (data.outcome == had)).sum()) for had in (1, 0) for arm in (1, 0)]
    counts = Counts(*cells)
    return without_misclassification(counts, of="outcome", **drawn).risk_ratio / counts.risk_ratio
