"""Rules on reports before they are sent: FDA's rejections and warnings, ICH's elements, each with its id."""

from bencao.safety.validation.checking import REGIONS, Validation, region_table, validate, validate_file
from bencao.safety.validation.registry import Registry, read_lines, read_registry
from bencao.safety.validation.report import Background
from bencao.safety.validation.rule import Finding
from bencao.safety.validation.schema import Schema, load_schema

__all__ = [
    "REGIONS",
    "Background",
    "Finding",
    "Registry",
    "Schema",
    "Validation",
    "load_schema",
    "read_lines",
    "read_registry",
    "region_table",
    "validate",
    "validate_file",
]
