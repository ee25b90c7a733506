"""Statistics of a clinical trial, with the definitions and defaults of SAS."""

from bencao.trial.statistics.ancova import AncovaFit, ancova
from bencao.trial.statistics.cmh import CochranMantelHaenszel, cmh, cmh_of_counts
from bencao.trial.statistics.descriptive import Summary, describe, describe_by, quantile
from bencao.trial.statistics.fisher import fisher_exact
from bencao.trial.statistics.imputation import Imputations, PooledEstimate, impute, imputed_frame, pool
from bencao.trial.statistics.linear import (
    Coefficient,
    EffectTest,
    Estimate,
    JointTest,
    LeastSquaresMean,
    coefficients,
    ls_mean_difference,
    ls_means,
    type3_tests,
)
from bencao.trial.statistics.mmrm import CovarianceParameter, MmrmFit, mmrm
from bencao.trial.statistics.proportions import (
    ChiSquare,
    Interval,
    chi_square,
    clopper_pearson,
    miettinen_nurminen,
    wilson,
)
from bencao.trial.statistics.ranks import (
    RankSum,
    SignedRank,
    kruskal_wallis,
    wilcoxon_rank_sum,
    wilcoxon_signed_rank,
)
from bencao.trial.statistics.survival import (
    CoxFit,
    HazardRatio,
    KaplanMeier,
    SurvivalComparison,
    SurvivalQuantile,
    cox,
    kaplan_meier,
    log_rank,
    survival_quantile,
)

__all__ = [
    "AncovaFit",
    "ChiSquare",
    "CochranMantelHaenszel",
    "Coefficient",
    "CovarianceParameter",
    "CoxFit",
    "EffectTest",
    "Estimate",
    "HazardRatio",
    "Imputations",
    "Interval",
    "JointTest",
    "KaplanMeier",
    "LeastSquaresMean",
    "MmrmFit",
    "PooledEstimate",
    "RankSum",
    "SignedRank",
    "Summary",
    "SurvivalComparison",
    "SurvivalQuantile",
    "ancova",
    "chi_square",
    "clopper_pearson",
    "cmh",
    "cmh_of_counts",
    "coefficients",
    "cox",
    "describe",
    "describe_by",
    "fisher_exact",
    "impute",
    "imputed_frame",
    "kaplan_meier",
    "kruskal_wallis",
    "log_rank",
    "ls_mean_difference",
    "ls_means",
    "miettinen_nurminen",
    "mmrm",
    "pool",
    "quantile",
    "survival_quantile",
    "type3_tests",
    "wilcoxon_rank_sum",
    "wilcoxon_signed_rank",
    "wilson",
]
