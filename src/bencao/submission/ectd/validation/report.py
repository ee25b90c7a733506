"""The report of a check: as JSON, as a page in Chinese or English, and as lines."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

from bencao.kernel import report as page
from bencao.submission.ectd.region.pack import REGIONS
from bencao.submission.ectd.validation.checking import Report
from bencao.submission.ectd.validation.finding import Finding
from bencao.submission.quality.finding import Language

_MOST_ROWS = 2000  # of a page's table; the JSON has all
_SEVERITIES = ("error", "warning", "info")
ONE = {"error": "an error", "warning": "a warning", "info": "an info"}  # key of the word for one finding
WORDS = {
    "en": {
        "title": "Check of the eCTD application {application}",
        "verdict": "Verdict",
        "passes": "passes",
        "fails": "fails",
        "not_checked": "not fully checked",
        "error": "errors",
        "warning": "warnings",
        "info": "information",
        "an error": "error",
        "a warning": "warning",
        "an info": "information",
        "region": "Region",
        "sequences": "Sequences",
        "unchecked": "Rules not checked",
        "findings": "Findings",
        "rules": "All rules",
        "rule": "Rule",
        "severity": "Severity",
        "sequence": "Sequence",
        "where": "Where",
        "reading": "What it asks (our reading)",
        "details": "Found",
        "fix": "What to do",
        "needs": "File that is needed",
        "status": "Status",
        "passed": "kept",
        "more": "{left} more findings are in the JSON report.",
        "none": "Nothing was found.",
        "why_not": "A rule whose official file is not at hand was not judged, so nothing says that it passes.",
        "own_numbers": "There is no table of this region's own rules. These restate ICH's, by our numbers.",
    },
    "zh": {
        "title": "eCTD 申请 {application} 验证报告",
        "verdict": "结论",
        "passes": "通过",
        "fails": "不通过",
        "not_checked": "未完全验证",
        "error": "错误",
        "warning": "警告",
        "info": "提示信息",
        "an error": "错误",
        "a warning": "警告",
        "an info": "提示信息",
        "region": "区域",
        "sequences": "序列",
        "unchecked": "未验证的规则",
        "findings": "问题",
        "rules": "全部规则",
        "rule": "规则",
        "severity": "级别",
        "sequence": "序列",
        "where": "位置",
        "reading": "要求（我们的理解）",
        "details": "实际情况",
        "fix": "处理办法",
        "needs": "所需文件",
        "status": "状态",
        "passed": "符合",
        "more": "其余 {left} 条见 JSON 报告。",
        "none": "未发现问题。",
        "why_not": "缺少官方文件的规则未作判断，因此本报告不作“通过”的结论。",
        "own_numbers": "本区域自有规则表不在手边；以下各条为 ICH 规范的要求，编号为我们自拟。",
    },
}


def as_json(report: Report, lang: Language = "en") -> dict[str, Any]:
    """The whole report for programs.

    Returns
    -------
    dict
        ``application``, ``region``, ``verdict`` (passes, fails, not_checked), ``sequences``, ``counts`` by severity,
        ``findings`` and ``advice`` (rule, severity, sequence, where, text, details, fix), ``not_checked`` (rule,
        severity, sequence, needs) and ``rules``: each rule's number with passed, found or not_checked.
    """
    return {
        "application": report.application,
        "region": report.region,
        "verdict": report.verdict,
        "sequences": list(report.sequences),
        "counts": {severity: report.count(severity) for severity in _SEVERITIES},
        "findings": [_finding(one, lang) for one in report.findings],
        "advice": [_finding(one, lang) for one in report.advice],
        "not_checked": [
            {"rule": one.rule.id, "severity": one.rule.severity, "sequence": one.sequence, "needs": one.needs}
            for one in report.not_checked
        ],
        "rules": statuses(report),
    }


def _finding(one: Finding, lang: Language) -> dict[str, str]:
    return {
        "rule": one.rule.id,
        "severity": one.rule.severity,
        "sequence": one.sequence,
        "where": one.where,
        "text": one.rule.text(lang),
        "details": one.details(lang),
        "fix": one.rule.fix(lang),
    }


def statuses(report: Report) -> dict[str, str]:
    """Each rule's number with ``passed``, ``found`` or ``not_checked``; the first that holds of the last two."""
    found = report.rules_found()
    unjudged = {one.rule.id for one in report.not_checked}
    return {
        rule.id: "found" if found[rule.id] else "not_checked" if rule.id in unjudged else "passed"
        for rule in report.rules.values()
    }


def write_page(report: Report, path: str | os.PathLike[str], lang: Language = "en") -> None:
    """Write the report as a page that loads nothing.

    Raises
    ------
    InputError
        Where the file cannot be written.
    """
    page.write(as_page(report, lang), path)


def as_page(report: Report, lang: Language) -> page.Report:
    """The report as a page."""
    words = WORDS[lang]
    region = REGIONS[report.region]
    facts: tuple[tuple[str, page.Cell], ...] = (
        (words["verdict"], words[report.verdict]),
        (words["region"], region.chinese if lang == "zh" else region.english),
        (words["sequences"], " ".join(report.sequences)),
        *((words[severity], report.count(severity)) for severity in _SEVERITIES),
        (words["unchecked"], len({one.rule.id for one in report.not_checked})),
    )
    parts: list[page.Text | page.Note | page.Facts | page.Table | page.Figure] = [page.Facts(facts)]
    if report.region != "cn":
        parts.append(page.Note(words["own_numbers"]))
    if report.not_checked:
        parts.append(page.Note(words["why_not"]))
    sections = [page.Section(words["verdict"], tuple(parts)), _findings(report, lang)]
    if report.not_checked:
        rows = sorted(
            {(one.rule.id, words[ONE[one.rule.severity]], one.rule.text(lang), one.needs) for one in report.not_checked}
        )
        columns = (words["rule"], words["severity"], words["reading"], words["needs"])
        sections.append(page.Section(words["unchecked"], (page.Table(columns, tuple(rows)),)))
    sections.append(_rules(report, lang))
    title = words["title"].format(application=report.application)
    return page.Report(title, tuple(sections), language=lang)


def _findings(report: Report, lang: Language) -> page.Section:
    words = WORDS[lang]
    order = {severity: at for at, severity in enumerate(_SEVERITIES)}
    listed = sorted((*report.findings, *report.advice), key=lambda one: order[one.rule.severity])
    columns = tuple(words[key] for key in ("rule", "severity", "sequence", "where", "reading", "details", "fix"))
    rows = tuple(
        (
            one.rule.id,
            words[ONE[one.rule.severity]],
            one.sequence,
            one.where,
            one.rule.text(lang),
            one.details(lang) or None,
            one.rule.fix(lang),
        )
        for one in listed[:_MOST_ROWS]
    )
    if not rows:
        return page.Section(words["findings"], (page.Text(words["none"]),))
    table = page.Table(columns, rows)
    left = len(listed) - len(rows)
    return page.Section(words["findings"], (table, page.Note(words["more"].format(left=left))) if left else (table,))


def _rules(report: Report, lang: Language) -> page.Section:
    words = WORDS[lang]
    told = statuses(report)
    counts: Counter[str] = report.rules_found()
    shown = {"passed": words["passed"], "not_checked": words["not_checked"]}
    rows = tuple(
        (
            rule.id,
            words[ONE[rule.severity]],
            rule.text(lang),
            shown.get(told[rule.id], f"{words['findings']}: {counts[rule.id]}"),
        )
        for rule in report.rules.values()
    )
    columns = (words["rule"], words["severity"], words["reading"], words["status"])
    return page.Section(words["rules"], (page.Table(columns, rows),))
