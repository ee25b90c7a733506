"""Train the small model that finds names, places and institutions in English notes, for the room `records`.

    python training/records_latin.py FAKER_FOLDER PHEE_TRAIN TICO19_TMX

Text is made here (`deidentify/latin_writer.py`): names set among frames of notes written by hand, headings, eponyms,
drugs, diagnoses and clauses of published text. No patient's text is used. FAKER_FOLDER holds the package Faker (MIT),
lists of names by country; PHEE_TRAIN are sentences of published case reports (MIT), TICO19_TMX a translation memory
(CC0). Drugs' names are DrugBank's open vocabulary (CC0), through drug-named-entity-recognition. Seeds are fixed.
"""

from __future__ import annotations

import html
import json
import re
import sys
from datetime import date
from pathlib import Path

import numpy as np
import torch

from bencao.kernel.models import ModelFigure, TrainingSource, write_card
from bencao.records.deidentify.finding.names.latin_model import (
    AROUND,
    CLASSES,
    FLAGS,
    IDENTITIES,
    TRIGRAMS,
    features,
    tokens,
)
from deidentify.latin_writer import LatinWriter, clauses_of, faker_names

TARGET = Path(__file__).resolve().parent.parent / "src" / "bencao" / "records" / "models" / "deidentify"
WIDTH, HIDDEN, SECOND = 24, 112, 32
PIECES, EPOCHS, SEED = 170_000, 4, 21
PLAIN = 0.25  # share of words in small letters outside of names that are learned from: they are many
LISTS = (13, 14, 15, 16, 17)  # flags that say a list holds the word: now and then hidden, since no list is whole


def read_clauses(phee: Path, memory: Path) -> list[str]:
    """Clauses of published English text."""
    texts = [json.loads(line)["context"] for line in phee.read_text(encoding="utf-8").splitlines()]
    found = re.findall(r'<tuv xml:lang="en">\s*<seg>(.*?)</seg>', memory.read_text(encoding="utf-8-sig"), re.DOTALL)
    return clauses_of(html.unescape(text) for text in [*texts, *found])


def read_terms() -> list[str]:
    """Drugs and diagnoses."""
    from drug_named_entity_recognition.drugs_finder import drug_variant_to_canonical

    wanted = re.compile(r"[A-Za-z][A-Za-z0-9 ,()/-]{2,28}[A-Za-z0-9)]")
    drugs = sorted({name for name in drug_variant_to_canonical if wanted.fullmatch(name)})
    return [*drugs, *(name.capitalize() for name in drugs)]


def vectors_of(words: list[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Flags, identities and trigrams (padded with -1, at most 16) of distinct tokens."""
    flags = np.zeros((len(words), FLAGS), np.float32)
    identity = np.zeros(len(words), np.int64)
    trigrams = np.full((len(words), 16), -1, np.int64)
    for row, word in enumerate(words):
        flags[row], identity[row], parts = features(word)
        trigrams[row, : min(16, len(parts))] = parts[:16]
    return flags, identity, trigrams


def windows(writer: LatinWriter, pieces: int, known: dict[str, int]) -> tuple[np.ndarray, np.ndarray]:
    """Windows of token numbers around every word, and the class of each; `known` grows with new tokens."""
    seen, labels = [], []
    for _ in range(pieces):
        text, spans = writer.piece()
        starts, found = tokens(text)
        numbers = [0] * AROUND + [known.setdefault(word, len(known)) for word in found] + [0] * AROUND
        place = 0
        for at, (start, word) in enumerate(zip(starts, found, strict=True)):
            if not word[0].isalpha() or word[0] > "\u4e00":
                continue
            while place < len(spans) and spans[place][1] <= start:
                place += 1
            inside = place < len(spans) and spans[place][0] < start + len(word) and start < spans[place][1]
            if not inside and word.islower() and writer.random.random() > PLAIN:
                continue
            seen.append(numbers[at : at + 2 * AROUND + 1])
            labels.append(spans[place][2] if inside else 0)
    return np.array(seen, np.int32), np.array(labels, np.int64)


class Net(torch.nn.Module):
    """Each token as numbers, two layers over the window, an answer for each class."""

    def __init__(self) -> None:
        super().__init__()
        self.flags = torch.nn.Parameter(torch.randn(FLAGS, WIDTH) * 0.1)
        self.identity = torch.nn.Parameter(torch.randn(IDENTITIES, WIDTH) * 0.1)
        self.trigrams = torch.nn.Parameter(torch.randn(TRIGRAMS, WIDTH) * 0.1)
        self.first = torch.nn.Linear((2 * AROUND + 1) * WIDTH, HIDDEN)
        self.second = torch.nn.Linear(HIDDEN, SECOND)
        self.answer = torch.nn.Linear(SECOND, len(CLASSES))

    def forward(self, flags: torch.Tensor, identity: torch.Tensor, trigrams: torch.Tensor) -> torch.Tensor:
        """Flags (b, p, f), identity (b, p), trigrams (b, p, t) -> (b, classes)."""
        there = (trigrams >= 0).unsqueeze(-1).float()
        parts = (self.trigrams[trigrams.clamp(min=0)] * there).sum(2) / there.sum(2).clamp(min=1)
        seen = flags @ self.flags + self.identity[identity] + parts
        return self.answer(torch.relu(self.second(torch.relu(self.first(seen.flatten(1))))))


def train(seen: np.ndarray, labels: np.ndarray, table: tuple[np.ndarray, np.ndarray, np.ndarray]) -> Net:
    """Fit the net; lists are hidden for some words, so that names nobody listed are borne."""
    torch.manual_seed(SEED)
    generator = torch.Generator().manual_seed(SEED)
    net = Net()
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.01)
    flags, identity, trigrams = (torch.from_numpy(part) for part in table)
    x, y = torch.from_numpy(seen), torch.from_numpy(labels)
    batch, steps = 2048, EPOCHS * (len(x) // 2048)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 5e-3, total_steps=steps + EPOCHS)
    for epoch in range(EPOCHS):
        order = torch.randperm(len(x), generator=generator)
        total = 0.0
        for start in range(0, len(x) - batch, batch):
            chosen = order[start : start + batch]
            shown = x[chosen].long()
            given = flags[shown]
            hidden = torch.rand(shown.shape, generator=generator) < 0.25
            given[..., LISTS] = given[..., LISTS] * (~hidden).unsqueeze(-1)
            loss = torch.nn.functional.cross_entropy(net(given, identity[shown], trigrams[shown]), y[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
        print(f"epoch {epoch + 1}: loss {total / max(1, len(x) // batch):.4f}", flush=True)
    return net


def main(faker: Path, phee: Path, memory: Path) -> None:
    """Write ``latin_names.npz`` and its card."""
    names, clauses, terms = faker_names(faker), read_clauses(phee, memory), read_terms()
    known = {"\n": 0}
    seen, labels = windows(LatinWriter(names, clauses, terms, SEED), PIECES, known)
    held, truth = windows(LatinWriter(names, clauses, terms, SEED + 1), 10_000, known)
    print(f"{len(seen):,} words, {np.bincount(labels) / len(labels)}", flush=True)
    table = vectors_of(list(known))
    net = train(seen, labels, table)
    with torch.no_grad():
        flags, identity, trigrams = (torch.from_numpy(part) for part in table)
        parts = [torch.from_numpy(held[at : at + 4096]).long() for at in range(0, len(held), 4096)]
        answer = torch.cat([net(flags[one], identity[one], trigrams[one]).softmax(1) for one in parts]).numpy()
    found = answer[:, 0] < 0.5
    recall, wrong = float(found[truth > 0].mean()), float(found[truth == 0].mean())
    print(f"held-out: recall {recall:.4f}, false {wrong:.4f}")
    weights = {name: value.detach().numpy().astype(np.float16) for name, value in net.state_dict().items()}
    np.savez_compressed(TARGET / "latin_names.npz", **weights)
    write_card(
        TARGET,
        "latin_names",
        version="1.1.0",
        task=f"a word with {AROUND} tokens on either side -> {', '.join(CLASSES)}",
        files=["latin_names.npz"],
        trained_on=[
            TrainingSource(
                source="pieces of notes made by training/records_latin.py", licence="Apache-2.0", rows=PIECES
            ),
            TrainingSource(
                source="Faker 40, lists of names by country",
                licence="MIT",
                rows=sum(len(given) + len(family) for given, family in names.values()),
            ),
            TrainingSource(
                source="PHEE (train) and TICO-19, clauses in English", licence="MIT and CC0-1.0", rows=len(clauses)
            ),
            TrainingSource(source="DrugBank open vocabulary, names of drugs", licence="CC0-1.0", rows=len(terms)),
        ],
        split="pieces of another seed by the same writer: an easier test than foreign notes",
        figures={
            "recall": ModelFigure(value=round(recall, 4), n=int((truth > 0).sum())),
            "false_share": ModelFigure(value=round(wrong, 4), n=int((truth == 0).sum())),
        },
        script="training/records_latin.py",
        made=date(2026, 11, 27),
        limits="Notes in English and names in Latin letters; no other language's prose.",
    )


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))
