"""Make a research extract: cohort, k, cells, tables and card, all or nothing."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from bencao.kernel.errors import InputError
from bencao.kernel.files import sha256_of, write_text
from bencao.records.anonymity.generalising import Anonymity, anonymise
from bencao.records.cdm.database import Database, open_database
from bencao.records.cdm.definition import cdm_tables
from bencao.records.deidentify.secret import Secret
from bencao.records.errors import ReleaseRefused, SourceError
from bencao.records.release.ages import coarser
from bencao.records.release.card.gathering import Made, gather
from bencao.records.release.card.page import write_page
from bencao.records.release.card.words import Language
from bencao.records.release.cells import SmallCells, small_cells
from bencao.records.release.cohort import Step, choose, count_of
from bencao.records.release.columns import AGE, STATE, ZIP3, Treatment, ladder_of, treatment_of
from bencao.records.release.extracting import (
    Picked,
    bound_records,
    check_columns,
    pick,
    quasi_values,
    set_pseudonyms,
    write_table,
)
from bencao.records.release.key import Key, open_key
from bencao.records.release.request import Request, read_request

if TYPE_CHECKING:
    from bencao.records.release.text.replacing import Texts

CARD, PAGE = "card.json", "card.html"


@dataclass(frozen=True)
class Release:
    """An extract that was made.

    Attributes
    ----------
    folder : Path
    card : dict
        The data card, as ``card.json`` has it.
    files : tuple of Path
        Tables, then the card and its page.
    sources : tuple of Path
        Files of the database, and what is known of its persons.
    """

    folder: Path
    card: dict[str, Any]
    files: tuple[Path, ...]
    sources: tuple[Path, ...]


def release_extract(
    request: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    key: str | os.PathLike[str],
    workers: int = 2,
    language: Language = "en",
) -> Release:
    """Make a de-identified research extract from an OMOP database.

    The same request on the same data with the same key gives the same bytes, at any number of workers.

    Parameters
    ----------
    request : path
        YAML, see `Request`.
    out : path
        A folder that does not exist: a Parquet a table, ``card.json`` and ``card.html``.
    key : path
        The house's key, outside of `out`; made where it is absent.
    workers : int
        Threads; of free text, processes.
    language : {"en", "zh"}
        Of the page.

    Returns
    -------
    Release

    Raises
    ------
    InputError
        Where request, key or folder cannot be used.
    SourceError
        Where the database cannot be opened.
    ReleaseRefused
        Where the cohort or a cell is too small, k is not reached, or a known identifier is still seen in a text;
        nothing is written.
    """
    path, folder, held = Path(request), Path(out), Path(key)
    asked = read_request(path)
    if folder.exists():
        raise InputError("exists already", where=folder.name, mend="give a folder that does not exist")
    if folder.resolve() in held.resolve().parents:
        raise InputError("the key would leave with the extract", where="--key", mend="keep it outside of the folder")
    origin = path.parent / asked.database
    if origin.is_dir() and origin.resolve() in folder.resolve().parents:
        raise InputError("the extract would lie within the database", where="--out", mend="give another folder")
    with open_database(origin, threads=workers) as database, _unquoted(asked.name):
        check_columns(database, asked, path.name)
        steps = choose(database, asked, path.name)
        _refuse_few(steps[-1].persons, asked, "cohort")
        anonymity = _anonymise(database, asked)
        if anonymity.suppressed:
            steps.append(Step("anonymity", f"k = {asked.privacy.k}", count_of(database.connection)))
        _refuse_few(steps[-1].persons, asked, "cohort after suppression")
        picked, small = _pick(database, asked)
        opened = open_key(held)
        project = opened.of_project(asked.name)
        texts = _replace_texts(database, asked, path.parent, project, workers)
        set_pseudonyms(database.connection, project)
        sources = _files_of(origin)
        with _whole(folder) as made:
            tables = ["person", *(name for name in asked.tables if name != "person")]
            missing = {name: write_table(database, asked, name, made / f"{name}.parquet") for name in tables}
            facts = Made(opened.fingerprint, steps, anonymity, picked, small, missing, texts)
            card = gather(database, asked, _digest(origin, sources), facts)
            write_text(made / CARD, json.dumps(card, ensure_ascii=False, indent=1) + "\n")
            write_page(card, made / PAGE, language)
    files = (*(folder / f"{name}.parquet" for name in tables), folder / CARD, folder / PAGE)
    listed = (path.parent / asked.text.known,) if asked.text else ()
    return Release(folder, card, files, (*sources, *listed))


def _replace_texts(database: Database, request: Request, folder: Path, key: Key, workers: int) -> Texts | None:
    if request.text is None:
        return None
    # What finds names takes a second to load, which a release without texts need not wait.
    from bencao.records.release.text.known import known_of
    from bencao.records.release.text.replacing import replace_texts

    known = known_of(database, request, folder)
    return replace_texts(database, request, Secret(key.secret), known, workers=workers)


@contextmanager
def _unquoted(name: str) -> Iterator[None]:
    """Tell only the kind of the engine's error: its message may quote a patient's values."""
    try:
        yield
    except duckdb.Error as error:
        cause = f"the database cannot be worked with ({type(error).__name__})"
        raise SourceError(cause, where=name, mend="see `bencao records quality`") from None


def _refuse_few(persons: int, request: Request, what: str) -> None:
    least = request.privacy.minimum_cell
    if persons < least:
        raise ReleaseRefused(
            f"the {what} has {persons} persons, fewer than minimum_cell = {least}",
            where=request.name,
            mend="widen the cohort",
        )


def _anonymise(database: Database, request: Request) -> Anonymity:
    """Generalise and suppress until k is reached, into ``released_person``; who is suppressed leaves ``chosen``."""
    connection, privacy = database.connection, request.privacy
    columns = tuple(
        name for name in request.tables.get("person", ()) if treatment_of("person", name) is Treatment.QUASI
    )
    rows = quasi_values(database, columns)
    ladders = {name: privacy.ladders.get(name, ladder_of(name)) for name in columns}
    persons, most = [row[1:] for row in rows], privacy.most_suppressed
    found = anonymise(persons, ladders, coarser=coarser, k=privacy.k, most_suppressed=most)
    if found is None:
        raise ReleaseRefused(
            f"k = {privacy.k} is not reached for {len(rows)} persons by {', '.join(columns)}, at most "
            f"{privacy.most_suppressed:.0%} of them left out",
            where=request.name,
            mend="release fewer columns of person, allow coarser ladders, or raise most_suppressed",
        )
    anonymity, values = found
    kept = [(row[0], *new) for row, new in zip(rows, values, strict=True) if new is not None]
    fields = [("person_id", pa.int64()), *((name, _type_of(name)) for name in columns)]
    arrays = [pa.array([row[place] for row in kept], kind) for place, (_, kind) in enumerate(fields)]
    connection.register("kept_persons", pa.table(arrays, schema=pa.schema(fields)))
    connection.execute("DELETE FROM chosen WHERE person_id NOT IN (SELECT person_id FROM kept_persons)")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE released_person AS SELECT k.*, c.index_date FROM kept_persons AS k "
        "JOIN chosen AS c USING (person_id)"
    )
    connection.unregister("kept_persons")
    return anonymity


def _type_of(column: str) -> pa.DataType:
    if column in (AGE, STATE, ZIP3):
        return pa.string()
    return pa.int64() if cdm_tables()["person"].fields[column].sql_type == "BIGINT" else pa.string()


def _pick(database: Database, request: Request) -> tuple[dict[str, Picked], list[SmallCells]]:
    """The cohort's rows of each table, without what too few persons hold."""
    bound_records(database, request)
    picked: dict[str, Picked] = {}
    small = _small_of_persons(database, request)
    for table in request.tables:
        if table != "person":
            picked[table] = pick(database, request, table)
            small += small_cells(database.connection, request, table, database.tables[table].columns)
    if small and request.privacy.small_cells == "refuse":
        values = sum(one.values for one in small)
        columns = ", ".join(f"{one.table}.{one.column} {one.values}" for one in small)
        raise ReleaseRefused(
            f"{values} values are held by fewer persons than minimum_cell = {request.privacy.minimum_cell}: {columns}",
            where=request.name,
            mend="write `small_cells: withhold` in privacy, or release fewer columns",
        )
    return picked, [one for one in small if one.table != "person"]


def _small_of_persons(database: Database, request: Request) -> list[SmallCells]:
    """Values of released columns of ``person`` that few hold; where withholding is allowed, k alone protects them."""
    found = []
    for name in request.tables.get("person", ()):
        if treatment_of("person", name) is Treatment.QUASI:
            counts = database.connection.execute(f"SELECT count(*) FROM released_person GROUP BY {name}").fetchall()
            few = [row[0] for row in counts if row[0] < request.privacy.minimum_cell]
            if few:
                found.append(SmallCells("person", name, len(few), sum(few), False))
    return found


def _files_of(origin: Path) -> tuple[Path, ...]:
    """Files of the database that hold tables of the model."""
    if origin.is_file():
        return (origin,)
    return tuple(sorted(one for one in origin.rglob("*") if one.is_file() and one.stem.lower() in cdm_tables()))


def _digest(origin: Path, files: tuple[Path, ...]) -> str:
    """SHA-256 of the database: of its file, or of its files' names and digests."""
    if origin.is_file():
        return sha256_of(origin)
    lines = (f"{one.relative_to(origin).as_posix()} {sha256_of(one)}\n" for one in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


@contextmanager
def _whole(folder: Path) -> Iterator[Path]:
    """A folder that gets its name when all that is in it is written; else nothing is left of it."""
    made = folder.with_name(f".{folder.name}.{secrets.token_hex(8)}.part")
    try:
        made.mkdir(parents=True)
        yield made
        made.rename(folder)
    except BaseException as error:
        shutil.rmtree(made, ignore_errors=True)
        if isinstance(error, OSError):
            raise InputError(f"cannot be written: {error.strerror}", where=folder.name, mend="check --out") from error
        raise
