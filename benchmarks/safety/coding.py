"""Codes texts to HPO, and scores the codes against the right ones; fuzzy matching in the same run.

python benchmarks/safety/coding.py FILE.tsv [--embedding FOLDER] [--known] [--json] [--predictions FILE]

FILE has the columns text and code, such as the held-out terms that `training/safety_coding.py --test` writes: there a
text is itself a name in HPO, and is left out of the vocabulary for its own question. `--known` leaves nothing out.
The threshold for 95 % precision is that of one half of the terms, and its coverage is counted on the other half, both
ways; a text whose code has no other name cannot be answered, and counts against precision if it is.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))  # read when NumPy is imported

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rich.console import Console
from rich.table import Table

from bencao.safety.coding import Coder, meanings_of, read_sentence_encoder
from bencao.safety.coding.index import Near
from bencao.safety.coding.vocabularies import open_reactions
from bencao.safety.coding.vocabulary import Vocabulary, folded

DRAWS = 2_000
PRECISION = 0.95
TOP = 5


@dataclass(frozen=True)
class Answered:
    """A text, its right code, whether that can be found, and the codes given with their scores."""

    text: str
    code: str
    findable: bool
    codes: tuple[str, ...]
    scores: tuple[float, ...]

    @property
    def right(self) -> bool:
        return self.codes[:1] == (self.code,)


def answer(coder: Coder, questions: list[tuple[str, str]], known: bool) -> tuple[list[Answered], float]:
    """Our codes for each question, and the texts a CPU second."""
    findable = findable_in(coder.vocabulary, questions, known)
    began = time.process_time()
    near = coder.near([text for text, _ in questions])
    answers = []
    for (text, code), names, can in zip(questions, near, findable, strict=True):
        found = coder.exact(text) if known else []
        ranked = found or coder.ranked(text, names if known else others(coder, text, names))
        answers.append(
            Answered(
                text,
                code,
                can,
                tuple(each.name.preferred_code for each in ranked[:TOP]),
                tuple(each.probability for each in ranked[:TOP]),
            )
        )
    return answers, len(questions) / (time.process_time() - began)


def others(coder: Coder, text: str, near: Near) -> Near:
    """The names near a text without the text itself."""
    own = folded(text)
    return near.kept(np.array([coder.index.folded[place] != own for place in near.places], dtype=bool))


def findable_in(vocabulary: Vocabulary, questions: list[tuple[str, str]], known: bool) -> list[bool]:
    """Whether the vocabulary has a name of the code, other than the text where that is left out."""
    names: dict[str, set[str]] = defaultdict(set)
    for name in vocabulary.names:
        names[name.preferred_code].add(folded(name.text))
    return [bool(names[code] - (set() if known else {folded(text)})) for text, code in questions]


def fuzzy(coder: Coder, questions: list[tuple[str, str]], known: bool) -> tuple[list[Answered], float]:
    """What plain fuzzy matching gives: the name with the highest ratio of letters in any order of words."""
    findable = findable_in(coder.vocabulary, questions, known)
    names = coder.index.folded
    began = time.process_time()
    answers = []
    for (text, code), can in zip(questions, findable, strict=True):
        asked = folded(text)
        found = process.extract(asked, names, scorer=fuzz.token_sort_ratio, limit=20)
        codes: dict[str, float] = {}
        for name, score, place in found:
            if known or name != asked:
                codes.setdefault(coder.vocabulary.names[place].preferred_code, score)
        answers.append(Answered(text, code, can, tuple(codes)[:TOP], tuple(codes.values())[:TOP]))
    return answers, len(questions) / (time.process_time() - began)


def figures(answers: Sequence[Answered], prefix: str, seed: int) -> dict[str, Any]:
    """Top 1 and 5 of what can be found, and coverage at 95 % precision of all; bootstrap over the codes."""
    codes = sorted({one.code for one in answers})
    of = {code: place for place, code in enumerate(codes)}
    group = np.array([of[one.code] for one in answers])
    right = np.array([one.right for one in answers])
    among = np.array([one.code in one.codes for one in answers])
    can = np.array([one.findable for one in answers])
    score = np.array([one.scores[0] if one.scores else -1.0 for one in answers])
    half = np.random.default_rng(seed).permutation(len(codes)) % 2
    given = np.zeros(len(answers), dtype=bool)
    for part in (0, 1):
        own = half[group] == part
        given[~own] = score[~own] >= threshold_at(score[own], right[own])
    result: dict[str, Any] = {f"{prefix}n": len(answers), f"{prefix}n_findable": int(can.sum())}
    draws = np.random.default_rng(seed).integers(len(codes), size=(DRAWS, len(codes)))
    weights = np.stack([np.bincount(draw, minlength=len(codes)) for draw in draws])[:, group]
    for name, top, bottom in (
        ("top1", right & can, can),
        ("top5", among & can, can),
        ("coverage", given, np.ones(len(answers), dtype=bool)),
        ("precision_given", given & right, given),
    ):
        result[f"{prefix}{name}"] = float(top.sum() / max(bottom.sum(), 1))
        drawn = (weights @ top) / np.maximum(weights @ bottom, 1)
        result[f"{prefix}{name}_low"], result[f"{prefix}{name}_high"] = np.percentile(drawn, (2.5, 97.5)).tolist()
    return result


def threshold_at(score: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """The lowest score from which 95 % of the answers are right."""
    order = np.argsort(-score, kind="stable")
    precise = np.cumsum(right[order]) / np.arange(1, len(order) + 1) >= PRECISION
    ends = np.append(np.diff(score[order]) != 0, True)  # a threshold cannot part equal scores
    kept = np.flatnonzero(precise & ends)
    return float(score[order][kept[-1]]) if len(kept) else float("inf")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="TSV: text, code")
    parser.add_argument("--embedding", type=Path, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--cache", type=Path, help="folder for the names' sentence vectors")
    parser.add_argument("--known", action="store_true", help="leave nothing out of the vocabulary")
    parser.add_argument("--sample", type=int, help="only so many questions, drawn by the seed")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path, help="write each text with its codes, one JSON a line")
    arguments = parser.parse_args()
    with arguments.file.open(encoding="utf-8", newline="") as handle:
        questions = [(row["text"], row["code"]) for row in csv.DictReader(handle, delimiter="\t")]
    if arguments.sample and arguments.sample < len(questions):
        places = np.random.default_rng(arguments.seed).permutation(len(questions))[: arguments.sample]
        questions = [questions[place] for place in np.sort(places)]
    vocabulary = open_reactions()
    coders = {"": Coder(vocabulary)}
    if arguments.embedding:
        encoder = read_sentence_encoder(arguments.embedding)
        coders["embedding_"] = Coder(vocabulary, meanings=meanings_of(vocabulary, encoder, arguments.cache))
    result: dict[str, Any] = {"n": len(questions), "vocabulary": f"{vocabulary.title} {vocabulary.version}"}
    for prefix, coder in coders.items():
        answers, speed = answer(coder, questions, arguments.known)
        result |= figures(answers, prefix, arguments.seed) | {f"{prefix}texts_per_cpu_second": speed}
        if arguments.predictions and prefix == list(coders)[-1]:
            lines = (json.dumps(vars(one), ensure_ascii=False) + "\n" for one in answers)
            arguments.predictions.write_text("".join(lines), encoding="utf-8")
        print(f"{prefix or 'letters'}: done", file=sys.stderr)
    peer, speed = fuzzy(coders[""], questions, arguments.known)
    result |= figures(peer, "fuzzy_", arguments.seed) | {"fuzzy_texts_per_cpu_second": speed}
    print(json.dumps(result)) if arguments.json else show(result, [*coders, "fuzzy_"])


def show(result: dict[str, Any], prefixes: list[str]) -> None:
    """Print the figures as a table."""
    table = Table("", "top 1", "top 5", "coverage at 95 % precision", "texts a CPU s", title=f"{result['n']} texts")
    for prefix in prefixes:
        cells = [
            "{:.3f} ({:.3f} to {:.3f})".format(*(result[f"{prefix}{name}{end}"] for end in ("", "_low", "_high")))
            for name in ("top1", "top5", "coverage")
        ]
        table.add_row(prefix.rstrip("_") or "letters", *cells, f"{result[f'{prefix}texts_per_cpu_second']:,.0f}")
    Console().print(table)


if __name__ == "__main__":
    main()
