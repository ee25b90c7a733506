"""How well subject, treatment and effect are read in sentences of case reports, strictly.

python benchmarks/safety/extraction.py ../shared/data/safety/phee/dev.json
    [--train ../shared/data/safety/phee/train.json] [--json] [--predictions FILE] [--model FOLDER]

Micro precision, recall and F1 over unique (sentence, role, offsets); a discontinuous span is one item and must be right
in all its pieces. Intervals: 95 %, by 2,000 bootstrap draws of sentences. With --train a CRF is trained on that file's
sentences, less those whose words are in the scored file, and scored in the same run: the peer.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bencao.kernel.files import write_text
from bencao.safety.intake.extraction.corpus import ARGUMENTS, Mention, Sentence, read_sentences
from bencao.safety.intake.extraction.model import Extractor, load_extractor

DRAWS, SEED = 2000, 20261126
Mentions = Sequence[frozenset[Mention]]


def mentions_of(extractor: Extractor, sentences: Sequence[Sentence]) -> list[dict[Mention, float]]:
    """What the model reads in each sentence, with its probability."""
    return [
        {
            Mention(one.role, one.offsets): one.probability
            for one in extractor.find(sentence.text)
            if one.role in ARGUMENTS
        }
        for sentence in sentences
    ]


def counts(gold: Mentions, found: Mentions, roles: Sequence[str] = ARGUMENTS) -> np.ndarray:
    """Right, found and wanted mentions of some roles by sentence, shape (sentences, 3)."""
    rows = []
    for wanted, given in zip(gold, found, strict=True):
        wanted, given = ({one for one in several if one.role in roles} for several in (wanted, given))
        rows.append((len(wanted & given), len(given), len(wanted)))
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def f1(total: np.ndarray) -> np.ndarray:
    """F1 of counts (..., 3)."""
    return 2 * total[..., 0] / np.maximum(total[..., 1] + total[..., 2], 1)


def interval(rows: np.ndarray) -> tuple[float, float]:
    """95 % bootstrap interval of F1 over sentences."""
    draws = np.random.default_rng(SEED).integers(0, len(rows), (DRAWS, len(rows)))
    low, high = np.quantile(f1(rows[draws].sum(1)), (0.025, 0.975))
    return float(low), float(high)


def gain(ours: np.ndarray, theirs: np.ndarray) -> tuple[float, float]:
    """95 % bootstrap interval of the difference of two F1 over the same sentences."""
    draws = np.random.default_rng(SEED).integers(0, len(ours), (DRAWS, len(ours)))
    low, high = np.quantile(f1(ours[draws].sum(1)) - f1(theirs[draws].sum(1)), (0.025, 0.975))
    return float(low), float(high)


def figures_of(gold: Mentions, found: Mentions, prefix: str = "") -> dict[str, float]:
    """Micro figures, and F1 of each role, with the interval of the first."""
    rows = counts(gold, found)
    total = rows.sum(0)
    low, high = interval(rows)
    figures = {
        f"{prefix}micro_f1": float(f1(total)),
        f"{prefix}micro_f1_low": low,
        f"{prefix}micro_f1_high": high,
        f"{prefix}micro_precision": float(total[0] / max(total[1], 1)),
        f"{prefix}micro_recall": float(total[0] / max(total[2], 1)),
    }
    for role in ARGUMENTS:
        figures[f"{prefix}{role.lower()}_f1"] = float(f1(counts(gold, found, (role,)).sum(0)))
    split = [frozenset(one for one in several if len(one.offsets) > 1) for several in gold]
    right = counts(split, found).sum(0)
    figures[f"{prefix}discontinuous_recall"] = float(right[0] / max(right[2], 1))
    return figures


def without(train: Sequence[Sentence], scored: Sequence[Sentence]) -> list[Sentence]:
    """Training sentences whose words are not those of a scored one."""
    known = {" ".join(one.text.lower().split()) for one in scored}
    return [one for one in train if " ".join(one.text.lower().split()) not in known]


def lines_of(sentences: Sequence[Sentence], found: Sequence[dict[Mention, float]]) -> str:
    """A JSON line for each sentence: what is wanted and what was found."""
    lines = []
    for sentence, given in zip(sentences, found, strict=True):
        lines.append(
            json.dumps(
                {
                    "id": sentence.name,
                    "text": sentence.text,
                    "wanted": sorted([one.role, one.offsets] for one in sentence.of(*ARGUMENTS)),
                    "found": sorted([one.role, one.offsets, chance] for one, chance in given.items()),
                },
                ensure_ascii=False,
            )
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    """Score and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, help="sentences in PHEE's JSON form, one a line")
    parser.add_argument("--train", type=Path, help="train the CRF peer on this file and score it too")
    parser.add_argument("--model", type=Path, help="folder of another model of the same make")
    parser.add_argument("--json", action="store_true", help="one flat JSON object on stdout")
    parser.add_argument("--predictions", type=Path, help="write a JSON line for each sentence")
    options = parser.parse_args()
    sentences = read_sentences(options.file)
    gold = [one.of(*ARGUMENTS) for one in sentences]
    extractor = load_extractor(options.model)
    started = time.perf_counter()
    found = mentions_of(extractor, sentences)
    seconds = time.perf_counter() - started
    ours = [frozenset(one) for one in found]
    figures: dict[str, float] = {"n": len(sentences), "spans": sum(map(len, gold)), **figures_of(gold, ours)}
    figures["sentences_per_second"] = len(sentences) / seconds
    if options.train:
        from crf_peer import train_and_tag  # python-crfsuite is needed for the peer alone

        train = without(read_sentences(options.train), sentences)
        peer = train_and_tag(train, sentences)
        figures |= {"crf_train_n": len(train), **figures_of(gold, peer, "crf_")}
        low, high = gain(counts(gold, ours), counts(gold, peer))
        figures |= {"gain": figures["micro_f1"] - figures["crf_micro_f1"], "gain_low": low, "gain_high": high}
    if options.predictions:
        write_text(options.predictions, lines_of(sentences, found))
    if options.json:
        print(json.dumps({"seed": SEED, **{name: round(value, 4) for name, value in figures.items()}}))
        return
    print(
        f"{figures['n']} sentences, {figures['spans']} spans, {figures['sentences_per_second']:.0f} sentences a second"
    )
    for who, prefix in (("model", ""), ("CRF", "crf_")):
        if f"{prefix}micro_f1" in figures:
            told = {name.removeprefix(prefix): value for name, value in figures.items() if name.startswith(prefix)}
            print(
                f"{who:6} F1 {told['micro_f1']:.4f} [{told['micro_f1_low']:.4f}, {told['micro_f1_high']:.4f}]"
                f"  precision {told['micro_precision']:.4f}  recall {told['micro_recall']:.4f}  "
                + "  ".join(f"{role.lower()} {told[f'{role.lower()}_f1']:.4f}" for role in ARGUMENTS)
                + f"  discontinuous found {told['discontinuous_recall']:.4f}"
            )
    if options.train:
        print(f"gain   {figures['gain']:.4f} [{figures['gain_low']:.4f}, {figures['gain_high']:.4f}]")


if __name__ == "__main__":
    main()
