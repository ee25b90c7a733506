"""De-identify files and folders: notes, tables and images, in parallel, each written under a name that tells nobody."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from bencao.kernel import compute
from bencao.kernel.compute import Failure
from bencao.kernel.errors import BencaoError, InputError
from bencao.kernel.files import make_folder, write_bytes, writing
from bencao.records.anonymity.generalising import Anonymity
from bencao.records.deidentify.audit import Summary, summary
from bencao.records.deidentify.dicom.header import deidentify_image
from bencao.records.deidentify.finding.known import Patient, patient_of
from bencao.records.deidentify.finding.names.model import name_model
from bencao.records.deidentify.tables.alike import make_alike
from bencao.records.deidentify.tables.batches import FORMATS, Writer, pieces
from bencao.records.deidentify.tables.policy import Action, Hiding, Policy, policy_for
from bencao.records.deidentify.tables.transforming import Piece, Setting, transform
from bencao.records.deidentify.text import find_spans
from bencao.records.errors import ReleaseRefused, SourceError

_RUN = re.compile("[\u4e00-\u9fff]{2,}")
_TABLES = (".csv", ".jsonl", ".parquet")
_IMAGES = (".dcm", ".dicom")


@dataclass
class Done:
    """What became of a job.

    Attributes
    ----------
    written : list of Path
    faults : list of (str, str)
        Place and kind of fault, e.g. ``notes.csv: row 7: birth_date``; nothing quoted.
    policies : dict of str to Policy
        By file.
    anonymity : dict of str to Anonymity
        By file, where the policy makes rows alike.
    """

    summary: Summary
    written: list[Path] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)
    policies: dict[str, Policy] = field(default_factory=dict)
    anonymity: dict[str, Anonymity] = field(default_factory=dict)


@dataclass(frozen=True)
class _Job:
    table: str
    policy: Policy
    columns: Mapping[str, Any]


def deidentify_tables(
    source: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    setting: Setting,
    policy: Policy | None = None,
    workers: int = 1,
    progress: bool = False,
) -> Done:
    """De-identify every table of a folder, or one file, by a policy.

    Parameters
    ----------
    source : path-like
        A folder of ``.csv``, ``.parquet``, ``.jsonl`` and ``.txt`` (those that begin with ``_`` are left), or one file.
    out : path-like
        A folder; made where it is not there.
    setting : Setting
        Key, style and what is known of the patients.
    policy : Policy, optional
        One for all tables; else made from each table's name and columns, see `policy_for`.
    workers : int
        The result is the same at any number.
    progress : bool

    Returns
    -------
    Done
        Counts, faults and the files written; no value of a cell.

    Raises
    ------
    SourceError
        Where a file cannot be read.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> from bencao.records.deidentify import Secret, Setting
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "person.csv").write_text("person_id,provider_name\\n7,Ann\\n")
    >>> setting = Setting(Secret(b"sixteen bytes or more"))
    >>> done = deidentify_tables(folder / "person.csv", folder / "out", setting=setting)
    >>> (folder / "out" / "person.csv").read_text().splitlines()[0]
    'person_id'
    """
    return deidentify_files(
        inputs_of([source]), out, setting=setting, policy=policy, workers=workers, progress=progress
    )


def inputs_of(sources: Iterable[str | os.PathLike[str]]) -> list[tuple[Path, Path]]:
    """Files of sources, each with its place below its source.

    Raises
    ------
    InputError
        Where a source is not there, or holds no file that can be read.
    """
    found: list[tuple[Path, Path]] = []
    for source in map(Path, sources):
        if source.is_dir():
            files = sorted(
                path
                for path in source.rglob("*")
                if path.is_file()
                and path.suffix.lower() in (*FORMATS, *_IMAGES)
                and not path.name.startswith(("_", "."))
            )
            found += [(path, path.relative_to(source)) for path in files]
        elif source.is_file():
            found.append((source, Path(source.name)))
        else:
            raise InputError("no such file or folder", where=str(source), mend="check the path")
    if not found:
        raise InputError("no file to de-identify", mend=f"give {', '.join((*FORMATS, *_IMAGES))} or a folder of them")
    return found


def deidentify_files(
    inputs: list[tuple[Path, Path]],
    out: str | os.PathLike[str],
    *,
    setting: Setting,
    policy: Policy | None = None,
    workers: int = 1,
    progress: bool = False,
) -> Done:
    """De-identify files; as `deidentify_tables`, and DICOM images too.

    Parameters
    ----------
    inputs : list of (Path, Path)
        Files and their places below `out`, see `inputs_of`.
    out, setting, policy, workers, progress
        As `deidentify_tables`.

    Returns
    -------
    Done
    """
    folder = Path(out)
    done, tally = Done(summary(0, 0, Counter(), Counter(), 0)), _Tally()
    work = functools.partial(_worked, setting=setting)
    for names, jobs in _grouped(inputs, folder, policy, setting, done):
        results = compute.imap(work, jobs, workers=workers, progress=progress, label=names[0][0].suffix.lower())
        hiding = policy.hiding if policy and names[0][0].suffix.lower() in _TABLES else None
        try:
            with contextlib.closing(results):
                part = _hidden(results, names[0], hiding, done) if hiding else _written(results, names)
        except (SourceError, ReleaseRefused) as error:
            path, target = names[0]
            where = error.where.replace(str(path), target.relative_to(folder).as_posix())
            if len(inputs) == 1:
                raise type(error)(error.cause, where=where, mend=error.mend) from None
            part = _Tally(faults=[(where, error.cause)], items=1, failed=1)
        tally.add(part)
    done.written, done.faults = tally.written, tally.faults
    done.summary = summary(tally.items, tally.failed, tally.counts, tally.leaks, tally.audited)
    return done


def _grouped(
    inputs: list[tuple[Path, Path]], folder: Path, policy: Policy | None, setting: Setting, done: Done
) -> Iterator[tuple[list[tuple[Path, Path]], Iterator[Any]]]:
    """Small files of a kind are one job together; a table is a job of many pieces."""
    singles: dict[str, list[tuple[Path, Path]]] = {}
    for path, place in inputs:
        target = folder / _nameless(place, setting)
        if path.suffix.lower() in (".txt", *_IMAGES):
            singles.setdefault(path.suffix.lower(), []).append((path, target))
            continue
        yield [(path, target)], _of_table(path, policy, done)
    for names in singles.values():
        yield names, (_single(path) for path, _ in names)


def _nameless(place: Path, setting: Setting) -> Path:
    """The place with each part that names somebody replaced by a keyed hash."""
    return Path(*(_safe(part, setting) for part in place.parts))


def _safe(part: str, setting: Setting) -> str:
    stem, dot, suffix = part.rpartition(".")
    stem = stem if dot else part
    named = any(run[0] in name_model().surnames for run in _RUN.findall(stem) if len(run) < 5)
    if named or find_spans(stem.replace("_", " ")):
        return setting.secret.digest("file", stem, 12) + (dot + suffix if dot else "")
    return part


def _single(path: Path) -> Any:
    """The job of a note or an image, or why there is none."""
    if path.suffix.lower() in _IMAGES:
        return path
    try:
        return _Job("note", _NOTE, next(pieces(path)))
    except SourceError as error:
        return Failure(error.kind, "", error.cause, error.mend)


_NOTE = Policy("", {"text": Action("text")}, Action("drop"))


def _of_table(path: Path, policy: Policy | None, done: Done) -> Iterator[_Job]:
    for columns in pieces(path):
        chosen = policy or done.policies.get(path.name) or policy_for(path.stem, columns)
        done.policies[path.name] = chosen
        yield _Job(path.stem, chosen, columns)


def _worked(job: Any, *, setting: Setting) -> Any:
    if isinstance(job, Failure):
        return job
    try:
        if isinstance(job, Path):
            return deidentify_image(job, setting)
        return transform(job.columns, job.table, job.policy, setting)
    except BencaoError as error:
        return Failure(error.kind, "", error.cause, error.mend)
    except Exception as error:  # its message may quote a cell
        return Failure(type(error).__name__, "", "the item could not be de-identified", "")


@dataclass
class _Tally:
    """What became of some files; of a table that breaks off half-way nothing is counted."""

    counts: Counter[str] = field(default_factory=Counter)
    leaks: Counter[str] = field(default_factory=Counter)
    written: list[Path] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)
    items: int = 0
    failed: int = 0
    audited: int = 0

    def add(self, other: _Tally) -> None:
        self.counts.update(other.counts)
        self.leaks.update(other.leaks)
        self.written += other.written
        self.faults += other.faults
        self.items += other.items
        self.failed += other.failed
        self.audited += other.audited


def _written(results: Iterator[tuple[int, Any]], names: list[tuple[Path, Path]]) -> _Tally:
    """Write what comes of a job; a fault names the file as the output does, which tells nobody."""
    tally = _Tally()
    many = len(names) > 1 or names[0][0].suffix.lower() in (".txt", *_IMAGES)
    with contextlib.ExitStack() as stack:
        writer: Writer | None = None
        row = 0
        for index, result in results:
            path, target = names[index] if many else names[0]
            if isinstance(result, Failure):
                where = target.name if many else f"{target.name}: from row {row + 1}"
                tally.add(_Tally(faults=[(where, result.cause)], items=1, failed=1))
                continue
            if not isinstance(result, Piece):
                warnings = [(target.name, warning) for warning in result.warnings]
                tally.add(_Tally(counts=Counter(result.counts), faults=warnings, items=1))
                tally.written.append(_write_bytes(target, result.data))
                continue
            tally.add(_of_piece(result, target.name, row))
            row += len(next(iter(result.columns.values()), []))
            if many:
                text = str(result.columns["text"][0] or "")
                tally.written.append(_write_bytes(target, text.encode("utf-8", "surrogatepass")))
                row = 0
                continue
            if writer is None:
                make_folder(target.parent)
                writer = Writer(stack.enter_context(writing(target)), path.suffix.lower())
                stack.callback(writer.close)
                tally.written.append(target)
            writer.add(result.columns)
    return tally


def _hidden(results: Iterator[tuple[int, Any]], name: tuple[Path, Path], hiding: Hiding, done: Done) -> _Tally:
    """Write a table whose rows are made alike; before that it stands under a name that nobody looks for."""
    path, target = name
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".rows-") as folder:
        held = Path(folder) / target.name
        tally = _written(results, [(path, held)])
        if tally.written:
            done.anonymity[target.name] = make_alike(held, target, hiding)
            tally.written = [target]
    return tally


def _of_piece(piece: Piece, name: str, row: int) -> _Tally:
    return _Tally(
        Counter(piece.counts),
        Counter(piece.leaks),
        faults=[(f"{name}: row {row + at + 1}: {column}", kind) for at, column, kind in piece.faults],
        items=len(next(iter(piece.columns.values()), [])),
        failed=len({fault[0] for fault in piece.faults}),
        audited=piece.audited,
    )


def _write_bytes(target: Path, data: bytes) -> Path:
    make_folder(target.parent)
    write_bytes(target, data)
    return target


def read_known(path: str | os.PathLike[str], identifier: str | None = None) -> dict[str, Patient]:
    """What the tables know of each patient, by the column that identifies him.

    Parameters
    ----------
    path : path-like
        ``.csv``, ``.jsonl`` or ``.parquet``, a row a patient; kinds of columns are told by their names.
    identifier : str, optional
        The column; the first where not given.

    Returns
    -------
    dict of str to Patient

    Raises
    ------
    InputError
        Where the column is not there.
    """
    known: dict[str, Patient] = {}
    for columns in pieces(Path(path)):
        lists = {
            name: values.to_pylist() if isinstance(values, (pa.Array, pa.ChunkedArray)) else values
            for name, values in columns.items()
        }
        column = identifier or next(iter(lists), "")
        if column not in lists:
            raise InputError(f"no column {column}", where=os.fspath(path), mend=f"give one of {', '.join(lists)}")
        for row in zip(*lists.values(), strict=True):
            told = {name: None if cell is None else str(cell) for name, cell in zip(lists, row, strict=True)}
            patient = patient_of(told, column)
            known[patient.identifier] = patient
    return known
