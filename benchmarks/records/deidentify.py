"""How many injected identifiers of clinical notes are found, and how much other text goes with them.

python benchmarks/records/deidentify.py [--split dev|test|reserve|ward|clinic|hospital] [--seed N] [--language zh|en]
    [--copies N] [--json] [--predictions FILE] [--peer presidio --peer-python PATH]

An identifier counts as found when all its letters and digits are covered; the character figures count each of them.
Letters and digits that may go or stay (titles, times of day, a year alone) count neither way. Intervals: 95 %, by 2,000
bootstrap draws of whole templates. Speed: characters a second of process CPU time. The peer gets the English notes of
the same run, in a process of its own. `phi_notes/README.md` says how the notes were made.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from phi_notes.generator import CATEGORY, SPLITS, Note, notes

DRAWS = 2000
Spans = list[tuple[int, int]]
Kept = list[tuple[int, int, str]]
CATEGORIES = tuple(dict.fromkeys(CATEGORY.values()))
PEER = Path(__file__).with_name("phi_notes") / "presidio_peer.py"


@dataclass(frozen=True)
class Detection:
    """Spans of each text, the process CPU seconds that took, and the language model if one was used."""

    spans: list[Spans]
    seconds: float
    model: str = ""


def ours(texts: Sequence[str]) -> Detection:
    """Spans that `bencao.records.deidentify_text` takes out, and the CPU seconds it took."""
    from bencao.records import deidentify_text

    deidentify_text(["张三,男。", "John Smith, 50."])  # what loads once is loaded before the clock starts
    start = time.process_time()
    found = deidentify_text(texts)
    seconds = time.process_time() - start
    return Detection([[(start, end) for start, end, *_ in one.spans] for one in found], seconds)


def presidio(texts: Sequence[str], python: str) -> Detection:
    """The same by Presidio's default recognisers, from the environment of `python`."""
    done = subprocess.run(
        [python, str(PEER)], input=json.dumps(list(texts)), capture_output=True, text=True, check=True
    )
    answer = json.loads(done.stdout)
    spans = [[(start, end) for start, end in one] for one in answer["spans"]]
    return Detection(spans, answer["seconds"], answer["model"])


def scored(note: Note, found: Spans) -> tuple[np.ndarray, Kept]:
    """Counts of a note and the identifiers it kept.

    The counts: for each category found, all, covered and all characters, then other characters taken and all.
    """
    letter = np.array([one.isalnum() for one in note.text], dtype=bool)
    covered = np.zeros(len(note.text), dtype=bool)
    for start, end in found:
        covered[start:end] = True
    other = letter.copy()
    for start, end in note.optional:
        other[start:end] = False
    row, kept = np.zeros((len(CATEGORIES) + 1, 4), dtype=np.int64), []
    for start, end, category in note.spans:
        wanted = letter[start:end]
        whole = bool(covered[start:end][wanted].all())
        row[CATEGORIES.index(category)] += (whole, 1, int((covered[start:end] & wanted).sum()), int(wanted.sum()))
        other[start:end] = False
        if not whole:
            kept.append((start, end, category))
    row[-1] = (int((covered & other).sum()), int(other.sum()), 0, 0)
    return row, kept


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return part / np.maximum(whole, 1)


def figures_of(given: Sequence[Note], rows: np.ndarray, seed: int) -> dict[str, float]:
    """All shares with their intervals; `rows` has shape (notes, categories + 1, 4)."""
    groups = {name: number for number, name in enumerate(dict.fromkeys(note.template for note in given))}
    sums = np.zeros((len(groups), *rows.shape[1:]), dtype=np.int64)
    np.add.at(sums, [groups[note.template] for note in given], rows)
    draws = np.random.default_rng(seed).integers(0, len(groups), (DRAWS, len(groups)))
    drawn = np.stack([sums[draw].sum(0) for draw in draws])
    names = [number for number, one in enumerate(CATEGORIES) if one.startswith("name_")]
    everything = list(range(len(CATEGORIES)))
    wanted: list[tuple[str, list[int], int, int]] = [
        ("recall", everything, 0, 1),
        ("character_recall", everything, 2, 3),
        ("name_recall", names, 0, 1),
        *((f"{one}_recall", [number], 0, 1) for number, one in enumerate(CATEGORIES)),
        ("other_redacted", [-1], 0, 1),
    ]
    figures: dict[str, float] = {}
    for key, places, part, whole in wanted:
        total, parts = sums.sum(0)[places].sum(0), drawn[:, places].sum(1)
        if not total[whole]:
            continue
        low, high = np.quantile(_share(parts[:, part], parts[:, whole]), (0.025, 0.975))
        figures |= {key: float(total[part] / total[whole]), f"{key}_low": float(low), f"{key}_high": float(high)}
        figures[f"{key}_n"] = int(total[whole])
    return figures


def measured(
    given: Sequence[Note], detect: Callable[[Sequence[str]], Detection], seed: int
) -> tuple[dict[str, float | str], list[Spans], list[Kept]]:
    """Figures, spans by note and identifiers kept by note."""
    answer = detect([note.text for note in given])
    both = [scored(note, spans) for note, spans in zip(given, answer.spans, strict=True)]
    figures: dict[str, float | str] = {"n": len(given), "templates": len({note.template for note in given})}
    figures |= figures_of(given, np.stack([row for row, _ in both]), seed)
    characters = sum(len(note.text) for note in given)
    figures |= {"characters": characters, "cpu_seconds": answer.seconds}
    figures["characters_per_second"] = characters / max(answer.seconds, 1e-9)
    if answer.model:
        figures["model"] = answer.model
    return figures, answer.spans, [kept for _, kept in both]


def lines_of(given: Sequence[Note], found: Sequence[Spans], kept: Sequence[Kept]) -> str:
    """A JSON line for each note."""
    return "".join(
        json.dumps(
            {
                "id": note.id,
                "text": note.text,
                "wanted": note.spans,
                "optional": note.optional,
                "found": spans,
                "kept": [(start, end, category, note.text[start:end]) for start, end, category in missed],
            },
            ensure_ascii=False,
        )
        + "\n"
        for note, spans, missed in zip(given, found, kept, strict=True)
    )


def printed(title: str, figures: dict[str, float | str]) -> None:
    """The table for people."""
    title += f" ({figures['model']})" if "model" in figures else ""
    print(f"{title}: {figures['n']:,} notes of {figures['templates']} templates, {figures['characters']:,} characters")
    for key in figures:
        if f"{key}_low" in figures:
            low, high, count = (figures[f"{key}_{end}"] for end in ("low", "high", "n"))
            print(f"  {key:24} {figures[key]:.4f}  ({low:.4f} to {high:.4f})  n {count:,}")
    print(f"  {'characters a CPU second':24} {figures['characters_per_second']:,.0f}")


def main() -> None:
    """Score and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--split", choices=SPLITS, default="dev")
    parser.add_argument("--seed", type=int, default=20261127)
    parser.add_argument("--language", choices=("zh", "en"))
    parser.add_argument("--copies", type=int, default=26, help="notes of each template")
    parser.add_argument("--json", action="store_true", help="one flat JSON object on stdout")
    parser.add_argument("--predictions", type=Path, help="write a JSON line for each note")
    parser.add_argument("--peer", choices=("presidio",), help="score the peer on the English notes of the same run")
    parser.add_argument("--peer-python", help="interpreter that has presidio-analyzer and an English spaCy model")
    asked = parser.parse_args()
    if asked.peer and not asked.peer_python:
        parser.error("--peer needs --peer-python")
    given = notes(asked.split, asked.seed, asked.language, asked.copies)
    figures, found, kept = measured(given, ours, asked.seed)
    result = {"split": asked.split, "seed": asked.seed, **figures}
    parts = {one: [note for note in given if note.language == one] for one in ("zh", "en")}
    for one, some in parts.items():
        if some and len(some) < len(given):
            part = measured(some, ours, asked.seed)[0]
            result |= {f"{one}_{key}": value for key, value in part.items()}
    if asked.peer and parts["en"]:
        peer = measured(parts["en"], lambda texts: presidio(texts, asked.peer_python), asked.seed)[0]
        result |= {f"presidio_en_{key}": value for key, value in peer.items()}
    if asked.predictions:
        asked.predictions.write_text(lines_of(given, found, kept), encoding="utf-8")
    if asked.json:
        print(json.dumps(result))
        return
    printed(f"split {asked.split}, seed {asked.seed}", figures)
    for prefix in ("zh_", "en_", "presidio_en_"):
        part = {key.removeprefix(prefix): value for key, value in result.items() if key.startswith(prefix)}
        if part:
            printed(prefix.rstrip("_"), part)


if __name__ == "__main__":
    main()
