"""What breaks conformance rules, rule by rule, with the first records of each."""

from __future__ import annotations

from dataclasses import dataclass

from bencao.kernel.errors import BencaoError, InputError
from bencao.trial.browse.study import OpenStudy
from bencao.trial.conformance import ADAM, Violation, check
from bencao.trial.dataset import Dataset

# Records of a rule that are listed; the command lists all.
SHOWN = 200


@dataclass(frozen=True)
class FindingGroup:
    """Findings of one rule in one data set.

    Attributes
    ----------
    rule, dataset, message : str
    findings : int
    columns : tuple of str
        ``record``, then the variables that the rule reports.
    rows : tuple of tuple of str
        The first of them.
    """

    rule: str
    dataset: str
    message: str
    findings: int
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class FindingsView:
    """Outcome of a check.

    Attributes
    ----------
    rules : str
    run, findings, skipped : int
        Rules run; findings; pairs of rule and data set that lack what the rule needs.
    groups : tuple of FindingGroup
    unsupported : tuple of (rule, reason)
    unread : tuple of (data set, reason)
        Files that cannot be read, so nothing in them was checked.
    """

    rules: str
    run: int
    findings: int
    skipped: int
    groups: tuple[FindingGroup, ...]
    unsupported: tuple[tuple[str, str], ...]
    unread: tuple[tuple[str, str], ...]


def show_findings(study: OpenStudy, rules: str) -> FindingsView:
    """Check all data of a study. Rules for ADaM may look into all of them, and judge the analysis data sets alone.

    Parameters
    ----------
    study : OpenStudy
    rules : str
        ``adam``, or one of the study's rules by its path.

    Returns
    -------
    FindingsView

    Raises
    ------
    InputError
        Rules that were not given with the study, or rules that cannot be read.
    """
    if rules not in (ADAM, *map(str, study.places.rules)):
        raise InputError(f"the rules {rules!r} were not given with the study", mend="give them at the start")
    if not study.files:
        raise InputError("no data are given", mend="give folders of data sets with the study")
    data: list[Dataset] = []
    unread: list[tuple[str, str]] = []
    for name in study.files:
        try:
            data.append(study.dataset(name))
        except BencaoError as error:
            unread.append((name, str(error)))
    report = check(data, rules)
    judged = [each for each in report.violations if rules != ADAM or _is_analysis(study, each.dataset)]
    skipped = sum(rules != ADAM or _is_analysis(study, each.dataset) for each in report.skipped)
    groups = tuple(_group(violation) for violation in judged)
    findings = sum(group.findings for group in groups)
    return FindingsView(rules, report.run, findings, skipped, groups, report.unsupported, tuple(unread))


def _is_analysis(study: OpenStudy, name: str) -> bool:
    """Whether the rules for ADaM are about a data set: by the specification, else by its name."""
    told = study.specification.study.datasets.get(name)
    return told.purpose == "Analysis" if told else name.startswith("AD")


def _group(violation: Violation) -> FindingGroup:
    records = violation.records
    shown = records.drop("dataset").head(SHOWN)
    datasets = ", ".join(records["dataset"].unique(maintain_order=True).to_list())
    rows = tuple(tuple("" if value is None else str(value) for value in row) for row in shown.iter_rows())
    return FindingGroup(violation.rule.id, datasets, violation.message, len(violation), tuple(shown.columns), rows)
