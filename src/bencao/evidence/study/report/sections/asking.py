"""The first part of a study's page: what the protocol asks, its versions, and who entered."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from bencao.evidence.protocol.amendments import changes
from bencao.evidence.protocol.registering import Version
from bencao.evidence.study.report.items.facts import protocol_facts, window_days
from bencao.evidence.study.report.plots import flow_plot, window_plot
from bencao.evidence.study.report.words.described import events_in_words
from bencao.evidence.study.report.words.fixed import WORDS, heads
from bencao.evidence.study.report.words.names import BETWEEN, Language, shown_step, shown_strategies
from bencao.evidence.study.study import Study
from bencao.kernel import report

_ROWS = (
    *("", "question", "design", "data", "time_zero", "eligibility", "exclusion", "exposure"),
    *("exposure_window", "follow_up", "attribution", "outcome", "covariates", "estimand", "analysis"),
    *("sensitivity", "missing", "", "", ""),
)


def asked(study: Study, versions: tuple[Version, ...], language: Language) -> tuple[report.Section, ...]:
    """Sections: protocol, registered versions, attrition.

    Parameters
    ----------
    study : Study
    versions : tuple of Version
        As registered, first to last.
    language : {"en", "zh"}

    Returns
    -------
    tuple of Section
    """
    words = WORDS[language]
    return (
        report.Section(words["protocol"], tuple(_protocol(study, language))),
        report.Section(words["frozen"], tuple(_versions(study, versions, language))),
        report.Section(words["attrition"], tuple(_attrition(study, language))),
    )


def _protocol(study: Study, language: Language) -> Iterator[report.Table | report.Figure]:
    words, protocol = WORDS[language], study.protocol
    facts = protocol_facts(protocol, language)
    emulates = words["undeclared"]
    if protocol.emulates:
        trial = f" ({protocol.emulates.trial})" if protocol.emulates.trial else ""
        emulates = words["emulates"].format(
            closeness=words[protocol.emulates.closeness], trial=trial, why=protocol.emulates.why
        )
    controls = BETWEEN[language].join(events_in_words(one, language) for one in protocol.negative_controls)
    told = [facts[key] if key else "" for key in _ROWS]
    told[0], told[-3:] = protocol.study, [emulates, controls, protocol.digest]
    rows = tuple(zip(heads(words["protocol rows"]), (one or words["not stated"] for one in told), strict=True))
    yield report.Table(heads(words["protocol heads"]), rows)
    if days := window_days(protocol, language):
        yield report.Figure(window_plot(days, words["days"], words["diagram"]), words["diagram"])


def _versions(study: Study, versions: tuple[Version, ...], language: Language) -> Iterator[report.Table | report.Note]:
    words = WORDS[language]
    if not versions:
        yield report.Note(words["unregistered"])
        return
    if versions[-1].protocol != study.protocol:
        yield report.Note(words["unlike"])
    rows = tuple(
        (one.number, one.registered[:10], one.reason, one.digest[:16], one.protocol == study.protocol)
        for one in versions
    )
    yield report.Table(heads(words["version heads"]), rows)
    for before, after in pairwise(versions):
        numbers = {"before": before.number, "after": after.number}
        columns = tuple(one.format(**numbers) for one in heads(words["change heads"]))
        yield report.Table(columns, changes(before.protocol, after.protocol), words["changed"].format(**numbers))


def _attrition(study: Study, language: Language) -> Iterator[report.Table | report.Figure]:
    words = WORDS[language]
    steps = tuple((shown_step(step, language), persons) for step, persons in study.attrition)
    # Who is cloned is in both arms.
    arms = zip(shown_strategies(study.protocol, language), study.design.sizes, strict=True)
    split = tuple(arms) if study.design.balance else ()
    yield report.Figure(flow_plot(steps, split, words["left out"], words["attrition"]), words["attrition"])
    lost = (None, *(before - after for (_, before), (_, after) in pairwise(steps)))
    rows = tuple((step, persons, left) for (step, persons), left in zip(steps, lost, strict=True))
    yield report.Table(heads(words["attrition heads"]), rows)
