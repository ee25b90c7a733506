"""What a trial lets in of external controls, settled before their mean is looked at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bencao.evidence.borrowing.limits import Rule, Worst, largest_share, worst_type_1
from bencao.evidence.borrowing.strata import Means

Floats = npt.NDArray[np.float64]
# Of the room between level and limit, what the computed error may take. It is computed for normal means of known
# variance, and drawn trials exceed it by some tenths of a point.
_HELD = 0.5


@dataclass(frozen=True)
class Lending:
    """How much a trial lets in, whatever the external controls turn out to say.

    Attributes
    ----------
    rule : callable
    own, external : float
        Variances of both control means.
    share : float
        Of the external precision.
    worst : Worst
    """

    rule: Rule
    own: float
    external: float
    share: float
    worst: Worst

    def weigh(self, difference: Floats) -> tuple[Floats, Floats]:
        """Weight of the external mean, and the control mean's variance, at differences of both control means."""
        return self.rule(difference, self.own, self.external, self.share)


def lend(means: Means, rule: Rule, *, level: float = 0.05, limit: float = 0.07) -> Lending:
    """Find the share with which the type-1 error stays within a limit at any drift.

    Parameters
    ----------
    means : Means
        Their variances count, not the means.
    rule : callable
        `power_prior` or `commensurate`.
    level, limit : float
        Of the test without borrowing, and what its type-1 error may become.

    Returns
    -------
    Lending

    Raises
    ------
    StudyDataError
        A limit that is not above the level.
    """
    variances = means.treated[1], means.own[1], means.external[1]
    held = level + _HELD * (limit - level)
    share = largest_share(rule, *variances, level=level, most=held, lent=means.lent)
    return Lending(rule, *variances[1:], share, worst_type_1(rule, *variances, share, level=level))
