"""How well surgery phrases get their ICD-9-CM-3 names: of the first answer, and of the surest 60 %.

python benchmarks/records/surgery_terms.py FILE [--train FILE] [--json] [--predictions FILE]

FILE has a phrase and its standard names, parted by ##, a line, with a header and tabs between. An answer is right where
its set of names is the one of the file. With --train phrases that also stand there are left out. The peers of the same
run take the nearest name of the vocabulary: by the cosine of TF-IDF over runs of one to three characters, and by
rapidfuzz's ratio.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from figures import exact_interval, show
from rapidfuzz import fuzz, process

from bencao.records.normalisation.ranking.memory import fit_views
from bencao.records.normalisation.ranking.phrases import plain
from bencao.records.normalisation.surgery import load_surgery_ranker, shipped_vocabulary

SHARE = 0.6


def main() -> None:
    """Rank, score, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--train", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    learned = {plain(phrase) for phrase, _ in _pairs(arguments.train)} if arguments.train else set()
    every = _pairs(arguments.file)
    pairs = [(phrase, meant) for phrase, meant in every if plain(phrase) not in learned]
    figures, rows = measure(pairs)
    figures = {"n": len(pairs), "left_out": len(every) - len(pairs), **figures}
    if arguments.predictions:
        with arguments.predictions.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("phrase", "meant", "answer", "probability"), *rows])
    show(figures, arguments.json)


def measure(pairs: Sequence[tuple[str, frozenset[str]]]) -> tuple[dict[str, Any], list[tuple[str, str, str, str]]]:
    """Figures of the ranker and of its peers, and what was scored."""
    names = shipped_vocabulary().names
    phrases = [phrase for phrase, _ in pairs]
    start = time.process_time()
    ranker = load_surgery_ranker()
    list(ranker.rank(phrases[:1]))
    loaded = time.process_time()
    found = [one[0] for one in ranker.rank(phrases)]
    seconds = time.process_time() - loaded
    answers = [frozenset(names[place] for place in one) for one, _ in found]
    chances = np.array([chance for _, chance in found])
    right = np.array([answer == meant for answer, (_, meant) in zip(answers, pairs, strict=True)])
    several = np.array([len(meant) > 1 for _, meant in pairs])
    sure = np.argsort(-chances, kind="stable")[: round(SHARE * len(pairs))]
    figures: dict[str, Any] = {}
    for name, hits in (
        ("acc1", right),
        ("acc1_top60", right[sure]),
        ("acc1_one_name", right[~several]),
        ("acc1_several_names", right[several]),
        *((f"peer_{peer}_acc1", hit) for peer, hit in _peers(pairs, names)),
    ):
        figures |= {name: float(hits.mean()), f"{name}_n": len(hits), f"{name}_interval": _interval(hits)}
    figures |= {
        "mean_probability": float(chances.mean()),
        "terms_per_cpu_second": len(pairs) / seconds,
        "load_cpu_seconds": loaded - start,
    }
    rows = [
        (phrase, "##".join(sorted(meant)), "##".join(sorted(answer)), f"{chance:.4f}")
        for (phrase, meant), answer, chance in zip(pairs, answers, chances, strict=True)
    ]
    return figures, rows


def _peers(pairs: Sequence[tuple[str, frozenset[str]]], names: Sequence[str]) -> list[tuple[str, np.ndarray]]:
    view, *_ = fit_views(names)
    nearest = (view.vectors([phrase for phrase, _ in pairs]) @ view.vectors(names).T).toarray().argmax(1)
    texts = [plain(name) for name in names]
    closest = [process.extractOne(plain(phrase), texts, scorer=fuzz.ratio) for phrase, _ in pairs]
    return [
        ("tfidf", np.array([{names[at]} == meant for at, (_, meant) in zip(nearest, pairs, strict=True)])),
        ("rapidfuzz", np.array([{names[one[2]]} == meant for one, (_, meant) in zip(closest, pairs, strict=True)])),
    ]


def _interval(hits: np.ndarray) -> list[float]:
    """95 % interval of a share, to four digits."""
    return [round(bound, 4) for bound in exact_interval(int(hits.sum()), len(hits))]


def _pairs(path: Path) -> list[tuple[str, frozenset[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        _, *rows = csv.reader(file, delimiter="\t")
    return [(phrase, frozenset(names.split("##"))) for phrase, names in rows]


if __name__ == "__main__":
    main()
