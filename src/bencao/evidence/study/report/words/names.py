"""Steps of attrition, diagnostics, estimators and measures in the reader's language."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Literal

from bencao.evidence.estimators.estimate import Estimate
from bencao.evidence.protocol.protocol import Protocol

Language = Literal["en", "zh"]
# Between two things that stand in one cell, and between a name and what is said of it.
BETWEEN: dict[Language, str] = {"en": "; ", "zh": "；"}
COLON: dict[Language, str] = {"en": ": ", "zh": "："}

_STEPS = (
    ("persons|all", "全部人员"),
    ("start a strategy", "开始任一策略"),
    ("start one strategy only", "当日只开始一种策略"),
    ("have the entry event", "发生入组事件"),
    ("no treatment (.+) days before", "此前 {} 天未用治疗"),
    ("one strategy", "只属一种策略"),
    ("observed (.+) days before", "此前已有 {} 天观察"),
    ("neither strategy (.+) days before", "此前 {} 天未用任一策略"),
    ("(.+) years or older", "{} 岁及以上"),
    ("(.+) years or younger", "{} 岁及以下"),
    ("from (.+)", "自 {} 起"),
    ("to (.+)", "至 {} 止"),
    ("require (.+)", "须有：{}"),
    ("exclude (.+)", "排除：{}"),
)
_DIAGNOSTICS = {
    "en": {
        "standardised_difference": "largest standardised difference",
        "equipoise": "equipoise",
        "effective_share": "effective sample size, share of an arm",
        "followed": "followed to the last day",
        "effective_at_end": "effective persons at the end, least of an arm",
        "events": "events",
        "systematic_error": "expected error of a log ratio, by negative controls",
    },
    "zh": {
        "standardised_difference": "最大标准化差异",
        "equipoise": "临床均势",
        "effective_share": "有效样本量占该组的比例",
        "followed": "随访至最后一天的比例",
        "effective_at_end": "末期有效人数（较小一组）",
        "events": "结局例数",
        "systematic_error": "对数比值的预期误差（由阴性对照得出）",
    },
}

_METHODS = {
    "crude": ("unadjusted", "未校正"),
    "matching": ("matching", "匹配"),
    "stratification": ("strata of the propensity", "倾向评分分层"),
    "ipw": ("inverse probability weighting", "逆概率加权"),
    "overlap": ("overlap weighting", "重叠加权"),
    "entropy": ("entropy balancing", "熵平衡"),
    "g_formula": ("g-formula", "g 公式"),
    "aipw": ("doubly robust (AIPW)", "双重稳健（AIPW）"),
    "tmle": ("targeted learning (TMLE)", "目标化学习（TMLE）"),
    "instrument": ("instrument", "工具变量"),
    "per_protocol": ("per protocol, weighted", "符合方案（加权）"),
    "clones": ("clone, censor, weight", "克隆、删失、加权"),
    "trials": ("trials in sequence", "序贯试验"),
    "difference_in_differences": ("difference in differences", "双重差分"),
    "inverse_odds": ("inverse odds of participation", "参与试验的逆比数加权"),
    "doubly_robust": ("doubly robust", "双重稳健"),
    "trial_alone": ("the trial alone", "仅用试验"),
    "power_prior": ("power prior", "幂先验"),
    "commensurate": ("commensurate prior", "相称先验"),
    "propensity": ("power prior over strata of the propensity", "倾向评分分层的幂先验"),
}
_MEASURES = {
    "difference": ("difference of means", "均值差"),
    "risk_difference": ("risk difference", "风险差"),
    "rmst_difference": ("difference of restricted means", "限制性均值差"),
    "log_hazard_ratio": ("hazard ratio", "风险比（HR）"),
    "log_risk_ratio": ("risk ratio", "相对危险度（RR）"),
    "log_ratio_of_difference": ("risk ratio that the difference stands for", "与均值差相当的相对危险度"),
    "hazard_ratio": ("hazard ratio", "风险比（HR）"),
}
_ESTIMANDS = {
    "ate": ("all persons", "全部人员"),
    "att": ("the treated", "接受治疗者"),
    "ato": ("where the arms overlap", "两组重叠者"),
    "target": ("the target", "目标人群"),
    "trial": ("the trial", "试验人群"),
    "late": ("whom the instrument moves", "受工具变量影响者"),
}

_REFUSED = {
    "NoEvents": "无人发生该结局，或人人皆发生",
    "EmptyArm": "有一组无人",
    "SeparationError": "协变量已完全决定该结局，模型无有限估计",
    "PositivityError": "有人在另一组中没有可比者",
    "EstimationError": "得不到有限的估计，或风险为 0 而无比值",
    "StudyDataError": "数据不能用于估计",
}


def shown_refusal(cause: str, language: Language) -> str:
    """Why something was not estimated, as ``Kind: cause``."""
    kind = cause.partition(":")[0]
    return f"{kind}：{_REFUSED[kind]}" if language == "zh" and kind in _REFUSED else cause


def shown_step(step: str, language: Language) -> str:
    """A step of attrition as a person reads it."""
    if language == "zh":
        for form, words in _STEPS:
            if found := re.fullmatch(form, step):
                return words.format(*found.groups())
    return step


def shown_diagnostic(name: str, language: Language) -> str:
    """A diagnostic as a person reads it."""
    return _DIAGNOSTICS[language][name]


def shown_method(method: str, language: Language) -> str:
    """An estimator as a person reads it."""
    return _METHODS[method][language == "zh"]


def shown_measure(measure: str, language: Language) -> str:
    """What is estimated, as a person reads it."""
    return _MEASURES[measure][language == "zh"]


def shown_estimand(estimand: str, language: Language) -> str:
    """Of whom the effect is."""
    return _ESTIMANDS[estimand][language == "zh"]


def shown_strategies(protocol: Protocol, language: Language) -> tuple[str, str]:
    """Names of treatment and comparator."""
    strategies = protocol.strategies
    if strategies.comparator is None and language == "zh":
        return strategies.treatment.name, f"从不使用 {strategies.treatment.name}"
    return strategies.treatment.name, strategies.comparator_name


def interval_in_words(limits: Sequence[float], points: bool, language: Language) -> str:
    """A difference with the ends of its interval, all with their signs; percentage points have one decimal."""
    value, low, high = (f"{one:+,.1f}" if points else f"{one:+,.4g}" for one in limits)
    told = f"{value}（{low} 至 {high}）" if language == "zh" else f"{value} ({low} to {high})"
    return told.replace("-", "−")


def shown_estimate(one: Estimate, language: Language) -> str:
    """An estimate with its interval and unit."""
    points = one.measure == "risk_difference"
    told = interval_in_words(in_points(one, language)[1:], points, language)
    if not points:
        return told
    return f"{told}个百分点" if language == "zh" else f"{told} percentage points"


def two_decimals(language: Language) -> Callable[[float, float, float], str]:
    """How a ratio and its interval are written in a plot."""
    between = " 至 " if language == "zh" else " to "
    return lambda value, low, high: f"{value:.2f} ({low:.2f}{between}{high:.2f})"


def in_points(one: Estimate, language: Language) -> tuple[str, float, float, float]:
    """Measure, value, low and high for a table or a plot: of risks in percentage points."""
    measure = shown_measure(one.measure, language)
    if one.measure != "risk_difference":
        return measure, one.value, one.low, one.high
    unit = f"{measure}（百分点）" if language == "zh" else f"{measure}, percentage points"
    return unit, 100 * one.value, 100 * one.low, 100 * one.high


def estimate_cells(one: Estimate, language: Language) -> tuple[str, ...]:
    """An estimate in a row of a terminal's table: method, estimand, measure, value, interval, n; no logarithms."""
    measure, *limits = in_points(one, language)
    if one.measure.startswith("log_"):
        limits = [math.exp(min(limit, 700.0)) for limit in limits]
    value, low, high = (f"{limit:.4g}" for limit in limits)
    between = "至" if language == "zh" else "to"
    names = shown_method(one.method, language), shown_estimand(one.estimand, language)
    return *names, measure, value, f"{low} {between} {high}", f"{one.n:,}"
