"""XML taken in a piece at a time: no entity, no DTD, no network, a bound on depth and on the size of each message."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from lxml import etree

from bencao.safety.errors import MessageError

_CHUNK = 1 << 16
LARGEST = 64 << 20  # bytes of one message
_BACK = "ask its sender for the whole message again"


class _Source(Protocol):
    def read(self, size: int, /) -> bytes: ...


def pieces(path: Path, piece: str, largest: int = LARGEST, allowed: str = "") -> Iterator[etree._Element]:
    """Give each element of a name as it ends, then the root with what else stands in it.

    Parameters
    ----------
    path : Path
    piece : str
        Name with its namespace. What was given is emptied when the next is asked for, so memory holds one at a time.
    largest : int
        Bytes that one piece, and what stands beside the pieces, may have.
    allowed : str
        Root whose document type may be named, see `refuse_document_type`.

    Yields
    ------
    lxml element
        The pieces in order; last, the root, of which the pieces are gone.

    Raises
    ------
    MessageError
        Not a file, not XML (with line and column), a document type or entity, nested or large beyond reason.
    """
    try:
        with path.open("rb") as source:
            yield from _pieces(source, str(path), piece, largest, allowed)
    except OSError as error:
        raise MessageError(f"cannot be read: {error.strerror}", where=str(path), mend="give a readable file") from None


def root_of(path: Path) -> str:
    """Name of a file's root, without its namespace; raises as `pieces`, for what stands before it."""
    parser = etree.XMLPullParser(("start",), resolve_entities=False, no_network=True, load_dtd=False)
    try:
        with path.open("rb") as source:
            for _ in range(LARGEST // _CHUNK):
                chunk = source.read(_CHUNK)
                try:
                    parser.feed(chunk) if chunk else parser.close()
                except etree.XMLSyntaxError as error:
                    raise _unreadable(error, str(path)) from None
                for _, element in parser.read_events():
                    return str(etree.QName(element).localname)
    except OSError as error:
        raise MessageError(f"cannot be read: {error.strerror}", where=str(path), mend="give a readable file") from None
    raise MessageError("no root", where=str(path), mend=_BACK)


def _pieces(source: _Source, where: str, piece: str, largest: int, allowed: str) -> Iterator[etree._Element]:
    # Without comments the text on both sides of one is one text.
    parser = etree.XMLPullParser(
        ("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    root: etree._Element | None = None
    since = 0
    while chunk := source.read(_CHUNK):
        since += len(chunk)
        if since > largest:
            mend = "send large documents apart from the report"
            raise MessageError(f"one message of more than {largest:,} bytes", where=where, mend=mend)
        try:
            parser.feed(chunk)
        except etree.XMLSyntaxError as error:
            raise _unreadable(error, where) from None
        for event, element in parser.read_events():
            if root is None:
                root = element
                refuse_document_type(root, where, allowed)
            if event == "end" and element.tag == piece:
                _refuse_entities(element, where)
                yield element
                _forget(element)
                since = 0
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        raise _unreadable(error, where) from None
    if root is None:
        raise MessageError("the file is empty", where=where, mend=_BACK)
    _refuse_entities(root, where)
    yield root


def _refuse_entities(element: etree._Element, where: str) -> None:
    for entity in element.iter(etree.Entity):
        line = f"{where}: line {element.sourceline}"
        raise MessageError(f"in it stands the entity {entity.text}", where=line, mend="write what it stands for")


def _forget(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while (before := element.getprevious()) is not None and before.tag == element.tag:
            parent.remove(before)


def refuse_document_type(root: etree._Element, where: str, allowed: str = "") -> None:
    """Refuse a document type declaration: it can hold entities, and nothing here needs one.

    Parameters
    ----------
    allowed : str
        Root for which an external one, which is never fetched, is passed over.
    """
    document = root.getroottree().docinfo
    inner = document.internalDTD
    if not document.doctype and inner is None:
        return
    if allowed and root.tag == allowed and (inner is None or not list(inner.iterentities())):
        return
    mend = "remove the DOCTYPE; a report needs none"
    raise MessageError("it declares a document type, which may hide entities", where=f"{where}: line 1", mend=mend)


def _unreadable(error: etree.XMLSyntaxError, where: str) -> MessageError:
    line, column = error.position
    cause = (error.msg or "not XML").split(", line ")[0]
    return MessageError(f"not well-formed: {cause}", where=f"{where}: line {line}, column {column}", mend=_BACK)
