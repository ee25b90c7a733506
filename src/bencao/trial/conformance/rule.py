"""A conformance rule as its YAML file states it: scope, joins, operations, check, and what to report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bencao.trial.errors import RuleError, UnsupportedRule

Sensitivity = Literal["Record", "Dataset", "Group"]


@dataclass(frozen=True)
class Comparison:
    """One comparison of a check.

    Attributes
    ----------
    target : str
        Variable, ``--`` standing for the domain's prefix.
    operator : str
    value : object
        What it is compared with: a variable, an operation's result, a literal, or a list of them.
    options : mapping
        Further parameters of the operator, such as ``within`` or ``regex``.
    """

    target: str
    operator: str
    value: Any = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Group:
    """Conditions of which all, any, or not the one must hold."""

    kind: Literal["all", "any", "not"]
    parts: tuple[Condition, ...]


Condition = Comparison | Group


@dataclass(frozen=True)
class Operation:
    """What is computed before the check; its result is a column that the check may name by `id`."""

    id: str
    operator: str
    options: Mapping[str, Any]

    def get(self, key: str, default: Any = None) -> Any:
        """An option, or the default where the rule does not give it."""
        return self.options.get(key, default)


@dataclass(frozen=True)
class Match:
    """A data set that is joined before the check.

    Attributes
    ----------
    name : str
        Its name or domain; ``SUPP--`` for the supplemental qualifiers of the data set checked.
    keys : tuple of (str, str)
        Left and right variable of each key.
    how : {'inner', 'left'}
    child : bool
        The data set checked is the child: its parents are looked up by RDOMAIN, IDVAR and IDVARVAL.
    wildcard : str
        What stands for the related domain's prefix in the names of RELREC's variables.
    """

    name: str
    keys: tuple[tuple[str, str], ...] = ()
    how: Literal["inner", "left"] = "inner"
    child: bool = False
    wildcard: str = "**"


@dataclass(frozen=True)
class Only:
    """What a rule includes and excludes; empty for everything and nothing."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scope:
    """Data sets that a rule applies to."""

    domains: Only = Only()
    classes: Only = Only()
    entities: Only = Only()
    structures: Only = Only()
    use_cases: tuple[str, ...] = ()
    split: bool | None = None


@dataclass(frozen=True)
class Rule:
    """One rule.

    Attributes
    ----------
    id : str
        Such as ``CORE-000482``.
    rule_type : str
        Such as ``Record Data``: which table the check runs over.
    sensitivity : {'Record', 'Dataset', 'Group'}
        One finding for each record, data set or group of records.
    check : Condition
        Holds for a record that breaks the rule.
    outputs : tuple of str
        Variables reported; empty for those of the check.
    standards : tuple of (str, str)
        Name and version of the standards it belongs to, such as ``("SDTMIG", "3.4")``.
    citation : str
        Document and section that it comes from.
    """

    id: str
    rule_type: str
    sensitivity: Sensitivity
    message: str
    description: str
    scope: Scope
    check: Condition
    operations: tuple[Operation, ...] = ()
    matches: tuple[Match, ...] = ()
    outputs: tuple[str, ...] = ()
    grouping: tuple[str, ...] = ()
    standards: tuple[tuple[str, str], ...] = ()
    citation: str = ""

    def comparisons(self) -> Iterator[Comparison]:
        """Every comparison of the check, in order."""
        return comparisons_of(self.check)


def comparisons_of(condition: Condition) -> Iterator[Comparison]:
    """Every comparison in a condition, in order."""
    if isinstance(condition, Comparison):
        yield condition
    else:
        for part in condition.parts:
            yield from comparisons_of(part)


def read_rule(document: Any, where: str) -> Rule:
    """Rule from a parsed YAML document.

    Parameters
    ----------
    document : object
        As ``yaml.safe_load`` gives it.
    where : str
        File that it comes from, for the error.

    Returns
    -------
    Rule

    Raises
    ------
    RuleError
        Where it is no rule: a part is missing or of the wrong form.
    UnsupportedRule
        Where its check is in a language that is not run here, such as JSONata.
    """
    try:
        identifier = str(document["Core"]["Id"])
    except (KeyError, TypeError) as error:
        raise RuleError("no rule: Core.Id is missing", where=where, mend="give a CORE rule in YAML") from error
    check = document.get("Check")
    if isinstance(check, str):
        raise UnsupportedRule(f"{identifier} is written in {document.get('Rule Type')}", where=where)
    try:
        return Rule(
            id=identifier,
            rule_type=document["Rule Type"],
            sensitivity=document["Sensitivity"],
            message=document["Outcome"]["Message"],
            description=document.get("Description", ""),
            scope=_scope(document.get("Scope") or {}),
            check=_condition(check, where),
            operations=tuple(_operation(item) for item in document.get("Operations") or ()),
            matches=tuple(_match(item) for item in document.get("Match Datasets") or ()),
            outputs=tuple(document["Outcome"].get("Output Variables") or ()),
            grouping=tuple(document.get("Grouping_Variables") or ()),
            standards=standards_of(document.get("Authorities") or ()),
            citation=_citation(document.get("Authorities") or ()),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise RuleError(f"{identifier} lacks a part or has one of another form: {error!r}", where=where) from error


def _condition(node: Any, where: str) -> Condition:
    for kind in ("all", "any"):
        if kind in node:
            return Group(kind, tuple(_condition(part, where) for part in node[kind]))
    if "not" in node:
        return Group("not", (_condition(node["not"], where),))
    if "operator" not in node or "name" not in node:
        raise RuleError(f"a condition without name or operator: {node}", where=where)
    options = {key: value for key, value in node.items() if key not in ("name", "operator", "value")}
    return Comparison(str(node["name"]), str(node["operator"]), node.get("value"), options)


def _operation(item: Mapping[str, Any]) -> Operation:
    options = {key: value for key, value in item.items() if key not in ("id", "operator")}
    return Operation(str(item["id"]), str(item["operator"]), options)


def _match(item: Mapping[str, Any]) -> Match:
    keys = tuple(
        (key, key) if isinstance(key, str) else (str(key["Left"]), str(key["Right"])) for key in item.get("Keys") or ()
    )
    return Match(
        name=str(item["Name"]),
        keys=keys,
        how=item.get("Join Type", "inner"),
        child=bool(item.get("Child", False)),
        wildcard=str(item.get("Wildcard", "**")),
    )


def _only(item: Mapping[str, Any] | None) -> Only:
    item = item or {}
    return Only(tuple(item.get("Include") or ()), tuple(item.get("Exclude") or ()))


def _scope(scope: Mapping[str, Any]) -> Scope:
    use_cases = scope.get("Use Case") or ""
    return Scope(
        domains=_only(scope.get("Domains")),
        classes=_only(scope.get("Classes")),
        entities=_only(scope.get("Entities")),
        structures=_only(scope.get("Data Structures")),
        use_cases=tuple(part.strip() for part in use_cases.split(",") if part.strip()),
        split=(scope.get("Domains") or {}).get("include_split_datasets"),
    )


def standards_of(authorities: Any) -> tuple[tuple[str, str], ...]:
    """Name and version of each standard that a rule's authorities give."""
    return tuple(
        (str(standard["Name"]), str(standard["Version"]))
        for authority in authorities
        for standard in authority.get("Standards") or ()
    )


def _citation(authorities: Any) -> str:
    for authority in authorities:
        for standard in authority.get("Standards") or ():
            for reference in standard.get("References") or ():
                for citation in reference.get("Citations") or ():
                    document, section = citation.get("Document", ""), citation.get("Section", "")
                    return f"{document}, section {section}" if section else str(document)
    return ""
