"""How a command writes itself into the ledger: one entry, at its end, whether it succeeded or failed."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from bencao.kernel.errors import BencaoError, LedgerError
from bencao.kernel.ledger.entry import Entry, FileRecord, canonical_json, hash_file, now
from bencao.kernel.ledger.labels import open_labels
from bencao.kernel.ledger.store import Ledger
from bencao.kernel.version import package_version


class Job:
    """A command under way: tell it what was read and written.

    Parameters
    ----------
    name : callable
        From a file's path to what the ledger calls it.
    """

    def __init__(self, name: Callable[[str], str] = str) -> None:
        self._name = name
        self._used: list[FileRecord] = []
        self._generated: list[FileRecord] = []

    def used(self, path: str | os.PathLike[str]) -> FileRecord:
        """Record a file that the command reads, as it is now.

        Parameters
        ----------
        path : path
            A file.

        Returns
        -------
        FileRecord

        Raises
        ------
        InputError
            Where the file cannot be read.
        LedgerError
            Where its name is not Unicode text.
        """
        return self._note(path, self._used)

    def generated(self, path: str | os.PathLike[str]) -> FileRecord:
        """Record a file that the command has written, once it is whole.

        Parameters, returns and raises as `used`.
        """
        return self._note(path, self._generated)

    def files(self) -> tuple[tuple[FileRecord, ...], tuple[FileRecord, ...]]:
        """What was used and what was generated, in order."""
        return tuple(self._used), tuple(self._generated)

    def _note(self, path: str | os.PathLike[str], files: list[FileRecord]) -> FileRecord:
        file = hash_file(path)
        file = replace(file, path=self._name(file.path))
        canonical_json(file.path)  # a name that no entry can hold is refused now, not at the end of a long job
        files.append(file)
        return file


@contextmanager
def record(
    workspace: str | os.PathLike[str] | None,
    command: str,
    *,
    parameters: Mapping[str, Any] | None = None,
    versions: Mapping[str, str] | None = None,
    public: Collection[str] | None = None,
) -> Iterator[Job]:
    """Write one ledger entry for what happens inside the ``with`` statement.

    An exception inside is recorded with status ``failed`` and goes on; raise ``typer.Exit`` outside.

    Parameters
    ----------
    workspace : path or None
        See `workspace_folder`; made where it does not exist.
    command : str
        Room and verb, e.g. ``synthesis plan``.
    parameters : mapping, optional
        What the command was told: text, numbers, booleans, None, lists and mappings.
    versions : mapping of str to str, optional
        Versions or digests of models and vocabularies; the package's own is added.
    public : collection of str, optional
        Where given, files may be named after patients: a file is recorded by a keyed label, and by its name only where
        that name, in lower case and without its ending, is one of these; of an error its kind and cause are recorded,
        not its place.

    Yields
    ------
    Job

    Raises
    ------
    LedgerError
        At the start, where the parameters have no JSON form or the ledger cannot be opened; at the end, where
        the entry cannot be written.
    InputError
        Where the workspace's key of labels cannot be used.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> with record(folder / ".bencao", "synthesis plan", parameters={"routes": 5}) as job:
    ...     _ = (folder / "plan.json").write_text("{}")
    ...     _ = job.generated(folder / "plan.json")
    """
    parameters = dict(parameters or {})
    versions = {"bencao": package_version(), **(versions or {})}
    canonical_json({"command": command, "parameters": parameters, "versions": versions})
    Ledger(workspace, create=True).close()  # what cannot be recorded is not begun
    started = now()
    if public is None:
        job = Job()
    else:
        labels, named = open_labels(workspace), frozenset(public)
        job = Job(lambda path: labels.label(path, named))

    def write(**outcome: Any) -> None:
        used, generated = job.files()
        entry = Entry(command, started, now(), used, generated, parameters, versions, **outcome)
        # Opened only here: SQLite must not be carried into the worker processes that the command may fork.
        with Ledger(workspace, create=True) as ledger:
            ledger.append(entry)

    try:
        yield job
    except BaseException as error:
        try:
            write(status="failed", error=_describe(error) if public is None else _describe_privately(error))
        except LedgerError as unwritten:
            error.add_note(f"The failed run is not in the ledger: {unwritten}")
        raise
    write()


def _describe(error: BaseException) -> str:
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return text.encode("utf-8", "backslashreplace").decode()


def _describe_privately(error: BaseException) -> str:
    """Kind and cause alone: the place is a file's name, and what other libraries say may quote anything."""
    return f"{error.kind}: {error.cause}" if isinstance(error, BencaoError) else type(error).__name__
