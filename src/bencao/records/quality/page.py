"""The quality of a database as one HTML page."""

from __future__ import annotations

from pathlib import Path

from bencao.kernel import report
from bencao.records.quality.checking import FAILED, STATUSES, CheckResult, Quality, category_of, counted_by
from bencao.records.quality.storing import changes_between
from bencao.records.quality.words import Language, looks_for

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "Data quality of {name}",
        "summary": "Checks by category",
        "by table": "Checks by table",
        "failed": "Checks that fail",
        "problems": "Malformed tables",
        "changed": "What changed since {name}",
        "heads": "Category,Context,failed,passed,do not apply,could not be run",
        "table heads": "Table,Rows,failed,passed,do not apply,could not be run",
        "check heads": "Looks for,Table,Violating,Rows,Per cent,Threshold",
        "change heads": "Looks for,Table,Before (%),Now (%)",
        "problem heads": "Where,What,Mend",
        "none": "There are none.",
        "looked": "The future began after {day}. Checks, thresholds and Kahn's categories are those of OHDSI's "
        "Data Quality Dashboard 2.8.4 for OMOP CDM 5.4.",
    },
    "zh": {
        "title": "{name} 的数据质量",
        "summary": "按类别统计的检查",
        "by table": "按表统计的检查",
        "failed": "未通过的检查",
        "problems": "结构有误的表",
        "changed": "与 {name} 相比的变化",
        "heads": "类别,语境,未通过,通过,不适用,无法执行",
        "table heads": "表,记录数,未通过,通过,不适用,无法执行",
        "check heads": "内容,表,违反,记录数,百分比,阈值",
        "change heads": "内容,表,之前 (%),现在 (%)",
        "problem heads": "位置,问题,处理",
        "none": "没有。",
        "looked": "“未来”自 {day} 之后算起。检查、阈值与 Kahn 类别依据 "
        "OHDSI Data Quality Dashboard 2.8.4（OMOP CDM 5.4）。",
    },
}


def write_page(quality: Quality, path: Path, earlier: Quality | None = None, language: Language = "en") -> None:
    """Write a quality as one HTML page that loads nothing.

    Parameters
    ----------
    quality : Quality
    path : Path
    earlier : Quality, optional
        Of an earlier load, to be held against.
    language : {"en", "zh"}
    """
    words = _WORDS[language]
    sections = [
        report.Section(
            words["summary"], (report.Text(words["looked"].format(day=quality.today)), _summary(quality, words))
        ),
        report.Section(words["by table"], (_by_table(quality, words),)),
        report.Section(words["failed"], (_failed(quality, words, language),)),
        report.Section(words["problems"], (_problems(quality, words),)),
    ]
    if earlier is not None:
        title = words["changed"].format(name=earlier.source)
        sections.append(report.Section(title, (_changed(earlier, quality, words, language),)))
    title = words["title"].format(name=quality.source)
    report.write(report.Report(title, tuple(sections), language=language), path)


def _heads(told: str) -> tuple[str, ...]:
    return tuple(told.split(","))


def _summary(quality: Quality, words: dict[str, str]) -> report.Table:
    found = counted_by(quality.results, category_of)
    rows: tuple[tuple[report.Cell, ...], ...] = tuple(
        (*key, *(counts[status] for status in STATUSES)) for key, counts in found.items()
    )
    return report.Table(_heads(words["heads"]), rows)


def _by_table(quality: Quality, words: dict[str, str]) -> report.Table:
    found = counted_by(quality.results, lambda one: one.check.table)
    rows: tuple[tuple[report.Cell, ...], ...] = tuple(
        (name, quality.rows.get(name), *(counts[status] for status in STATUSES)) for name, counts in found.items()
    )
    return report.Table(_heads(words["table heads"]), rows)


def _failed(quality: Quality, words: dict[str, str], language: Language) -> report.Table | report.Text:
    rows = tuple(
        (
            looks_for(one.check, language),
            one.check.table,
            one.violated,
            one.rows,
            round(one.percent or 0, 2),
            one.threshold,
        )
        for one in quality.results
        if one.status == FAILED
    )
    return report.Table(_heads(words["check heads"]), rows) if rows else report.Text(words["none"])


def _problems(quality: Quality, words: dict[str, str]) -> report.Table | report.Text:
    rows = tuple((one.where, one.cause, one.mend) for one in quality.problems)
    return report.Table(_heads(words["problem heads"]), rows) if rows else report.Text(words["none"])


def _changed(before: Quality, after: Quality, words: dict[str, str], language: Language) -> report.Table | report.Text:
    rows = tuple(
        (
            looks_for(change.after.check, language),
            change.after.check.table,
            _percent(change.before),
            _percent(change.after),
        )
        for change in changes_between(before, after)
    )
    return report.Table(_heads(words["change heads"]), rows) if rows else report.Text(words["none"])


def _percent(result: CheckResult) -> float | str:
    return round(result.percent, 2) if result.percent is not None else "–"
