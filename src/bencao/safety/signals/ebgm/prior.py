"""The prior of MGPS: a mixture of two gamma distributions of the reporting ratio."""

from __future__ import annotations

from dataclasses import astuple, dataclass


@dataclass(frozen=True, slots=True)
class Prior:
    """A mixture of two gamma distributions, ``weight`` times the first and the rest the second.

    Attributes
    ----------
    alpha1, alpha2 : float
        Shapes.
    beta1, beta2 : float
        Rates; the mean of a component is alpha / beta.
    weight : float
        Share of the first component, between 0 and 1.

    References
    ----------
    DuMouchel W (1999). Bayesian data mining in large frequency tables, with an application to the FDA spontaneous
    reporting system. The American Statistician 53(3), 177-190, equation 4.
    """

    alpha1: float
    beta1: float
    alpha2: float
    beta2: float
    weight: float

    def values(self) -> tuple[float, float, float, float, float]:
        """The five numbers, in the order of the attributes."""
        alpha1, beta1, alpha2, beta2, weight = astuple(self)
        return alpha1, beta1, alpha2, beta2, weight

    def ordered(self) -> Prior:
        """The same mixture with the component of the larger mean first, so that two fits can be compared."""
        if self.alpha1 * self.beta2 >= self.alpha2 * self.beta1:
            return self
        return Prior(self.alpha2, self.beta2, self.alpha1, self.beta1, 1.0 - self.weight)
