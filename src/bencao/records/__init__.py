"""Hospital records made usable: ingest, linkage, quality, de-identification, extraction, normalisation, release."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bencao.records.cdm.definition import Field, Table, cdm_tables

if TYPE_CHECKING:
    from bencao.records.deidentify.batch import deidentify_tables
    from bencao.records.deidentify.text import deidentify_text
    from bencao.records.extraction.extracting import extract_entities
    from bencao.records.linkage.linking import link_persons
    from bencao.records.loading.load import load
    from bencao.records.normalisation.normalising import normalise_terms
    from bencao.records.quality.checking import check_quality
    from bencao.records.release.releasing import Release, release_extract
    from bencao.records.sources.opening import stage

__all__ = [
    "Field",
    "Release",
    "Table",
    "cdm_tables",
    "check_quality",
    "deidentify_tables",
    "deidentify_text",
    "extract_entities",
    "link_persons",
    "load",
    "normalise_terms",
    "release_extract",
    "stage",
]

_WHERE = {
    "check_quality": "quality.checking",
    "deidentify_tables": "deidentify.batch",
    "deidentify_text": "deidentify.text",
    "extract_entities": "extraction.extracting",
    "link_persons": "linkage.linking",
    "load": "loading.load",
    "normalise_terms": "normalisation.normalising",
    "Release": "release.releasing",
    "release_extract": "release.releasing",
    "stage": "sources.opening",
}


def __getattr__(name: str) -> Any:
    """Load a part of the room when it is asked for: together they take seconds."""
    if name in _WHERE:
        return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
