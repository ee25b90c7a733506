"""How well the assertion of an entity is told in labelled Chinese and English sentences.

python benchmarks/records/assertions.py [FILE] [--split dev|test|reserve|clinic|...] [--language zh|en] [--json]
    [--rules] [--predictions FILE]

F1 of each assertion and their mean (macro). Intervals: 95 %, by 2,000 bootstrap draws of frames, the sentences
that were filled from one wording (`assertion_sentences/README.md`). The seed of the draws is printed.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from assertion_sentences.make import SPLITS

DRAWS, SEED = 2000, 20261127
TYPES = ("present", "negated", "possible", "conditional", "family", "history")
SENTENCES = Path(__file__).with_name("assertion_sentences") / "sentences.tsv"
# What the function under test may say for the same thing.
SAME = {"absent": "negated", "hypothetical": "conditional", "past": "history", "historical": "history"}


def told(rows: Sequence[dict[str, str]], rules: bool = False) -> list[str]:
    """What `assert_entity`, or the rules alone, say of each row's entity."""
    from bencao.records.extraction.assertion import assert_entity, status_by_rules

    ask = status_by_rules if rules else assert_entity
    answers = (str(ask(row["sentence"], int(row["start"]), int(row["end"]))) for row in rows)
    return [SAME.get(answer, answer) for answer in answers]


def figures_of(rows: Sequence[dict[str, str]], answers: Sequence[str]) -> dict[str, float]:
    """F1 by type, macro F1 and accuracy with intervals."""
    frames = {name: number for number, name in enumerate(dict.fromkeys(row["frame"] for row in rows))}
    counts = np.zeros((len(frames), len(TYPES), 3), dtype=np.int64)  # right, said, wanted
    for row, answer in zip(rows, answers, strict=True):
        frame = counts[frames[row["frame"]]]
        frame[TYPES.index(row["assertion"]), 2] += 1
        if answer in TYPES:
            frame[TYPES.index(answer), 1] += 1
            frame[TYPES.index(answer), 0] += answer == row["assertion"]
    draws = np.random.default_rng(SEED).integers(0, len(frames), (DRAWS, len(frames)))
    drawn, total = np.stack([counts[draw].sum(0) for draw in draws]), counts.sum(0)

    def f1(of: np.ndarray) -> np.ndarray:
        return 2 * of[..., 0] / np.maximum(of[..., 1] + of[..., 2], 1)

    def accuracy(of: np.ndarray) -> np.ndarray:
        return of[..., 0].sum(-1) / np.maximum(of[..., 2].sum(-1), 1)

    figures: dict[str, float] = {
        "n": len(rows),
        "sentences": len({row["sentence"] for row in rows}),
        "frames": len(frames),
    }
    kinds = [(f"{name}_f1", f1(total)[place], f1(drawn)[:, place]) for place, name in enumerate(TYPES)]
    kinds += [("macro_f1", f1(total).mean(), f1(drawn).mean(1)), ("accuracy", accuracy(total), accuracy(drawn))]
    for key, value, sample in kinds:
        low, high = np.quantile(sample, (0.025, 0.975))
        figures |= {key: float(value), f"{key}_low": float(low), f"{key}_high": float(high)}
    return figures | {f"{name}_n": int(total[place, 2]) for place, name in enumerate(TYPES)}


def main() -> None:
    """Score and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, nargs="?", default=SENTENCES, help="a table of the same columns")
    parser.add_argument("--split", choices=SPLITS, default="dev")
    parser.add_argument("--language", choices=("zh", "en"))
    parser.add_argument("--rules", action="store_true", help="score the rules alone")
    parser.add_argument("--json", action="store_true", help="one flat JSON object on stdout")
    parser.add_argument("--predictions", type=Path, help="write a JSON line for each entity")
    asked = parser.parse_args()
    with asked.file.open(encoding="utf-8", newline="") as lines:
        rows = [
            row
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            if row["split"] == asked.split and asked.language in (None, row["language"])
        ]
    answers = told(rows, asked.rules)
    result: dict[str, float | str] = {"split": asked.split, "seed": SEED, **figures_of(rows, answers)}
    for language in ("zh", "en") if asked.language is None else ():
        places = [place for place, row in enumerate(rows) if row["language"] == language]
        part = figures_of([rows[place] for place in places], [answers[place] for place in places])
        result |= {f"{language}_{key}": value for key, value in part.items()}
    if asked.predictions:
        pairs = zip(rows, answers, strict=True)
        written = (json.dumps({**row, "told": answer}, ensure_ascii=False) for row, answer in pairs)
        asked.predictions.write_text("\n".join(written) + "\n", encoding="utf-8")
    if asked.json:
        print(json.dumps(result))
        return
    print(
        f"split {asked.split}: {result['n']:,} entities of {result['sentences']:,} sentences, {result['frames']} frames"
    )
    for key in (key.removesuffix("_low") for key in result if key.endswith("_low")):
        count = result.get(key.removesuffix("_f1") + "_n", "")
        print(f"  {key:20} {result[key]:.3f}  ({result[key + '_low']:.3f} to {result[key + '_high']:.3f})  {count}")


if __name__ == "__main__":
    main()
