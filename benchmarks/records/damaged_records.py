"""Damaged files of every form through the readers: does any crash, hang, or lose a record without a word?

python benchmarks/records/damaged_records.py SYNTHEA.zip FHIR_FOLDER [-n 500] [--seed 1] [--json] [--predictions FILE]

Sound files of 40 records (CSV in UTF-8 and GB18030, Excel, a FHIR R4 bundle and NDJSON, HL7 v2, a table of the common
data model, notes) are made from the data and damaged by a seed: bytes, pieces, lines, quotes, encodings, nesting, names
twice. Each is read as a user has it read: staged, profiled, mapped and loaded; checked; extracted and de-identified.

Every record has a number of its own. A number that still stands in the damaged file must stand again in a staged cell,
in quarantine, or in what a table tells of values that it cannot type; else its record was lost. Faults are `crashes`
(an error that is none of ours, or a worker that dies), `hangs` (beyond 60 s), `lost` (files with a lost record),
`unbalanced` (records in are not records out and in quarantine), `quoted` (an error that says what a record holds) and
`left_behind` (a refused file that leaves something). `merged` are files in which quotes made one cell of several
records; CSV allows this, so it is told and is no fault. Intervals by Clopper and Pearson over files.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
import traceback
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
from damaging import NUMBER, damaged, sound_files, unpacked
from figures import exact_interval, show

from bencao.kernel import compute
from bencao.kernel.compute import Failure
from bencao.kernel.errors import BencaoError
from bencao.records.cdm.database import open_database
from bencao.records.deidentify import Secret, Setting
from bencao.records.deidentify.tables.batches import pieces
from bencao.records.deidentify.tables.policy import policy_for
from bencao.records.deidentify.tables.transforming import transform
from bencao.records.extraction.extracting import extract_entities
from bencao.records.extraction.notes.reading import UnreadNote, read_notes
from bencao.records.loading.load import load
from bencao.records.mapping.suggest import suggest_mapping
from bencao.records.quality.checking import check_quality
from bencao.records.sources.opening import stage
from bencao.records.sources.profile import profile

FAULTS = ("crashes", "hangs", "lost", "unbalanced", "quoted", "left_behind")
_SECONDS = 60.0
_LOADED_OF = {"csv": 5, "csv_gb18030": 5, "xlsx": 5}  # every fifth of these is loaded too, of others every 25th
_CUT = 1_990  # characters of a record that quarantine keeps whole: beyond them, its file and row stand for it


@dataclass
class Outcome:
    """What became of one damaged file."""

    kind: str
    number: int
    ended: str = "read"
    faults: list[str] = field(default_factory=list)
    merged: bool = False
    detail: str = ""


def main() -> None:
    """Damage, read, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", type=Path, help="OMOP database, as `bencao records quality` reads it")
    parser.add_argument("bundles", type=Path, help="FHIR R4 bundle, or a folder of them")
    parser.add_argument("-n", type=int, default=500, help="files of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", action="append", help="only this kind, once for each")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path, help="write the outcome of every file here, as JSON lines")
    arguments = parser.parse_args()
    sound = sound_files(arguments.database, arguments.bundles)
    kinds = arguments.kind or list(sound)
    items = [(kind, *sound[kind], number, arguments.seed) for kind in kinds for number in range(arguments.n)]
    found = compute.map(outcome, items, workers=arguments.workers, timeout=_SECONDS, label="damaged files")
    outcomes = [_known(one, item) for one, item in zip(found, items, strict=True)]
    if arguments.predictions:
        lines = (json.dumps(asdict(one), ensure_ascii=False) for one in outcomes)
        arguments.predictions.write_text("\n".join(lines) + "\n", encoding="utf-8")
    show(_figures(outcomes, arguments.seed), arguments.json)


def _figures(outcomes: list[Outcome], seed: int) -> dict[str, Any]:
    faults = Counter(fault for one in outcomes for fault in set(one.faults))
    faulty = sum(bool(one.faults) for one in outcomes)
    low, high = exact_interval(faulty, len(outcomes))
    ended = Counter(one.ended for one in outcomes)
    return {
        "n": len(outcomes),
        "seed": seed,
        "read": ended["read"],
        "refused": ended["refused"],
        **{name: faults[name] for name in FAULTS},
        "merged": sum(one.merged for one in outcomes),
        "faulty": faulty / len(outcomes),
        "faulty_low": low,
        "faulty_high": high,
        **{
            f"faulty_{kind}": sum(bool(one.faults) for one in outcomes if one.kind == kind) for kind in _kinds(outcomes)
        },
    }


def _kinds(outcomes: list[Outcome]) -> list[str]:
    return list(dict.fromkeys(one.kind for one in outcomes))


def _known(found: Outcome | Failure, item: tuple[Any, ...]) -> Outcome:
    if isinstance(found, Outcome):
        return found
    fault = "hangs" if found.kind == "TimedOut" else "crashes"
    return Outcome(item[0], item[3], "ended", [fault], detail=f"{found.kind}: {found.cause}")


def outcome(item: tuple[str, str, bytes, int, int]) -> Outcome:
    """Damage a file and read it.

    Parameters
    ----------
    item : (str, str, bytes, int, int)
        Kind, name and bytes of the sound file; number of the damage; seed.
    """
    kind, name, data, number, seed = item
    if number:  # the first is sound, and shows that all its records are found
        data = damaged(kind, data, random.Random(f"{seed} {kind} {number}"))
    told = Outcome(kind, number)
    folder = Path(tempfile.mkdtemp(prefix="bencao-damage-"))
    try:
        (folder / "in").mkdir()
        (folder / "in" / name).write_bytes(data)
        _READERS.get(kind, _staged)(folder, folder / "in" / name, data, told)
    except BencaoError as error:
        told.ended, told.detail = "refused", f"{error.kind}: {error}"
        if NUMBER.search(str(error).encode("utf-8", "replace")):
            told.faults.append("quoted")
        if left := [path.name for path in folder.iterdir() if path.name != "in"]:
            told.faults.append("left_behind")
            told.detail += f" {left}"
    except Exception:
        told.ended, told.detail = "crashed", traceback.format_exc()[-1_500:]
        told.faults.append("crashes")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return told


def _staged(folder: Path, path: Path, data: bytes, told: Outcome) -> None:
    """Stage; of some files profile the tables too, suggest a mapping, and load by it."""
    staging = stage(path, folder / "staged")
    tables = [pl.read_parquet(one.path) for one in staging.staged if one.path.exists()]
    if sum(table.height for table in tables) != sum(one.rows for one in staging.staged) or len(
        staging.quarantine
    ) != sum(one.quarantined for one in staging.staged):
        told.faults.append("unbalanced")
    cells = ["\n".join(table.columns) for table in tables] + [_text(table) for table in tables]
    kept = [one.raw for one in staging.quarantine]
    told.merged = any(len(NUMBER.findall(cell.encode())) > 1 for table in tables for cell in _cells(table))
    standing = b"\n".join(unpacked(data).values()) if path.suffix == ".xlsx" else data
    _lost(standing, [*cells, *kept], any(len(raw) >= _CUT for raw in kept), told)
    (folder / "staged").rename(folder / "in" / "staged")  # what later steps leave is counted apart
    if tables and told.number % _LOADED_OF.get(told.kind, 25) == 0:
        profile(folder / "in" / "staged")
        mapping = suggest_mapping(folder / "in" / "staged")
        if mapping.tables:
            loaded = load(folder / "in" / "staged", mapping, folder / "omop", accept_suggestions=True)
            if loaded.read != loaded.taken + loaded.rejected:
                told.faults.append("unbalanced")


def _checked(folder: Path, path: Path, data: bytes, told: Outcome) -> None:
    """Open as a database of the common data model, and check it."""
    (path.parent / "person.csv").write_text("person_id,gender_concept_id\n1,8507\n", encoding="utf-8")
    with open_database(path.parent) as database:
        if told.number % 5 == 0:
            check_quality(database)
        if "measurement" not in database.tables:
            return
        table = database.tables["measurement"]
        rows = database.connection.execute("SELECT * FROM cdm.measurement").fetchall()
        cells = "\n".join(str(cell) for row in rows for cell in row if cell is not None)
        _lost(data, [cells, *table.unknown], bool(table.uncast or table.unknown), told)


def _noted(folder: Path, path: Path, data: bytes, told: Outcome) -> None:
    """Read notes for extraction, then take the same file through de-identification."""
    found = list(read_notes(path))
    if len(found) != sum(bool(line.strip()) for line in data.split(b"\n")):
        told.faults.append("unbalanced")
    for one in found:
        if isinstance(one, UnreadNote):
            if NUMBER.search(f"{one.where} {one.cause}".encode()):
                told.faults.append("quoted")
        else:
            extract_entities(one.text, note_date=one.date)
    setting = Setting(Secret(b"a key for the benchmark"))
    kept = []
    for columns in pieces(path):
        piece = transform(columns, "notes", policy_for("notes", columns), setting)
        kept += [str(cell) for cells in piece.columns.values() for cell in cells]
    if found and not kept:
        told.faults.append("unbalanced")


_READERS = {"omop": _checked, "notes": _noted}


def _cells(table: pl.DataFrame) -> list[str]:
    return [cell for name, kind in table.schema.items() if kind == pl.String for cell in table[name] if cell]


def _text(table: pl.DataFrame) -> str:
    return "\n".join(str(cell) for row in table.iter_rows() for cell in row if cell is not None)


def _lost(data: bytes, out: list[str], is_cut: bool, told: Outcome) -> None:
    """A number that stands oftener in the file than in all that was made of it."""
    before = Counter(NUMBER.findall(data))
    after = Counter(NUMBER.findall("\n".join(out).encode("utf-8", "replace")))
    if (missing := before - after) and not is_cut:
        told.faults.append("lost")
        told.detail = f"{missing.total()} of {before.total()} numbers lost, first {next(iter(missing)).decode()}"


if __name__ == "__main__":
    main()
