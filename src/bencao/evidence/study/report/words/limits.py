"""What a study cannot tell: the limits that follow from its own protocol and data."""

from __future__ import annotations

from bencao.evidence.calibration.systematic_error import FEWEST
from bencao.evidence.study.report.words.names import Language
from bencao.evidence.study.study import Study

_LIMITS: dict[str, tuple[str, str]] = {
    "unmeasured": (
        "The effect is told only if all that moves both treatment and outcome is among the covariates; data that were "
        "not gathered for this question seldom hold it all.",
        "只有当同时影响治疗与结局的因素都在协变量之中，所得效应才成立；并非为本问题收集的数据很少能包含全部因素。",
    ),
    "records": (
        "What was never recorded counts as absent: exposures bought elsewhere, diagnoses never coded.",
        "未被记录者一律视为不存在：在别处购买的药物、未编码的诊断皆然。",
    ),
    "table": (
        "How the table came about is not known here: that its persons are new users, and its covariates earlier than "
        "treatment, rests on who made it.",
        "数据表的产生过程在此不可知：其中是否均为新使用者、协变量是否先于治疗，取决于制表者。",
    ),
    "intention": (
        "Treatments are compared as they were begun. Where many stop or switch, the effect of taking them is larger.",
        "按所开始的治疗作比较；若停药或换药者众多，坚持用药的效应会更大。",
    ),
    "on treatment": (
        "Follow-up ends with treatment. If persons stop for reasons that bear on the outcome, that biases the answer.",
        "随访随治疗终止；若停药原因与结局有关，答案会有偏倚。",
    ),
    "lasting": (
        "Leaving a strategy is weighed back by what was recorded; reasons that were not recorded remain.",
        "偏离策略者以已记录的因素补回；未记录的原因仍然存在。",
    ),
    "early leavers": (
        "Who leaves observation early counts as without the outcome.",
        "提前离开观察者按未发生结局计。",
    ),
    "censored": (
        "Censoring is taken to be unrelated to the outcome within an arm.",
        "假定组内的删失与结局无关。",
    ),
    "missing": (
        "Nothing is imputed.",
        "未作插补。",
    ),
    "imputed": (
        "What is missing is imputed as if, given all that is known, who lacks it were like the others.",
        "插补假定：在已知信息相同者中，缺失者与其他人并无不同。",
    ),
    "retrospective": (
        "The protocol was not registered before the data were there, so that nothing shows that it was not chosen by "
        "its results.",
        "方案并非在取得数据之前登记，无从表明其未按结果选取。",
    ),
    "controls": (
        f"Fewer than {FEWEST} negative controls have a ratio: the study's own systematic error is not known.",
        f"可得比值的阴性对照不足 {FEWEST} 个：研究自身的系统误差未知。",
    ),
    "both errors": (
        "Negative controls and emulations may hold the same bias; the interval from both is wider than it need be.",
        "阴性对照与模拟研究可能含有同一偏倚；两者合用的区间比所需更宽。",
    ),
    "scales": (
        "Negative controls of a flat table are told as yes or no: their risk ratios calibrate a hazard ratio.",
        "数据表中的阴性对照只记是与否：以其相对危险度校准风险比（HR）。",
    ),
    "emulations": (
        "The emulations are 29, all of drugs in American insurance claims, as hazard or risk ratios; other questions "
        "and other records may err more, or less.",
        "模拟研究共 29 项，均为美国医保理赔数据中的药物研究，以风险比或相对危险度表示；"
        "其他问题与其他数据的误差可能更大或更小。",
    ),
    "several estimators": (
        "Estimators other than the primary are shown for comparison; none may be chosen for its result.",
        "主要估计方法以外者仅供对照，不可依其结果择用。",
    ),
}


def limits(study: Study, language: Language) -> tuple[str, ...]:
    """The limits that hold for a study, the weightiest first.

    Parameters
    ----------
    study : Study
    language : {"en", "zh"}

    Returns
    -------
    tuple of str
    """
    protocol = study.protocol
    omop, kind = protocol.data == "omop", protocol.outcome.kind
    on_treatment = protocol.follow_up.analysed_as == "on_treatment"
    few = len(study.controls.ratios) < FEWEST
    holds = {
        "unmeasured": True,
        "records": omop,
        "table": not omop,
        "retrospective": protocol.design == "retrospective",
        "intention": omop and not protocol.lasting and not on_treatment,
        "on treatment": on_treatment,
        "lasting": bool(protocol.lasting),
        "early leavers": omop and kind == "binary",
        "censored": kind == "time_to_event" and not protocol.lasting,
        "missing": study.imputed is None,
        "imputed": study.imputed is not None,
        "controls": few,
        "both errors": not few and study.ratio is not None,
        "scales": not few and not omop and kind == "time_to_event",
        "emulations": study.ratio is not None,
        "several estimators": len(study.estimates) > 1,
    }
    return tuple(_LIMITS[name][language == "zh"] for name, is_so in holds.items() if is_so)
