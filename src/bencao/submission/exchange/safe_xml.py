"""XML read without entities, external parts or the network, and written as UTF-8."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from lxml import etree

from bencao.kernel.errors import InputError
from bencao.submission.errors import DocumentError, UnsafeFile

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,80}?encoding=["']([A-Za-z0-9._-]+)["']""")
LIMIT = 512 * 1024 * 1024  # bytes; no dossier part comes near


def parse_file(path: str | os.PathLike[str]) -> Any:
    """Parse a file; raises as `parse_bytes`, and where it cannot be read."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=os.fspath(path), mend="check the path") from error
    return parse_bytes(data, os.fspath(path))


def parse_bytes(data: bytes, where: str) -> Any:
    """Parse XML to its root element.

    Parameters
    ----------
    data : bytes
    where : str
        What an error names.

    Raises
    ------
    UnsafeFile
        Where a document type declares entities, or the file is larger than any honest one. A document type that only
        names its definition is allowed; the definition is never fetched.
    DocumentError
        Where it is not well-formed XML, or not in the encoding it says.
    """
    if len(data) > LIMIT:
        raise UnsafeFile(f"{len(data):,} bytes of XML", where=where, mend=f"split it below {LIMIT:,} bytes")
    _check_encoding(data, where)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=True,
        remove_blank_text=False,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise DocumentError(
            f"is not well-formed XML: {error.msg}",
            where=f"{where}: line {line}, column {column}",
            mend="save it again from the program that made it",
        ) from None
    internal = root.getroottree().docinfo.internalDTD
    if internal is not None and any(True for _ in internal.iterentities()):
        raise UnsafeFile("declares entities", where=where, mend="remove the <!ENTITY …> lines from its DOCTYPE")
    return root


def _check_encoding(data: bytes, where: str) -> None:
    """The XML library lets some bytes pass that are not UTF-8; they would become other letters."""
    declared = _DECLARED.match(data)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or (declared and declared[1].lower() not in (b"utf-8", b"utf8")):
        return
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DocumentError(
            f"says it is UTF-8 and is not, from byte {error.start:,} on",
            where=f"{where}: line {line}",
            mend='save it in UTF-8, or name its encoding in its first line: <?xml version="1.0" encoding="GB18030"?>',
        ) from None


def to_bytes(root: Any, *, doctype: str | None = None) -> bytes:
    """Serialise a tree as UTF-8 with its declaration."""
    data: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, doctype=doctype)
    return data + b"\n"


def local(element: Any) -> str:
    """Name of an element without its namespace; "" for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
