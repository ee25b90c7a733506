"""A business rule: where one thing holds another must, and what is found where it does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bencao.safety.validation.combined import ALWAYS
from bencao.safety.validation.condition import Condition
from bencao.safety.validation.report import REPEATING, Place, Report, bare
from bencao.safety.validation.words import pick

REJECT, WARNING = "reject", "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a report, and how to mend it.

    Attributes
    ----------
    id : str
        FDA's, such as ``R0019``; of element rules ``ICH.`` or ``US.``, the element's number, and what is wrong.
    severity : str
        ``reject`` or ``warning``.
    element : str
        Data element number.
    repeats : tuple of int
        Which repeat it stands in.
    message, mend : str
    """

    id: str
    severity: str
    element: str
    repeats: tuple[int, ...]
    message: str
    mend: str

    @property
    def location(self) -> str:
        """The element's number with its repeats: ``C.2.r[1].3`` for C.2.r.3 of the first reporter."""
        return location(self.element, self.repeats)


@dataclass(frozen=True, slots=True)
class Rule:
    """In every repeat of `section`, where `when` holds, `then` must hold.

    Attributes
    ----------
    id : str
        FDA's; empty for a rule of ICH's that FDA gives no id.
    element : str
        The data element that is at fault.
    then, when : Condition
    section : str
        Repeating section that the rule is judged in; empty for the whole report.
    severity : str
    routes : tuple of str
        Ways to FDA that it belongs to.
    routed : bool
        Whether it is judged only on those ways; not so where the way itself is what the rule asks about.
    ich : bool
        Whether ICH's guide has it too, whatever the region.
    asks_registry : bool
        Whether it needs the user's list of registered applications.
    """

    id: str
    element: str
    then: Condition
    when: Condition = ALWAYS
    section: str = ""
    severity: str = REJECT
    routes: tuple[str, ...] = ("postmarket", "premarket", "vaers")
    routed: bool = True
    ich: bool = False
    asks_registry: bool = False

    @property
    def ich_id(self) -> str:
        """The id of the same rule outside FDA."""
        return f"ICH.{self.element}.conditional"


def judge(rule: Rule, report: Report, identifier: str, lang: str) -> Iterator[Finding]:
    """What a rule finds in a report."""
    for place in broken(rule, report):
        yield Finding(
            identifier, rule.severity, rule.element, place.repeats, _message(rule, report, place, lang),
            rule.then.mend(lang),
        )  # fmt: skip


def broken(rule: Rule, report: Report) -> list[Place]:
    """The places where a rule is not kept."""
    return [
        place
        for place in report.places(rule.section)
        if rule.when.holds(report, place) and not rule.then.holds(report, place)
    ]


def _message(rule: Rule, report: Report, place: Place, lang: str) -> str:
    demand, reason = rule.then.words(lang, must=True), rule.when.words(lang)
    there = report.at(rule.element, place)
    found = ", ".join(dict.fromkeys(each.value[:60] or each.null_flavor for each in there)) or pick(
        lang, "nothing", "无"
    )
    if lang == "zh":
        return f"{f'{reason}时，' if reason else ''}{demand}；{rule.element} 现为：{found}"
    return f"{demand}{f' where {reason}' if reason else ''}; {rule.element} has {found}"


def location(element: str, repeats: tuple[int, ...]) -> str:
    """An element's number with its repeats behind r, i and k."""
    left = list(repeats)
    parts = [f"{part}[{left.pop(0)}]" if part in REPEATING and left else part for part in bare(element).split(".")]
    return ("FDA." if element.startswith("FDA.") else "") + ".".join(parts)
