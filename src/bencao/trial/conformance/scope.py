"""Which data sets a rule applies to: by use case, data structure, domain, class and entity."""

from __future__ import annotations

from bencao.trial.conformance.rule import Only, Rule
from bencao.trial.conformance.standard import FINDINGS, FINDINGS_ABOUT, GUIDE_DOMAINS, USE_CASES
from bencao.trial.conformance.study import Study, Table
from bencao.trial.errors import UnsupportedRule

ALL = "ALL"


def applies(rule: Rule, table: Table, study: Study) -> bool:
    """Whether a rule is meant for a data set.

    Parameters
    ----------
    rule : Rule
    table : Table
    study : Study
        Its standard decides whether use cases count.

    Returns
    -------
    bool

    Raises
    ------
    UnsupportedRule
        For a domain of the sponsor's in the Tobacco Implementation Guide where no use case is given.
    """
    return (
        (study.standard != "TIG" or _use_case(rule, table, study))
        and _structure(rule.scope.structures, table)
        and _domain(rule, table)
        and _class(rule.scope.classes, table)
        and _entity(rule.scope.entities, table)
    )


def _use_case(rule: Rule, table: Table, study: Study) -> bool:
    substandard = study.substandard.upper()
    domain = (table.related_domain if table.is_supplement else table.domain) or ""
    if substandard == "ADAM" and domain.startswith("AD"):
        return "ANALYSIS" in rule.scope.use_cases
    if substandard not in USE_CASES:
        return False
    if any(domain in USE_CASES[substandard].get(case, ()) for case in rule.scope.use_cases):
        return True
    if domain in GUIDE_DOMAINS:
        return False
    if not study.use_case:
        raise UnsupportedRule(f"{table.name} is no domain of the standard, and no use case is given", where=rule.id)
    return study.use_case in rule.scope.use_cases


def _structure(only: Only, table: Table) -> bool:
    if not only.include and not only.exclude:
        return True
    included = not only.include or ALL in only.include or table.structure in only.include
    return included and table.structure not in only.exclude


def _patterned(only: tuple[str, ...], table: Table) -> bool:
    return bool(
        (table.is_supplement and {"SUPP--", "SQ--"} & set(only))
        or (table.is_associated and {"AP--", "APFA--"} & set(only))
    )


def _domain(rule: Rule, table: Table) -> bool:
    only, split = rule.scope.domains, rule.scope.split
    names = {table.domain, table.name}
    if not only.include:
        included = not (split is True and not table.is_split)
    else:
        included = bool(names & set(only.include)) or ALL in only.include or _patterned(only.include, table)
    excluded = bool(only.exclude) and (
        bool((names | {table.unsplit_name}) & set(only.exclude))
        or ALL in only.exclude
        or _patterned(only.exclude, table)
    )
    if split is True and table.is_split and not excluded:
        included = True
    if split is False and table.is_split:
        excluded = True
    return included and not excluded


def _in_classes(name: str | None, classes: tuple[str, ...]) -> bool:
    return name in classes or (name == FINDINGS_ABOUT and FINDINGS in classes)


def _class(only: Only, table: Table) -> bool:
    if ALL in only.include:
        return True
    if only.include and not _in_classes(table.observation_class, only.include):
        return False
    return not (only.exclude and _in_classes(table.observation_class, only.exclude))


def _entity(only: Only, table: Table) -> bool:
    if not only.include and not only.exclude:
        return True
    included = table.name in only.include or ALL in only.include
    return included and table.name not in only.exclude and ALL not in only.exclude
