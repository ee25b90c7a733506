"""A study as one HTML page: protocol, attrition, diagnostics, and the estimates unless they are kept back."""

from __future__ import annotations

from typing import Literal

from bencao.evidence.study.study import Study
from bencao.evidence.study.words import shown_diagnostic, shown_step
from bencao.kernel import report

Language = Literal["en", "zh"]

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "protocol": "Protocol",
        "frozen": "Registered versions",
        "unregistered": "This protocol is not registered.",
        "version heads": "Version,Registered,Reason,SHA-256",
        "attrition": "Attrition",
        "attrition heads": "Step,Persons",
        "diagnostics": "Diagnostics",
        "diagnostic heads": "Diagnostic,Value,Threshold,Passed",
        "balance": "Standardised differences",
        "balance heads": "Covariate,Before,After weighting",
        "estimates": "Estimates",
        "estimate heads": "Method,Estimand,Measure,Estimate,Low,High,Persons",
        "control": "negative control: {name}",
        "curve": "Risk by the end of each period",
        "curve heads": "Period,Treatment,Comparator",
        "refused heads": "Negative control,Not estimated because",
        "hidden": "Diagnostics do not pass, so that results are kept back. A reason (--despite) shows them.",
        "despite": "Diagnostics do not pass. Results are shown because: {reason}",
        "limits": "Limits",
        "limit": "An effect is told only if all that moves both treatment and outcome is among the covariates. "
        "Observational studies that emulate trials differ from them by more than their intervals say.",
        "facts": "Study,Question,Design,Treatment,Comparator,Outcome,Estimand,Primary estimator,SHA-256",
    },
    "zh": {
        "protocol": "研究方案",
        "frozen": "已登记的版本",
        "unregistered": "本方案尚未登记。",
        "version heads": "版本,登记时间,理由,SHA-256",
        "attrition": "人群筛选",
        "attrition heads": "步骤,人数",
        "diagnostics": "诊断",
        "diagnostic heads": "诊断项,值,阈值,通过",
        "balance": "标准化差异",
        "balance heads": "协变量,加权前,加权后",
        "estimates": "估计",
        "estimate heads": "方法,目标人群,指标,估计值,下限,上限,人数",
        "control": "阴性对照：{name}",
        "curve": "各时段末的风险",
        "curve heads": "时段,治疗,对照",
        "refused heads": "阴性对照,未能估计的原因",
        "hidden": "诊断未通过，结果暂不显示；给出理由（--despite）后方可显示。",
        "despite": "诊断未通过。仍显示结果的理由：{reason}",
        "limits": "局限",
        "limit": "只有当同时影响治疗与结局的因素都在协变量之中，所得效应才成立。"
        "模拟试验的观察性研究与试验之间的差别，往往大于其置信区间所示。",
        "facts": "研究,问题,设计,治疗,对照,结局,目标人群,主要估计方法,SHA-256",
    },
}


def write_study_page(
    study: Study, path: str, versions: tuple[tuple[int, str, str, str], ...] = (), language: Language = "en"
) -> None:
    """Write the study's page; the same study gives the same bytes.

    Parameters
    ----------
    study : Study
    path : path-like
    versions : tuple of (int, str, str, str)
        Registered versions: number, day, reason, SHA-256.
    language : {"en", "zh"}
    """
    words, protocol = _WORDS[language], study.protocol
    told = (
        *(protocol.study, protocol.question or protocol.title, protocol.design),
        *(protocol.strategies.treatment.name, protocol.strategies.comparator_name, protocol.outcome.events.name),
        *(protocol.analysis.estimand, protocol.method, protocol.digest),
    )
    frozen = report.Table(_heads(words["version heads"]), versions) if versions else report.Note(words["unregistered"])
    steps = tuple((shown_step(step, language), persons) for step, persons in study.attrition)
    checked = tuple(
        (shown_diagnostic(one.name, language), one.value, one.threshold, one.passed) for one in study.diagnostics
    )
    balance = tuple((one.covariate, one.before, one.after) for one in study.design.balance)
    sections = (
        report.Section(
            words["protocol"],
            (report.Facts(tuple(zip(_heads(words["facts"]), told, strict=True))),),
        ),
        report.Section(words["frozen"], (frozen,)),
        report.Section(words["attrition"], (report.Table(_heads(words["attrition heads"]), steps),)),
        report.Section(
            words["diagnostics"],
            (
                report.Table(_heads(words["diagnostic heads"]), checked),
                *([report.Table(_heads(words["balance heads"]), balance, words["balance"])] if balance else []),
            ),
        ),
        report.Section(words["estimates"], _estimates(study, words)),
        report.Section(words["limits"], (report.Text(words["limit"]),)),
    )
    report.write(report.Report(protocol.title, sections, language=language), path)


def _estimates(study: Study, words: dict[str, str]) -> tuple[report.Note | report.Table, ...]:
    if study.hidden:
        return (report.Note(words["hidden"]),)
    rows = tuple(
        (name, one.estimand, one.measure, one.value, one.low, one.high, one.n)
        for name, one in (
            *((one.method, one) for one in study.estimates),
            *((words["control"].format(name=name), one) for name, one in study.controls),
        )
    )
    table = report.Table(_heads(words["estimate heads"]), rows)
    shown: tuple[report.Note | report.Table, ...] = (table,)
    if study.curves[0]:
        curve = tuple((number, *pair) for number, pair in enumerate(zip(*study.curves, strict=True)))
        shown = (*shown, report.Table(_heads(words["curve heads"]), curve, words["curve"]))
    if study.refused:
        shown = (*shown, report.Table(_heads(words["refused heads"]), study.refused))
    return (report.Note(words["despite"].format(reason=study.despite)), *shown) if study.despite else shown


def _heads(told: str) -> tuple[str, ...]:
    return tuple(told.split(","))
