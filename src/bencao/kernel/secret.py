"""A secret in a file: made once, and readable by its owner only."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path

from bencao.kernel.errors import InputError

_LEAST = 16  # bytes


def open_secret(path: str | os.PathLike[str]) -> bytes:
    """Read a secret; where there is none, make one that only its owner may read.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    bytes
        At least 16; one that is made here has 64 hexadecimal digits.

    Raises
    ------
    InputError
        Where it cannot be read or made, is too short, or may be read by others.
    """
    path = Path(path)
    try:
        _make(path)
        with path.open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            secret = file.read().strip()
    except OSError as error:
        raise InputError(
            f"the key cannot be used: {error.strerror}", where=path.name, mend="give a path that you may read and write"
        ) from error
    if os.name == "posix" and mode & 0o077:
        raise InputError("the key may be read by others", where=path.name, mend="run `chmod 600` on it")
    if len(secret) < _LEAST:
        raise InputError(
            f"the key has {len(secret)} bytes, at least {_LEAST} are needed",
            where=path.name,
            mend="restore the key, or give a path where none is yet: a new one is made there",
        )
    return secret


def _make(path: Path) -> None:
    """Make the key whole under another name first: two runs at once end with one key."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        temporary.unlink()
