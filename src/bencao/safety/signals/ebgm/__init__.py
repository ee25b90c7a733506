"""MGPS: the multi-item gamma-Poisson shrinker, an empirical Bayes estimate of each pair's reporting ratio."""

from bencao.safety.signals.ebgm.fitting import PriorFit, fit_prior
from bencao.safety.signals.ebgm.likelihood import negative_log_likelihood
from bencao.safety.signals.ebgm.posterior import ebgm, posterior_weight, quantile
from bencao.safety.signals.ebgm.prior import Prior
from bencao.safety.signals.ebgm.squashing import squash

__all__ = [
    "Prior",
    "PriorFit",
    "ebgm",
    "fit_prior",
    "negative_log_likelihood",
    "posterior_weight",
    "quantile",
    "squash",
]
