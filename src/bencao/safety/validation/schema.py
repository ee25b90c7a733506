"""Messages against the user's copy of the ICH schemas (XSD), which are not free to ship."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

from bencao.kernel.errors import InputError
from bencao.safety.e2b.reading import MESSAGE
from bencao.safety.e2b.roots import XSI
from bencao.safety.e2b.xml import LARGEST, refuse_document_type
from bencao.safety.errors import MessageError
from bencao.safety.validation.rule import REJECT, Finding
from bencao.safety.validation.words import pick

NAME = "MCCI_IN200100UV01.xsd"
_XSD = "{http://www.w3.org/2001/XMLSchema}"
_MEND = f"give the folder of the ICH or regional package that holds multicacheschemas/{NAME}"


@dataclass(frozen=True)
class Schema:
    """Schemas ready to hold files against.

    Attributes
    ----------
    files : tuple of Path
        All that belong together, the first that of the batch.
    compiled : etree.XMLSchema
    """

    files: tuple[Path, ...]
    compiled: etree.XMLSchema


def load_schema(folder: Path) -> Schema:
    """Read the schemas in a folder, or below it; nothing is fetched.

    Raises
    ------
    InputError
        No schema of the batch or several; one that includes what is not in the folder, declares a document type, is no
        XML or no schema.
    """
    found = sorted(folder.rglob(NAME))
    if len(found) != 1:
        raise InputError(f"{len(found)} files {NAME} in it, expected one", where=str(folder), mend=_MEND)
    files: dict[Path, None] = {}
    waiting = [found[0]]
    while waiting:
        path = waiting.pop().resolve()
        if path not in files:
            files[path] = None
            waiting += _included(path, folder.resolve())
    try:
        compiled = etree.XMLSchema(_parsed(found[0]))
    except etree.XMLSchemaParseError as error:
        raise InputError(f"no valid schema: {error}", where=str(found[0]), mend=_MEND) from None
    return Schema(tuple(files), compiled)


def check_schema(path: Path, schema: Schema, lang: str = "en") -> dict[int, list[Finding]]:
    """Hold a file against the schemas.

    Parameters
    ----------
    path : Path
        An E2B(R3) batch.
    schema : Schema
    lang : str
        ``en`` or ``zh``; what the schema says is in English.

    Returns
    -------
    dict of int to list of Finding
        By the number of the message, from 1; what is wrong with the batch itself is with the first. The id is ``XSD``;
        the message tells the line.

    Raises
    ------
    MessageError
        A file that is not XML, declares a document type or holds more than 64 MB.
    """
    try:
        size = path.stat().st_size
    except OSError as error:
        raise MessageError(f"cannot be read: {error.strerror}", where=str(path), mend="give a readable file") from None
    if size > LARGEST:
        mend = "split the batch: schemas are checked on whole files"
        raise MessageError(f"a file of more than {LARGEST:,} bytes", where=str(path), mend=mend)
    try:
        tree = _parsed(path)
    except InputError as error:
        raise MessageError(error.cause, where=error.where, mend=error.mend) from None
    root = tree.getroot()
    root.attrib.pop(f"{{{XSI}}}schemaLocation", None)  # the user's schemas count, not where the sender found its own
    schema.compiled.validate(tree)
    numbers = {place: number for number, place in enumerate(_places(root), 1)}
    found: dict[int, list[Finding]] = {}
    for each in schema.compiled.error_log:
        inner = re.match(r"/\*/\*(?:\[(\d+)\])?", each.path or "")
        number = numbers.get(int(inner[1] or 1), 1) if inner else 1
        said = re.sub(r"\{[^{}]*\}", "", each.message)
        text = pick(lang, f"line {each.line}: {said}", f"第{each.line}行：{said}")
        mend = pick(lang, "write what the schema has there", "按架构文件修改此处")
        found.setdefault(number, []).append(Finding("XSD", REJECT, "", (), text, mend))
    return found


def _places(root: etree._Element) -> Iterator[int]:
    """Which of the root's elements are messages, from 1."""
    children = (child for child in root if isinstance(child.tag, str))
    return (place for place, child in enumerate(children, 1) if child.tag == MESSAGE)


def _included(path: Path, folder: Path) -> list[Path]:
    """Schemas that one names; only files of the folder may be."""
    found = []
    for each in _parsed(path).getroot().iter(f"{_XSD}include", f"{_XSD}import", f"{_XSD}redefine"):
        told = each.get("schemaLocation")
        if told is None:
            continue
        target = (path.parent / told).resolve()
        where = f"{path}: line {each.sourceline}"
        if urlsplit(told).scheme or folder not in target.parents:
            raise InputError(f"it includes {told!r}, which is not in the folder", where=where, mend=_MEND)
        if not target.is_file():
            raise InputError(f"it includes {told!r}, which is absent", where=where, mend=_MEND)
        found.append(target)
    return found


def _parsed(path: Path) -> etree._ElementTree:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        tree = etree.parse(str(path), parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        cause = (error.msg or "not XML").split(", line ")[0]
        where = f"{path}: line {line}, column {column}"
        raise InputError(f"not well-formed: {cause}", where=where, mend="give the whole file again") from None
    except OSError as error:
        raise InputError(f"cannot be read: {error}", where=str(path), mend="give a readable file") from None
    refuse_document_type(tree.getroot(), str(path))
    return tree
