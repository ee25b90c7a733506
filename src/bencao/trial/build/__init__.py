"""From a specification to data sets: the plan of each, run in the order in which they need each other."""

from bencao.trial.build.plan import Plan, plan_dataset
from bencao.trial.build.strictly import conform_strictly
from bencao.trial.build.study import Built, build_study
from bencao.trial.build.writing import fingerprint, fingerprint_of_plan, write_together

__all__ = [
    "Built",
    "Plan",
    "build_study",
    "conform_strictly",
    "fingerprint",
    "fingerprint_of_plan",
    "plan_dataset",
    "write_together",
]
