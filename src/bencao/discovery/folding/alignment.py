"""Read what is to be folded: one sequence, or an alignment whose first sequence it is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bencao.discovery.errors import SequenceError

# The order in which the network's inputs count the amino acids; a gap is the last.
AMINO_ACIDS = "ARNDCQEGHILKMFPSTWYV"
_GAP = len(AMINO_ACIDS)
_SHORTEST, _LONGEST = 20, 400
# Rows that are read of an alignment; the covariance of more costs time and tells little more.
_MOST_ROWS = 5_000


@dataclass(frozen=True)
class Alignment:
    """Sequences over the columns of the first.

    Attributes
    ----------
    name : str
    sequence : str
        The first row, one letter an amino acid.
    rows : ndarray of int8, shape (sequences, length)
        Places in `AMINO_ACIDS`; 20 for a gap or an unknown residue.
    """

    name: str
    sequence: str
    rows: NDArray[np.int8]


def read_alignment(path: Path) -> Alignment:
    """Read a FASTA or A3M file: lower case letters are insertions against the first sequence and are left out.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Alignment

    Raises
    ------
    SequenceError
        Where the file is no text, is empty, or a sequence is not of amino acids, too short, too long, or of another
        length than the first.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SequenceError(f"cannot be read: {error}", where=path.name, mend="give FASTA or A3M as text") from None
    entries = _entries(text)
    if not entries:
        raise SequenceError("holds no sequence", where=path.name, mend="give FASTA or A3M")
    name, first = entries[0]
    return _aligned(path.name, name or path.stem, first.replace("-", ""), entries)


def single_sequence(sequence: str, name: str = "sequence") -> Alignment:
    """Take a sequence alone, without relatives.

    Parameters
    ----------
    sequence : str
        One letter an amino acid; blanks are ignored.
    name : str

    Returns
    -------
    Alignment

    Raises
    ------
    SequenceError
        Where it is not of the twenty amino acids, or shorter or longer than can be folded.
    """
    return _aligned(name, name, sequence, [("", sequence)])


def _entries(text: str) -> list[tuple[str, str]]:
    entries: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        if line.startswith(">"):
            entries.append(((line[1:].split() or [""])[0], []))
        elif line.strip() and not line.startswith(("#", ";")):
            if not entries:
                entries.append(("", []))
            entries[-1][1].append("".join(line.split()))
    return [(name, "".join(parts)) for name, parts in entries[:_MOST_ROWS]]


def _aligned(where: str, name: str, first: str, entries: list[tuple[str, str]]) -> Alignment:
    sequence = "".join(first.split()).upper().rstrip("*")
    _refuse(sequence, where)
    columns = [column for column, letter in enumerate(_matched(entries[0][1].upper().rstrip("*"))) if letter != "-"]
    rows = [[AMINO_ACIDS.index(letter) for letter in sequence]]
    width = len(_matched(entries[0][1].upper().rstrip("*")))
    for number, (label, told) in enumerate(entries[1:], start=2):
        letters = _matched(told)
        if len(letters) != width:
            raise SequenceError(
                f"has {len(letters)} columns, the first has {width}",
                where=f"{where}: sequence {number} {label}".rstrip(),
                mend="give aligned sequences (A3M: insertions in lower case)",
            )
        rows.append([_place(letters[column]) for column in columns])
    return Alignment(name, sequence, np.array(rows, dtype=np.int8))


def _matched(told: str) -> str:
    return "".join(letter for letter in told if not letter.islower() and letter != ".")


def _place(letter: str) -> int:
    place = AMINO_ACIDS.find(letter)
    return place if place >= 0 else _GAP


def _refuse(sequence: str, where: str) -> None:
    for place, letter in enumerate(sequence, start=1):
        if letter not in AMINO_ACIDS:
            raise SequenceError(
                f"{letter!r} is none of the twenty amino acids",
                where=f"{where}: residue {place}",
                mend=f"use one of {AMINO_ACIDS}; put the standard residue where a modified one stands",
            )
    if not _SHORTEST <= len(sequence) <= _LONGEST:
        raise SequenceError(
            f"has {len(sequence)} residues, from {_SHORTEST} to {_LONGEST} can be folded",
            where=where,
            mend="give one domain",
        )
