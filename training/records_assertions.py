"""Learn what stands about a finding for its status (`records.extraction`), from our own labelled sentences.

    python training/records_assertions.py [--held clinic,rounds] [--out FOLDER]

Learns from the sets in SETS and ALSO of ``benchmarks/records/assertion_sentences/sentences.tsv``, never from `visits`,
and from sentences composed of clauses (`assertion_reading/`): a linear model of clues, three networks of tokens. With
``--held`` each of the named sets is left out in turn and scored, and nothing is written. The rules and kinds of words
were tuned on `dev`, `test`, `reserve` and `clinic`, and the clauses written after `clinic`'s errors had been read. Each
finding is learnt twice by the linear model, once without what comes from rules or cue tables, so that words weigh too.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from assertion_reading.composing import compose
from assertion_reading.network import Example, Words, train
from bencao.kernel.models import TrainingSource, write_card
from bencao.records.extraction.assertion import CLUES_SHARE, STATUSES, Evidence, evidence_of
from bencao.records.extraction.context.clues import from_tables
from bencao.records.extraction.context.reading.model import READERS, opened
from bencao.records.extraction.context.reading.reader import Reader, batch_of
from bencao.records.extraction.context.reading.tokens import vectors
from bencao.records.extraction.context.weighing import MODELS, Weights

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "benchmarks" / "records"))
from assertions import SAME, SENTENCES, TYPES, figures_of  # noqa: E402

SETS = ("dev", "test", "reserve", "clinic", "rounds", "letters", "mixed")
# Only to learn from: how far a denial carries over commas, and many ways to say each status.
ALSO = ("lists", "phrases")
COMPOSED, COMPOSED_AT_ONCE = 2000, 1000  # sentences of a language, and findings of them in a reading
STRENGTH, LEAST_FRAMES = 0.15, 2  # inverse of the linear model's penalty
EPOCHS, SEED = 18, 1
AT_ONCE = 100  # findings answered together
Row = dict[str, str]


def read() -> list[Row]:
    """Labelled findings of the sets, and the composed ones."""
    with SENTENCES.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        found = [row for row in rows if row["split"] in (*SETS, *ALSO)]
    return found + [row for language in ("zh", "en") for row in compose(language, COMPOSED, SEED)]


def status_of(row: Row) -> int:
    """Place of the label in `STATUSES`."""
    return STATUSES.index("past" if row["assertion"] == "history" else row["assertion"])


def fit(rows: Sequence[Row], clues: Sequence[set[str]]) -> Weights:
    """Multinomial logistic regression; fills of one wording weigh together as the root of their number."""
    frames: dict[str, set[str]] = {}
    fills: dict[str, set[str]] = {}
    for row, held in zip(rows, clues, strict=True):
        fills.setdefault(row["frame"], set()).add(row["id"])
        for clue in held:
            frames.setdefault(clue, set()).add(row["frame"])
    names = sorted(clue for clue, of in frames.items() if len(of) >= LEAST_FRAMES)
    places = {name: number for number, name in enumerate(names)}
    lists = [[places[clue] for clue in held if clue in places] for held in clues]
    lists += [[number for number in held if not from_tables(names[number])] for held in lists]
    ends = np.cumsum([0, *map(len, lists)])
    numbers = np.concatenate([np.asarray(one, dtype=np.int64) for one in lists])
    told = [status_of(row) for row in rows]
    matrix = csr_matrix((np.ones(len(numbers)), numbers, ends), shape=(len(lists), len(names)))
    heaviness = [len(fills[row["frame"]]) ** -0.5 for row in rows]
    model = LogisticRegression(C=STRENGTH, max_iter=300).fit(matrix, told * 2, sample_weight=heaviness * 2)
    values = np.zeros((len(names), len(STATUSES)))
    values[:, model.classes_] = model.coef_.T
    values -= values.mean(axis=1, keepdims=True)
    for bias in ("zbias", "ebias"):
        values[places[bias], model.classes_] += model.intercept_ - model.intercept_.mean()
    step = float(np.abs(values).max() / 127)
    rounded = np.rint(values / step).astype(np.int8)
    kept = np.flatnonzero(np.abs(rounded).max(axis=1) > 0)
    names = [names[number] for number in kept]
    return Weights(STATUSES, {name: number for number, name in enumerate(names)}, rounded[kept], step)


def examples_of(rows: Sequence[Row], evidence: Sequence[Evidence]) -> list[Example]:
    """What the network learns from: all fills of a finding are one, of which each reading draws one."""
    found, seen = [], dict.fromkeys((row["id"] for row in rows), 0)
    for row, one in zip(rows, evidence, strict=True):
        seen[row["id"]] += 1
        finding = f"{row['frame']}/{seen[row['id']]}"
        if row["split"] == "composed":
            finding = f"{row['language']}-composed-{len(found) % COMPOSED_AT_ONCE}"
        found.append(Example(one.window, STATUSES.index(one.told), status_of(row), finding, row["language"]))
    return found


def train_readers(rows: Sequence[Row], evidence: Sequence[Evidence], many: int) -> list[dict[str, np.ndarray]]:
    """Weights of networks as they are kept, matrices in whole numbers of a step for each column."""
    words, examples, found = Words(vectors()), examples_of(rows, evidence), []
    for number in range(many):
        net, known = train(examples, words, EPOCHS, SEED + number)
        kept: dict[str, np.ndarray] = {"words": np.array(" ".join(known))}
        for name, value in net.weights().items():
            if value.ndim > 1 and value.size > 2000:
                step = np.maximum(np.abs(value).max(axis=0), 1e-9) / 127
                kept[name], kept[f"{name}_step"] = np.rint(value / step).astype(np.int8), step.astype(np.float32)
            else:
                kept[name] = value.astype(np.float32)
        found.append(kept)
    return found


def odds_of(model: Weights, read: Sequence[Reader], evidence: Sequence[Evidence]) -> tuple[np.ndarray, np.ndarray]:
    """Log odds by the linear model and by the networks' mean."""
    parts = []
    for first in range(0, len(evidence), AT_ONCE):
        some = evidence[first : first + AT_ONCE]
        batch = batch_of([one.window for one in some], [STATUSES.index(one.told) for one in some])
        parts.append(sum(reader.answers(batch) for reader in read) / len(read))
    return np.array([model.odds(one.clues) for one in evidence]), np.concatenate(parts)


def tell(name: str, rows: Sequence[Row], odds: np.ndarray) -> dict[str, float]:
    """Print one line of figures and return them all."""
    answers = [STATUSES[place] for place in odds.argmax(axis=1)]
    found = figures_of(rows, [SAME.get(answer, answer) for answer in answers])
    types = " ".join(f"{one} {found[one + '_f1']:.3f}" for one in TYPES)
    low, high = found["macro_f1_low"], found["macro_f1_high"]
    print(f"{name:28} n {len(rows):5,} macro {found['macro_f1']:.3f} ({low:.3f} to {high:.3f}) {types}", flush=True)
    return found


def left_out(rows: Sequence[Row], evidence: Sequence[Evidence], held: Sequence[str], readers: int) -> None:
    """Print the figures of each set by rules alone, and by models that learnt from all the others."""
    for one in held:
        inside = [number for number, row in enumerate(rows) if row["split"] != one]
        outside = [number for number, row in enumerate(rows) if row["split"] == one]
        taught, known = [rows[number] for number in inside], [evidence[number] for number in inside]
        model = fit(taught, [each.clues for each in known])
        read = [opened(kept) for kept in train_readers(taught, known, readers)]
        theirs, asked = [rows[number] for number in outside], [evidence[number] for number in outside]
        linear, network = odds_of(model, read, asked)
        rules = np.eye(len(STATUSES))[[STATUSES.index(each.told) for each in asked]]
        for language in ("", "zh", "en"):
            these = [number for number, row in enumerate(theirs) if language in ("", row["language"])]
            some = [theirs[number] for number in these]
            name = f"{one} {language}".strip()
            for way, odds in (
                ("rules", rules),
                ("linear", linear),
                ("network", network),
                ("both", CLUES_SHARE * linear + network),
            ):
                tell(f"{name}, {way}", some, odds[these])


def write(model: Weights, readers: Sequence[dict[str, np.ndarray]], rows: Sequence[Row]) -> None:
    """Write the weights and their card."""
    MODELS.mkdir(parents=True, exist_ok=True)
    names = np.frombuffer("\n".join(model.places).encode(), dtype=np.uint8)
    np.savez_compressed(
        MODELS / "assertion.npz", clues=names, statuses=" ".join(STATUSES), values=model.values, step=model.step
    )
    files = ["assertion.npz"]
    for number, kept in enumerate(readers):
        files.append(f"reader{number}.npz")
        np.savez_compressed(MODELS / files[-1], **kept)
    sources = [
        TrainingSource(
            source=f"benchmarks/records/assertion_sentences, {one}",
            licence="Apache-2.0",
            rows=sum(row["split"] == one for row in rows),
        )
        for one in (*SETS, *ALSO)
    ]
    sources.append(
        TrainingSource(
            source="training/assertion_reading, composed of clauses",
            licence="Apache-2.0",
            rows=sum(row["split"] == "composed" for row in rows),
        )
    )
    sources.append(
        TrainingSource(
            source="bencao records-characters and records-words 1.0.0 (from multilingual-e5-small), to start from",
            licence="MIT",
            rows=len(vectors().characters) + len(vectors().words),
        )
    )
    write_card(
        MODELS,
        "assertion",
        version="2.0.0",
        task=f"what stands about a finding in its sentence, the answer of the rules too -> {', '.join(STATUSES)}",
        files=files,
        trained_on=sources,
        split="`visits` is never learnt from; its figures are in docs/records.md",
        figures={},  # `--figures` writes them
        script="training/records_assertions.py",
        made=date(2026, 11, 28),
        limits="Sentences made by hand, not found in records.",
    )


def tell_figures(path: Path) -> None:
    """Write what ``assertions.py --split visits --json`` printed into the card."""
    figures, card_path = json.loads(path.read_text(encoding="utf-8")), MODELS / "assertion.card.json"
    card = json.loads(card_path.read_text(encoding="utf-8"))
    card["figures"] = {
        f"{figures['split']}_{key}": {
            "value": round(figures[key], 4),
            "n": figures.get(f"{key.removesuffix('_f1')}_n", figures["n"]),
            "interval": [round(figures[f"{key}_{end}"], 4) for end in ("low", "high")],
        }
        for key in (*(f"{name}_f1" for name in TYPES), "macro_f1", "zh_macro_f1", "en_macro_f1")
    }
    card_path.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Report on sets left out, or write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--held", default="", help="sets to leave out in turn; prints figures only")
    parser.add_argument("--readers", type=int, default=READERS, help="networks of which the mean is taken")
    parser.add_argument("--figures", type=Path, help="put these figures of the benchmark into the card, and end")
    asked = parser.parse_args()
    if asked.figures:
        tell_figures(asked.figures)
        return
    rows = read()
    evidence = [evidence_of(row["sentence"], int(row["start"]), int(row["end"])) for row in rows]
    if asked.held:
        left_out(rows, evidence, asked.held.split(","), asked.readers)
    else:
        write(fit(rows, [one.clues for one in evidence]), train_readers(rows, evidence, asked.readers), rows)


if __name__ == "__main__":
    main()
