"""Validate reports: all rules of a region on the data elements of a message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bencao.safety.e2b.elements import Element, elements
from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.e2b.reading import read_batch, read_messages
from bencao.safety.errors import RegionTableMissing
from bencao.safety.validation.combined import ALWAYS, Somewhere
from bencao.safety.validation.condition import equals
from bencao.safety.validation.elements.single import check_elements, read_region_table
from bencao.safety.validation.elements.together import check_consistency
from bencao.safety.validation.fda import RULES
from bencao.safety.validation.report import Background, Report
from bencao.safety.validation.rule import REJECT, WARNING, Finding, Rule, broken, judge
from bencao.safety.validation.schema import Schema, check_schema
from bencao.safety.validation.words import pick

REGIONS = ("US", "ICH", "CN", "EU")
WITHOUT_TABLE = ("CN", "EU")
_SUSPECT = Rule("", "G.k.1", Somewhere("G.k", equals("G.k.1", "1", "3", "4")), ALWAYS, ich=True)


@dataclass(frozen=True)
class Validation:
    """What a report's validation gave.

    Attributes
    ----------
    safety_report_id : str
        C.1.1; empty where the report lacks it.
    message : str
        N.2.r.1.
    route : str
        ``postmarket``, ``premarket`` or ``vaers``.
    findings : tuple of Finding
    not_checked : tuple of str
        Ids of rules that would apply, but need a list that was not given.
    """

    safety_report_id: str
    message: str
    route: str
    findings: tuple[Finding, ...]
    not_checked: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether nothing was found that a receiver rejects."""
        return not any(each.severity == REJECT for each in self.findings)


def region_table(region: str, path: Path | None = None) -> Mapping[str, Element]:
    """The data elements of a region.

    Parameters
    ----------
    region : str
        One of `REGIONS`.
    path : Path, optional
        The user's table; it must be given for CN and EU.

    Raises
    ------
    RegionTableMissing
        CN or EU without a table.
    InputError
        See `read_region_table`.
    """
    if path is not None:
        return read_region_table(path)
    if region in WITHOUT_TABLE:
        raise RegionTableMissing(
            f"the package has no table of the elements and codes of {region}",
            where="--region",
            mend="give your own with --region-table FILE, or check against ICH with --region ICH",
        )
    return elements()


def validate(
    occurrences: Iterable[Occurrence],
    region: str,
    background: Background,
    table: Mapping[str, Element] | None = None,
    lang: str = "en",
) -> Validation:
    """Hold one report against all rules of a region.

    Parameters
    ----------
    occurrences : iterable of Occurrence
        Data elements of the message and of its batch (N.1).
    region : str
        ``US`` has FDA's rules and elements, the others ICH's.
    background : Background
    table : mapping of str to Element, optional
        See `region_table`, which is asked where this is not given.
    lang : str
        ``en`` or ``zh``.

    Returns
    -------
    Validation
        Findings in the order of rules: elements, FDA's or ICH's conditions, what goes together.
    """
    report = Report(occurrences, background)
    table = region_table(region) if table is None else table
    fda = region == "US"
    findings = list(check_elements(report, table, fda, lang))
    not_checked: list[str] = []
    for rule in RULES if fda else (*(each for each in RULES if each.ich), _SUSPECT):
        if fda and rule.routed and report.route not in rule.routes:
            continue
        if rule.asks_registry and background.registry is None:
            if broken(rule, report):
                not_checked.append(rule.id)
            continue
        findings.extend(judge(rule, report, rule.id if fda and rule.id else rule.ich_id, lang))
    findings.extend(check_consistency(report, lang))
    return Validation(
        report.safety_report_id, report.value("N.2.r.1"), report.route, tuple(findings), tuple(not_checked)
    )


def validate_file(
    path: Path,
    region: str,
    background: Background,
    table: Mapping[str, Element] | None = None,
    lang: str = "en",
    schema: Schema | None = None,
) -> Iterator[Validation]:
    """Validate the reports of an E2B(R3) batch, one by one; what the message says in no data element is a warning.

    With `schema` each is held against the user's XSDs as well, see `check_schema`.

    Raises
    ------
    MessageError
        See `read_messages` and `check_schema`.
    RegionTableMissing
        See `region_table`.
    """
    table = region_table(region) if table is None else table
    batch, _ = read_batch(path)
    structure = check_schema(path, schema, lang) if schema else {}
    for number, message in enumerate(read_messages(path), 1):
        found = validate((*batch, *message.occurrences), region, background, table, lang)
        more = (*structure.get(number, ()), *_unread(message.unread, lang))
        yield replace(found, findings=(*found.findings, *more))


def _unread(unread: Iterable[str], lang: str) -> Iterator[Finding]:
    for text in unread:
        message = pick(lang, f"no data element for {text[:200]}", f"无对应数据元素：{text[:200]}")
        yield Finding("ICH.message.unread", WARNING, "", (), message, pick(lang, "see where it belongs", "核对其位置"))
