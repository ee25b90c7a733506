"""What a study's results answer of the items to report; nothing of an outcome while they are kept back."""

from __future__ import annotations

from bencao.evidence.calibration.trust import degree, shown_ratio, statement
from bencao.evidence.protocol.registering import Version
from bencao.evidence.study.report.words.fixed import WORDS
from bencao.evidence.study.report.words.names import (
    BETWEEN,
    COLON,
    Language,
    shown_diagnostic,
    shown_estimate,
    shown_measure,
    shown_method,
    shown_refusal,
    shown_strategies,
)
from bencao.evidence.study.study import Study
from bencao.evidence.study.trusting import Trusted


def study_facts(
    study: Study, found: Trusted | None, versions: tuple[Version, ...], language: Language
) -> dict[str, str]:
    """Answers by the name under which `reporting.csv` asks for them; an empty one is not stated.

    Parameters
    ----------
    study : Study
    found : Trusted or None
    versions : tuple of Version
    language : {"en", "zh"}

    Returns
    -------
    dict of str
    """
    zh, words, between = language == "zh", WORDS[language], BETWEEN[language]
    steps, sizes = study.attrition, study.design.sizes
    first, last = (f"{steps[place][1]:,}" for place in (0, -1))
    checks = BETWEEN[language].join(
        f"{shown_diagnostic(one.name, language)} {one.value:.3g} ({one.threshold:g})" for one in study.diagnostics
    )
    arms = ", ".join(
        f"{name} {size:,}" for name, size in zip(shown_strategies(study.protocol, language), sizes, strict=True)
    )
    people = "人" if zh else "persons"
    size = f"全部符合条件者：{last} 人" if zh else f"all eligible persons: {last}"
    if told := detectable_in_words(study, language):
        size = f"{size}{between}{told}"
    return {
        "flow": f"{first} → {last} {people}{between}{words['see'].format(section=words['attrition'])}",
        "characteristics": f"{arms}{between}{words['see'].format(section=words['diagnostics'])}",
        "assumptions": checks,
        "size": size,
        "versions": BETWEEN[language].join(
            f"{one.number}: {one.registered[:10]} {one.reason}".strip() for one in versions
        ),
        "limits": words["see"].format(section=words["limits"]),
        **_results(study, found, language),
    }


def detectable_in_words(study: Study, language: Language) -> str:
    """The least effect that the study would find; empty where it is not told."""
    told = study.detectable
    if told is None:
        return ""
    if told.measure == "risk_difference":
        value = f"{100 * told.value:.1f} {'个百分点' if language == 'zh' else 'percentage points'}"
    else:
        value = f"{told.value:.3g}"
    measure = shown_measure(told.measure, language)
    if language == "zh":
        return f"可检出的最小效应（把握度 80%）：{measure} {value}"
    return f"least effect found with a power of 80 %: {measure} {value}"


def _results(study: Study, found: Trusted | None, language: Language) -> dict[str, str]:
    words = WORDS[language]
    names = ("events", "estimates", "others", "answer", "trust", "unmeasured")
    if study.hidden:
        return dict.fromkeys(names, words["kept back"])
    primary, *others = study.estimates
    events = study.detectable.events if study.detectable else None
    shown = [
        f"{shown_method(one.method, language)}{COLON[language]}{shown_estimate(one, language)}"
        for one in (primary, *others)
    ]
    return {
        "events": "" if events is None else f"{events:,}",
        "estimates": BETWEEN[language].join(shown),
        "others": BETWEEN[language].join(shown[1:]),
        "answer": shown[0],
        "trust": " ".join(trust_in_words(study, found, language)[:2])
        if found
        else words["no ratio"].format(why=shown_refusal(study.no_ratio, language)),
        "unmeasured": e_value_in_words(found, language) if found else "",
    }


def trust_in_words(study: Study, found: Trusted, language: Language) -> tuple[str, ...]:
    """How far the answer should be trusted and why, no higher than diagnostics and the primary estimate bear out."""
    words, (answer, trust, *why) = WORDS[language], statement(found.answer, language)
    if study.failed:
        names = BETWEEN[language].join(shown_diagnostic(one, language) for one in study.failed)
        trust = words["failed"].format(names=names)
    elif found.degree != degree(found.answer):
        trust = words["capped"]
    return (answer, trust, *why)


def e_value_in_words(found: Trusted, language: Language) -> str:
    """How strong an unmeasured confounder would have to be."""
    return WORDS[language]["e-value"].format(
        raw=shown_ratio(found.answer.raw, language), point=found.e_value.point, limit=found.e_value.limit
    )
