"""Difference in differences: what changed in the treated beyond what changed in others like them."""

from __future__ import annotations

from bencao.evidence.errors import StudyDataError
from bencao.evidence.estimators.data.study_data import StudyData
from bencao.evidence.estimators.estimate import Settings
from bencao.evidence.estimators.modelled.doubly_robust import by_aipw


def by_difference_in_differences(data: StudyData, settings: Settings) -> tuple[float, float, int]:
    """Doubly robust, of the change since before, in the treated (Sant'Anna and Zhao, J Econom 2020, 219, 101)."""
    if data.before is None:
        raise StudyDataError("needs the outcome before time zero", where="before", mend="name its column")
    changed = data.with_outcome(data.outcome - data.before, "continuous")
    return by_aipw(changed, Settings("att", settings.trim, settings.learner, settings.folds, settings.seed))
