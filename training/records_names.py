"""Train the small model that finds Chinese names in notes, for the room `records`.

    python training/records_names.py JIEBA_DICT PROCEDURES TICO19_TMX

Text is made here (`deidentify/writer.py`): names set among frames of notes written by hand, ordinary words and other
text. No patient's text and no corpus of clinical text is used. JIEBA_DICT is jieba 0.42.1's dictionary (MIT),
PROCEDURES the names of ICD-9-CM-3 procedures of the surgery terms (MIT), TICO19_TMX a translation memory (CC0). Seeds
are fixed.
"""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path

import numpy as np
import torch

from bencao.kernel.models import ModelFigure, TrainingSource, write_card
from deidentify.names import MOST, Names
from deidentify.writer import Sources, Writer

TARGET = Path(__file__).resolve().parent.parent / "src" / "bencao" / "records" / "models" / "deidentify"
BEFORE, AFTER = 8, 8  # characters seen on either side of the one that may begin a name
PAIRS = (-2, -1, 0, 1, 2, 3)  # places of the pairs of characters seen as one
BUCKETS, PAIR_WIDTH = 1 << 15, 10
EMBEDDING, HIDDEN, SECOND = 28, 112, 32
PIECES, EPOCHS, SEED = 600_000, 4, 20


def read_dictionary(path: Path) -> dict[str, tuple[int, str]]:
    """Words with frequency and part of speech."""
    rows = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return {row[0]: (int(row[1]), row[2]) for row in rows if len(row) == 3}


def read_clauses(path: Path) -> list[str]:
    """Clauses of the Chinese side of a translation memory."""
    found = re.findall(r'<tuv xml:lang="zh[^"]*">\s*<seg>(.*?)</seg>', path.read_text(encoding="utf-8-sig"), re.DOTALL)
    return [
        clause for segment in found for clause in re.split("[，。；、：？！()（）]", segment) if 2 < len(clause) < 40
    ]


def vocabulary(dictionary: dict[str, tuple[int, str]]) -> np.ndarray:
    """Code points known to the model, in order; digits and Latin letters share one each."""
    count: dict[str, int] = {}
    for word, (frequency, _) in dictionary.items():
        for char in word:
            count[char] = count.get(char, 0) + frequency + 1
    han = {c for c in count if "\u4e00" <= c <= "\u9fff"}
    kept = {*sorted(han, key=lambda c: -count[c])[:5600], *Names(dictionary).heads}
    marks = set("，。、；：（）()[]【】\n\t 　/.-,:;·\"“”'《》<>|_—*+=&#@?？!！~")
    return np.array(sorted(ord(c) for c in kept | marks), dtype=np.uint32)


def codes(text: str, points: np.ndarray) -> np.ndarray:
    """0 beyond the text, 1 unknown, 2 digit, 3 Latin letter, else 4 + place in `points`."""
    raw = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    place = np.minimum(np.searchsorted(points, raw), len(points) - 1)
    out = np.where(points[place] == raw, place + 4, 1)
    out[(raw >= 48) & (raw <= 57)] = 2
    out[((raw >= 65) & (raw <= 90)) | ((raw >= 97) & (raw <= 122))] = 3
    return out


def windows(writer: Writer, points: np.ndarray, pieces: int) -> tuple[np.ndarray, np.ndarray]:
    """Each place where a name may begin, with its surroundings and the length of the name that begins there."""
    starts = np.isin(points, np.array(sorted(map(ord, writer.names.heads)), dtype=np.uint32))
    may_start = np.concatenate([np.zeros(4, bool), starts])
    seen, labels = [], []
    for _ in range(pieces):
        text, spans = writer.piece()
        if not text:
            continue
        coded = codes(text, points)
        padded = np.concatenate([np.zeros(BEFORE, int), coded, np.zeros(AFTER, int)])
        places = np.flatnonzero(may_start[coded])
        seen.append(padded[places[:, None] + np.arange(BEFORE + 1 + AFTER)[None, :]].astype(np.int16))
        labels.append(np.array([max(0, spans.get(int(place), 1) - 1) for place in places], dtype=np.int64))
    return np.concatenate(seen), np.concatenate(labels)


class Net(torch.nn.Module):
    """Embeddings of each place and of pairs, two layers; answers: no name, a name of 2 to `MOST` characters."""

    def __init__(self, characters: int) -> None:
        super().__init__()
        self.embedding = torch.nn.Embedding(characters, EMBEDDING)
        self.pairs = torch.nn.Embedding(BUCKETS, PAIR_WIDTH)
        self.first = torch.nn.Linear(EMBEDDING * (BEFORE + 1 + AFTER), HIDDEN)
        self.paired = torch.nn.Linear(PAIR_WIDTH * len(PAIRS), HIDDEN, bias=False)
        self.second = torch.nn.Linear(HIDDEN, SECOND)
        self.answer = torch.nn.Linear(SECOND, MOST)

    def forward(self, seen: torch.Tensor) -> torch.Tensor:
        left = torch.stack([seen[:, BEFORE + place] for place in PAIRS], 1)
        right = torch.stack([seen[:, BEFORE + place + 1] for place in PAIRS], 1)
        pairs = self.pairs((left * 7919 + right) % BUCKETS)
        hidden = torch.relu(self.first(self.embedding(seen).flatten(1)) + self.paired(pairs.flatten(1)))
        return self.answer(torch.relu(self.second(hidden)))


def train(seen: np.ndarray, labels: np.ndarray, characters: int) -> Net:
    """Fit the net; some characters are hidden at each step so that unknown ones are borne."""
    torch.manual_seed(SEED)
    generator = torch.Generator().manual_seed(SEED)
    net = Net(characters)
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=0.01)
    x, y = torch.from_numpy(seen), torch.from_numpy(labels)
    batch, steps = 4096, EPOCHS * (len(x) // 4096)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 6e-3, total_steps=steps + EPOCHS)
    for epoch in range(EPOCHS):
        order = torch.randperm(len(x), generator=generator)
        total = 0.0
        for start in range(0, len(x) - batch, batch):
            chosen = order[start : start + batch]
            shown = x[chosen].long()
            hidden = torch.rand(shown.shape, generator=generator) < 0.05
            loss = torch.nn.functional.cross_entropy(net(shown.masked_fill(hidden & (shown > 3), 1)), y[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
        print(f"epoch {epoch + 1}: loss {total / max(1, len(x) // batch):.4f}", flush=True)
    return net


def main(dictionary_path: Path, procedures_path: Path, memory_path: Path) -> None:
    """Write ``names.npz`` and its card."""
    dictionary = read_dictionary(dictionary_path)
    rows = (line.split("\t") for line in procedures_path.read_text(encoding="utf-8").splitlines())
    sources = Sources(dictionary, sorted({row[1].strip() for row in rows if len(row) > 1}), read_clauses(memory_path))
    points = vocabulary(dictionary)
    seen, labels = windows(Writer(sources, SEED), points, PIECES)
    print(f"{len(seen):,} places, {float((labels > 0).mean()):.3f} names", flush=True)
    net = train(seen, labels, len(points) + 4)
    held, truth = windows(Writer(sources, SEED + 1), points, 20_000)
    with torch.no_grad():
        answer = torch.softmax(net(torch.from_numpy(held.astype(np.int64))), 1).numpy()
    found = answer[:, 0] < 0.5
    recall, wrong = float(found[truth > 0].mean()), float(found[truth == 0].mean())
    right = float((answer[truth > 0, 1:].argmax(1) + 1 == truth[truth > 0]).mean())
    print(f"held-out: recall {recall:.4f}, false {wrong:.4f}, length {right:.4f}")
    weights = {name: value.detach().numpy().astype(np.float16) for name, value in net.state_dict().items()}
    names = Names(dictionary)
    TARGET.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        TARGET / "names.npz",
        points=points,
        surnames="".join(names.single),
        compounds=" ".join(names.compound),
        heads=names.heads,
        **weights,
    )
    write_card(
        TARGET,
        "names",
        version="2.1.0",
        task=f"a Chinese character that may begin a name with {BEFORE} characters before and {AFTER} after it -> no "
        f"name, or a name of 2 to {MOST} characters",
        files=["names.npz"],
        trained_on=[
            TrainingSource(
                source="pieces of notes made by training/records_names.py", licence="Apache-2.0", rows=PIECES
            ),
            TrainingSource(
                source="jieba 0.42.1 dict.txt: ordinary words and given-name characters",
                licence="MIT",
                rows=len(dictionary),
            ),
            TrainingSource(source="names of ICD-9-CM-3 procedures", licence="MIT", rows=len(sources.terms)),
            TrainingSource(source="TICO-19, clauses in Chinese", licence="CC0-1.0", rows=len(sources.clauses)),
        ],
        split="pieces of another seed by the same writer: an easier test than foreign notes",
        figures={
            "recall": ModelFigure(value=round(recall, 4), n=int((truth > 0).sum())),
            "false_share": ModelFigure(value=round(wrong, 4), n=int((truth == 0).sum())),
        },
        script="training/records_names.py",
        made=date(2026, 11, 27),
        limits="Names in Han characters that begin with a listed surname or a listed name of China's peoples; not for "
        "names of places or for classical text.",
    )


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:4]))
