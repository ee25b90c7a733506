"""Mixed models for repeated measurements."""

from bencao.trial.statistics.mmrm.fit import mmrm
from bencao.trial.statistics.mmrm.inference import CovarianceParameter, MmrmFit

__all__ = ["CovarianceParameter", "MmrmFit", "mmrm"]
