"""Events, windows and covariates of a protocol in words."""

from __future__ import annotations

from bencao.evidence.protocol.concepts import Covariate, EventRule, Events
from bencao.evidence.protocol.protocol import Protocol
from bencao.evidence.study.report.words.names import COLON, Language

_COMMA: dict[Language, str] = {"en": ", ", "zh": "，"}


def events_in_words(events: Events, language: Language) -> str:
    """A name with its concepts, or the column that holds it."""
    if events.is_column:
        value = "" if events.value is None else f" = {events.value:g}" if isinstance(events.value, float) else ""
        value = f" = {events.value}" if isinstance(events.value, str) else value
        return (
            f"{events.name}（列 {events.column}{value}）"
            if language == "zh"
            else (f"{events.name} (column {events.column}{value})")
        )
    codes = ", ".join(map(str, events.concepts))
    if language == "zh":
        return f"{events.name}（概念 {codes}{'，含下级概念' if events.descendants else ''}）"
    return f"{events.name} ({'concepts' if len(events.concepts) > 1 else 'concept'} {codes}" + (
        ", with descendants)" if events.descendants else ")"
    )


def window_in_words(days: tuple[int | None, int], language: Language) -> str:
    """A window of days, counted from time zero."""
    first, last = days
    end = f"{last}".replace("-", "−")
    if first is None:
        return f"至第 {end} 天为止的任何时间" if language == "zh" else f"any time up to day {end}"
    begin = f"{first}".replace("-", "−")
    return f"第 {begin} 至 {end} 天" if language == "zh" else f"days {begin} to {end}"


def covariate_in_words(one: Covariate, language: Language) -> str:
    """A covariate: where it comes from, and when."""
    zh, comma = language == "zh", _COMMA[language]
    window = window_in_words(one.days, language)
    if one.given_by == "events":
        assert one.events
        varying = ("；每个时段重新判定" if zh else "; told anew each period") if one.varying else ""
        return f"{one.name}{COLON[language]}{events_in_words(one.events, language)}{comma}{window}{varying}"
    if one.given_by == "domain":
        if zh:
            return f"{one.name}：{one.domain} 域中至少 {one.least} 人有的每个概念，{window}"
        return f"{one.name}: each concept of the domain {one.domain} that {one.least} persons have, {window}"
    if one.given_by == "column" and one.measured_on:
        day = f"（测量日：列 {one.measured_on}）" if zh else f" (measured on the day in {one.measured_on})"
        return f"{one.name}{day}"
    return one.name


def criteria_in_words(protocol: Protocol, kind: str, language: Language) -> tuple[str, ...]:
    """What eligibility requires, or excludes."""
    asked, zh, comma = protocol.eligibility, language == "zh", _COMMA[language]
    rules: tuple[EventRule, ...] = asked.require if kind == "require" else asked.exclude
    flat = protocol.data == "table"
    found = [
        events_in_words(one.events, language) + ("" if flat else f"{comma}{window_in_words(one.days, language)}")
        for one in rules
    ]
    if kind == "exclude":
        if protocol.outcome.washed_out:
            found.append("此前已有结局者" if zh else "who had the outcome before")
        return tuple(found)
    told = []
    youngest, oldest = asked.ages
    if asked.prior_observation:
        told.append(f"此前已有 {asked.prior_observation} 天观察" if zh else f"observed {asked.prior_observation} days")
    if youngest is not None:
        told.append(f"{youngest:g} 岁及以上" if zh else f"{youngest:g} years or older")
    if oldest is not None:
        told.append(f"{oldest:g} 岁及以下" if zh else f"{oldest:g} years or younger")
    if any(asked.dates):
        told.append(dates_in_words(protocol, language))
    return (*told, *found)


def dates_in_words(protocol: Protocol, language: Language) -> str:
    """Between which days time zero lies; empty where the protocol does not say."""
    begin, end = protocol.eligibility.dates
    if not (begin or end):
        return ""
    if language == "zh":
        return f"零时点{f'自 {begin} 起' if begin else ''}{f'至 {end} 止' if end else ''}"
    return f"time zero{f' from {begin}' if begin else ''}{f' to {end}' if end else ''}"
