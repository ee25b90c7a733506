"""The peer of `entities.py`: a chain of tags over characters and their runs, fitted by CRFsuite, not pretrained."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import pycrfsuite

from bencao.records.extraction.entity import Span
from bencao.records.extraction.network.corpus import Labelled
from bencao.records.extraction.network.pieces import pieces_of
from bencao.records.extraction.network.tags import to_spans, to_tags

PARAMETERS = {"c1": 0.1, "c2": 0.1, "max_iterations": 100, "feature.minfreq": 2}


def crf(documents: Sequence[Labelled], texts: Sequence[str]) -> tuple[list[list[Span]], dict[str, float]]:
    """Fit on documents and find entities in texts; figures: CPU seconds of training, characters a CPU second."""
    trainer = pycrfsuite.Trainer("lbfgs", verbose=False)
    trainer.set_params(PARAMETERS)
    began = time.process_time()
    for document in documents:
        rows, tags = features(document.text), to_tags(len(document.text), document.spans)
        for left, right in pieces_of(document.text):
            trainer.append(rows[left:right], tags[left:right])
    with tempfile.TemporaryDirectory() as folder:
        model = str(Path(folder) / "peer.crfsuite")
        trainer.train(model)
        trained = time.process_time() - began
        tagger = pycrfsuite.Tagger()
        tagger.open(model)
        began = time.process_time()
        found = []
        for text in texts:
            rows = features(text)
            tags: list[str] = []
            for left, right in pieces_of(text):
                tags += tagger.tag(rows[left:right])
            found.append(to_spans(tags))
        took = time.process_time() - began
        tagger.close()
    return found, {"train_cpu_s": trained, "chars_per_second": sum(map(len, texts)) / took}


def features(text: str) -> list[list[str]]:
    """Characters from three before to three after, runs of two to four of them, and their shapes."""
    wide = f"\0\0\0{text}\0\0\0"
    rows = []
    for place in range(3, len(wide) - 3):
        a, b, c, d, e, f, g = wide[place - 3 : place + 4]
        runs = (
            d,
            c,
            b,
            e,
            f,
            g,
            a,
            c + d,
            d + e,
            b + c,
            e + f,
            b + c + d,
            c + d + e,
            d + e + f,
            c + e,
            b + c + d + e,
            c + d + e + f,
        )
        rows.append([f"{number}:{run}" for number, run in enumerate(runs)] + ["s:" + shape(c) + shape(d) + shape(e)])
    return rows


def shape(character: str) -> str:
    """What sort of character it is."""
    if character.isdecimal():
        return "d"
    if character.isascii() and character.isalpha():
        return "a"
    return "z" if character.isalnum() else "p"
