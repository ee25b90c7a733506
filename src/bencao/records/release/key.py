"""The house's key: what pseudonyms and shifts of dates are drawn from. It never leaves with an extract."""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass

from bencao.kernel.secret import open_secret
from bencao.records.deidentify.secret import Secret

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
    return Key(hmac.digest(open_secret(path), b"bencao records release", "sha256"))
