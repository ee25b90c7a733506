"""Stage FHIR R4, bundles and NDJSON: a table a resource type, a column an element's path."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bencao.records.errors import SourceError
from bencao.records.sources.json_text import FAULTS, NamedTwice, fault_in, read_json
from bencao.records.sources.staging import Quarantined, Staging
from bencao.records.sources.text import distinct

# Elements that FHIR R4 (http://hl7.org/fhir/R4, tables of each resource) asks for; of a choice one is enough.
REQUIRED: dict[str, tuple[str, ...]] = {
    "AllergyIntolerance": ("patient",),
    "CarePlan": ("status", "intent", "subject"),
    "CareTeam": (),
    "Claim": ("status", "type", "use", "patient", "created", "provider", "priority", "insurance"),
    "Condition": ("subject",),
    "Coverage": ("status", "beneficiary", "payor"),
    "Device": (),
    "DiagnosticReport": ("status", "code"),
    "DocumentReference": ("status", "content"),
    "Encounter": ("status", "class"),
    "ExplanationOfBenefit": (
        "status",
        "type",
        "use",
        "patient",
        "created",
        "insurer",
        "provider",
        "outcome",
        "insurance",
    ),
    "Goal": ("lifecycleStatus", "description", "subject"),
    "ImagingStudy": ("status", "subject"),
    "Immunization": ("status", "vaccineCode", "patient", "occurrence[x]"),
    "Location": (),
    "Medication": (),
    "MedicationAdministration": ("status", "medication[x]", "subject", "effective[x]"),
    "MedicationRequest": ("status", "intent", "medication[x]", "subject"),
    "MedicationStatement": ("status", "medication[x]", "subject"),
    "Observation": ("status", "code"),
    "Organization": (),
    "Patient": (),
    "Practitioner": (),
    "PractitionerRole": (),
    "Procedure": ("status", "subject"),
    "Provenance": ("target", "recorded", "agent"),
    "ServiceRequest": ("status", "intent", "subject"),
    "Specimen": (),
}
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_DATETIME = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?")
_GENDERS = ("male", "female", "other", "unknown")
_OF_TYPE = {"birthDate": _DATE, "recordedDate": _DATETIME, "effectiveDateTime": _DATETIME, "onsetDateTime": _DATETIME}
# Elements of Bundle.entry (http://hl7.org/fhir/R4/bundle.html).
_OF_ENTRY = frozenset(
    {"id", "extension", "modifierExtension", "link", "fullUrl", "resource", "search", "request", "response"}
)
_MOST_COLUMNS = 500
REST = "_rest"


def stage_fhir(path: Path, staging: Staging) -> None:
    """Stage a bundle (.json), or resources line by line (.ndjson).

    Parameters
    ----------
    path : Path
    staging : Staging

    Raises
    ------
    SourceError
        A file that is neither.

    Notes
    -----
    A path such as ``code.coding[0].code`` is a column. Beyond 500 columns the rest of a resource stands as JSON in
    ``_rest``, so that nothing is lost.
    """
    tables: dict[str, list[tuple[int, dict[str, str]]]] = {}
    bad: dict[str, list[Quarantined]] = {}
    seen: set[tuple[str, str]] = set()
    for number, resource, raw in _resources(path):
        fault = _fault_of(resource, seen)
        kind = resource.get("resourceType") if isinstance(resource, dict) else None
        name = kind if isinstance(kind, str) and kind in REQUIRED else "resource"
        if fault:
            bad.setdefault(name, []).append(Quarantined(path.name, number, *fault, raw[:2_000], name))
            continue
        tables.setdefault(name, []).append((number, dict(_flat(resource))))
    for name in sorted({*tables, *bad}):
        rows = tables.get(name, [])
        told = staging.free(f"{path.stem}.{name}")
        written = _write(staging, told, path.name, rows) if rows else 0
        staging.add(told, written, bad.get(name, ()))


def _write(staging: Staging, name: str, file: str, rows: list[tuple[int, dict[str, str]]]) -> int:
    paths = dict.fromkeys(path for _, row in rows for path in row)
    kept, more = list(paths)[:_MOST_COLUMNS], list(paths)[_MOST_COLUMNS:]
    columns = distinct([*kept, *([REST] if more else [])])

    def records() -> Iterator[tuple[str, int, list[str | None]]]:
        for number, row in rows:
            cells: list[str | None] = [row.get(path) for path in kept]
            if more:
                rest = {path: row[path] for path in more if path in row}
                cells.append(json.dumps(rest, ensure_ascii=False) if rest else None)
            yield file, number, cells

    return staging.write(name, columns, records())


def _resources(path: Path) -> Iterator[tuple[int, Any, str]]:
    """The resources of a file with their numbers and their text."""
    if path.suffix.lower() == ".ndjson":
        with path.open("rb") as file:
            for number, line in enumerate((line for line in file if line.strip()), start=1):
                text = line.decode("utf-8", "replace")
                try:
                    yield number, read_json(line), text
                except (ValueError, RecursionError):
                    yield number, None, text
        return
    try:
        held = read_json(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise SourceError("is no JSON", where=path.name, mend="give a FHIR bundle, or .ndjson line by line") from error
    if not isinstance(held, dict) or "resourceType" not in held:
        raise SourceError("is no FHIR resource", where=path.name, mend="give a bundle or a resource of FHIR R4")
    if isinstance(held, NamedTwice) and held["resourceType"] == "Bundle":
        raise SourceError("is a bundle that names an element twice", where=path.name, mend="write it anew")
    entries = held.get("entry", []) if held["resourceType"] == "Bundle" else [{"resource": held}]
    if not isinstance(entries, list):
        raise SourceError("is a bundle without entries", where=path.name, mend="give a bundle of FHIR R4")
    for number, entry in enumerate(entries, start=1):
        sound = isinstance(entry, dict) and not isinstance(entry, NamedTwice) and entry.keys() <= _OF_ENTRY
        resource = entry.get("resource") if sound else None
        raw = json.dumps(entry if resource is None else resource, ensure_ascii=False)
        yield number, resource, raw.encode("utf-8", "backslashreplace").decode()


def _fault_of(resource: Any, seen: set[tuple[str, str]]) -> tuple[str, str] | None:
    """Why a resource breaks the standard: a code and what was expected."""
    if not isinstance(resource, dict):
        return "not_json", "no resource, or an entry with an element that FHIR does not have"
    if fault := fault_in(resource):
        return fault, FAULTS[fault]
    kind = resource.get("resourceType")
    if not isinstance(kind, str) or kind not in REQUIRED:
        return "resource_type", "a resource type of FHIR R4 is expected"
    for element in REQUIRED[kind]:
        stem = element.removesuffix("[x]")
        if not any(name == element or (element.endswith("[x]") and name.startswith(stem)) for name in resource):
            return "element", f"{kind}.{element} is required"
    for element, form in _OF_TYPE.items():
        if element in resource and not (isinstance(resource[element], str) and form.fullmatch(resource[element])):
            return "primitive", f"{kind}.{element} is no date of FHIR"
    if kind == "Patient" and resource.get("gender", "unknown") not in _GENDERS:
        return "primitive", f"Patient.gender is none of {', '.join(_GENDERS)}"
    identifier = resource.get("id")
    if isinstance(identifier, str):
        if (kind, identifier) in seen:
            return "duplicate_id", f"another {kind} has this id"
        seen.add((kind, identifier))
    return None


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Leaves of a resource by their path."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _flat(inner, f"{path}[{place}]")
    elif value is not None:
        text = json.dumps(value) if isinstance(value, bool | int | float) else str(value)
        yield path, text
