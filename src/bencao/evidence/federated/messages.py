"""Signed messages: who said it, of which study, unaltered; and the log of every number that left."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from bencao.evidence.errors import MessageError
from bencao.kernel.errors import InputError


def make_key(path: Path) -> str:
    """Make a private key that only its owner may read, and never over another.

    Parameters
    ----------
    path : Path

    Returns
    -------
    str
        The public key, 64 hexadecimal digits, to give to the others.

    Raises
    ------
    InputError
        Where the file exists or cannot be written.
    """
    key = Ed25519PrivateKey.generate()
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(key.private_bytes_raw().hex() + "\n")
    except OSError as error:
        cause = f"the key cannot be written: {error.strerror}"
        raise InputError(cause, where=str(path), mend="give a new name") from None
    return public_key(key)


def read_key(path: Path) -> Ed25519PrivateKey:
    """Read a key that `make_key` wrote; InputError where it is none."""
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii").strip()))
    except (OSError, ValueError):
        raise InputError("is no private key", where=str(path), mend="make one with `bencao evidence key`") from None


def public_key(key: Ed25519PrivateKey) -> str:
    """The public half of a key, 64 hexadecimal digits."""
    return key.public_key().public_bytes_raw().hex()


def sign(body: Mapping[str, Any], key: Ed25519PrivateKey) -> bytes:
    """A message with its Ed25519 signature (RFC 8032) over the canonical JSON of its body."""
    return json.dumps({"body": body, "signature": key.sign(_canonical(body)).hex()}, allow_nan=False).encode()


def opened(message: bytes, public: str, expected: Mapping[str, Any], who: str) -> dict[str, Any]:
    """The body of a message, once its signature and what it must say are found right.

    Parameters
    ----------
    message : bytes
    public : str
        Public key of its sender.
    expected : mapping
        Members that the body must have with these values: the study's digest, or the request that it answers.
    who : str
        The sender, for the error.

    Returns
    -------
    dict

    Raises
    ------
    MessageError
    """
    try:
        told = json.loads(message)
        body = told["body"]
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(
            bytes.fromhex(told["signature"]), _canonical(body)
        )
    except (ValueError, KeyError, TypeError, InvalidSignature):
        raise MessageError(
            "the message is not signed by the key that was agreed, or was altered", where=who, mend="compare the keys"
        ) from None
    for name, value in expected.items():
        if body.get(name) != value:
            raise MessageError(
                f"the message is of another {name}", where=who, mend="give all sites the same file of the study"
            )
    return dict(body)


def digest(body: Mapping[str, Any]) -> str:
    """SHA-256 of a body's canonical JSON, by which an answer names its request."""
    return hashlib.sha256(_canonical(body)).hexdigest()


def log_number(path: Path, body: Mapping[str, Any]) -> None:
    """Add what is about to leave to a site's log, a line of JSON an answer, on the disk before it is sent."""
    try:
        with path.open("ab") as file:
            file.write(_canonical(body) + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        cause = f"the log cannot be written, and nothing is sent: {error.strerror}"
        raise InputError(cause, where=str(path), mend="give a log that may be written") from None


def _canonical(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
