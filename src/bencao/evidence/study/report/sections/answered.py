"""The third part of a study's page: its estimates, and how far they may be trusted against a trial."""

from __future__ import annotations

import math
from collections.abc import Iterator

from bencao.evidence.calibration.emulation import Ratio
from bencao.evidence.calibration.trust import shown_ratio
from bencao.evidence.study.report.items.findings import e_value_in_words, trust_in_words
from bencao.evidence.study.report.words.fixed import WORDS, heads
from bencao.evidence.study.report.words.names import (
    Language,
    in_points,
    interval_in_words,
    shown_estimand,
    shown_estimate,
    shown_measure,
    shown_method,
    shown_refusal,
    two_decimals,
)
from bencao.evidence.study.study import Study
from bencao.evidence.study.trusting import Trusted
from bencao.kernel import report
from bencao.kernel.forest import ForestRow, forest_plot

Part = report.Text | report.Note | report.Facts | report.Table | report.Figure


def in_short(study: Study, found: Trusted | None, language: Language) -> tuple[Part, ...]:
    """The answer in a few figures, or that it is kept back."""
    words = WORDS[language]
    if study.hidden:
        return (report.Note(words["hidden"]),)
    primary = study.estimates[0]
    whole = [shown_estimate(primary, language)]
    if found:
        answer = found.answer
        whole += [shown_ratio(one, language) for one in (answer.raw, answer.calibrated)] + [words[found.degree]]
    ratio = shown_measure(found.raw.estimate.measure, language) if found else ""
    told = {"measure": shown_measure(primary.measure, language), "method": shown_method(primary.method, language)}
    by = shown_method(found.raw.estimate.method, language) if found else ""
    names = [one[:1].upper() + one[1:] for one in words["summary facts"].format(ratio=ratio, by=by, **told).split("|")]
    shown = report.Facts(tuple(zip(names, whole, strict=False)))
    return (report.Note(words["despite"].format(reason=study.despite)), shown) if study.failed else (shown,)


def estimates(study: Study, language: Language) -> report.Section:
    """The section of estimates: every estimator in a forest and a table, and curves of risk."""
    words = WORDS[language]
    if study.hidden:
        return report.Section(words["estimates"], (report.Note(words["hidden"]),))
    return report.Section(words["estimates"], tuple(_estimates(study, language)))


def _estimates(study: Study, language: Language) -> Iterator[Part]:
    words, primary = WORDS[language], study.estimates[0]
    told = [(shown_method(one.method, language), in_points(one, language)) for one in study.estimates]
    rows = [
        ForestRow(name, value, low, high, 0 if place == 0 else 6)
        for place, (name, (_, value, low, high)) in enumerate(told)
    ]

    def shown(*limits: float) -> str:
        return interval_in_words(limits, primary.measure == "risk_difference", language)

    drawing = forest_plot(
        rows, title=words["forest"], label=told[0][1][0], reference=0.0, logarithmic=False, shown=shown
    )
    yield report.Figure(drawing, words["forest"])
    table = tuple(
        (name, shown_estimand(one.estimand, language), *values, one.n)
        for (name, values), one in zip(told, study.estimates, strict=True)
    )
    yield report.Table(heads(words["estimate heads"]), table)
    if study.curves[0]:
        curve = tuple((number, *pair) for number, pair in enumerate(zip(*study.curves, strict=True)))
        yield report.Table(heads(words["curve heads"]), curve, words["curve"])


def trust(study: Study, found: Trusted | None, language: Language) -> report.Section:
    """The section that says in words and numbers how far the answer may be trusted, and why."""
    words = WORDS[language]
    if study.hidden:
        return report.Section(words["trust"], (report.Note(words["hidden"]),))
    if found is None:
        return report.Section(
            words["trust"], (report.Text(words["no ratio"].format(why=shown_refusal(study.no_ratio, language))),)
        )
    return report.Section(words["trust"], tuple(_trust(study, found, language)))


def _trust(study: Study, found: Trusted, language: Language) -> Iterator[Part]:
    words = WORDS[language]
    measure = shown_measure(found.raw.estimate.measure, language)
    yield report.Text("\n\n".join(trust_in_words(study, found, language)))
    rows = ratio_rows(found, language)
    forest = [ForestRow(name, one.ratio, one.low, one.high, colour=0 if stands else 6) for name, one, stands in rows]
    drawing = forest_plot(forest, title=words["ratio forest"], label=measure, shown=two_decimals(language))
    yield report.Figure(drawing, words["ratio forest"])
    raw = found.answer.raw
    yield report.Table(
        heads(words["ratio heads"]),
        tuple((name, one.ratio, one.low, one.high, round(_width(one) / _width(raw), 2)) for name, one, _ in rows),
        words["ratio table"],
    )
    yield report.Text("\n\n".join(_reasons(study, found, language)))


def ratio_rows(found: Trusted, language: Language) -> tuple[tuple[str, Ratio, bool], ...]:
    """Raw and calibrated intervals: name, ratio, and whether the answer stands on it.

    Close and loose emulations stand alone; the last row adds the study's own controls, where there are enough.
    """
    words, answer = WORDS[language], found.answer
    n = answer.controls.n if answer.controls else 0
    raw, own, close, loose, every = (one.format(n=n) for one in heads(words["ratio rows"]))
    name = {"close": close, "loose": loose, None: every}[answer.closeness]
    whole = words["and controls"].format(row=name) if n else name
    alone = not n and answer.closeness is not None
    rows = [(raw, answer.raw, True)]
    if answer.by_controls:
        rows.append((own, answer.by_controls, False))
    rows += [
        (label, one.calibrated, alone and one.closeness == answer.closeness)
        for label, one in ((close, found.close), (loose, found.loose))
    ]
    return tuple(rows) if alone else (*rows, (whole, answer.calibrated, True))


def _width(ratio: Ratio) -> float:
    return math.log(ratio.high / ratio.low)


def _reasons(study: Study, found: Trusted, language: Language) -> Iterator[str]:
    """Why the answer is trusted so far: the emulation, the scale, the direction, hidden confounding."""
    words, estimate, emulates = WORDS[language], found.raw.estimate, study.protocol.emulates
    measure = shown_measure(estimate.measure, language)
    if emulates:
        yield words["emulation why"].format(closeness=words[emulates.closeness], why=emulates.why)
    else:
        yield words["emulation none"]
    if found.raw.unit is None:
        primary = study.estimates[0].method
        told = words["by" if estimate.method == primary else "by another"]
        yield told.format(
            measure=measure, method=shown_method(estimate.method, language), primary=shown_method(primary, language)
        )
    else:
        calibrated, unit = found.answer.calibrated, found.raw.unit
        ends = tuple(unit * math.log(one) for one in (calibrated.ratio, calibrated.low, calibrated.high))
        yield words["in unit"].format(measure=measure, interval=interval_in_words(ends, False, language))
    yield words["side"]
    yield e_value_in_words(found, language)
