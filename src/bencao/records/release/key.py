"""The house's key: what pseudonyms and shifts of dates are drawn from. It never leaves with an extract."""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.records.deidentify.secret import Secret

_LEAST = 16  # bytes
_BLOCK = 64  # bytes of a block of SHA-256


@dataclass(frozen=True, repr=False)
class Key:
    """Draws pseudonyms and days; whoever has it can find a person by trying all, so it stays in the house."""

    secret: bytes

    def __repr__(self) -> str:
        return "Key(...)"

    def of_project(self, name: str) -> Key:
        """A key of its own for a project, so that extracts of two projects cannot be joined."""
        return Key(hmac.digest(self.secret, f"project\x1f{name}".encode(), "sha256"))

    def days(self, person: str) -> int:
        """Days by which a person's dates move: 30 to 365, back or forth, never nought."""
        return Secret(self.secret).days(person)

    def pads(self) -> tuple[bytes, bytes]:
        """Inner and outer pad of HMAC-SHA256 (RFC 2104), with which SQL draws pseudonyms."""
        block = self.secret.ljust(_BLOCK, b"\0")
        return bytes(one ^ 0x36 for one in block), bytes(one ^ 0x5C for one in block)

    @property
    def fingerprint(self) -> str:
        """Tells keys apart, and nothing else about them."""
        return hmac.digest(self.secret, b"fingerprint", "sha256")[:6].hex()


def open_key(path: str | os.PathLike[str]) -> Key:
    """Read the key; where there is none, make one that only its owner may read.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    Key

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
        raise InputError(f"the key cannot be used: {error.strerror}", where=path.name, mend="check --key") from error
    if os.name == "posix" and mode & 0o077:
        raise InputError("the key may be read by others", where=path.name, mend="run `chmod 600` on it")
    if len(secret) < _LEAST:
        raise InputError(
            f"the key has {len(secret)} bytes, at least {_LEAST} are needed",
            where=path.name,
            mend="restore the key, or give a path where none is yet: a new one is made there",
        )
    return Key(hmac.digest(secret, b"bencao records release", "sha256"))


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
