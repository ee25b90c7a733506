"""Multiple imputation of repeated measurements, and what is pooled over it."""

from bencao.trial.statistics.imputation.impute import Imputations, impute, imputed_frame
from bencao.trial.statistics.imputation.pool import PooledEstimate, pool

__all__ = ["Imputations", "PooledEstimate", "impute", "imputed_frame", "pool"]
