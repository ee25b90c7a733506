"""What a protocol itself answers of the items to report."""

from __future__ import annotations

from bencao.evidence.protocol.protocol import Protocol
from bencao.evidence.study.report.words.described import (
    covariate_in_words,
    criteria_in_words,
    dates_in_words,
    events_in_words,
    window_in_words,
)
from bencao.evidence.study.report.words.names import (
    BETWEEN,
    COLON,
    Language,
    shown_estimand,
    shown_method,
    shown_strategies,
)
from bencao.kernel.version import package_version

_NONE = {"en": "none", "zh": "无"}


def protocol_facts(protocol: Protocol, language: Language) -> dict[str, str]:
    """Answers by the name under which `reporting.csv` asks for them; an empty one is not stated.

    Parameters
    ----------
    protocol : Protocol
    language : {"en", "zh"}

    Returns
    -------
    dict of str
    """
    return _design(protocol, language) | _exposure(protocol, language) | _analysis(protocol, language)


def _design(protocol: Protocol, language: Language) -> dict[str, str]:
    zh, omop = language == "zh", protocol.data == "omop"
    required, excluded = (criteria_in_words(protocol, kind, language) for kind in ("require", "exclude"))
    planned = {"retrospective": ("retrospective", "回顾性"), "prospective": ("prospective, registered", "前瞻登记的")}
    plan = planned[protocol.design][zh]
    users = (("new users of ", "新使用者") if omop else ("persons with ", "人群"))[zh]
    one, none = shown_strategies(protocol, language)
    design = (
        f"{plan}队列研究，模拟目标试验：{one} 与 {none} 的{users}比较"
        if zh
        else f"{plan} cohort study that emulates a target trial: {users}{one} against {none}"
    )
    data = (
        (
            "a database in the OMOP common data model; its files' SHA-256 stand in the ledger",
            "OMOP 通用数据模型数据库；各文件的 SHA-256 见账本",
        )
        if omop
        else ("a table with one row a person; its SHA-256 stands in the ledger", "每人一行的数据表；其 SHA-256 见账本")
    )[zh]
    once = (
        (
            "in the order of the attrition below; each person once, on the first day that meets all",
            "按下述筛选顺序；每人仅一次，取首个满足全部条件之日",
        )
        if omop
        else ("in the order of the attrition below; each person once", "按下述筛选顺序；每人仅一次")
    )[zh]
    covariates = BETWEEN[language].join(covariate_in_words(one, language) for one in protocol.covariates)
    outcome = events_in_words(protocol.outcome.events, language)
    return {
        "title": protocol.title,
        "question": protocol.question,
        "design": design,
        "data": data,
        "dates": dates_in_words(protocol, language),
        "eligibility": BETWEEN[language].join(required) or _NONE[language],
        "exclusion": BETWEEN[language].join(excluded) or _NONE[language],
        "entry": once,
        "outcome": outcome,
        "covariates": covariates,
        "variables": " | ".join(
            (*(events_in_words(given, language) for given in protocol.strategies.given), outcome, covariates)
        ),
        "codes": (
            "方案全文（见 JSON）列出全部概念与列名"
            if zh
            else "the protocol, whole in the JSON, lists every concept and column"
        ),
        "windows": BETWEEN[language].join(
            f"{name}{COLON[language]}{window}" for name, window in windows(protocol, language)
        ),
        "time_zero": _time_zero(protocol)[zh],
    }


def windows(protocol: Protocol, language: Language) -> tuple[tuple[str, str], ...]:
    """Named windows around time zero; none of a flat table, which does not tell days."""
    return tuple((name, window_in_words(days, language)) for name, days in window_days(protocol, language))


def window_days(protocol: Protocol, language: Language) -> tuple[tuple[str, tuple[int | None, int]], ...]:
    """Named windows in days from time zero, first and last included; a first of None is open."""
    if protocol.data == "table":
        return ()
    zh, asked = language == "zh", protocol.eligibility
    found: list[tuple[str, tuple[int | None, int]]] = []
    if asked.prior_observation:
        found.append(("须有观察" if zh else "observed", (-asked.prior_observation, 0)))
    if protocol.strategies.washout:
        found.append(("洗脱期" if zh else "washout", (-protocol.strategies.washout, -1)))
    for kind, rules in ((("须有" if zh else "require"), asked.require), (("排除" if zh else "exclude"), asked.exclude)):
        found += [(f"{kind} {one.events.name}", one.days) for one in rules]
    found += [(one.name, one.days) for one in protocol.covariates if one.given_by in ("events", "domain")]
    found.append(("随访" if zh else "follow-up", (protocol.follow_up.starts, protocol.follow_up.days)))
    return tuple(found)


def _time_zero(protocol: Protocol) -> tuple[str, str]:
    if protocol.data == "table":
        return "as the table has it; covariates measured later are refused", "以数据表为准；其后测量的协变量不予接受"
    if protocol.lasting and protocol.lasting.entry:
        name = protocol.lasting.entry.name
        return f"the first {name} of an eligible person who is not treated", f"符合条件且未用治疗者首次发生 {name} 之日"
    return (
        "the first day on which one strategy starts and all criteria hold; assignment and follow-up begin with it",
        "首个开始一种策略且满足全部条件之日；分组与随访同时开始",
    )


def _exposure(protocol: Protocol, language: Language) -> dict[str, str]:
    zh, strategies, follow_up = language == "zh", protocol.strategies, protocol.follow_up
    given = " | ".join(events_in_words(one, language) for one in strategies.given)
    active = strategies.comparator is not None
    comparator = shown_strategies(protocol, language)[1] if active else ("不使用治疗" if zh else "no treatment")
    if protocol.data == "table":
        window = source = switching = ""
        follow = ""
    else:
        window = (
            f"洗脱期 {strategies.washout} 天；供药中断超过 {strategies.grace} 天视为停药"
            if zh
            else f"washout {strategies.washout} days; a gap of more than {strategies.grace} days ends an exposure"
        )
        source = (
            "通用数据模型中的药物、诊断、操作、测量与观察表"
            if zh
            else "the common data model's tables of drugs, conditions, procedures, measurements and observations"
        )
        switching = _switching(protocol)[zh]
        follow = window_in_words((follow_up.starts, follow_up.days), language)
    return {
        "exposure": given,
        "exposure_source": source,
        "exposure_window": window,
        "comparator": comparator,
        "switching": switching,
        "attribution": _attribution(protocol)[zh],
        "follow_up": follow,
    }


def _switching(protocol: Protocol) -> tuple[str, str]:
    same_day = ("who starts both on one day does not enter; ", "同日开始两种策略者不入组；")
    if protocol.lasting:
        later = ("who leaves a strategy is censored and weighed back", "偏离策略者删失并以权重补回")
    elif protocol.follow_up.analysed_as == "on_treatment":
        later = ("a later switch ends follow-up", "此后换药则随访终止")
    else:
        later = ("a later switch changes nothing", "此后换药不影响分组")
    return same_day[0] + later[0], same_day[1] + later[1]


def _attribution(protocol: Protocol) -> tuple[str, str]:
    if protocol.lasting:
        return "events while the strategy is followed count for it", "遵循策略期间的事件归于该策略"
    if protocol.follow_up.analysed_as == "on_treatment":
        return (
            "events count until the exposure and its grace end",
            "仅计入暴露及其宽限期内的事件",
        )
    return "all events of follow-up count for the strategy begun at time zero", "随访期内全部事件归于零时点所开始的策略"


def _analysis(protocol: Protocol, language: Language) -> dict[str, str]:
    zh, analysis, omop = language == "zh", protocol.analysis, protocol.data == "omop"
    primary = shown_method(protocol.method, language)
    target = shown_estimand("ate" if protocol.lasting else analysis.estimand, language)
    others = [one for one in dict.fromkeys(analysis.others) if one != analysis.primary and not protocol.lasting]
    missing = _missing(protocol)[zh]
    loss = {
        "binary": (
            (
                "who leaves early counts as without the event; the diagnostic `followed` guards that",
                "提前离开者按未发生计；由诊断项“随访至最后一天的比例”把关",
            )
            if omop
            else ("", "")
        ),
        "continuous": ("", ""),
        "time_to_event": ("censored when observation ends", "观察终止时删失"),
    }[protocol.outcome.kind][zh]
    arms = shown_strategies(protocol, language)
    matched = ("three nearest by covariates, with replacement", "按协变量取最近三人，可重复")[zh]
    matching = matched if "matching" in (analysis.primary, *others) else ("不匹配" if zh else "not matched")
    estimand = (
        f"{' 相对于 '.join(arms)} 的平均效应；人群：{target}"
        if zh
        else f"average effect of {' against '.join(arms)}; population: {target}"
    )
    return {
        "analysis": f"{primary}{BETWEEN[language]}{target}",
        "estimand": estimand,
        "target": target,
        "missing": missing,
        "loss": loss,
        "matching": matching,
        "sensitivity": BETWEEN[language].join(
            (*(shown_method(one, language) for one in others), *(one.name for one in protocol.sensitivity))
        ),
        "quantitative": (
            "数值线性进入模型；文字按水平转为指示变量" if zh else "numbers enter linearly, text as one column a level"
        ),
        "bias": _against_bias(protocol)[zh],
        "software": f"Bencao {package_version()}",
        "reproducible": (
            f"方案 SHA-256 {protocol.digest}，种子 {analysis.seed}，Bencao {package_version()}"
            if zh
            else f"protocol SHA-256 {protocol.digest}, seed {analysis.seed}, Bencao {package_version()}"
        ),
    }


def _missing(protocol: Protocol) -> tuple[str, str]:
    asked = protocol.missing_data
    if protocol.data == "omop":
        return "no record counts as no event; nothing is imputed", "无记录视为无事件；不作插补"
    if asked is None:
        return "nothing is imputed: a missing value is refused", "不作插补：有缺失值则拒绝运行"
    what = ", ".join((*asked.covariates, *([protocol.outcome.events.name] if asked.outcome else [])))
    shifts = ", ".join(f"{one:g}" for one in asked.deltas)
    return (
        f"chained equations, {asked.imputations} times, seed {asked.seed}: {what}; Rubin's rules"
        + (f"; missing outcomes of the treated shifted by {shifts}" if shifts else ""),
        f"链式方程插补 {asked.imputations} 次，种子 {asked.seed}：{what}；Rubin 法则"
        + (f"；治疗组缺失结局另设偏移 {shifts}" if shifts else ""),
    )


def _against_bias(protocol: Protocol) -> tuple[str, str]:
    controls = len(protocol.negative_controls)
    return (
        "variables known only after time zero are refused; the outcome is read only after the design passes; "
        f"negative controls: {controls}",
        f"零时点之后才知的变量不予接受；设计通过诊断后才读取结局；阴性对照 {controls} 个",
    )
