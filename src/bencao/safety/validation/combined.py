"""Conditions made of conditions: all, either, not, somewhere and everywhere among the repeats."""

from __future__ import annotations

from dataclasses import dataclass

from bencao.safety.validation.condition import Condition, Given, Is, Section, Valued
from bencao.safety.validation.report import Place, Report
from bencao.safety.validation.words import join, pick


@dataclass(frozen=True, slots=True)
class All:
    """Each of these."""

    parts: tuple[Condition, ...]

    def holds(self, report: Report, place: Place) -> bool:
        return all(each.holds(report, place) for each in self.parts)

    def words(self, lang: str, must: bool = False) -> str:
        return join(lang, [each.words(lang, must) for each in self.parts], both=True)

    def mend(self, lang: str) -> str:
        return join(lang, [each.mend(lang) for each in self.parts], both=True)


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of these."""

    parts: tuple[Condition, ...]

    def holds(self, report: Report, place: Place) -> bool:
        return any(each.holds(report, place) for each in self.parts)

    def words(self, lang: str, must: bool = False) -> str:
        return join(lang, [each.words(lang, must) for each in self.parts])

    def mend(self, lang: str) -> str:
        return join(lang, [each.mend(lang) for each in self.parts])


@dataclass(frozen=True, slots=True)
class Not:
    """An element is not given, or does not have these values."""

    part: Given | Valued | Is | Section

    def holds(self, report: Report, place: Place) -> bool:
        return not self.part.holds(report, place)

    def words(self, lang: str, must: bool = False) -> str:
        told = self.part.words(lang)
        if lang == "zh":
            return f"{'不得' if must else '并非'}：{told}"
        if " has " in told:
            return told.replace(" has ", " must not have " if must else " has not ", 1)
        return told.replace(" is ", " must not be " if must else " is not ", 1)

    def mend(self, lang: str) -> str:
        if isinstance(self.part, Is):
            return pick(lang, f"give {self.part.element} another value", f"{self.part.element} 改用其他值")
        name = self.part.prefix if isinstance(self.part, Section) else self.part.element
        return pick(lang, f"take out {name}", f"删去 {name}")


@dataclass(frozen=True, slots=True)
class Somewhere:
    """In at least one repeat of a section, inside where the rule stands."""

    section: str
    part: Condition

    def holds(self, report: Report, place: Place) -> bool:
        depth = len(place.repeats) if self.section.startswith(place.section) else 0
        inside = (each for each in report.places(self.section) if each.repeats[:depth] == place.repeats[:depth])
        return any(self.part.holds(report, each) for each in inside)

    def words(self, lang: str, must: bool = False) -> str:
        return pick(
            lang,
            f"in at least one {self.section} {self.part.words(lang, must)}",
            f"至少一个 {self.section} 中{self.part.words(lang, must)}",
        )

    def mend(self, lang: str) -> str:
        return pick(
            lang, f"in one {self.section} {self.part.mend(lang)}", f"在一个 {self.section} 中{self.part.mend(lang)}"
        )


@dataclass(frozen=True, slots=True)
class Everywhere:
    """In every repeat of a section, inside where the rule stands."""

    section: str
    part: Condition

    def holds(self, report: Report, place: Place) -> bool:
        return all(self.part.holds(report, each) for each in report.places(self.section))

    def words(self, lang: str, must: bool = False) -> str:
        return pick(
            lang,
            f"in every {self.section} {self.part.words(lang, must)}",
            f"每个 {self.section} 中{self.part.words(lang, must)}",
        )

    def mend(self, lang: str) -> str:
        return pick(
            lang, f"in every {self.section} {self.part.mend(lang)}", f"在每个 {self.section} 中{self.part.mend(lang)}"
        )


ALWAYS = All(())


def missing(element: str) -> Not:
    """An element is not given."""
    return Not(Given(element))


def both(*parts: Condition) -> All:
    """See `All`."""
    return All(parts)


def either(*parts: Condition) -> Either:
    """See `Either`."""
    return Either(parts)
