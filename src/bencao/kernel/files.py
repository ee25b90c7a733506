"""Files written whole or not at all, and their SHA-256."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import os
import secrets
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from bencao.kernel.errors import InputError

_BLOCK = 1 << 20
_TEMPORARY = ".bencao-{}.tmp"


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write a text file in UTF-8 so that no reader ever sees half of it.

    Parameters
    ----------
    path : path-like
        The file; replaced where it exists.
    text : str
        Its content; line ends are written as they stand.

    Raises
    ------
    InputError
        Where the file cannot be written.
    """
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file so that no reader ever sees half of it; see `writing`.

    Parameters
    ----------
    path : path-like
        The file; replaced where it exists.
    data : bytes

    Raises
    ------
    InputError
        Where the file cannot be written.
    """
    with writing(path) as stream:
        stream.write(data)


def csv_text(head: Iterable[Any], rows: Iterable[Sequence[Any]]) -> str:
    """A table as CSV: comma, double quotes where needed, lines that end in a line feed.

    Parameters
    ----------
    head : iterable
        Names of the columns.
    rows : iterable of sequence
    """
    stream = io.StringIO()
    table = csv.writer(stream, lineterminator="\n")
    table.writerow(head)
    table.writerows(rows)
    return stream.getvalue()


@contextlib.contextmanager
def writing(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """Write a file in pieces so that no reader ever sees half of it.

    The bytes go to a temporary name in the same folder, are flushed to the disk, and take the name when the block ends.
    A block that raises leaves the file as it was.

    Parameters
    ----------
    path : path-like
        The file; replaced where it exists.

    Yields
    ------
    binary stream

    Raises
    ------
    InputError
        Where the file cannot be written.
    """
    # A link keeps pointing where it points: the file behind it is replaced.
    path = Path(path).resolve()
    temporary = path.with_name(_TEMPORARY.format(secrets.token_hex(8)))
    try:
        with temporary.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        if not isinstance(error, OSError):
            raise
        raise InputError(
            f"cannot be written: {error.strerror}", where=str(path), mend="give a path in a folder you may write to"
        ) from error


def make_folder(path: str | os.PathLike[str]) -> None:
    """Make a folder and those above it, where they are not there.

    Raises
    ------
    InputError
        Where it cannot be made.
    """
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(
            f"the folder cannot be made: {error.strerror}", where=os.fspath(path), mend="give another folder"
        ) from error


def require_empty(path: str | os.PathLike[str]) -> None:
    """Refuse a folder that holds anything, or a name that a file has.

    Raises
    ------
    InputError
    """
    path = Path(path)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        cause = "is not empty" if path.is_dir() else "is a file"
        raise InputError(cause, where=os.fspath(path), mend="give a folder that does not exist")


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files that a killed run left in a folder to which nothing else writes."""
    for path in folder.glob(_TEMPORARY.format("*")):
        path.unlink(missing_ok=True)


def sha256_of(path: str | os.PathLike[str]) -> str:
    """SHA-256 of a file, 64 hexadecimal digits; raises as `size_and_sha256`."""
    return size_and_sha256(path)[1]


def size_and_sha256(path: str | os.PathLike[str]) -> tuple[int, str]:
    """Read a file once, in blocks.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    int
        Bytes.
    str
        SHA-256, 64 hexadecimal digits.

    Raises
    ------
    InputError
        Where the file cannot be read.
    """
    size, digest = 0, hashlib.sha256()
    try:
        with Path(path).open("rb") as stream:
            while block := stream.read(_BLOCK):
                size += len(block)
                digest.update(block)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=os.fspath(path), mend="check the path") from error
    return size, digest.hexdigest()
