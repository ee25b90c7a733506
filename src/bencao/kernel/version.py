"""The version of the installed package, as provenance and checkpoints state it."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def package_version() -> str:
    """Version of bencao, or ``not installed`` where it runs from its source tree alone."""
    try:
        return version("bencao")
    except PackageNotFoundError:
        return "not installed"
