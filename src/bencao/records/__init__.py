"""Hospital records made usable: ingest, linkage, quality, de-identification, extraction, normalisation, release."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bencao.records.cdm.definition import Field, Table, cdm_tables

if TYPE_CHECKING:
    from bencao.records.extraction.extracting import extract_entities
    from bencao.records.extraction.network.training import train_entities

__all__ = ["Field", "Table", "cdm_tables", "extract_entities", "train_entities"]

_WHERE = {
    "extract_entities": "extraction.extracting",
    "train_entities": "extraction.network.training",
}


def __getattr__(name: str) -> Any:
    """Load a part of the room when it is asked for."""
    if name in _WHERE:
        return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
