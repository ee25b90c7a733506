"""Convert SDTM controlled terminology, an R data frame, into the table that the trial room ships, with its card.

    python training/trial_terminology.py ../shared/data/trial/ct/ct.rds

The terminology is the National Cancer Institute's (NCI EVS, CDISC SDTM Controlled Terminology); the file is that of the
R package sdtm.terminology (Apache-2.0). R's serialisation is read here by its documented layout (R Internals, section
1.8): the readers at hand carry licences that a dependency of ours may not have.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import hashlib
import json
import lzma
import struct
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from bencao.kernel.files import sha256_of, write_bytes, write_text
from bencao.trial.conformance.terminology import SHIPPED_TERMINOLOGY

_NIL, _GLOBAL, _REFERENCE, _ALTREP = 254, 253, 255, 238
_PAIRLIST, _SYMBOL, _CHARACTER = 2, 1, 9
_LOGICAL, _INTEGER, _REAL, _STRINGS, _VECTOR, _ATTRIBUTES = 10, 13, 14, 16, 19, 0x200


class RdsReader:
    """Objects of R's XDR serialisation, version 2 and 3, as far as data frames of texts and numbers need them."""

    def __init__(self, content: bytes) -> None:
        self._stream = BytesIO(content)
        self._references: list[Any] = []
        if self._stream.read(2) != b"X\n":
            raise ValueError("no R object in XDR form")
        version, _, _ = (self._integer() for _ in range(3))
        if version == 3:
            self._stream.read(self._integer())

    def _integer(self) -> int:
        return int(struct.unpack(">i", self._stream.read(4))[0])

    def read(self) -> Any:
        """The next object; a list or vector with attributes comes as (values, attributes)."""
        flags = self._integer()
        kind = flags & 0xFF
        if kind in (_NIL, _GLOBAL):
            return None
        if kind == _REFERENCE:
            return self._references[(flags >> 8) - 1]
        if kind == _SYMBOL:
            name = self.read()
            self._references.append(name)
            return name
        if kind == _CHARACTER:
            length = self._integer()
            return None if length < 0 else self._stream.read(length).decode("utf-8", "replace")
        if kind == _PAIRLIST:
            return self._pairs(flags)
        if kind == _ALTREP:
            return self._compact()
        values = self._vector(kind)
        if flags & _ATTRIBUTES:
            return values, self.read() or {}
        return values

    def _pairs(self, flags: int) -> dict[str, Any]:
        pairs: dict[str, Any] = {}
        while flags & 0xFF == _PAIRLIST:
            if flags & _ATTRIBUTES:
                self.read()
            tag = self.read() if flags & 0x400 else str(len(pairs))
            pairs[tag] = self.read()
            flags = self._integer()
        return pairs

    def _compact(self) -> Any:
        """A vector in a short form: a sequence of numbers, or texts or a vector wrapped."""
        info, state, _ = self.read(), self.read(), self.read()
        name = next(iter(info.values())) if isinstance(info, dict) else ""
        if name in ("compact_intseq", "compact_realseq"):
            length, first, step = state
            return [first + step * place for place in range(int(length))]
        return next(iter(state.values())) if isinstance(state, dict) else state[0]

    def _vector(self, kind: int) -> list[Any]:
        length = self._integer()
        if kind in (_LOGICAL, _INTEGER):
            numbers = struct.unpack(f">{length}i", self._stream.read(4 * length))
            return [None if number == -(2**31) else number for number in numbers]
        if kind == _REAL:
            return list(struct.unpack(f">{length}d", self._stream.read(8 * length)))
        if kind in (_STRINGS, _VECTOR):
            return [self.read() for _ in range(length)]
        raise ValueError(f"R type {kind} is not read here")


def read_data_frame(path: Path) -> dict[str, list[Any]]:
    """Columns of an R data frame; a factor as its labels."""
    content = path.read_bytes()
    for start, opened in ((b"\x1f\x8b", gzip), (b"BZh", bz2), (b"\xfd7zXZ", lzma)):
        if content.startswith(start):
            content = opened.decompress(content)
    values, attributes = RdsReader(content).read()
    columns = {}
    for name, column in zip(attributes["names"], values, strict=True):
        if isinstance(column, tuple):
            column, own = column
            if "levels" in own:
                column = [None if code is None else own["levels"][code - 1] for code in column]
        columns[name] = column
    return columns


def convert(path: Path) -> pl.DataFrame:
    """Codelists and their terms, a row each, the codelist's own row first."""
    columns = read_data_frame(path)
    return pl.DataFrame(
        {
            "codelist": columns["clst_code"],
            "code": columns["code"],
            "value": columns["term"],
            "preferred": columns["nci"],
            "is_codelist": [bool(flag) for flag in columns["is_clst"]],
            "extensible": [None if flag is None else bool(flag) for flag in columns["ext"]],
        },
        schema_overrides={"extensible": pl.Boolean},
    ).sort("codelist", "is_codelist", descending=[False, True], maintain_order=True)


def card(source: Path, table: pl.DataFrame, written: bytes) -> dict[str, object]:
    """What the shipped file is, from what, and under which licence."""
    return {
        "name": "SDTM controlled terminology",
        "package": "SDTM CT 2025-03-28",
        "source": "NCI Enterprise Vocabulary Services (EVS), through the R package sdtm.terminology",
        "licence": "NCI EVS terminology is free to use with the source named; sdtm.terminology: Apache-2.0",
        "left_out": "synonyms and definitions",
        "codelists": int(table["is_codelist"].sum()),
        "terms": len(table) - int(table["is_codelist"].sum()),
        "input_sha256": sha256_of(source),
        "sha256": hashlib.sha256(written).hexdigest(),
        "script": "training/trial_terminology.py",
    }


def main() -> None:
    """Write the table and its card into the package."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="ct.rds of sdtm.terminology")
    source = parser.parse_args().source
    table = convert(source)
    out = BytesIO()
    table.write_parquet(out, compression="zstd", compression_level=19, statistics=False)
    SHIPPED_TERMINOLOGY.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(SHIPPED_TERMINOLOGY, out.getvalue())
    text = json.dumps(card(source, table, out.getvalue()), indent=2)
    write_text(SHIPPED_TERMINOLOGY.with_suffix(".json"), text + "\n")
    print(text)


if __name__ == "__main__":
    main()
