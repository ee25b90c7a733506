"""Hospital records made usable: ingest, linkage, quality, de-identification, extraction, normalisation, release."""

from bencao.records.cdm.definition import Field, Table, cdm_tables

__all__ = ["Field", "Table", "cdm_tables"]
