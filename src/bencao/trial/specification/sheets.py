"""How the workbook of a specification is laid out: sheets, their columns, and where the parts stand in the study."""

from __future__ import annotations

from typing import Any

from bencao.trial.display.declaration import AnalysisSet, Block, CellFormat, Column, Display, Figure
from bencao.trial.display.listings import Listing, ListingColumn
from bencao.trial.specification.analysis import Analysis

Key = str | int

# Columns of each sheet. What a cell cannot hold as it is (a list, a mapping) stands there as YAML on one line.
SHEETS: dict[str, tuple[str, ...]] = {
    "Study": ("name", "description", "protocol", "functions"),
    "Standards": ("standard", "name", "type", "version", "status", "publishing_set"),
    "Sources": ("source", "path", "root", "label", "columns"),
    "Datasets": (
        "dataset", "label", "class", "structure", "purpose", "standard", "keys", "repeating", "reference", "comment",
        "keep",
    ),
    "Variables": (
        "dataset", "name", "label", "type", "length", "significant_digits", "format", "codelist", "origin", "method",
        "comment", "mandatory", "role", "core", "supplemental", "evaluator", "values",
    ),
    "Steps": ("dataset", "block", "parameters", "note"),
    "Codelists": (
        "codelist", "label", "type", "code", "standard", "extensible", "dictionary", "version", "href", "comment",
    ),
    "Terms": ("codelist", "value", "decode", "code", "order", "synonyms", "extended"),
    "Documents": ("document", "title", "href"),
    "Analyses": ("analysis", *Analysis.model_fields),
    "Analysis sets": ("set", *AnalysisSet.model_fields),
    "Cell formats": ("format", *CellFormat.model_fields),
    "Displays": ("number", *(name for name in Display.model_fields if name not in ("number", "columns", "blocks"))),
    "Display columns": ("number", *Column.model_fields),
    "Display blocks": ("number", *Block.model_fields),
    "Figures": ("number", *(name for name in Figure.model_fields if name != "number")),
    "Listings": ("number", *(name for name in Listing.model_fields if name not in ("number", "columns"))),
    "Listing columns": ("number", *ListingColumn.model_fields),
}  # fmt: skip
# Sheets of named parts, and the section of the study that they fill; their first column is the name.
NAMED = {
    "Standards": "standards",
    "Sources": "sources",
    "Datasets": "datasets",
    "Codelists": "codelists",
    "Documents": "documents",
    "Analyses": "analyses",
    "Analysis sets": "sets",
    "Cell formats": "formats",
    "Displays": "tables",
    "Figures": "figures",
    "Listings": "listings",
}
# Sheets of parts in order within a named part: the section and the list within; their first column is the name.
LISTED = {
    "Variables": ("datasets", "variables"),
    "Steps": ("datasets", "build"),
    "Terms": ("codelists", "terms"),
    "Display columns": ("tables", "columns"),
    "Display blocks": ("tables", "blocks"),
    "Listing columns": ("listings", "columns"),
}
# Columns in YAML: a list, a mapping, or a text that may be empty where none is something else.
STRUCTURED = {
    "Study": {"functions"},
    "Sources": {"columns"},
    "Datasets": {"keys"},
    "Variables": {"origin", "values"},
    "Steps": {"parameters"},
    "Terms": {"synonyms"},
    "Analyses": {"display", "data", "population", "documents", "program"},
    "Analysis sets": {"data", "lookup", "derive", "pick"},
    "Cell formats": {"zero", "small", "below", "above", "mark"},
    "Displays": {"title", "footnotes", "stubs"},
    "Display columns": {"heading", "within", "show", "value", "set", "population"},
    "Display blocks": {"by", "rows", "show", "value", "denominator", "tests", "model", "model_rows"},
    "Figures": {"title", "footnotes", "plot"},
    "Listings": {"title", "footnotes", "order", "page_by", "together"},
    "Listing columns": {"heading"},
}
# Sections of the workbook that make up `displays` of a study: the key there.
_OF_DISPLAYS = {
    "sets": "sets",
    "formats": "formats",
    "tables": "displays",
    "figures": "figures",
    "listings": "listings",
}
_NUMBERED = ("tables", "figures", "listings")


def in_sections(document: dict[str, Any]) -> dict[str, Any]:
    """Spread the displays of a study's document over sections of named parts, as the sheets have them."""
    spread = {name: part for name, part in document.items() if name != "displays"}
    displays = document.get("displays") or {}
    for section, key in _OF_DISPLAYS.items():
        parts = displays.get(key) or {}
        if section in _NUMBERED:
            parts = {part["number"]: {name: one for name, one in part.items() if name != "number"} for part in parts}
        spread[section] = parts
    return spread


def in_document(
    spread: dict[str, Any], places: dict[tuple[Key, ...], tuple[str, int]]
) -> tuple[dict[str, Any], dict[tuple[Key, ...], tuple[str, int]]]:
    """Gather the sections of displays, as `in_sections` spreads them, with the sheet and row of each part."""
    document = {name: part for name, part in spread.items() if name not in _OF_DISPLAYS}
    found = {section: spread[section] for section in _OF_DISPLAYS if section in spread}
    if not found:
        return document, places
    displays: dict[str, Any] = {"sets": {}, "formats": {}, "displays": []}
    paths: dict[tuple[Key, ...], tuple[Key, ...]] = {}
    for section, parts in found.items():
        key = _OF_DISPLAYS[section]
        if section in _NUMBERED:
            displays[key] = [{"number": number, **part} for number, part in parts.items()]
            paths |= {(section, number): ("displays", key, place) for place, number in enumerate(parts)}
        else:
            displays[key] = parts
            paths |= {(section, name): ("displays", key, name) for name in parts}
    moved = {(*paths.get(path[:2], path[:2]), *path[2:]): place for path, place in places.items()}
    return {**document, "displays": displays}, moved
