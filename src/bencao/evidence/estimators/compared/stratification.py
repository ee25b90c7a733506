"""Strata of the propensity."""

from __future__ import annotations

import numpy as np

from bencao.evidence.errors import PositivityError
from bencao.evidence.estimators.data.study_data import StudyData
from bencao.evidence.estimators.estimate import Settings, refuse_estimand
from bencao.evidence.estimators.modelled.propensity import propensities

_STRATA = 10


def by_stratification(data: StudyData, settings: Settings) -> tuple[float, float, int]:
    """Ten strata of equal size of the propensity, for all persons or the treated.

    Within strata the effect is adjusted by regression (Lunceford and Davidian, Stat Med 2004, 23, 2937), since strata
    alone leave a part of the bias; the propensity is taken as known, which makes the interval a little wide.
    """
    refuse_estimand("stratification", settings, "ate", "att")
    score = propensities(data.design, data.treatment)
    edges = np.quantile(score, np.linspace(0, 1, _STRATA + 1)[1:-1])
    stratum = np.searchsorted(edges, score, side="right")
    linear = np.log(score / (1 - score))
    target = np.ones(data.n) if settings.estimand == "ate" else data.treatment
    effects, variances, sizes = [], [], []
    for place in np.unique(stratum):
        rows = stratum == place
        treated = int(data.treatment[rows].sum())
        if min(treated, rows.sum() - treated) < 3:
            raise PositivityError(
                f"stratum {place + 1} of {_STRATA} (propensity {score[rows].min():.3f} to {score[rows].max():.3f}) "
                f"has {treated} treated of {rows.sum()}",
                where="propensity",
                mend="trim, or estimate the effect in the overlap (ato)",
            )
        design = np.column_stack([np.ones(rows.sum()), data.treatment[rows], linear[rows] - linear[rows].mean()])
        inverse = np.linalg.inv(design.T @ design)
        model = inverse @ design.T @ data.outcome[rows]
        residual = data.outcome[rows] - design @ model
        leverage = np.einsum("ij,jk,ik->i", design, inverse, design)
        meat = design.T @ (design * (residual**2 / (1 - leverage))[:, None])
        effects.append(model[1])
        variances.append((inverse @ meat @ inverse)[1, 1])
        sizes.append(target[rows].sum())
    share = np.array(sizes) / sum(sizes)
    return float(share @ effects), float(np.sqrt(share**2 @ variances)), data.n
