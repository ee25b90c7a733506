"""A study as one HTML page; its results are there only if its diagnostics pass or a reason is given."""

from __future__ import annotations

import os
from itertools import groupby
from typing import Any

from bencao.evidence.calibration.emulation import CITATION
from bencao.evidence.protocol.registering import Version
from bencao.evidence.protocol.reporting import reporting_items
from bencao.evidence.study.report.items.facts import protocol_facts
from bencao.evidence.study.report.items.findings import study_facts, trust_in_words
from bencao.evidence.study.report.sections.answered import estimates, in_short, trust
from bencao.evidence.study.report.sections.asking import asked
from bencao.evidence.study.report.sections.examined import examined
from bencao.evidence.study.report.sections.supposed import supposed
from bencao.evidence.study.report.words.fixed import WORDS, heads
from bencao.evidence.study.report.words.limits import limits
from bencao.evidence.study.report.words.names import (
    BETWEEN,
    Language,
    shown_diagnostic,
    shown_estimate,
    shown_method,
)
from bencao.evidence.study.study import Study
from bencao.evidence.study.trusting import Trusted, trusted
from bencao.kernel import report
from bencao.kernel.version import package_version


def write_study_page(
    study: Study, path: str | os.PathLike[str], versions: tuple[Version, ...] = (), language: Language = "en"
) -> None:
    """Write the study's page, whole or not at all; the same study gives the same bytes.

    Parameters
    ----------
    study : Study
    path : path-like
        HTML that loads nothing.
    versions : tuple of Version
        As registered, first to last.
    language : {"en", "zh"}

    Raises
    ------
    InputError
        Where the file cannot be written.
    """
    report.write(study_report(study, versions, language), path)


def study_report(study: Study, versions: tuple[Version, ...] = (), language: Language = "en") -> report.Report:
    """The study's page; the same study gives the same bytes.

    Parameters
    ----------
    study : Study
    versions : tuple of Version
        As registered, first to last.
    language : {"en", "zh"}

    Returns
    -------
    Report
    """
    words, protocol, found = WORDS[language], study.protocol, trusted(study)
    sections = (
        report.Section(words["summary"], in_short(study, found, language)),
        *asked(study, versions, language),
        examined(study, language),
        estimates(study, language),
        trust(study, found, language),
        *supposed(study, language),
        report.Section(words["limits"], (report.Text("\n\n".join(limits(study, language))),)),
        *_reporting(study, found, versions, language),
    )
    told = (protocol.digest, f"Bencao {package_version()}", str(protocol.analysis.seed))
    provenance = (*zip(heads(words["provenance"]), told, strict=True), (words["source"], CITATION))
    return report.Report(protocol.title, sections, protocol.question, provenance, language)


def told_in_lines(study: Study, language: Language = "en") -> tuple[str, ...]:
    """The answer, how far to trust it, and every diagnostic, a line each for a terminal; + has passed, - has not."""
    found = trusted(study)
    answers = [f"{shown_method(one.method, language)}\t{shown_estimate(one, language)}" for one in study.estimates]
    checks = [
        f"{'+' if one.passed else '-'} {shown_diagnostic(one.name, language)}\t{one.value:.3g}\t{one.threshold:g}"
        for one in study.diagnostics
    ]
    trust = trust_in_words(study, found, language)[:2] if found else ()
    hidden = (WORDS[language]["hidden"],) if study.hidden else ()
    return (*answers, *trust, *checks, *hidden)


def study_as_json(study: Study, versions: tuple[Version, ...] = ()) -> dict[str, Any]:
    """All figures of the page, in the same order of hiding; what a person reads in both languages.

    Parameters
    ----------
    study : Study
    versions : tuple of Version

    Returns
    -------
    dict
    """
    found = trusted(study)
    answers = {language: _answers(study, found, versions, language) for language in WORDS}
    return {
        **study.as_json(),
        "trust": found.as_json() | {"statement": _statements(study, found)} if found else None,
        "no_ratio": study.no_ratio,
        "versions": [
            {"number": one.number, "registered": one.registered, "reason": one.reason, "sha256": one.digest}
            for one in versions
        ],
        "limits": {language: list(limits(study, language)) for language in WORDS},
        "reporting": [
            {
                "guideline": one.guideline,
                "item": one.item,
                "told": {language: answers[language][one.item] for language in WORDS},
            }
            for one in reporting_items()
        ],
    }


def _statements(study: Study, found: Trusted) -> dict[str, list[str]]:
    return {language: list(trust_in_words(study, found, language)) for language in WORDS}


def _answers(study: Study, found: Trusted | None, versions: tuple[Version, ...], language: Language) -> dict[str, str]:
    """What the study says to each item, the protocol's own words first; empty where nothing."""
    facts = protocol_facts(study.protocol, language) | study_facts(study, found, versions, language)
    own = study.protocol.reporting
    return {
        one.item: BETWEEN[language].join(filter(None, (own.get(one.item, ""), facts[one.told] if one.told else "")))
        for one in reporting_items()
    }


def _reporting(
    study: Study, found: Trusted | None, versions: tuple[Version, ...], language: Language
) -> tuple[report.Section, ...]:
    words, answers = WORDS[language], _answers(study, found, versions, language)
    sections = []
    for guideline, items in groupby(reporting_items(), lambda one: one.guideline):
        rows = tuple((one.item, one.titles[language], answers[one.item] or words["not stated"]) for one in items)
        answered = sum(row[2] != words["not stated"] for row in rows)
        note = report.Text(words["report note"].format(answered=answered, n=len(rows)))
        table = report.Table(heads(words["report heads"]), rows)
        sections.append(report.Section(words["report"].format(guideline=guideline), (note, table)))
    return tuple(sections)
