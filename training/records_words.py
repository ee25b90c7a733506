"""List the ordinary Chinese words that begin as a name may, for the room `records`.

    python training/records_words.py JIEBA_DICT

JIEBA_DICT is jieba 0.42.1's dictionary (MIT). What begins with one of these words needs more evidence to be a name.
Run it after `records_names.py`, whose model says which characters begin names.
"""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import numpy as np

TARGET = Path(__file__).resolve().parent.parent / "src" / "bencao" / "records" / "models" / "deidentify"
FREQUENT = 3


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
    """Write ``ordinary.txt.gz``."""
    text = "# Derived from the dictionary of jieba 0.42.1 (MIT) by training/records_words.py\n"
    text += " ".join(ordinary(dictionary)) + "\n"
    (TARGET / "ordinary.txt.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
