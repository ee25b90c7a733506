"""Trains a recogniser of entities on the user's own labelled records and writes its model folder."""

from __future__ import annotations

import io
import json
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from bencao.kernel import compute
from bencao.kernel.errors import ComputeError, EngineMissing
from bencao.kernel.files import make_folder, write_bytes, write_text
from bencao.kernel.models import ModelFigure, TrainingSource, write_card
from bencao.records.extraction.network.corpus import Corpus, Labelled, read_corpus
from bencao.records.extraction.network.near_duplicates import repeats
from bencao.records.extraction.network.pieces import Vocabulary
from bencao.records.extraction.network.recogniser import CHAIN, GRAPH, NAME, SETTINGS, NetworkRecogniser
from bencao.records.extraction.network.scoring import Score, score

NETWORKS = 2
_CHECKPOINT = "networks.checkpoint"
_VERSION = "2"


@dataclass(frozen=True)
class TrainedEntities:
    """A model that was trained.

    Attributes
    ----------
    folder : Path
    files : tuple of Path
    documents, repeated, misplaced : int
        Records trained on, records left out because they repeat a record of `dev`, and mentions left out because their
        offset does not point to them.
    labels : tuple of str
    bytes : int
        Of all files of the model.
    dev : Score or None
    characters_per_second : float or None
        Of CPU, on one core, over the text of `dev`.
    """

    folder: Path
    files: tuple[Path, ...]
    documents: int
    repeated: int
    misplaced: int
    labels: tuple[str, ...]
    bytes: int
    dev: Score | None = None
    characters_per_second: float | None = None

    def figures(self) -> dict[str, float | int]:
        """What is reported, flat."""
        told: dict[str, float | int] = {
            "documents": self.documents,
            "repeated": self.repeated,
            "misplaced": self.misplaced,
            "labels": len(self.labels),
            "bytes": self.bytes,
        }
        if self.dev is not None and self.characters_per_second is not None:
            told |= {
                "n": self.dev.entities,
                "n_documents": self.dev.documents,
                "f1": self.dev.f1,
                "f1_low": self.dev.low,
                "f1_high": self.dev.high,
                "precision": self.dev.precision,
                "recall": self.dev.recall,
                "chars_per_second": self.characters_per_second,
            }
        return told


def train_entities(
    labelled: Path,
    out: Path,
    *,
    dev: Path | None = None,
    seed: int = 0,
    workers: int = 1,
    progress: bool = False,
) -> TrainedEntities:
    """Train a recogniser on labelled records: several networks of one kind and a chain, whose scores are averaged.

    A run that was stopped goes on with the parts that it had finished. The same records and seed give the same files
    at any number of workers, on one kind of processor.

    Parameters
    ----------
    labelled : Path
        Records as `read_corpus` reads them.
    out : Path
        Folder of the model; made where it does not exist.
    dev : Path, optional
        Records to score on. Training records that repeat one of them are left out; nothing is chosen by them.
    seed : int
    workers : int
        Parts trained at a time, each on one core.
    progress : bool

    Returns
    -------
    TrainedEntities

    Raises
    ------
    SourceError
        Where the records cannot be read.
    EngineMissing
        Where PyTorch, onnx or python-crfsuite is not installed.
    """
    corpus = read_corpus(labelled)
    held = None if dev is None else read_corpus(dev)
    kept = without_repeats(corpus, held)
    make_folder(out)
    vocabulary = Vocabulary.of(document.text for document in kept)
    labels = corpus.labels
    _write(out, kept, labels, vocabulary, seed, workers, progress)
    files = _card(out, len(kept), seed)
    recogniser = NetworkRecogniser.load(out)
    found, speed = (None, None) if held is None else measure(recogniser, held)
    return TrainedEntities(
        folder=out,
        files=files,
        documents=len(kept),
        repeated=len(corpus.documents) - len(kept),
        misplaced=corpus.left_out,
        labels=labels,
        bytes=sum(path.stat().st_size for path in files),
        dev=found,
        characters_per_second=speed,
    )


def without_repeats(corpus: Corpus, held: Corpus | None) -> tuple[Labelled, ...]:
    """Records that repeat none of those held out; see `near_duplicates.repeats`."""
    if held is None:
        return corpus.documents
    again = repeats([one.text for one in corpus.documents], [one.text for one in held.documents])
    return tuple(one for one, repeated in zip(corpus.documents, again, strict=True) if not repeated)


def measure(recogniser: NetworkRecogniser, held: Corpus) -> tuple[Score, float]:
    """Score and characters a second of CPU on records that were held out."""
    texts = [document.text for document in held.documents]
    recogniser.find_labels(texts[:1])  # the first call prepares the session
    began = time.process_time()
    found = recogniser.find_labels(texts)
    speed = sum(map(len, texts)) / max(time.process_time() - began, 1e-9)
    return score([document.spans for document in held.documents], found), speed


def _write(
    out: Path,
    documents: tuple[Labelled, ...],
    labels: tuple[str, ...],
    vocabulary: Vocabulary,
    seed: int,
    workers: int,
    progress: bool,
) -> None:
    try:
        from bencao.records.extraction.network.train.chain import ChainTask
        from bencao.records.extraction.network.train.fitting import Task
        from bencao.records.extraction.network.train.graph import graph_of
        from bencao.records.extraction.network.train.parts import fit_part
    except ImportError as error:
        raise EngineMissing(
            f"training needs {error.name}, which is not installed", mend="pip install 'bencao[train]'"
        ) from error
    tasks: list[Any] = [Task(documents, labels, vocabulary, seed * NETWORKS + place) for place in range(NETWORKS)]
    tasks.append(ChainTask(documents, labels))
    checkpoint = out / _CHECKPOINT
    fitted = compute.map(fit_part, tasks, workers=workers, checkpoint=checkpoint, progress=progress, label="parts")
    failed = next((one for one in fitted if isinstance(one, compute.Failure)), None)
    if failed is not None:
        raise ComputeError(f"a part could not be fitted: {failed.kind}: {failed.cause}", where=str(out))
    *networks, chain = fitted
    share = 1 / len(fitted)  # the chain counts as much as a network
    write_bytes(out / GRAPH, graph_of(networks))
    held = io.BytesIO()
    mean = np.mean([one["transitions"] for one in networks], axis=0, dtype=np.float32)
    chain["transitions"] = share * chain["transitions"] + (1 - share) * mean
    np.savez(held, **chain)
    write_bytes(out / CHAIN, held.getvalue())
    settings = {
        "labels": labels,
        "share": share,
        "characters": vocabulary.characters,
        "pairs": vocabulary.pairs,
    }
    write_text(out / SETTINGS, json.dumps(settings, ensure_ascii=False) + "\n")
    checkpoint.unlink(missing_ok=True)


def _card(out: Path, documents: int, seed: int) -> tuple[Path, ...]:
    write_card(
        out,
        NAME,
        version=f"{_VERSION} seed {seed}",
        task="text of a note -> entities with the labels of the training records",
        files=(GRAPH, SETTINGS, CHAIN),
        trained_on=[TrainingSource(source="the user's labelled records", licence="the user's", rows=documents)],
        split="records that repeat one held out were not trained on",
        figures=dict[str, ModelFigure](),
        script="bencao records train",
        made=date.today(),
        limits="Its vocabulary is that of the training records; do not pass it on where they may not be passed on.",
    )
    return (out / GRAPH, out / SETTINGS, out / CHAIN, out / f"{NAME}.card.json")
