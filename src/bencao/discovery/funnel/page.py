"""The page of a screen: what each stage left, whether the controls held, the short list, and each hit drawn."""

from __future__ import annotations

from typing import Any

from bencao.discovery.docking.diagram import interaction_diagram
from bencao.discovery.docking.docking import Docked
from bencao.discovery.funnel.hits import Hit
from bencao.discovery.funnel.outlook import (
    active_in_words,
    recovery_in_words,
    solubility_in_words,
    state_in_words,
)
from bencao.discovery.funnel.plots import funnel_plot, score_plot
from bencao.discovery.funnel.screening import Screened
from bencao.discovery.funnel.words import NAMES, WORDS
from bencao.discovery.receptor.box import Box
from bencao.discovery.receptor.preparing import Receptor
from bencao.kernel import report

# Hits that are drawn; a page of hundreds opens slowly.
_DRAWN = 50


def page_of(found: Screened, receptor: Receptor, box: Box, lang: report.Language) -> report.Report:
    """The report of a screen in a language."""
    words = WORDS[lang]
    scores = [one.score for one in found.docking.answers.values() if isinstance(one, Docked)]
    sections = (
        _controls(found, words),
        _funnel(found, lang),
        _ranking(found, scores, lang),
        *(_hit(hit, lang) for hit in found.hits[:_DRAWN]),
    )
    place = "{:.1f}, {:.1f}, {:.1f}; {:.1f} x {:.1f} x {:.1f} Å".format(*box.center, *box.size)
    counts = {"docked": len(scores), "read": found.stages[0].entered, "hits": len(found.hits)}
    return report.Report(
        words["title"].format(source=receptor.source),
        sections,
        words["short"].format(**counts),
        ((words["receptor"], receptor.source), (words["box"], place), ("pH", f"{receptor.ph:g}")),
        lang,
    )


def _controls(found: Screened, words: dict[str, Any]) -> report.Section:
    controls = found.controls
    if controls is None:
        return report.Section(words["controls"], (report.Note(words["none"]),))
    counts = {"actives": len(controls.actives), "decoys": len(controls.decoys), "failed": controls.failed}
    said = words["works" if controls.works else "fails"]
    told = said.format(auc=controls.auc, low=controls.low, high=controls.high)
    facts = report.Facts((("AUC", controls.auc), *((label, counts[key]) for label, key in words["counted"])))
    size = report.Text(words["size"].format(size=controls.size_auc))
    return report.Section(words["controls"], (report.Text(told) if controls.works else report.Note(told), facts, size))


def _funnel(found: Screened, lang: report.Language) -> report.Section:
    words, names = WORDS[lang], NAMES[lang]
    rows = []
    for stage in found.stages:
        reasons = ", ".join(f"{names.get(name, name)} {count:,}" for name, count in stage.reasons)
        rows.append((names.get(stage.name, stage.name), stage.entered, stage.left, reasons or None))
    bars = [(names.get(stage.name, stage.name), stage.left) for stage in found.stages]
    drawing = funnel_plot(bars, words["funnel_axis"], words["funnel"])
    parts: list[Any] = [report.Table(words["stage"], tuple(rows)), report.Figure(drawing)]
    if found.docking.surrogate:
        parts.append(report.Text(recovery_in_words(found.docking.as_json(), lang)))
    return report.Section(words["funnel"], tuple(parts))


def _ranking(found: Screened, scores: list[float], lang: report.Language) -> report.Section:
    words = WORDS[lang]
    rows = tuple(_row(hit, lang) for hit in found.hits)
    hits = [hit.docked.score for hit in found.hits]
    drawing = score_plot(scores, hits, (words["score_axis"], words["count_axis"]), words["scores"])
    predicted = [None if hit.admet is None else hit.admet.as_json() for hit in found.hits]
    admet = tuple(
        (hit.rank, hit.candidate.label, solubility_in_words(one, lang), active_in_words(one))
        for hit, one in zip(found.hits, predicted, strict=True)
    )
    return report.Section(
        words["ranking"],
        (
            report.Note(words["limits"]),
            report.Table(words["heads"], rows),
            report.Table(words["admet"], admet, words["admet_of"]),
            report.Figure(drawing, words["scores"]),
        ),
    )


def _row(hit: Hit, lang: report.Language) -> tuple[Any, ...]:
    one, found, route = hit.candidate, hit.properties, hit.route
    alerts = "; ".join([*found.pains, *found.brenk]) or None
    tiers = ", ".join(NAMES[lang].get(tier, tier) for tier in route.tiers) if route else ""
    return (
        hit.rank,
        one.label,
        round(hit.docked.score, 2),
        ", ".join(hit.judged.failed_checks) or None,
        round(found.weight, 1),
        round(found.logp, 2),
        round(found.tpsa, 1),
        round(found.qed, 2),
        alerts,
        one.nearest or None,
        None if one.similarity is None else round(one.similarity, 2),
        route.steps if route else None,
        tiers or None,
    )


def _hit(hit: Hit, lang: report.Language) -> report.Section:
    words, names = WORDS[lang], NAMES[lang]
    parts: list[Any] = [report.Figure(interaction_diagram(hit.docked.poses[0].molecule, hit.judged.interactions, lang))]
    if hit.rank == 1:
        parts.append(report.Text(words["flat"]))
    rows = tuple(
        (one.residue, names.get(one.kind, one.kind), one.receptor_atom, one.distance) for one in hit.judged.interactions
    )
    parts.append(report.Text(f"{words['docked']}{words['colon']}{state_in_words(hit.as_json(), lang)}"))
    parts.append(report.Table(words["contacts"], rows))
    parts += _assays(hit, lang)
    if hit.route is not None:
        parts.append(report.Text(f"{words['route']}{words['colon']}{_route(hit, lang)}"))
    return report.Section(f"{hit.rank}. {hit.candidate.label}", tuple(parts))


def _assays(hit: Hit, lang: report.Language) -> list[Any]:
    """The assays of Tox21, each with its set."""
    words, found = WORDS[lang], dict(hit.admet.panels) if hit.admet else {}
    if not found:
        return []
    rows = tuple(
        (
            one.task,
            words["sets"][one.verdict],
            None if one.measured else round(one.value, 3),
            words["sources"][one.measured],
        )
        for one in found["tox21"]
    )
    return [report.Table(words["assays"], rows, words["assays_of"].format(similarity=found["tox21"][0].similarity))]


def _route(hit: Hit, lang: report.Language) -> str:
    words, route = WORDS[lang], hit.route
    if not route.solved:
        return str(words["no_route"].format(reason=route.reason))
    tiers = ", ".join(NAMES[lang].get(tier, tier) for tier in route.tiers)
    return str(words["steps" if route.steps else "in_stock"].format(steps=route.steps, tiers=tiers))
