"""The second part of a study's page: whether its design holds, before any result."""

from __future__ import annotations

import math
from collections.abc import Iterator

from bencao.evidence.calibration.systematic_error import FEWEST
from bencao.evidence.study.report.items.findings import detectable_in_words
from bencao.evidence.study.report.plots import love_plot, overlap_plot
from bencao.evidence.study.report.words.fixed import WORDS, heads
from bencao.evidence.study.report.words.names import (
    Language,
    in_points,
    shown_diagnostic,
    shown_measure,
    shown_refusal,
    shown_strategies,
    two_decimals,
)
from bencao.evidence.study.study import Study
from bencao.kernel import report
from bencao.kernel.forest import ForestRow, forest_plot

Part = report.Text | report.Note | report.Table | report.Figure


def examined(study: Study, language: Language) -> report.Section:
    """The section of diagnostics: thresholds, balance, overlap, size, negative controls.

    Parameters
    ----------
    study : Study
    language : {"en", "zh"}

    Returns
    -------
    Section
    """
    return report.Section(WORDS[language]["diagnostics"], (*_design(study, language), *_controls(study, language)))


def _design(study: Study, language: Language) -> Iterator[Part]:
    words, design = WORDS[language], study.design
    checked = tuple(
        (shown_diagnostic(one.name, language), one.value, one.threshold, one.passed) for one in study.diagnostics
    )
    yield report.Table(heads(words["diagnostic heads"]), checked)
    names = shown_strategies(study.protocol, language)
    arms = tuple(zip(names, design.sizes, (round(one, 1) for one in design.effective), strict=True))
    yield report.Table(heads(words["arm heads"]), arms)
    if told := detectable_in_words(study, language):
        yield report.Text(words["power"].format(told=told))
    if design.balance:
        labels = (words["standardised"], words["before"], words["after"])
        threshold = study.protocol.thresholds.standardised_difference
        yield report.Figure(love_plot(design.balance, threshold, labels, words["balance"]), words["balance"])
        balance = tuple((one.covariate, one.before, one.after) for one in design.balance)
        yield report.Table(heads(words["balance heads"]), balance)
    if design.overlap:
        axes = (words["score"], words["share"])
        yield report.Figure(overlap_plot(design.overlap, names, axes, words["overlap"]), words["overlap"])


def _controls(study: Study, language: Language) -> Iterator[Part]:
    words, controls = WORDS[language], study.controls
    if controls.ratios:
        measure = shown_measure(controls.ratios[0][1].measure, language)
        rows = [
            ForestRow(name, math.exp(one.value), math.exp(one.low), math.exp(one.high)) for name, one in controls.ratios
        ]
        caption = words["controls"].format(measure=measure)
        shown = forest_plot(rows, title=caption, label=measure, shown=two_decimals(language))
        yield report.Figure(shown, caption)
    if controls.estimates:
        found = tuple((name, *in_points(one, language), one.n) for name, one in controls.estimates)
        yield report.Table(heads(words["control heads"]), found, words["control table"])
        if controls.error is None:
            yield report.Text(words["few controls"].format(n=len(controls.ratios), least=FEWEST))
    if controls.refused:
        yield report.Table(
            heads(words["refused heads"]),
            tuple((name, shown_refusal(cause, language)) for name, cause in controls.refused),
        )
