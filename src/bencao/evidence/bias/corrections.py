"""An estimate as it would be without a bias whose size is given: confounding, misclassification, selection.

Formulas as in Fox MP, MacLehose RF, Lash TL (2021), Applying quantitative bias analysis to epidemiologic data, 2nd ed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from bencao.evidence.errors import StudyDataError


@dataclass(frozen=True)
class Counts:
    """A two by two table.

    Attributes
    ----------
    exposed_cases, unexposed_cases, exposed_others, unexposed_others : float
        Persons with and without the outcome; arrays where many tables are meant.
    """

    exposed_cases: Any
    unexposed_cases: Any
    exposed_others: Any
    unexposed_others: Any

    @property
    def odds_ratio(self) -> Any:
        """Odds ratio of the outcome."""
        return (self.exposed_cases * self.unexposed_others) / (self.unexposed_cases * self.exposed_others)

    @property
    def risk_ratio(self) -> Any:
        """Risk ratio; of a cohort only."""
        exposed = self.exposed_cases / (self.exposed_cases + self.exposed_others)
        return exposed / (self.unexposed_cases / (self.unexposed_cases + self.unexposed_others))


def without_confounding(ratio: Any, confounder_ratio: Any, among_exposed: Any, among_unexposed: Any) -> Any:
    """A risk ratio without a binary confounder that was not measured.

    Parameters
    ----------
    ratio : float or ndarray
        As observed.
    confounder_ratio : float or ndarray
        Risk ratio of the outcome with the confounder.
    among_exposed, among_unexposed : float or ndarray
        Its prevalence.

    Returns
    -------
    float or ndarray

    Raises
    ------
    StudyDataError
    """
    _require_chances(among_exposed=among_exposed, among_unexposed=among_unexposed)
    if np.any(np.asarray(confounder_ratio) <= 0):
        raise StudyDataError("is not above 0", where="confounder_ratio", mend="give a ratio")
    excess = confounder_ratio - 1
    return ratio * (1 + among_unexposed * excess) / (1 + among_exposed * excess)


def without_misclassification(
    counts: Counts,
    *,
    sensitivity: Any,
    specificity: Any,
    sensitivity_others: Any = None,
    specificity_others: Any = None,
    of: str = "exposure",
) -> Counts:
    """A table as it would be had exposure, or outcome, been recorded right.

    Parameters
    ----------
    counts : Counts
    sensitivity, specificity : float or ndarray
        Of the exposure's record among those with the outcome; of the outcome's among the exposed.
    sensitivity_others, specificity_others : optional
        Among the others, where the record differs there.
    of : {"exposure", "outcome"}

    Returns
    -------
    Counts
        A count below 0 says that the data rule the record's quality out; it is left as nan where many are given.

    Raises
    ------
    StudyDataError
        Where sensitivity and specificity add up to no more than 1, or rule each other out.
    """
    others = [one if two is None else two for one, two in (
        (sensitivity, sensitivity_others), (specificity, specificity_others))]  # fmt: skip
    _require_chances(sensitivity=sensitivity, specificity=specificity)
    _require_chances(sensitivity_others=others[0], specificity_others=others[1])
    a, b, c, d = counts.exposed_cases, counts.unexposed_cases, counts.exposed_others, counts.unexposed_others
    if of == "exposure":
        a, b = _recovered(a, b, sensitivity, specificity)
        c, d = _recovered(c, d, *others)
    elif of == "outcome":
        a, c = _recovered(a, c, sensitivity, specificity)
        b, d = _recovered(b, d, *others)
    else:
        raise StudyDataError(f"no record of {of}", where="of", mend="give exposure or outcome")
    found = [np.where(np.asarray(one) > 0, one, np.nan) for one in (a, b, c, d)]
    if np.isnan(sum(found)).all():
        raise StudyDataError("the counts rule these out", where="sensitivity, specificity", mend="give likelier ones")
    return Counts(*(one.item() if one.ndim == 0 else one for one in found))


def without_selection(
    ratio: Any, exposed_cases: Any, unexposed_cases: Any, exposed_others: Any, unexposed_others: Any
) -> Any:
    """An odds ratio as it would be had nobody been selected; the chances of selection are given.

    Examples
    --------
    >>> round(without_selection(136 * 165 / (107 * 297), 0.94, 0.85, 0.64, 0.25), 2)
    1.63
    """
    chances = {"exposed_cases": exposed_cases, "unexposed_cases": unexposed_cases}
    chances |= {"exposed_others": exposed_others, "unexposed_others": unexposed_others}
    _require_chances(**chances)
    for name, chance in chances.items():
        if np.any(np.asarray(chance) == 0):
            raise StudyDataError("is 0: nobody could be selected", where=name, mend="give a chance above 0")
    return ratio * (unexposed_cases * exposed_others) / (exposed_cases * unexposed_others)


def _recovered(positive: Any, negative: Any, sensitivity: Any, specificity: Any) -> tuple[Any, Any]:
    total, informed = positive + negative, sensitivity + specificity - 1
    if np.any(np.asarray(informed) <= 0):
        raise StudyDataError("add up to no more than 1", where="sensitivity, specificity", mend="swap the codes")
    true = (positive - (1 - specificity) * total) / informed
    return true, total - true


def _require_chances(**chances: Any) -> None:
    for name, chance in chances.items():
        told = np.asarray(chance, float)
        if not ((told >= 0) & (told <= 1)).all():
            raise StudyDataError("is no chance from 0 to 1", where=name, mend="give e.g. 0.9")
