"""How well measures tell positive from negative controls in the user's data, before and after calibration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import ndtri
from scipy.stats import beta

from bencao.safety.errors import PriorUndetermined
from bencao.safety.signals.calibration.controls import Control
from bencao.safety.signals.calibration.null import EmpiricalNull, calibrated_p, fit_null, leave_one_out_p
from bencao.safety.signals.disproportionality import Fourfold, information_component, prr, ror
from bencao.safety.signals.ebgm import PriorFit, ebgm, quantile

Floats = npt.NDArray[np.float64]
_NOTHING = EmpiricalNull(0.0, 0.0, 0)
_CORRECTION = 0.5  # added to each cell of a pair that was never reported (Haldane 1956, Anscombe 1956)
LEVEL = 0.05


@dataclass(frozen=True)
class Share:
    """A share with its 95 % interval (Clopper and Pearson 1934)."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Measured:
    """One measure on the controls.

    Attributes
    ----------
    measure : str
        ``ror``, ``prr``, ``ic`` or ``ebgm``.
    auc : Share or None
        Probability that a positive control lies above a negative one, with DeLong's interval; None without both.
    flagged : Share
        Negative controls that the measure's usual rule flags.
    error_before, error_after : Share or None
        Negative controls with p < 0.05 towards harm or protection, by the measure's own standard error and by the
        empirical null of the other negative controls; None where the measure has no standard error, or they are few.
    null : EmpiricalNull or None
    """

    measure: str
    auc: Share | None
    flagged: Share
    error_before: Share | None
    error_after: Share | None
    null: EmpiricalNull | None


@dataclass(frozen=True)
class Evaluation:
    """What controls say of the measures.

    Attributes
    ----------
    measures : tuple of Measured
    table : DataFrame
        A row a control that was found: drug, outcome, positive, n, n_drug, n_event, total and the measures.
    not_found : tuple of (Control, str)
        Controls that the data cannot judge, with ``drug`` or ``outcome``: what is not in the data.
    """

    measures: tuple[Measured, ...]
    table: pl.DataFrame
    not_found: tuple[tuple[Control, str], ...]


def evaluate(
    reports: pl.DataFrame,
    controls: Sequence[Control],
    event_terms: Mapping[str, Sequence[str]],
    drug_names: Mapping[str, Sequence[str]],
    fit: PriorFit | None = None,
) -> Evaluation:
    """Judge the measures of disproportionality by controls.

    Parameters
    ----------
    reports : DataFrame
        Columns ``report``, ``drug``, ``event``, as `count_pairs` takes them.
    controls : sequence of Control
    event_terms : mapping of str to sequence of str
        Terms of each outcome; an outcome without terms is looked for by its own name. A report with any of them has
        the outcome.
    drug_names : mapping of str to sequence of str
        Other names of drugs.
    fit : PriorFit, optional
        MGPS's prior for these data; EBGM is left out where not given.

    Returns
    -------
    Evaluation
        A control whose drug and outcome are both reported counts, also where never together.
    """
    folded = reports.select("report", drug=_folded("drug"), event=_folded("event")).unique()
    by_drug = _sets(folded, "drug", {one.drug: (one.drug, *drug_names.get(one.drug, ())) for one in controls})
    by_outcome = _sets(
        folded, "event", {one.outcome: tuple(event_terms.get(one.outcome, (one.outcome,))) for one in controls}
    )
    total = folded["report"].n_unique()
    rows, not_found = [], []
    for one in controls:
        drug, outcome = by_drug[one.drug], by_outcome[one.outcome]
        if not len(drug) or not len(outcome):
            not_found.append((one, "outcome" if len(drug) else "drug"))
            continue
        both = len(np.intersect1d(drug, outcome, assume_unique=True))
        rows.append((one.drug, one.outcome, one.positive, both, len(drug), len(outcome), total))
    schema = ["drug", "outcome", "positive", "n", "n_drug", "n_event", "total"]
    table = pl.DataFrame(rows, schema=schema, orient="row")
    if table.is_empty():
        return Evaluation((), table, tuple(not_found))
    table, measured = _measured(table, fit)
    return Evaluation(measured, table, tuple(not_found))


def _folded(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().str.to_lowercase()


def _sets(folded: pl.DataFrame, column: str, names: Mapping[str, Sequence[str]]) -> dict[str, npt.NDArray[np.int64]]:
    """Reports with any of the names of each thing, as sorted numbers."""
    numbered = folded.select(column, number=pl.col("report").rank("dense").cast(pl.Int64))
    wanted = {name.strip().lower() for found in names.values() for name in found}
    of = {
        str(key[0]): part["number"].to_numpy()
        for key, part in numbered.filter(pl.col(column).is_in(list(wanted))).partition_by(column, as_dict=True).items()
    }
    empty = np.zeros(0, dtype=np.int64)
    return {
        key: np.unique(np.concatenate([empty, *(of.get(name.strip().lower(), empty) for name in found)]))
        for key, found in names.items()
    }


def _measured(table: pl.DataFrame, fit: PriorFit | None) -> tuple[pl.DataFrame, tuple[Measured, ...]]:
    cells = Fourfold.of(table)
    never = cells.a == 0
    cells = Fourfold(*(cell + _CORRECTION * never for cell in (cells.a, cells.b, cells.c, cells.d)))
    n = table["n"].cast(pl.Float64).to_numpy()
    expected = (table["n_drug"] * table["n_event"] / table["total"]).to_numpy()
    positive = table["positive"].to_numpy()
    odds, share, component = ror(cells), prr(cells), information_component(n, expected)
    ic_error = (component.high - component.low) * np.log(2) / (2 * float(ndtri(0.975)))
    at_least = n >= 3
    found = [
        _judged("ror", np.log(odds.estimate), odds.standard_error, at_least & (odds.low > 1), positive),
        _judged("prr", np.log(share.estimate), share.standard_error, at_least & (share.low > 1), positive),
        _judged("ic", component.ic * np.log(2), ic_error, component.low > 0, positive),
    ]
    table = table.with_columns(
        expected=pl.Series(expected), ror=pl.Series(odds.estimate), ror_low=pl.Series(odds.low),
        prr=pl.Series(share.estimate), ic=pl.Series(component.ic), ic025=pl.Series(component.low),
    )  # fmt: skip
    if fit is not None:
        shrunk, low = ebgm(fit.prior, n, expected), quantile(fit.prior, n, expected, 0.05)
        found.append(_judged("ebgm", np.log(shrunk), None, low >= 2, positive))
        table = table.with_columns(ebgm=pl.Series(shrunk), eb05=pl.Series(low))
    null = found[0].null
    if null is not None:
        after = calibrated_p(np.log(odds.estimate), odds.standard_error, null)
        table = table.with_columns(ror_calibrated_p=pl.Series(after))
    return table, tuple(found)


def _judged(
    measure: str,
    log_ratio: Floats,
    error: Floats | None,
    flagged: npt.NDArray[np.bool_],
    positive: npt.NDArray[np.bool_],
) -> Measured:
    negative = ~positive
    area = auc(log_ratio[positive], log_ratio[negative]) if positive.any() and negative.any() else None
    told = share_of(flagged[negative])
    if error is None:
        return Measured(measure, area, told, None, None, None)
    x, e = log_ratio[negative], error[negative]
    before = share_of(calibrated_p(x, e, _NOTHING) < LEVEL)
    try:
        null = fit_null(x, e)
    except PriorUndetermined:
        return Measured(measure, area, told, before, None, None)
    p = leave_one_out_p(x, e)
    after = share_of(p[np.isfinite(p)] < LEVEL) if np.isfinite(p).any() else None
    return Measured(measure, area, told, before, after, null)


def share_of(told: npt.NDArray[np.bool_]) -> Share:
    """The share of what is true."""
    n, k = len(told), int(told.sum())
    low = float(beta.ppf(0.025, k, n - k + 1)) if k else 0.0
    high = float(beta.ppf(0.975, k + 1, n - k)) if k < n else 1.0
    return Share(k / n if n else float("nan"), low, high, n)


def auc(positive: Floats, negative: Floats) -> Share:
    """Area under the ROC curve with the interval of DeLong et al. (Biometrics 1988, 44, 837).

    Parameters
    ----------
    positive, negative : ndarray, shape (n,)
        Scores; equal ones count half.

    Examples
    --------
    >>> auc(np.array([3.0, 4.0]), np.array([1.0, 3.0])).value
    0.875
    """
    wins = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
    area = float(wins.mean())
    of_positive, of_negative = wins.mean(axis=1), wins.mean(axis=0)
    variance = sum(float(part.var(ddof=1)) / len(part) for part in (of_positive, of_negative) if len(part) > 1)
    half = float(ndtri(0.975)) * variance**0.5
    return Share(area, max(area - half, 0.0), min(area + half, 1.0), len(positive) + len(negative))
