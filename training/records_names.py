"""Train the small model that finds Chinese names in notes, for the room `records`.

    python training/records_names.py JIEBA_DICT SURGERY_TERMS_TSV

Text is made here: names drawn from surname and given-name lists, set among the cues of a hospital's notes and among
ordinary words. No patient's text and no corpus of clinical text is used. The jieba dictionary (MIT) gives the ordinary
words with their frequency, the surgery terms (MIT) procedures' names. Seeds are fixed.
"""

from __future__ import annotations

import random
import sys
from datetime import date
from pathlib import Path

import numpy as np
import torch

from bencao.kernel.models import ModelFigure, TrainingSource, write_card
from deidentify import contexts
from deidentify.names import Names

TARGET = Path(__file__).resolve().parent.parent / "src" / "bencao" / "records" / "models" / "deidentify"
BEFORE, AFTER = 6, 8  # characters seen on either side of the one that may begin a name
EMBEDDING, HIDDEN, SECOND = 28, 112, 32
SENTENCES, EPOCHS, SEED = 420_000, 6, 20


def read_dictionary(path: Path) -> dict[str, tuple[int, str]]:
    """Words with frequency and part of speech."""
    rows = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return {row[0]: (int(row[1]), row[2]) for row in rows if len(row) == 3}


class Writer:
    """Writes sentences with the places of the names in them."""

    def __init__(self, dictionary: dict[str, tuple[int, str]], terms: list[str], seed: int) -> None:
        self.random = random.Random(seed)
        self.names = Names(dictionary)
        plain = {
            w: f for w, (f, kind) in dictionary.items() if not kind.startswith("nr") and "\u4e00" <= w[0] <= "\u9fff"
        }
        self._words, self._weights = list(plain), np.cumsum([(f + 3) ** 0.6 for f in plain.values()])
        first = set(self.names.single) | {word[0] for word in self.names.compound}
        hard = [(w, f) for w, f in plain.items() if w[0] in first and len(w) > 1]
        self._hard, self._hard_weights = [w for w, _ in hard], np.cumsum([(f + 3) ** 0.4 for _, f in hard])
        self._terms = terms

    def word(self) -> str:
        """An ordinary word, one that begins like a surname, a medical word or a term."""
        chance = self.random.random()
        if chance < 0.4:
            return self._drawn(self._words, self._weights)
        if chance < 0.6:
            return self._drawn(self._hard, self._hard_weights)
        if chance < 0.9:
            return self.random.choice(contexts.MEDICAL if self.random.random() < 0.6 else contexts.SENTENCES)
        return self.random.choice(self._terms)

    def _drawn(self, words: list[str], weights: np.ndarray) -> str:
        return words[int(np.searchsorted(weights, self.random.random() * weights[-1], side="right"))]

    def before(self) -> str:
        """What may stand before a name."""
        choose, chance = self.random.choice, self.random.random()
        if chance < 0.28:
            return choose(contexts.LABELS) + choose(["：", ":", ": ", "： ", " ", "", "（", "\n", "：\t"])
        if chance < 0.55:
            return choose(contexts.ROLES_BEFORE) + choose(["", "", "", "", "（", "：", " ", "("])
        if chance < 0.75:
            return choose(contexts.VERBS_BEFORE) + (choose(contexts.ROLES_BEFORE) if self.random.random() < 0.2 else "")
        if chance < 0.93:
            return choose(contexts.STARTS)
        return self.word()

    def after(self) -> str:
        """What may stand after a name."""
        choose, chance = self.random.choice, self.random.random()
        if chance < 0.25:
            return choose(contexts.TITLES_AFTER) + (choose(contexts.VERBS_AFTER) if self.random.random() < 0.5 else "")
        if chance < 0.5:
            return choose(contexts.VERBS_AFTER) + (self.word() if self.random.random() < 0.7 else "")
        if chance < 0.93:
            return choose(contexts.ENDS) + (self.word() if self.random.random() < 0.4 else "")
        return self.word()

    def plain(self, most: int) -> str:
        """Text without names: words, digits and marks."""
        parts = []
        for _ in range(self.random.randint(0, most)):
            parts.append(self.word())
            if self.random.random() < 0.3:
                parts.append(
                    self.random.choice(["，", "。", "、", "；", "：", "0", "00", "mg", " ", "（", "）", "\n", "."])
                )
        return "".join(parts)

    def sentence(self) -> tuple[str, dict[int, int]]:
        """Text, and start to length of each name in it."""
        text, spans = self.plain(2), {}
        if self.random.random() < 0.45:  # the cues without a name: what follows is an ordinary word
            text += self.before() + self.word() + self.after() + self.plain(2)
            return text, spans
        for _ in range(1 if self.random.random() < 0.75 else 2):
            before = self.before()
            text += before
            name = self.names.name(self.random)
            if len(before) > 1 and self.random.random() < 0.06:  # a name that is a word as well: 江河, 万里
                word = self._drawn(self._hard, self._hard_weights)
                name = word if 2 <= len(word) <= 3 and word not in contexts.MEDICAL else name
            spans[len(text)] = len(name)
            text += name + self.after()
        return text + self.plain(2), spans


def vocabulary(dictionary: dict[str, tuple[int, str]]) -> np.ndarray:
    """Code points known to the model, in order; digits and Latin letters share one each."""
    count: dict[str, int] = {}
    for word, (frequency, _) in dictionary.items():
        for char in word:
            count[char] = count.get(char, 0) + frequency + 1
    han = [c for c in count if "\u4e00" <= c <= "\u9fff"]
    kept = sorted(sorted(han, key=lambda c: -count[c])[:5600])
    marks = sorted(set("，。、；：（）()[]【】\n\t 　/.-,:;·\"“”'《》<>|_—*+=&#@?？!！~"))
    return np.array(sorted(ord(c) for c in {*kept, *marks}), dtype=np.uint32)


def codes(text: str, points: np.ndarray) -> np.ndarray:
    """0 beyond the text, 1 unknown, 2 digit, 3 Latin letter, else 4 + place in `points`."""
    raw = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32)
    place = np.minimum(np.searchsorted(points, raw), len(points) - 1)
    out = np.where(points[place] == raw, place + 4, 1)
    out[(raw >= 48) & (raw <= 57)] = 2
    out[((raw >= 65) & (raw <= 90)) | ((raw >= 97) & (raw <= 122))] = 3
    return out


def windows(writer: Writer, points: np.ndarray, sentences: int) -> tuple[np.ndarray, np.ndarray]:
    """Each place where a surname may stand, with its surroundings and the length of the name that begins there."""
    single = {ord(c) for c in writer.names.single} | {ord(word[0]) for word in writer.names.compound}
    starts = np.isin(points, np.array(sorted(single), dtype=np.uint32))
    may_start = np.concatenate([np.zeros(4, bool), starts])
    seen, labels = [], []
    for _ in range(sentences):
        text, spans = writer.sentence()
        if not text:
            continue
        coded = codes(text, points)
        padded = np.concatenate([np.zeros(BEFORE, int), coded, np.zeros(AFTER, int)])
        places = np.flatnonzero(may_start[coded])
        seen.append(padded[places[:, None] + np.arange(BEFORE + 1 + AFTER)[None, :]].astype(np.int16))
        labels.append(np.array([max(0, spans.get(int(place), 1) - 1) for place in places], dtype=np.int64))
    return np.concatenate(seen), np.concatenate(labels)


class Net(torch.nn.Module):
    """Embedding of each place, two layers, four answers: no name, a name of 2, 3 or 4 characters."""

    def __init__(self, characters: int) -> None:
        super().__init__()
        self.embedding = torch.nn.Embedding(characters, EMBEDDING)
        self.first = torch.nn.Linear(EMBEDDING * (BEFORE + 1 + AFTER), HIDDEN)
        self.second = torch.nn.Linear(HIDDEN, SECOND)
        self.answer = torch.nn.Linear(SECOND, 4)

    def forward(self, seen: torch.Tensor) -> torch.Tensor:
        hidden = torch.relu(self.first(self.embedding(seen).flatten(1)))
        return self.answer(torch.relu(self.second(hidden)))


def train(seen: np.ndarray, labels: np.ndarray, characters: int) -> Net:
    """Fit the net; some characters are hidden at each step so that unknown ones are borne."""
    torch.manual_seed(SEED)
    generator = torch.Generator().manual_seed(SEED)
    net = Net(characters)
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=0.01)
    x, y = torch.from_numpy(seen.astype(np.int64)), torch.from_numpy(labels)
    batch, steps = 4096, EPOCHS * (len(x) // 4096)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 6e-3, total_steps=steps + EPOCHS)
    for epoch in range(EPOCHS):
        order = torch.randperm(len(x), generator=generator)
        total = 0.0
        for start in range(0, len(x) - batch, batch):
            chosen = order[start : start + batch]
            shown = x[chosen]
            hidden = torch.rand(shown.shape, generator=generator) < 0.04
            loss = torch.nn.functional.cross_entropy(net(shown.masked_fill(hidden & (shown > 3), 1)), y[chosen])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += float(loss.detach())
        print(f"epoch {epoch + 1}: loss {total / max(1, len(x) // batch):.4f}", flush=True)
    return net


def main(dictionary_path: Path, terms_path: Path) -> None:
    """Write ``names.npz`` and its card."""
    dictionary = read_dictionary(dictionary_path)
    terms = sorted({line.split("\t")[0].strip() for line in terms_path.read_text(encoding="utf-8").splitlines()[1:]})
    terms = [term for term in terms if term]
    points = vocabulary(dictionary)
    seen, labels = windows(Writer(dictionary, terms, SEED), points, SENTENCES)
    print(f"{len(seen):,} places, {float((labels > 0).mean()):.3f} names", flush=True)
    net = train(seen, labels, len(points) + 4)
    held, truth = windows(Writer(dictionary, terms, SEED + 1), points, 20_000)
    with torch.no_grad():
        answer = torch.softmax(net(torch.from_numpy(held.astype(np.int64))), 1).numpy()
    found = answer[:, 0] < 0.5
    recall = float(found[truth > 0].mean())
    wrong = float(found[truth == 0].mean())
    print(
        f"held-out: recall {recall:.4f}, false {wrong:.4f}, length "
        f"{float((answer[truth > 0, 1:].argmax(1) + 1 == truth[truth > 0]).mean()):.4f}"
    )
    weights = {name: value.detach().numpy().astype(np.float16) for name, value in net.state_dict().items()}
    TARGET.mkdir(parents=True, exist_ok=True)
    singles, compounds = "".join(Names(dictionary).single), " ".join(Names(dictionary).compound)
    np.savez_compressed(TARGET / "names.npz", points=points, surnames=singles, compounds=compounds, **weights)
    write_card(
        TARGET,
        "names",
        version="1.0.0",
        task="a Chinese surname character with 6 characters before and 8 after it -> no name, or a name of 2, 3 "
        "or 4 characters",
        files=["names.npz"],
        trained_on=[
            TrainingSource(source="sentences made by training/records_names.py", licence="Apache-2.0", rows=SENTENCES),
            TrainingSource(
                source="jieba 0.42.1 dict.txt: ordinary words and given-name characters",
                licence="MIT",
                rows=len(dictionary),
            ),
            TrainingSource(
                source="CHIP-CDN-like surgery terms, names of procedures only", licence="MIT", rows=len(terms)
            ),
        ],
        split="sentences of another seed by the same writer: an easier test than foreign notes",
        figures={
            "recall": ModelFigure(value=round(recall, 4), n=int((truth > 0).sum())),
            "false_share": ModelFigure(value=round(wrong, 4), n=int((truth == 0).sum())),
        },
        script="training/records_names.py",
        made=date(2026, 11, 27),
        limits="Names in Han characters that begin with a listed surname; not for names of places or for classical "
        "text.",
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
