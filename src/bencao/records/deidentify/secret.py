"""The user's key: what every surrogate and every shift of dates is drawn from."""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass
from pathlib import Path

from bencao.kernel.errors import InputError

_LEAST = 16


@dataclass(frozen=True, repr=False)
class Secret:
    """Draws numbers that depend on the key and on what they are for, and on nothing else.

    Whoever has the key can link surrogates to originals by trying all originals: it stays in the house.
    """

    key: bytes

    def __repr__(self) -> str:
        return "Secret(...)"

    def number(self, purpose: str, value: str, below: int) -> int:
        """A number from 0 to `below` - 1, the same for the same purpose and value."""
        digest = hmac.digest(self.key, f"{purpose}\x1f{value}".encode("utf-8", "surrogatepass"), "sha256")
        return int.from_bytes(digest[:16], "big") % below

    def digest(self, purpose: str, value: str, length: int = 16) -> str:
        """A keyed hash in hexadecimal digits."""
        return hmac.new(self.key, f"{purpose}\x1f{value}".encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[
            :length
        ]

    def permuted(self, purpose: str, value: int) -> int:
        """Another number from 0 to 2**52 - 1, no two alike: a Feistel network of six rounds over two halves of 26 bits.

        Parameters
        ----------
        purpose : str
        value : int
            0 to 2**52 - 1.
        """
        left, right = value >> 26, value & 0x3FFFFFF
        for turn in range(6):
            left, right = right, left ^ self.number(f"{purpose}\x1e{turn}", str(right), 1 << 26)
        return left << 26 | right

    def days(self, patient: str) -> int:
        """Days by which a patient's dates move: 30 to 365, back or forth, never nought."""
        drawn = self.number("days", patient, 672)
        return drawn - 365 if drawn < 336 else drawn - 306


def read_key(path: str | os.PathLike[str]) -> Secret:
    """Read a key file: any bytes, at least 16.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    Secret

    Raises
    ------
    InputError
        Where it cannot be read or is too short.
    """
    try:
        key = Path(path).read_bytes().strip()
    except OSError as error:
        raise InputError(
            f"the key cannot be read: {error.strerror}",
            where=os.fspath(path),
            mend='make one: python -c "import secrets; print(secrets.token_hex(32))" > FILE',
        ) from error
    if len(key) < _LEAST:
        raise InputError(
            f"the key has {len(key)} bytes, at least {_LEAST} are needed",
            where=os.fspath(path),
            mend="give a file of random characters",
        )
    return Secret(key)
