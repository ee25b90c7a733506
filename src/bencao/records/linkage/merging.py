"""Bring the records of one person together in an OMOP folder, and undo it byte for byte."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bencao.kernel.files import make_folder, sha256_of
from bencao.records.errors import LinkageError
from bencao.records.parquet import told_if_damaged

KEPT = "_before_merge"
_DIGESTS = "digests.csv"


@dataclass(frozen=True)
class Merged:
    """What was merged.

    Attributes
    ----------
    persons : int
        Records of persons that were given up for another.
    rows : dict of int
        Rows of each table that have another person now.
    """

    persons: int
    rows: Mapping[str, int]


def merge_persons(folder: Path, survivors: Mapping[int, int]) -> Merged:
    """Give the records of merged persons to the person that survives.

    The tables as they were stay in ``_before_merge``, from which `unmerge_persons` restores them.

    Parameters
    ----------
    folder : Path
        Of an OMOP database, a Parquet file a table.
    survivors : dict of int
        From each person_id that is given up to the one that survives.

    Returns
    -------
    Merged

    Raises
    ------
    LinkageError
        A folder that was merged already, has no persons, or lacks a person that is to survive.
    """
    kept = folder / KEPT
    if kept.exists():
        raise LinkageError("was merged already", where=folder.name, mend="undo it first: bencao records unmerge")
    tables = {path.stem: path for path in sorted(folder.glob("*.parquet"))}
    if "person" not in tables:
        raise LinkageError("has no table person", where=folder.name, mend="give what `bencao records load` wrote")
    with told_if_damaged(tables["person"]):
        there = set(pl.read_parquet(tables["person"], columns=["person_id"])["person_id"].to_list())
    _hold_against(survivors, there, folder.name)
    part = folder / f"{KEPT}.part"
    shutil.rmtree(part, ignore_errors=True)
    make_folder(part)
    try:
        rows = _write_merged(tables, survivors, part)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    # From here on the folder holds both; a run that stops half-way is finished or undone from what is kept.
    part.rename(kept)
    for name in rows:
        (kept / f"{name}.new").replace(tables[name])
    return Merged(rows.get("person", 0), rows)


def _write_merged(tables: Mapping[str, Path], survivors: Mapping[int, int], part: Path) -> dict[str, int]:
    """Write each table that changes beside what it was; rows changed of each."""
    rows: dict[str, int] = {}
    for name, path in tables.items():
        with told_if_damaged(path):
            table = pl.read_parquet(path)
        if "person_id" not in table.columns or not table["person_id"].is_in(list(survivors)).any():
            continue
        rows[name] = int(table["person_id"].is_in(list(survivors)).sum())
        if name == "person":
            changed = table.filter(~pl.col("person_id").is_in(list(survivors)))
        else:
            changed = table.with_columns(pl.col("person_id").replace(dict(survivors)))
        changed.write_parquet(part / f"{name}.new")
        shutil.copy2(path, part / path.name)
    _write_digests(part)
    return rows


def unmerge_persons(folder: Path) -> int:
    """Restore the tables as they were before `merge_persons`.

    Returns
    -------
    int
        How many tables were restored.

    Raises
    ------
    LinkageError
        A folder that was not merged, or whose kept tables are not what they were.
    """
    kept = folder / KEPT
    if not (kept / _DIGESTS).is_file():
        raise LinkageError("was not merged", where=folder.name, mend="give a folder that `merge` changed")
    digests = dict(pl.read_csv(kept / _DIGESTS, infer_schema=False).iter_rows())
    for name, digest in digests.items():
        if not (kept / name).is_file() or sha256_of(kept / name) != digest:
            raise LinkageError("is not what was kept", where=f"{folder.name}/{KEPT}/{name}", mend="restore a backup")
    for name in digests:
        copy = folder / f".{name}.part"
        shutil.copy2(kept / name, copy)
        copy.replace(folder / name)
    shutil.rmtree(kept)
    return len(digests)


def _hold_against(survivors: Mapping[int, int], there: set[int], where: str) -> None:
    for given_up, survivor in survivors.items():
        if survivor in survivors or survivor not in there or given_up == survivor:
            raise LinkageError(
                "a person that is to survive is absent, or given up itself",
                where=f"{where}: person {survivor}",
                mend="make the map from `bencao records link` on these persons",
            )


def _write_digests(folder: Path) -> None:
    lines = [f"{path.name},{sha256_of(path)}\n" for path in sorted(folder.glob("*.parquet"))]
    (folder / _DIGESTS).write_text("file,sha256\n" + "".join(lines), encoding="utf-8")
