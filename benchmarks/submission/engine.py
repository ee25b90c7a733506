"""Count how many numbers and terms survive translation by an engine behind the room's masking and checks.

python benchmarks/submission/engine.py FILE.tmx [--engine URL] [--model NAME] [--terms FILE] [--segments 200]
    [--damage 0.2] [--seed 1] [--source en] [--target zh] [--json] [--predictions FILE]

FILE.tmx is any translation memory; only its source sides are used, for the engine may not know the answers. URL is an
OpenAI-compatible endpoint (its key in BENCAO_ENDPOINT_KEY); without one the memory and the terms do what they can.
Numbers are counted by value, terms by the termbase that the package embeds and any that is given. Then a share of the
answers (``--damage``) is damaged and restored once more, and counted where it comes out as translated. Bars, for what
comes out as translated, and not met where nothing does: numbers 100 %, terms 95 % or more.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from answer_damage import DAMAGES, damage
from rich.console import Console
from rich.table import Table
from shares import wilson

from bencao.kernel.errors import BencaoError
from bencao.kernel.files import write_text
from bencao.submission.errors import EngineUnavailable
from bencao.submission.exchange import read_tmx, text_of
from bencao.submission.exchange.content import Content
from bencao.submission.exchange.tbx import read_terms
from bencao.submission.quality.checking import language_of
from bencao.submission.quality.numbers import READERS, check_numbers
from bencao.submission.translation.engines.endpoint import Endpoint
from bencao.submission.translation.engines.engine import Engine, Request
from bencao.submission.translation.memory.embedded import embedded_memory, embedded_terms, terms_between
from bencao.submission.translation.memory.recall import Recall
from bencao.submission.translation.pipeline import Outcome, Translated, translate_segments
from bencao.submission.translation.termbase import Termbase

STATUSES = ("translated", "review", "needs-translation")


@dataclass
class Recorded:
    """An engine whose answers are kept, so that they can be scored and damaged without asking again."""

    engine: Engine
    requests: list[str] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The engine's."""
        return self.engine.name

    def translate(self, requests: Sequence[Request], source: str, target: str) -> list[str]:
        """Ask the engine, and keep what it says."""
        self.requests = [request.text for request in requests]
        self.answers = self.engine.translate(requests, source, target)
        return list(self.answers)


@dataclass(frozen=True)
class Replayed:
    """An engine that gives answers from a list."""

    answers: Sequence[str]
    name: str = "replayed"

    def translate(self, requests: Sequence[Request], source: str, target: str) -> list[str]:
        """The answers, whatever is asked."""
        return list(self.answers)


@dataclass(frozen=True)
class Scored:
    """A segment with how many numbers and terms its source has, and how many of them its translation lost."""

    told: Translated
    numbers: int
    numbers_lost: int
    terms: int
    terms_lost: int


def sources(path: Path, language: str, count: int, seed: int) -> list[Content]:
    """Source sides of a translation memory, drawn by the seed; all of them where `count` is 0."""
    variants = [unit.variant(language) for unit in read_tmx(path).units]
    contents = [variant.content for variant in variants if variant and text_of(variant.content).strip()]
    if not count or count >= len(contents):
        return contents
    return [contents[index] for index in sorted(random.Random(seed).sample(range(len(contents)), count))]


def score(told: Translated, terms: Termbase) -> Scored:
    """Count what a translation kept; where there is none, nothing is kept and nothing lost."""
    source = text_of(told.source)
    numbers = len(READERS[terms.source](source))
    named = {found.term for found in terms.find(source) if found.term.targets}
    if told.target is None:
        return Scored(told, numbers, 0, len(named), 0)
    target = text_of(told.target)
    wrong = check_numbers(source, target, language_of(terms.source), language_of(terms.target))
    missed = [found for found in terms.check(source, target) if found.rule == "term"]
    return Scored(told, numbers, min(numbers, len(wrong)), len(named), len(missed))


def figures(scored: Sequence[Scored], answered: int) -> dict[str, float]:
    """The figures of segments, before any damage."""
    known: dict[str, float] = {"n": len(scored), "answers": answered}
    for status in STATUSES:
        hits = sum(one.told.status == status for one in scored)
        known |= _share(status.replace("-", "_"), hits, len(scored))
    untranslated = sum(any(found.kind == "untranslated" for found in one.told.findings) for one in scored)
    known |= _share("untranslated", untranslated, len(scored))
    for prefix, statuses in (("", ("translated",)), ("with_review_", ("translated", "review"))):
        out = [one for one in scored if one.told.status in statuses]
        numbers, terms = sum(one.numbers for one in out), sum(one.terms for one in out)
        known |= _share(f"{prefix}numbers", numbers - sum(one.numbers_lost for one in out), numbers)
        known |= _share(f"{prefix}terms", terms - sum(one.terms_lost for one in out), terms)
    return known


def damaged_figures(outcome: Outcome, asked: Sequence[int], done: dict[int, str]) -> dict[str, float]:
    """How many damaged answers came out as translated, by what was done to them."""
    statuses = {place: outcome.segments[asked[place]].status for place in done}
    known: dict[str, float] = {}
    for kind in DAMAGES:
        places = [place for place, what in done.items() if what == kind]
        name = "damaged_" + kind.replace(" ", "_")
        known[f"{name}_n"] = len(places)
        known[f"{name}_translated"] = sum(statuses[place] == "translated" for place in places)
    out = sum(status == "translated" for status in statuses.values())
    known |= _share("damaged_translated", out, len(done))
    known["damaged_review"] = sum(status == "review" for status in statuses.values())
    return known


def _share(name: str, hits: int, n: int) -> dict[str, float]:
    share, low, high = wilson(hits, n)
    return {f"{name}_percent": share, f"{name}_low": low, f"{name}_high": high, f"{name}_n": n, f"{name}_count": hits}


def measure(
    contents: Sequence[Content], recall: Recall, terms: Termbase, engine: Engine | None, share: float, seed: int
) -> tuple[dict[str, float], list[dict[str, object]]]:
    """The figures, and what they count."""
    recorded = Recorded(engine) if engine is not None else None
    outcome = translate_segments(contents, recall, terms, recorded)
    if outcome.engine_error:
        raise EngineUnavailable(outcome.engine_error, mend="nothing is measured without the engine")
    scored = [score(told, terms) for told in outcome.segments]
    answers = recorded.answers if recorded else []
    known = figures(scored, len(answers))
    alone = translate_segments(contents, recall, terms)
    asked = [index for index, told in enumerate(alone.segments) if told.target is None] if recorded else []
    done: dict[int, str] = {}
    hostile = outcome
    if recorded:
        wrong, done = damage(answers, recorded.requests, share, seed)
        hostile = translate_segments(contents, recall, terms, Replayed(wrong))
        known |= damaged_figures(hostile, asked, done)
    known["bars_met"] = int(
        known["translated_count"] > 0
        and known["numbers_count"] == known["numbers_n"]
        and (known["terms_percent"] >= 95 or not known["terms_n"])
    )
    known["seed"] = seed
    items = [_item(one) for one in scored]
    for place, index in enumerate(asked):
        items[index] |= {"masked": recorded.requests[place], "answer": answers[place]} if recorded else {}
        if place in done:
            told = hostile.segments[index]
            given = text_of(told.target) if told.target is not None else None
            items[index] |= {"damage": done[place], "damaged_status": told.status, "damaged_target": given}
    return known, items


def _item(one: Scored) -> dict[str, object]:
    return {
        "source": text_of(one.told.source),
        "target": text_of(one.told.target) if one.told.target is not None else None,
        "status": one.told.status,
        "origin": one.told.origin,
        "findings": [found.in_words() for found in one.told.findings],
        "numbers": one.numbers,
        "numbers_lost": one.numbers_lost,
        "terms": one.terms,
        "terms_lost": one.terms_lost,
    }


def main() -> None:
    """Translate, count, damage, count again."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="a TMX file")
    parser.add_argument("--engine", help="address of an OpenAI-compatible endpoint")
    parser.add_argument("--model", default="default", help="model to ask it for")
    parser.add_argument("--terms", type=Path, action="append", default=[], help="a termbase: .tbx, .tsv or .csv")
    parser.add_argument("--segments", type=int, default=200, help="how many are drawn; 0 takes all")
    parser.add_argument("--damage", type=float, default=0.2, help="share of the answers to damage")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--source", default="en")
    parser.add_argument("--target", default="zh")
    parser.add_argument("--json", action="store_true", help="one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write what was scored, segment by segment")
    given = parser.parse_args()
    try:
        source, target = language_of(given.source), language_of(given.target)
        concepts = [concept for path in given.terms for concept in read_terms(path)]
        terms = Termbase(terms_between([*concepts, *embedded_terms()], source, target), source, target)
        recall = Recall([embedded_memory()], source, target)
        engine = (
            Endpoint(given.engine, given.model, os.environ.get("BENCAO_ENDPOINT_KEY", "")) if given.engine else None
        )
        contents = sources(given.file, source, given.segments, given.seed)
        known, items = measure(contents, recall, terms, engine, given.damage, given.seed)
    except BencaoError as error:
        print(f"{error.kind}: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    if given.predictions:
        write_text(given.predictions, "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items))
    if given.json:
        print(json.dumps(known))
    else:
        _print(known)


def _print(known: dict[str, float]) -> None:
    table = Table("", "%", "95 %", "of")
    names = [name.removesuffix("_percent") for name in known if name.endswith("_percent")]
    for name in names:
        interval = f"{known[f'{name}_low']}-{known[f'{name}_high']}"
        table.add_row(name.replace("_", " "), str(known[f"{name}_percent"]), interval, str(known[f"{name}_n"]))
    Console().print(table)
    for kind in DAMAGES:
        name = "damaged_" + kind.replace(" ", "_")
        if f"{name}_n" in known:
            print(f"{kind}: {known[f'{name}_translated']} of {known[f'{name}_n']} came out as translated")
    print(f"{known['n']} segments, {known['answers']} answers; bars {'met' if known['bars_met'] else 'NOT met'}")


if __name__ == "__main__":
    main()
