"""List the ordinary Chinese words that begin as a name may, and pairs of characters in words, for the room `records`.

    python training/records_words.py JIEBA_DICT

JIEBA_DICT is jieba 0.42.1's dictionary (MIT). What begins with one of these words needs more evidence to be a name.
Run it after `records_names.py`, whose model says which characters begin names. Of each pair of neighbours in words that
are no names, `pairs.npz` holds how frequent it is, in steps of ten.
"""

from __future__ import annotations

import gzip
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from bencao.records.deidentify.finding.lexicon import pair_number

TARGET = Path(__file__).resolve().parent.parent / "src" / "bencao" / "records" / "models" / "deidentify"
FREQUENT = 3
PAIRED = 5  # times that a pair stands in the words that jieba counted


def pairs(dictionary: Path) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of pairs of neighbouring Han characters (`lexicon.pair_number`), in order, and the step of each."""
    count: Counter[int] = Counter()
    for line in dictionary.read_text(encoding="utf-8").splitlines():
        word, many, kind = line.split()
        if not kind.startswith(("nr", "ns", "nt")) and all("\u4e00" <= char <= "\u9fff" for char in word):
            numbers = pair_number(np.array([ord(char) for char in word], np.uint32))
            for number in numbers.tolist():
                count[number] += int(many)
    kept = sorted(number for number, many in count.items() if many >= PAIRED)
    steps = np.minimum(np.log10([count[number] for number in kept]) + 0.5, 4).astype(np.uint8)
    return np.array(kept, np.uint32), steps


def ordinary(dictionary: Path) -> list[str]:
    """Words of two or three characters, without names of persons and places and without what a shorter one begins."""
    with np.load(TARGET / "names.npz", allow_pickle=False) as model:
        heads, compounds = set(str(model["heads"])), set(str(model["compounds"]).split())
    rows = (line.split() for line in dictionary.read_text(encoding="utf-8").splitlines())
    words = {
        word
        for word, count, kind in rows
        if 2 <= len(word) <= 3
        and word[0] in heads
        and int(count) >= FREQUENT
        and not kind.startswith(("nr", "ns"))
        and word[:2] not in compounds
    }
    return sorted(word for word in words if len(word) == 2 or word[:2] not in words)


def main(dictionary: Path) -> None:
    """Write ``ordinary.txt.gz`` and ``pairs.npz``."""
    text = "# Derived from the dictionary of jieba 0.42.1 (MIT) by training/records_words.py\n"
    text += " ".join(ordinary(dictionary)) + "\n"
    (TARGET / "ordinary.txt.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    numbers, steps = pairs(dictionary)
    np.savez_compressed(TARGET / "pairs.npz", gaps=np.diff(numbers, prepend=np.uint32(0)), steps=steps)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
