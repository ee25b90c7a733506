"""What the check of an application found, by rule, and at each leaf."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from bencao.submission.browse.places import OpenDossier
from bencao.submission.browse.tree import worse
from bencao.submission.ectd.lifecycle import Life
from bencao.submission.ectd.validation.finding import Finding
from bencao.submission.quality.finding import Language

PLACES = 50  # of a rule that are shown


@dataclass(frozen=True)
class PlaceRow:
    """A place where a rule is broken; `leaf` is the number of the leaf there, None where there is none."""

    sequence: str
    where: str
    details: str
    leaf: int | None


@dataclass(frozen=True)
class RuleGroup:
    """A broken rule: our reading of it, what to do, and the first of its places."""

    rule: str
    severity: str
    text: str
    fix: str
    count: int
    places: tuple[PlaceRow, ...]


@dataclass(frozen=True)
class UncheckedRow:
    """A rule that could not be judged, and the file that it needs."""

    rule: str
    severity: str
    text: str
    needs: str
    sequences: tuple[str, ...]


@dataclass(frozen=True)
class CheckView:
    """What a check found.

    Attributes
    ----------
    region, verdict : str
        ``passes``, ``fails`` or ``not_checked``.
    rules : int
        How many there are.
    counts : dict of str to int
        Findings by severity.
    groups : tuple of RuleGroup
        Of the severity asked for.
    unchecked : tuple of UncheckedRow
    at_leaf : dict of int to str
        Worst severity by number of leaf.
    """

    region: str
    verdict: str
    rules: int
    counts: dict[str, int]
    groups: tuple[RuleGroup, ...]
    unchecked: tuple[UncheckedRow, ...]
    at_leaf: dict[int, str]


def show_check(opened: OpenDossier, severity: str, lang: Language) -> CheckView:
    """Check an application, once, and give what was found.

    Parameters
    ----------
    opened : OpenDossier
    severity : {"", "error", "warning", "info"}
        Of the findings to give; "" for all.
    lang : {"en", "zh"}
    """
    report = opened.report
    places = _Places(opened)
    at_leaf: dict[int, str] = {}
    for one in report.findings:
        for number in places.leaves(one):
            at_leaf[number] = worse(at_leaf.get(number, ""), one.rule.severity)
    return CheckView(
        report.region,
        report.verdict,
        len(report.rules),
        {name: report.count(name) for name in ("error", "warning", "info")},
        _groups([one for one in report.findings if not severity or one.rule.severity == severity], places, lang),
        _unchecked(opened, lang),
        at_leaf,
    )


def findings_at(opened: OpenDossier, number: int, lang: Language) -> tuple[RuleGroup, ...]:
    """What was found at a leaf, by rule."""
    places = _Places(opened)
    return _groups([one for one in opened.report.findings if number in places.leaves(one)], places, lang)


def _groups(findings: list[Finding], places: _Places, lang: Language) -> tuple[RuleGroup, ...]:
    by_rule: dict[str, list[Finding]] = defaultdict(list)
    for one in findings:
        by_rule[one.rule.id].append(one)
    groups = [
        RuleGroup(
            name,
            listed[0].rule.severity,
            listed[0].rule.text(lang),
            listed[0].rule.fix(lang),
            len(listed),
            tuple(_row(one, places, lang) for one in listed[:PLACES]),
        )
        for name, listed in by_rule.items()
    ]
    return tuple(sorted(groups, key=lambda group: ("error", "warning", "info").index(group.severity)))


def _row(finding: Finding, places: _Places, lang: Language) -> PlaceRow:
    leaves = places.leaves(finding)
    return PlaceRow(finding.sequence, finding.where, finding.details(lang), leaves[0] if leaves else None)


def _unchecked(opened: OpenDossier, lang: Language) -> tuple[UncheckedRow, ...]:
    sequences: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in opened.report.not_checked:
        sequences[one.rule.id, one.needs].append(one.sequence)
    rules = {one.rule.id: one.rule for one in opened.report.not_checked}
    return tuple(
        UncheckedRow(name, rules[name].severity, rules[name].text(lang), needs, tuple(dict.fromkeys(listed)))
        for (name, needs), listed in sequences.items()
    )


class _Places:
    """Which leaves the places of findings mean: a leaf's own name, its line in the backbone, or its file."""

    def __init__(self, opened: OpenDossier) -> None:
        self._numbers: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number, life in enumerate(opened.lives):
            for name in _names(life):
                self._numbers[life.key.sequence, name].append(number)

    def leaves(self, finding: Finding) -> list[int]:
        """Numbers of the leaves at a finding."""
        line = dict(finding.told).get("line")
        where = f"{finding.where}: line {line}" if line else finding.where
        return self._numbers.get((finding.sequence, where)) or self._numbers.get((finding.sequence, finding.where), [])


def _names(life: Life) -> set[str]:
    names = {f"{life.key.backbone}#{life.leaf.id}", f"{life.key.backbone}: line {life.leaf.line}"}
    return names | ({life.path} if life.path else set())
