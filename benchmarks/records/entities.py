"""Strict F1 of entities in Chinese records: our model, trained here or given, and a CRF in the same run.

python benchmarks/records/entities.py TRAIN TEST [--model DIR] [--workers N] [--seed N] [--no-peer] [--json]
    [--predictions FILE]

TRAIN and TEST are JSON lines in the form of cEHRNER. Records of TRAIN that repeat one of TEST are left out: they share
three tenths of all runs of eight characters, or half of the shorter record's. An entity counts where both its ends and
its label are right. Intervals: 95 %, 2,000 bootstrap draws of documents of TEST. Without --model ours is trained
on TRAIN alone (seeded, nothing is chosen by TEST); with it, that model is scored and TRAIN only trains the peer.
Speed is characters a second of CPU on one core. Training times are CPU seconds over all processes.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1"))  # read when NumPy is imported

from bencao.records.extraction.entity import Span
from bencao.records.extraction.network.corpus import Corpus, read_corpus
from bencao.records.extraction.network.recogniser import NetworkRecogniser
from bencao.records.extraction.network.scoring import Score, score
from bencao.records.extraction.network.training import measure, train_entities, without_repeats


def figures(prefix: str, held: Corpus, found: list[list[Span]], seed: int) -> dict[str, float]:
    """F1 with interval, precision, recall, and F1 of each label."""
    labelled = [document.spans for document in held.documents]
    whole: Score = score(labelled, found, seed)
    told = {
        f"{prefix}f1": whole.f1,
        f"{prefix}f1_low": whole.low,
        f"{prefix}f1_high": whole.high,
        f"{prefix}precision": whole.precision,
        f"{prefix}recall": whole.recall,
    }
    for label in held.labels:
        part = score(
            [[span for span in spans if span.kind == label] for spans in labelled],
            [[span for span in spans if span.kind == label] for spans in found],
            seed,
        )
        told[f"{prefix}f1_{label}"] = part.f1
    return told


def cpu_seconds() -> float:
    """CPU of this process and of those it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def main() -> None:
    """Train, score and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path)
    parser.add_argument("test", type=Path)
    parser.add_argument("--model", type=Path, help="score this model folder instead of training one")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-peer", action="store_true", help="leave the CRF out")
    parser.add_argument("--json", action="store_true", help="one flat JSON object on stdout")
    parser.add_argument("--predictions", type=Path, help="write what was found, a JSON line for each record of TEST")
    asked = parser.parse_args()
    corpus, held = read_corpus(asked.train), read_corpus(asked.test)
    kept = without_repeats(corpus, held)
    texts = [document.text for document in held.documents]
    result: dict[str, Any] = {
        "n": sum(len(document.spans) for document in held.documents),
        "n_documents": len(held.documents),
        "train_documents": len(kept),
        "train_repeats_left_out": len(corpus.documents) - len(kept),
        "seed": asked.seed,
    }
    with tempfile.TemporaryDirectory() as folder:
        model = asked.model
        if model is None:
            model = Path(folder)
            began, wall = cpu_seconds(), time.monotonic()
            train_entities(asked.train, model, dev=asked.test, seed=asked.seed, workers=asked.workers, progress=True)
            result |= {"train_cpu_s": cpu_seconds() - began, "train_wall_s": time.monotonic() - wall}
        recogniser = NetworkRecogniser.load(model)
        result["model_bytes"] = sum(path.stat().st_size for path in model.iterdir())
        _, result["chars_per_second"] = measure(recogniser, held)
        found = recogniser.find_labels(texts)
    result |= figures("", held, found, asked.seed)
    if not asked.no_peer:
        from crf_entities import crf

        peer, cost = crf(kept, texts)
        result |= figures("crf_", held, peer, asked.seed) | {f"crf_{name}": value for name, value in cost.items()}
    if asked.predictions:
        lines = [
            {
                "text": document.text,
                "entities": [{"start": one.start, "end": one.end, "label": one.kind} for one in spans],
            }
            for document, spans in zip(held.documents, found, strict=True)
        ]
        asked.predictions.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    if asked.json:
        print(json.dumps(result, ensure_ascii=False))
        return
    for name, value in result.items():
        print(f"{name:28} {value:,.4f}" if isinstance(value, float) else f"{name:28} {value:,}")


if __name__ == "__main__":
    main()
