"""Hospital records made usable: ingest, linkage, quality, de-identification, extraction, normalisation, release."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bencao.records.cdm.definition import Field, Table, cdm_tables

if TYPE_CHECKING:
    from bencao.records.deidentify.batch import deidentify_tables
    from bencao.records.deidentify.text import deidentify_text

__all__ = ["Field", "Table", "cdm_tables", "deidentify_tables", "deidentify_text"]

_WHERE = {"deidentify_tables": "deidentify.batch", "deidentify_text": "deidentify.text"}


def __getattr__(name: str) -> Any:
    """Load what reads tables and models only when it is asked for."""
    if name in _WHERE:
        return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
