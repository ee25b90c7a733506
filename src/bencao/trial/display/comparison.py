"""Comparisons of groups and fitted models by their declared kind, each answering with named statistics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from bencao.trial.display.declaration import Model, ModelCell, Test
from bencao.trial.errors import SpecificationError
from bencao.trial.statistics import (
    Estimate,
    ancova,
    chi_square,
    cmh,
    coefficients,
    fisher_exact,
    ls_mean_difference,
    ls_means,
)
from bencao.trial.statistics.linear import LinearFit
from bencao.trial.statistics.mmrm import mmrm

Answer = dict[str, float | None]


def compare(test: Test, frame: pl.DataFrame) -> Answer:
    """The p-value of a declared test.

    Parameters
    ----------
    test : Test
    frame : polars DataFrame
        A row an observation, its group, response and strata in columns; a row that lacks one is left out.

    Returns
    -------
    dict
        ``p``; None where a group or the response has one level only, so that there is nothing to compare.
    """
    complete = frame.drop_nulls([test.group, test.response, *test.strata])
    if complete[test.group].n_unique() < 2 or complete[test.response].n_unique() < 2:
        return {"p": None}
    if test.kind == "anova":
        return {"p": _anova(complete, test)}
    if test.kind == "cmh":
        return {"p": _cmh(complete, test)}
    rows, columns = (complete[name].rank("dense").cast(pl.Int64).to_numpy() - 1 for name in (test.group, test.response))
    counts = np.zeros((rows.max() + 1, columns.max() + 1), dtype=np.int64)
    np.add.at(counts, (rows, columns), 1)
    return {"p": fisher_exact(counts) if test.kind == "fisher" else chi_square(counts).p_value}


def _anova(frame: pl.DataFrame, test: Test) -> float:
    """One-way analysis of variance: the F test of the groups' means being equal."""
    fitted = ancova(frame, test.response, [test.group], [test.group])
    levels = [coefficient.value for coefficient in coefficients(fitted)[1:]]
    places = np.eye(len(fitted.values))[1:]
    assert len(places) == sum(value is not None for value in levels)
    return fitted.joint_test(places).p_value


def _cmh(frame: pl.DataFrame, test: Test) -> float | None:
    if test.strata:
        sizes = frame.group_by(test.strata).len()["len"].to_list()
        if len(sizes) < test.least_strata or min(sizes) < test.least_per_stratum:
            return None
    found = cmh(frame, test.group, test.response, test.strata)
    statistics = {
        "general": found.general_association,
        "row_mean": found.row_means_differ,
        "nonzero": found.nonzero_correlation,
    }
    return statistics[test.statistic].p_value


@dataclass(frozen=True)
class FittedModel:
    """A declared model fitted to its records, to be asked for what a cell shows.

    Attributes
    ----------
    by_group : LinearFit
        With the treatment as a factor.
    trend : Estimate or None
        Slope over the treatment as a number.
    used : bool array
        Which records are complete, so that the fit rests on them.
    """

    model: Model
    by_group: LinearFit = field(repr=False)
    trend: Estimate | None
    used: npt.NDArray[np.bool_] = field(repr=False)

    def answer(self, cell: ModelCell) -> Answer:
        """Estimate, standard error, limits and p-value that a cell asks for."""
        at: Mapping[str, object] = {self.model.visit: self.model.at} if self.model.visit else {}
        treatment = self.model.treatment
        if cell.trend:
            found = self.trend
        elif cell.contrast is not None:
            high, low = cell.contrast
            found = ls_mean_difference(self.by_group, treatment, high, low, at, self.model.weights)
        else:
            means = ls_means(self.by_group, [treatment], at, self.model.weights)
            found = next((mean.value for mean in means if mean.levels == (cell.mean,)), None)
        if found is None:
            return dict.fromkeys(("estimate", "se", "lower", "upper", "p"))
        return {
            "estimate": found.estimate,
            "se": found.standard_error,
            "lower": found.lower,
            "upper": found.upper,
            "p": found.p_value,
        }


def fit(model: Model, frame: pl.DataFrame) -> FittedModel:
    """Fit a declared model.

    Parameters
    ----------
    model : Model
        ``ancova``: treatment, factors and covariates. ``mmrm``: also the visit, and its interactions with treatment and
        covariates, with an unstructured covariance within a subject and Kenward-Roger's degrees of freedom.
    frame : polars DataFrame

    Returns
    -------
    FittedModel

    Raises
    ------
    EstimationError
        Where the records do not allow the fit.
    """
    variables = [model.response, model.treatment, *model.factors, *model.covariates]
    if model.visit:
        variables.append(model.visit)
    complete = frame.select(pl.all_horizontal(pl.col(variables).is_not_null())).to_series().to_numpy()
    used = frame.filter(complete)
    rest = [*model.factors, *model.covariates]
    if model.kind == "ancova":
        by_group = ancova(used, model.response, [model.treatment, *rest], [model.treatment, *model.factors])
        slope = ancova(used, model.response, [model.treatment, *rest], model.factors)
        trend = next(each.value for each in coefficients(slope) if each.column.term == (model.treatment,))
        return FittedModel(model, by_group, trend, complete)
    if model.visit is None:
        raise SpecificationError("repeated measures need a visit", mend="give visit: and at:")
    crossed = [f"{name}*{model.visit}" for name in (model.treatment, *model.covariates)]
    terms = [model.treatment, *model.factors, model.visit, *model.covariates, *crossed]
    classes = [model.treatment, *model.factors, model.visit]
    fitted = mmrm(used, model.response, terms, model.subject, model.visit, classes=classes)
    return FittedModel(model, fitted, None, complete)
