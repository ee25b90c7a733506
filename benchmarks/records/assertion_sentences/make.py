"""Writes `sentences.tsv` from the frames: python benchmarks/records/assertion_sentences/make.py"""

from __future__ import annotations

import random
import re
from pathlib import Path

HERE = Path(__file__).parent
FILLS, SEED = 4, 20261127
SPLITS = ("dev", "test", "reserve", "clinic", "lists", "rounds", "letters", "visits", "mixed", "phrases")
LABELS = {"p": "present", "n": "negated", "u": "possible", "c": "conditional", "f": "family", "h": "history"}
COLUMNS = ("id", "split", "language", "sentence", "start", "end", "entity", "assertion", "cue", "frame")
_SLOT = re.compile(r"\[(?:([A-Z])|(?:[A-Z]:)?([^|\]]+))\|([pnucfh])\]")


def rows(split: str, language: str) -> list[tuple[str, ...]]:
    """A row an entity of every sentence of a split."""
    lists: dict[str, list[str]] = {}
    found: list[tuple[str, ...]] = []
    seen: set[str] = set()
    name, frame = "", 0
    for line in (HERE / f"{language}_{split}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            name = line[3:]
        elif not name.startswith("frames "):
            lists[name] = line.split(" | ")
        else:
            frame += 1
            for fill in range(FILLS):
                draw = random.Random(f"{SEED} {split} {language} {frame} {fill}")
                sentence, entities = _filled(line, lists, draw)
                if sentence in seen:
                    continue
                seen.add(sentence)
                cue, key = name.removeprefix("frames "), f"{language}-{split}-{frame}"
                for start, end, label in entities:
                    place = (str(start), str(end), sentence[start:end], LABELS[label])
                    found.append((f"{key}-{fill}", split, language, sentence, *place, cue, key))
    return found


def _filled(frame: str, lists: dict[str, list[str]], draw: random.Random) -> tuple[str, list[tuple[int, int, str]]]:
    """A sentence and its entities; no entity stands in it twice, nor one that holds another."""
    used: list[str] = []
    written, entities, place = "", [], 0
    for match in _SLOT.finditer(frame):
        written += frame[place : match.start()]
        word = match[2]
        if match[1]:
            free = [one for one in lists[match[1]] if not any(one in other or other in one for other in used)]
            word = draw.choice(free)
        used.append(word)
        if not written:
            word = word[0].upper() + word[1:]
        entities.append((len(written), len(written) + len(word), match[3]))
        written, place = written + word, match.end()
    return written + frame[place:], entities


def main() -> None:
    """Write the table."""
    lines = ["\t".join(COLUMNS)]
    for language in ("zh", "en"):
        for split in SPLITS:
            lines += ["\t".join(row) for row in rows(split, language)]
    (HERE / "sentences.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
