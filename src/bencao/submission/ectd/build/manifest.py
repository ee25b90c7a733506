"""The manifest: submission.yaml and its table of leaves, read strictly."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bencao.submission.ectd.backbone.leaf import OPERATIONS
from bencao.submission.errors import ManifestError, UnsafeFile

COLUMNS = (
    "heading",
    "attributes",
    "file",
    "title",
    "operation",
    "modifies",
    "name",
    "language",
    "extension",
    "study",
    "tag",
)
_LARGEST = 64 << 20  # bytes of a manifest or its table
Text = Annotated[str, BeforeValidator(lambda value: value if isinstance(value, str) else str(value))]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Contact(_Strict):
    """Whom the agency asks about the sequence."""

    name: str
    phone: Text
    email: str


class CnEnvelope(_Strict):
    """China's envelope; names as in cn-regional-1-0.xsd."""

    application_type: str = Field(alias="application-type")
    product_type: str = Field(alias="product-type")
    product_number: Text = Field(alias="product-number")
    related_sequence: Text = Field(alias="related-sequence", pattern=r"^\d{4}$")
    regulatory_activity_type: str = Field(alias="regulatory-activity-type")
    sequence_type: str = Field(alias="sequence-type")
    description: str = Field(min_length=1, max_length=120)
    contact: Contact


class Study(_Strict):
    """A study whose documents a tagging file lists.

    `stylesheet` is the file in ``util/style`` that the tagging file names.
    """

    id: Text = Field(pattern=r"\S")
    heading: Text
    title: str = Field(min_length=1)
    attributes: dict[str, Text] = {}
    categories: dict[str, str] = {}
    stylesheet: str = "ich-stf-stylesheet-2-3.xsl"
    operation: str = "append"


class Manifest(_Strict):
    """One sequence to build.

    Parameters
    ----------
    application : str
        Its number, which is its folder's name.
    region : str
        ``cn``, ``eu`` or ``ich``.
    sequence : str
        Four digits.
    envelope : mapping
        For China as `CnEnvelope`; for the EU elements of the envelope as in the user's eu-envelope.mod.
    leaves : str
        The table of leaves, beside the manifest.
    studies : list of Study
    language : str, optional
        Of index.xml.
    """

    application: Text = Field(pattern=r"^[A-Za-z0-9-]+$")
    region: str
    sequence: Text = Field(pattern=r"^\d{4}$")
    envelope: dict[str, Any] = {}
    leaves: str = "leaves.csv"
    studies: tuple[Study, ...] = ()
    language: str = "zh"


class LeafRow(_Strict):
    """One row of the table of leaves; `row` is its line in the file."""

    row: int
    heading: str
    attributes: dict[str, str] = {}
    file: str = ""
    title: str
    operation: str = "new"
    modifies: str = ""
    name: str = ""
    language: str = ""
    extension: str = ""
    study: str = ""
    tag: str = ""


def read_manifest(path: str | os.PathLike[str]) -> tuple[Manifest, tuple[LeafRow, ...]]:
    """Read a manifest and its table of leaves.

    Parameters
    ----------
    path : path-like
        ``submission.yaml``.

    Raises
    ------
    ManifestError
        Where a key, a column or a value is wrong; `where` names file, and key or row.
    UnsafeFile
        Where the table of leaves lies outside the manifest's folder.
    """
    where = os.fspath(path)
    manifest = _manifest(_text(Path(path)), where)
    table = inside(Path(path).parent, manifest.leaves, where)
    return manifest, tuple(_leaves(table))


def inside(folder: Path, name: str, where: str) -> Path:
    """A file beside the manifest.

    Raises
    ------
    UnsafeFile
        Where the name, or a link behind it, leads out of the folder.
    """
    path = folder / name
    root = folder.resolve()
    if Path(name).is_absolute() or "\\" in name or root not in path.resolve().parents:
        raise UnsafeFile(
            f"{name!r} leads out of the manifest's folder", where=where, mend="put the file under the manifest's folder"
        )
    return path


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _LARGEST:
            raise ManifestError("is too large", where=str(path), mend=f"keep it below {_LARGEST:,} bytes")
        data = path.read_bytes()
    except OSError as error:
        raise ManifestError(f"cannot be read: {error.strerror}", where=str(path), mend="check the path") from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ManifestError("is neither UTF-8 nor GB18030", where=str(path), mend="save it in UTF-8")


def _manifest(text: str, where: str) -> Manifest:
    try:
        told = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f": line {mark.line + 1}" if mark is not None else ""
        raise ManifestError(
            f"is no YAML: {getattr(error, 'problem', error)}", where=where + line, mend="mend that line"
        ) from None
    except RecursionError:
        raise ManifestError("is nested too deeply", where=where, mend="write it flat") from None
    if not isinstance(told, dict):
        raise ManifestError("holds no keys", where=where, mend="begin with application:, region: and sequence:")
    sequence = told.get("sequence")
    if isinstance(sequence, int):
        told["sequence"] = f"{sequence:04d}"
    try:
        manifest = Manifest.model_validate(told)
        if manifest.region == "cn":
            CnEnvelope.model_validate(_padded(manifest.envelope))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"]) or "envelope"
        raise ManifestError(
            f"{first['msg']} (found {str(first.get('input'))[:60]!r})", where=f"{where}: {key}", mend="correct that key"
        ) from None
    return manifest


def cn_envelope(manifest: Manifest) -> CnEnvelope:
    """The envelope of a manifest for China."""
    return CnEnvelope.model_validate(_padded(manifest.envelope))


def _padded(envelope: dict[str, Any]) -> dict[str, Any]:
    related = envelope.get("related-sequence")
    return {**envelope, "related-sequence": f"{related:04d}"} if isinstance(related, int) else envelope


def _leaves(path: Path) -> list[LeafRow]:
    text = _text(path)
    first = text.splitlines()[0] if text.splitlines() else ""
    reader = csv.DictReader(text.splitlines(), delimiter="\t" if "\t" in first else ",")
    header = reader.fieldnames or []
    unknown = [name for name in header if name not in COLUMNS]
    missing = [name for name in ("heading", "title") if name not in header]
    if unknown or missing:
        raise ManifestError(
            f"has {'unknown columns ' + ', '.join(unknown) if unknown else 'no column ' + ', '.join(missing)}",
            where=str(path),
            mend=f"columns are {', '.join(COLUMNS)}",
        )
    rows = []
    for values in reader:
        told = {key: (value or "").strip() for key, value in values.items() if key in COLUMNS}
        if any(told.values()):
            rows.append(_leaf(told, reader.line_num, f"{path}: row {reader.line_num}"))
    if not rows:
        raise ManifestError("has no leaf", where=str(path), mend="give a row for each document")
    return rows


def _leaf(told: dict[str, str], row: int, where: str) -> LeafRow:
    operation = told.get("operation") or "new"
    if operation not in OPERATIONS:
        raise ManifestError(f"operation {operation!r}", where=where, mend=f"one of {', '.join(OPERATIONS)}")
    if operation == "delete" and told.get("file"):
        raise ManifestError("a deletion has no file", where=where, mend="leave file empty")
    if operation != "delete" and not told.get("file"):
        raise ManifestError(f"{operation} without a file", where=where, mend="name the file")
    if operation != "new" and not told.get("modifies"):
        raise ManifestError(
            f"{operation} names nothing that it modifies",
            where=where,
            mend="give modifies, such as 0000/m2/25-clin-over/clinical-overview.pdf",
        )
    if operation == "new" and told.get("modifies"):
        raise ManifestError("a new leaf modifies nothing", where=where, mend="leave modifies empty, or say replace")
    if not told.get("title"):
        raise ManifestError("a leaf without a title", where=where, mend="give its title")
    attributes = {}
    for part in filter(None, re.split(r"\s*;\s*", told.get("attributes", ""))):
        key, sign, value = part.partition("=")
        if not sign:
            raise ManifestError(f"attribute {part!r}", where=where, mend="write name=value; name=value")
        attributes[key.strip()] = value.strip()
    return LeafRow.model_validate({**told, "row": row, "operation": operation, "attributes": attributes})
