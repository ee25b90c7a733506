"""Hospital records made usable: ingest, linkage, quality, de-identification, extraction, normalisation, release."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bencao.records.cdm.definition import Field, Table, cdm_tables

if TYPE_CHECKING:
    from bencao.records.release.releasing import Release, release_extract

__all__ = ["Field", "Release", "Table", "cdm_tables", "release_extract"]

_WHERE = {
    "Release": "release.releasing",
    "release_extract": "release.releasing",
}


def __getattr__(name: str) -> Any:
    """Load what reads and writes tables only when it is asked for: the engines take a second."""
    if name in _WHERE:
        return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
