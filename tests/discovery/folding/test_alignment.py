"""What may be folded: one sequence, or an alignment whose first it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bencao.discovery.errors import SequenceError
from bencao.discovery.folding.alignment import AMINO_ACIDS, read_alignment, single_sequence

MINI = "NLYIQWLKDGGPSSGRPPPS"


def test_insertions_and_gaps_of_the_target_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "family.a3m"
    file.write_text(f">target\n{MINI[:5]}-{MINI[5:]}\n>other\n{MINI[:5]}Aaa{MINI[5:8]}-X{MINI[10:]}\n")
    read = read_alignment(file)
    assert (read.name, read.sequence, read.rows.shape) == ("target", MINI, (2, 20))
    assert list(np.flatnonzero(read.rows[1] == 20)) == [8, 9]  # a gap, and a letter that is no amino acid
    assert all(AMINO_ACIDS[place] == letter for place, letter in zip(read.rows[0], MINI, strict=True))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (">a\n" + MINI.replace("W", "B"), "residue 6"),
        (">a\nMKV\n", "20 to 400"),
        (">a\n" + "A" * 401, "401 residues"),
        ("", "no sequence"),
        (f">a\n{MINI}\n>b\n{MINI[:-1]}\n", "sequence 2 b"),
    ],
)
def test_what_cannot_be_folded_is_named(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "bad.fasta"
    file.write_text(text)
    with pytest.raises(SequenceError, match=told) as caught:
        read_alignment(file)
    assert "bad.fasta" in caught.value.where and caught.value.mend


def test_a_sequence_alone_may_have_blanks() -> None:
    assert single_sequence("nlyiq wlkdg gpssg rppps").sequence == MINI
