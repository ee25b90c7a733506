"""Make the ranker of surgery phrases of `bencao records normalise` from pairs of phrases and ICD-9-CM-3 names.

python training/records_surgery.py TRAIN.csv CODES.txt [--test FILE.csv] [--out FOLDER]

Pairs are phrases of Chinese hospitals with their standard names, parted by ## (files chip_cdn_*.csv of a repository
under the MIT licence); CODES has a code and a name a line. --test only adds figures to the card. Each phrase's
candidates are found as if it had not been learned. Trees of single answers are fitted in four folds, so that trees of
sets learn from scores of phrases the former had not seen. Needs lightgbm, which only training does.
"""

from __future__ import annotations

import argparse
import csv
import io
import lzma
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
from onnx import TensorProto, helper
from scipy.stats import beta

from bencao.kernel import models
from bencao.kernel.files import write_bytes
from bencao.kernel.models import ModelFigure, TrainingSource, write_card
from bencao.records.normalisation.ranking.features import Candidates, Finder
from bencao.records.normalisation.ranking.memory import Names, remember
from bencao.records.normalisation.ranking.phrases import plain, segments
from bencao.records.normalisation.ranking.ranker import Ranker
from bencao.records.normalisation.ranking.sets import Scored, compose
from bencao.records.normalisation.surgery import ANSWERS, MEMORY, MODELS, NAME, NAMES, SETS, packed
from bencao.records.normalisation.vocabulary import Vocabulary

FOLDS = 4
SEED = 0
SETTINGS = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 32,
    "min_data_in_leaf": 30,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5,
    "seed": 1,
    "num_threads": 1,
    "deterministic": True,
    "force_col_wise": True,
    "verbose": -1,
}
ANSWER_ROUNDS, SET_ROUNDS = 400, 200
SET_SETTINGS = {**SETTINGS, "num_leaves": 10}
Rows = list[tuple[np.ndarray, np.ndarray]]  # of each phrase: features, and 1 for what is meant


def fit(rows: Rows, settings: dict[str, Any], rounds: int) -> lightgbm.Booster:
    """Trees of the probability that a row is what is meant."""
    data = lightgbm.Dataset(np.vstack([one for one, _ in rows]), np.concatenate([right for _, right in rows]))
    return lightgbm.train(settings, data, rounds)


def as_onnx(trees: lightgbm.Booster, features: int) -> bytes:
    """The trees as an ONNX graph; a threshold is rounded down to float32, so that each comparison stays as it was."""
    columns: dict[str, list[Any]] = {}

    def put(**values: Any) -> None:
        for name, value in values.items():
            columns.setdefault(name, []).append(value)

    def walk(tree: int, node: dict[str, Any], ids: list[int]) -> int:
        here = len(ids)
        ids.append(here)
        if "leaf_value" in node:
            put(treeids=tree, nodeids=here, modes="LEAF", featureids=0, values=0.0, truenodeids=0, falsenodeids=0)
            leaves.append((tree, here, node["leaf_value"]))
            return here
        put(treeids=tree, nodeids=here, modes="BRANCH_LEQ", featureids=node["split_feature"])
        put(values=below(node["threshold"]), truenodeids=0, falsenodeids=0)
        at = len(columns["treeids"]) - 1
        columns["truenodeids"][at] = walk(tree, node["left_child"], ids)
        columns["falsenodeids"][at] = walk(tree, node["right_child"], ids)
        return here

    leaves: list[tuple[int, int, float]] = []
    for number, tree in enumerate(trees.dump_model()["tree_info"]):
        walk(number, tree["tree_structure"], [])
    nodes = {f"nodes_{name}": values for name, values in columns.items()}
    node = helper.make_node(
        "TreeEnsembleRegressor",
        ["features"],
        ["scores"],
        domain="ai.onnx.ml",
        n_targets=1,
        target_treeids=[tree for tree, _, _ in leaves],
        target_nodeids=[leaf for _, leaf, _ in leaves],
        target_ids=[0] * len(leaves),
        target_weights=[value for _, _, value in leaves],
        **nodes,
    )
    into = helper.make_tensor_value_info("features", TensorProto.FLOAT, [None, features])
    out = helper.make_tensor_value_info("scores", TensorProto.FLOAT, [None, 1])
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("ai.onnx.ml", 3)]
    graph = helper.make_graph([node], NAME, [into], [out])
    return bytes(helper.make_model(graph, opset_imports=opsets, ir_version=9).SerializeToString())


def below(threshold: float) -> float:
    """The largest float32 that is not above a threshold."""
    rounded = np.float32(threshold)
    return float(rounded if rounded <= threshold else np.nextafter(rounded, np.float32(-np.inf)))


class Training:
    """Phrases with their candidates, and those of their parts, each found as if the phrase had not been learned."""

    def __init__(self, finder: Finder, phrases: Sequence[str]) -> None:
        self.finder, self.phrases = finder, phrases
        self.meant = finder.memory.meant
        self.fold = np.random.RandomState(SEED).permutation(len(phrases)) % FOLDS
        parts = [found if len(found := segments(phrase)) > 1 else () for phrase in phrases]
        owner = np.array([row for row, several in enumerate(parts) for _ in several])
        self.whole = list(finder.candidates(phrases, np.arange(len(phrases))))
        found = finder.candidates([part for several in parts for part in several], owner)
        self.parts: list[list[Candidates]] = [[] for _ in phrases]
        for row, one in zip(owner, found, strict=True):
            self.parts[row].append(one)

    def answer_rows(self) -> Rows:
        """Candidates of each whole phrase."""
        decided = self.finder.memory.decided
        return [(one.features, one.answers == decided[row]) for row, one in enumerate(self.whole)]

    def set_rows(self, answer_trees: Sequence[lightgbm.Booster]) -> tuple[list[list[Names]], Rows]:
        """Sets that compete for each phrase, scored by the trees that had not seen it."""
        every, rows = [], []
        for row, phrase in enumerate(self.phrases):
            trees = answer_trees[self.fold[row]]
            whole, *parts = (scored(trees, one) for one in (self.whole[row], *self.parts[row]))
            sets, features = compose(self.finder, phrase, whole, parts, row)
            every.append(sets)
            rows.append((features, np.array([one == self.meant[row] for one in sets])))
        return every, rows


def scored(trees: lightgbm.Booster, candidates: Candidates) -> Scored:
    """Candidates with the chance that trees give each."""
    return Scored(candidates, trees.predict(candidates.features, num_threads=1).astype(np.float32))


def cross_validated(rows: Rows, fold: np.ndarray, settings: dict[str, Any], rounds: int) -> list[lightgbm.Booster]:
    """Of each fold, the trees of the others."""
    return [fit([rows[at] for at in np.flatnonzero(fold != one)], settings, rounds) for one in range(FOLDS)]


def figures_of(sets: Rows, fold: np.ndarray, trees: Sequence[lightgbm.Booster]) -> dict[str, ModelFigure]:
    """Accuracy over the folds, for all phrases and the 60 % that the trees are surest of."""
    chances = [trees[fold[row]].predict(features, num_threads=1) for row, (features, _) in enumerate(sets)]
    right = np.array([hit[np.argmax(chance)] for chance, (_, hit) in zip(chances, sets, strict=True)])
    sure = np.argsort([-chance.max() for chance in chances], kind="stable")[: round(0.6 * len(right))]
    return {
        "cross-validated acc1": ModelFigure(value=round(float(right.mean()), 4), n=len(right)),
        "cross-validated acc1_top60": ModelFigure(value=round(float(right[sure].mean()), 4), n=len(sure)),
    }


def decided_pairs(path: Path, place: dict[str, int]) -> list[tuple[str, Names]]:
    """Phrases of a file with the places of their names."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        _, *pairs = csv.reader(file, delimiter="\t")
    return [(phrase, tuple(sorted(place[name] for name in names.split("##")))) for phrase, names in pairs]


def test_figures(
    finder: Finder, folder: Path, pairs: Sequence[tuple[str, Names]], learned: set[str]
) -> dict[str, ModelFigure]:
    """Accuracy on pairs that were kept apart, those of phrases that training had too left out."""
    known = {plain(phrase) for phrase in learned}
    new = [(phrase, meant) for phrase, meant in pairs if plain(phrase) not in known]
    ranker = Ranker(finder, models.session(folder / ANSWERS), models.session(folder / SETS), NAME)
    found = [one[0] for one in ranker.rank([phrase for phrase, _ in new])]
    right = np.array([names == meant for (names, _), (_, meant) in zip(found, new, strict=True)])
    sure = np.argsort([-chance for _, chance in found], kind="stable")[: round(0.6 * len(new))]
    figures = {}
    for name, hits in (("acc1", right), ("acc1_top60", right[sure])):
        count, hit = len(hits), int(hits.sum())
        low, high = beta.ppf(0.025, hit, count - hit + 1), beta.ppf(0.975, hit + 1, count - hit)
        interval = (round(float(low), 4), round(float(high), 4))
        figures[f"development {name}"] = ModelFigure(value=round(hit / count, 4), n=count, interval=interval)
    return figures


def main() -> None:
    """Find candidates, fit, write model and card."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("train", type=Path)
    parser.add_argument("codes", type=Path)
    parser.add_argument("--test", type=Path)
    parser.add_argument("--out", type=Path, default=MODELS)
    arguments = parser.parse_args()
    lines = arguments.codes.read_text(encoding="utf-8-sig").splitlines()
    codes = [(code, name.strip()) for code, name in (line.split("\t") for line in lines if line)]
    vocabulary = Vocabulary.of(codes, arguments.codes.name)
    place = {name: at for at, name in enumerate(vocabulary.names)}
    decided = decided_pairs(arguments.train, place)
    memory = remember(vocabulary.names, decided)
    phrases = [phrase for phrase, _ in decided]
    training = Training(Finder(memory, vocabulary.codes), phrases)
    answers = training.answer_rows()
    of_folds = cross_validated(answers, training.fold, SETTINGS, ANSWER_ROUNDS)
    _, sets = training.set_rows(of_folds)
    set_trees = cross_validated(sets, training.fold, SET_SETTINGS, SET_ROUNDS)
    figures = figures_of(sets, training.fold, set_trees)
    print({name: one.value for name, one in figures.items()})
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, rows, settings, rounds in (
        (ANSWERS, answers, SETTINGS, ANSWER_ROUNDS),
        (SETS, sets, SET_SETTINGS, SET_ROUNDS),
    ):
        write_bytes(arguments.out / name, as_onnx(fit(rows, settings, rounds), rows[0][0].shape[1]))
    if arguments.test:
        figures |= test_figures(training.finder, arguments.out, decided_pairs(arguments.test, place), set(phrases))
    stream = io.BytesIO()
    np.savez_compressed(stream, **packed(memory, [view.counts(phrases) for view in memory.views]))
    write_bytes(arguments.out / MEMORY, stream.getvalue())
    table = "".join(f"{code}\t{name}\n" for code, name in codes)
    write_bytes(arguments.out / NAMES, lzma.compress(table.encode(), preset=9))
    write_card(
        arguments.out,
        NAME,
        version="1",
        task="A Chinese surgery phrase in, sets of ICD-9-CM-3 names out, each with the probability that it is meant.",
        files=(NAMES, MEMORY, ANSWERS, SETS),
        trained_on=(
            TrainingSource(
                source="chip_cdn_train.csv of github.com/gechengze/simcse-chip-cdn: phrases of CHIP 2019",
                licence="MIT",
                rows=len(decided),
            ),
            TrainingSource(
                source="code.txt of the same repository: ICD-9-CM-3 names, Chinese clinical edition",
                licence="MIT",
                rows=len(codes),
            ),
        ),
        split=f"{FOLDS} folds of the training phrases, none of which occurs twice; development pairs kept apart",
        figures=figures,
        script="training/records_surgery.py",
        made=date(2026, 11, 27),
        limits="Phrases in Chinese. Codes are proposals: what stands under the review threshold a coder must decide.",
    )


if __name__ == "__main__":
    main()
