"""The ledger in the forms that others read: W3C PROV-JSON and RO-Crate 1.1."""

from __future__ import annotations

import base64
import functools
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bencao.kernel.errors import LedgerError
from bencao.kernel.files import write_text
from bencao.kernel.ledger.entry import Entry, FileRecord, canonical_json, hash_file
from bencao.kernel.ledger.store import Ledger

RO_CRATE_FILE = "ro-crate-metadata.json"

_CONTENT = "ni:///sha-256;"  # RFC 6920: names a content by its hash
_ROLES = ("used", "generated")


def write_prov(ledger: Ledger, path: str | os.PathLike[str]) -> None:
    """Write the ledger as PROV-JSON: a file is an entity, an entry an activity, the package its agent.

    A file is identified by its content (RFC 6920), so that what two commands share is one entity.

    Parameters
    ----------
    ledger : Ledger
    path : path
        File to write; replaced whole.

    Raises
    ------
    LedgerError
        Where an entry cannot be read.
    InputError
        Where the file cannot be written.

    References
    ----------
    The PROV-JSON Serialization, W3C Member Submission, 24 April 2013.
    """
    write_text(path, _pretty(_prov_document(ledger)))


def _prov_document(ledger: Ledger) -> dict[str, Any]:
    size = ledger.head().size
    # The first leaf is what no two ledgers share and no append changes.
    identity = ledger.leaf(0).hex() if size else "empty"
    document: dict[str, Any] = {
        "prefix": {
            "bencao": "urn:bencao:",
            "content": _CONTENT,
            "entry": f"urn:bencao:ledger:{identity}:",
            "software": "urn:bencao:software:",
        },
        "entity": {},
        "activity": {},
        "agent": {},
        "used": {},
        "wasGeneratedBy": {},
        "wasAssociatedWith": {},
    }
    for number, entry in ledger.entries():
        activity, agent = (
            f"entry:{number}",
            f"software:{quote(entry.versions.get('bencao', 'unknown'), safe='.')}",
        )
        document["activity"][activity] = _prov_activity(entry)
        document["agent"][agent] = {"prov:type": {"$": "prov:SoftwareAgent", "type": "prov:QUALIFIED_NAME"}}
        document["wasAssociatedWith"][f"_:a{number}"] = {"prov:activity": activity, "prov:agent": agent}
        for relation, role in (("used", "used"), ("wasGeneratedBy", "generated")):
            for position, file in enumerate(getattr(entry, role)):
                entity = f"content:{_digest_name(file)}"
                document["entity"].setdefault(entity, _prov_entity(file))
                document[relation][f"_:{role[0]}{number}.{position}"] = {
                    "prov:activity": activity,
                    "prov:entity": entity,
                    "bencao:path": file.path,
                }
    return document


def _prov_activity(entry: Entry) -> dict[str, Any]:
    activity = {
        "prov:startTime": entry.started,
        "prov:endTime": entry.ended,
        "prov:label": entry.command,
        "bencao:status": entry.status,
        "bencao:parameters": canonical_json(dict(entry.parameters)).decode(),
        "bencao:versions": canonical_json(dict(entry.versions)).decode(),
    }
    return activity | ({"bencao:error": entry.error} if entry.error else {})


def _prov_entity(file: FileRecord) -> dict[str, Any]:
    return {
        "prov:label": file.path,
        "bencao:sha256": file.sha256,
        "bencao:size": {"$": str(file.size), "type": "xsd:integer"},
    }


def write_ro_crate(ledger: Ledger, path: str | os.PathLike[str]) -> Path:
    """Write the ledger as an RO-Crate 1.1: a ``CreateAction`` an entry, a ``File`` a content.

    A file that lies in the crate's folder with the recorded content stands there under its path; any other is
    named by its content (RFC 6920), as it is no part of the folder, or no longer.

    Parameters
    ----------
    ledger : Ledger
    path : path
        Folder of the crate, made where it does not exist, or the ``ro-crate-metadata.json`` in it.

    Returns
    -------
    Path
        The metadata file; replaced whole.

    Raises
    ------
    LedgerError
        Where an entry cannot be read, or `path` is a JSON file of another name.
    InputError
        Where the file cannot be written.

    References
    ----------
    RO-Crate Metadata Specification 1.1: "Root Data Entity", "Data Entities", "Software used to create files".
    """
    target = Path(path)
    if target.suffix != ".json":
        target = target / RO_CRATE_FILE
    if target.name != RO_CRATE_FILE:
        raise LedgerError(
            f"an RO-Crate is found by the name {RO_CRATE_FILE}", where=str(path), mend="give the folder, or that name"
        )
    graph = list(_crate_entities(ledger, target.parent))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LedgerError(
            f"cannot be made: {error.strerror}", where=str(target.parent), mend="give another folder"
        ) from error
    context = ["https://w3id.org/ro/crate/1.1/context", {"sha256": "http://schema.org/sha256"}]
    write_text(target, _pretty({"@context": context, "@graph": graph}))
    return target


def _crate_entities(ledger: Ledger, folder: Path) -> Iterator[dict[str, Any]]:
    files: dict[str, dict[str, Any]] = {}  # by SHA-256
    context: dict[str, dict[str, Any]] = {}  # software, models, parameters, by @id
    actions = []
    present = functools.cache(lambda path: hash_file(path).sha256)  # a file may stand in thousands of entries
    published = "1970-01-01"  # an empty ledger has no date, the specification demands one
    for number, entry in ledger.entries():
        for role in _ROLES:
            for file in getattr(entry, role):
                if file.sha256 not in files or files[file.sha256]["@id"].startswith(_CONTENT):
                    files[file.sha256] = _crate_file(file, folder, present)
        instruments = [_crate_version(name, version) for name, version in sorted(entry.versions.items())]
        parameters = [_crate_parameter(number, name, value) for name, value in sorted(entry.parameters.items())]
        context.update({item["@id"]: item for item in (*instruments, *parameters)})
        actions.append((number, entry, instruments, parameters))
        published = entry.ended
    yield {
        "@id": RO_CRATE_FILE,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    yield {
        "@id": "./",
        "@type": "Dataset",
        "name": "Bencao workspace",
        "description": f"Files and commands of a Bencao ledger with {len(actions)} entries.",
        "datePublished": published,
        "license": "Not stated by the ledger; each file keeps the licence it came with.",
        "hasPart": [{"@id": file["@id"]} for file in files.values()],
        "mentions": [{"@id": f"#entry-{number}"} for number, *_ in actions],
    }
    yield from files.values()
    yield from context.values()
    for number, entry, instruments, parameters in actions:
        named = {role: [{"@id": files[file.sha256]["@id"]} for file in getattr(entry, role)] for role in _ROLES}
        yield {
            "@id": f"#entry-{number}",
            "@type": "CreateAction",
            "name": entry.command,
            "startTime": entry.started,
            "endTime": entry.ended,
            "actionStatus": {
                "@id": f"http://schema.org/{'Completed' if entry.status == 'ok' else 'Failed'}ActionStatus"
            },
            **({"error": entry.error} if entry.error else {}),
            "instrument": [{"@id": item["@id"]} for item in instruments],
            "object": _distinct(named["used"]) + [{"@id": item["@id"]} for item in parameters],
            "result": _distinct(named["generated"]),
        }


def _distinct(references: list[dict[str, str]]) -> list[dict[str, str]]:
    return list({reference["@id"]: reference for reference in references}.values())


def _crate_file(file: FileRecord, folder: Path, present: Callable[[Path], str]) -> dict[str, Any]:
    inside = _path_inside(file, folder, present)
    return {
        "@id": _iri_path(inside) if inside else _CONTENT + _digest_name(file),
        "@type": "File",
        "name": file.path,
        "contentSize": str(file.size),
        "sha256": file.sha256,
    }


def _iri_path(path: str) -> str:
    """The path as an IRI: what an IRI may not hold is escaped, Chinese stays Chinese ("Encoding file paths")."""
    return "".join(letter if ord(letter) > 127 else quote(letter) for letter in path)


def _path_inside(file: FileRecord, folder: Path, present: Callable[[Path], str]) -> str:
    """Path from the crate's folder where the file lies there unchanged; else empty."""
    root = folder.resolve()
    place = (root / file.path).resolve()
    if not place.is_relative_to(root) or not place.is_file() or present(place) != file.sha256:
        return ""
    return place.relative_to(root).as_posix()


def _crate_version(name: str, version: str) -> dict[str, Any]:
    kind = "SoftwareApplication" if name == "bencao" else "CreativeWork"
    return {"@id": f"#{quote(name)}-{quote(version, safe='.')}", "@type": kind, "name": name, "version": version}


def _crate_parameter(number: int, name: str, value: object) -> dict[str, Any]:
    text = value if isinstance(value, str) else canonical_json(value).decode()
    return {"@id": f"#entry-{number}-{quote(name)}", "@type": "PropertyValue", "name": name, "value": text}


def _digest_name(file: FileRecord) -> str:
    return base64.urlsafe_b64encode(bytes.fromhex(file.sha256)).rstrip(b"=").decode()


def _pretty(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
