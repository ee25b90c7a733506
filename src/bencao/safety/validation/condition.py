"""What a rule can ask of a report: small predicates that also say themselves in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bencao.safety.validation.report import Place, Report
from bencao.safety.validation.words import join, pick


class Condition(Protocol):
    """A question to a report at a place."""

    def holds(self, report: Report, place: Place) -> bool:
        """Whether it is so."""

    def words(self, lang: str, must: bool = False) -> str:
        """What it says, as a fact or as a demand."""

    def mend(self, lang: str) -> str:
        """What to do to make it so."""


@dataclass(frozen=True, slots=True)
class Given:
    """An element is there, with a value or a null flavour."""

    element: str

    def holds(self, report: Report, place: Place) -> bool:
        return bool(report.at(self.element, place))

    def words(self, lang: str, must: bool = False) -> str:
        return pick(
            lang, f"{self.element} {'must be' if must else 'is'} given", f"{'须填' if must else '已填'} {self.element}"
        )

    def mend(self, lang: str) -> str:
        return pick(lang, f"give {self.element}", f"填写 {self.element}")


@dataclass(frozen=True, slots=True)
class Valued:
    """An element has a value, not a null flavour."""

    element: str

    def holds(self, report: Report, place: Place) -> bool:
        return any(each.value for each in report.at(self.element, place))

    def words(self, lang: str, must: bool = False) -> str:
        verb = "must have" if must else "has"
        return pick(lang, f"{self.element} {verb} a value", f"{self.element} {'须有' if must else '有'}值")

    def mend(self, lang: str) -> str:
        return pick(lang, f"give {self.element} a value", f"为 {self.element} 填写值")


@dataclass(frozen=True, slots=True)
class Is:
    """An element has one of these values, or one of these null flavours."""

    element: str
    values: tuple[str, ...] = ()
    nulls: tuple[str, ...] = ()

    def holds(self, report: Report, place: Place) -> bool:
        there = report.at(self.element, place)
        return any(each.value in self.values or each.null_flavor in self.nulls for each in there)

    def words(self, lang: str, must: bool = False) -> str:
        return pick(
            lang,
            f"{self.element} {'must be' if must else 'is'} {self._told(lang)}",
            f"{self.element} {'须为' if must else '为'} {self._told(lang)}",
        )

    def mend(self, lang: str) -> str:
        return pick(lang, f"set {self.element} to {self._told(lang)}", f"将 {self.element} 改为 {self._told(lang)}")

    def _told(self, lang: str) -> str:
        return join(lang, [*self.values, *(pick(lang, f"null flavor {each}", f"空值 {each}") for each in self.nulls)])


@dataclass(frozen=True, slots=True)
class Among:
    """Where an element is given, each of its values is one of these; what is missing is another rule's matter."""

    element: str
    values: tuple[str, ...]

    def holds(self, report: Report, place: Place) -> bool:
        return all(each.value in self.values for each in report.at(self.element, place))

    def words(self, lang: str, must: bool = False) -> str:
        return Is(self.element, self.values).words(lang, must)

    def mend(self, lang: str) -> str:
        return Is(self.element, self.values).mend(lang)


@dataclass(frozen=True, slots=True)
class Matches:
    """Where an element has a value, all of it has this form."""

    element: str
    pattern: str
    form: str

    def holds(self, report: Report, place: Place) -> bool:
        return all(re.fullmatch(self.pattern, each.value) for each in report.at(self.element, place) if each.value)

    def words(self, lang: str, must: bool = False) -> str:
        verb = "must have" if must else "has"
        return pick(
            lang,
            f"{self.element} {verb} the form {self.form}",
            f"{self.element} {'须为' if must else '为'} {self.form} 形式",
        )

    def mend(self, lang: str) -> str:
        return pick(lang, f"write {self.element} as {self.form}", f"按 {self.form} 填写 {self.element}")


@dataclass(frozen=True, slots=True)
class Section:
    """Something is given in a part of the report, such as ``D.10``; `apart` from some elements."""

    prefix: str
    apart: tuple[str, ...] = ()

    def holds(self, report: Report, place: Place) -> bool:
        inside = (name for name in report.by_element if name == self.prefix or name.startswith(f"{self.prefix}."))
        return any(report.at(name, place) for name in inside if name not in self.apart and "#" not in name)

    def words(self, lang: str, must: bool = False) -> str:
        return pick(
            lang,
            f"{self.prefix} {'must be' if must else 'is'} filled in",
            f"{self.prefix} {'须' if must else '已'}填写",
        )

    def mend(self, lang: str) -> str:
        return pick(lang, f"fill in {self.prefix}", f"填写 {self.prefix}")


@dataclass(frozen=True, slots=True)
class Initial:
    """Nothing was sent of this case before."""

    def holds(self, report: Report, place: Place) -> bool:
        return report.initial

    def words(self, lang: str, must: bool = False) -> str:
        return pick(lang, "the report is initial", "本报告为首次报告")

    def mend(self, lang: str) -> str:
        return pick(lang, "send it as an initial report", "按首次报告发送")


@dataclass(frozen=True, slots=True)
class Holds:
    """A question of its own, with the words for it in English and Chinese."""

    ask: Callable[[Report, Place], bool]
    english: str
    chinese: str

    def holds(self, report: Report, place: Place) -> bool:
        return self.ask(report, place)

    def words(self, lang: str, must: bool = False) -> str:
        return pick(lang, self.english, self.chinese)

    def mend(self, lang: str) -> str:
        return pick(lang, f"see to it that {self.english}", f"使{self.chinese}")


def given(element: str) -> Given:
    """See `Given`."""
    return Given(element)


def equals(element: str, *values: str) -> Is:
    """An element has one of these values."""
    return Is(element, values)


def null(element: str, *flavors: str) -> Is:
    """An element has one of these null flavours."""
    return Is(element, (), flavors)


def among(element: str, *values: str) -> Among:
    """See `Among`."""
    return Among(element, values)
