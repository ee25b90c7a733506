"""Whether a file is what its name says."""

from __future__ import annotations

from pathlib import Path

from bencao.kernel.errors import BencaoError
from bencao.submission.ectd.pdf.facts import pdf_facts
from bencao.submission.ectd.region.naming import EXTENSIONS
from bencao.submission.errors import DocumentError
from bencao.submission.exchange.safe_xml import parse_file

_XPT = (b"HEADER RECORD*******LIBRARY HEADER RECORD", b"HEADER RECORD*******LIBV8")


def check_type(path: Path, where: str) -> None:
    """Refuse a file that is not what its extension says, or that no agency could open.

    Raises
    ------
    DocumentError
        Where it is of a type that is not accepted, broken, locked, or something else than its name says.
    """
    ending = path.suffix.lower().lstrip(".")
    if ending not in EXTENSIONS:
        raise DocumentError(
            f"{path.name}: .{ending} is not accepted", where=where, mend=f"convert it: {', '.join(sorted(EXTENSIONS))}"
        )
    with path.open("rb") as stream:
        head = stream.read(1024)
    if ending == "pdf":
        _pdf(path, head, where)
    elif ending == "xpt" and not head.startswith(_XPT):
        raise DocumentError(f"{path.name} is no SAS transport file", where=where, mend="write it as XPT v5 or v8")
    elif ending in ("xml", "xsl"):
        try:
            parse_file(path)
        except BencaoError as error:
            raise DocumentError(f"{path.name}: {error.cause}", where=where, mend=error.mend) from None
    elif ending == "txt" and b"\0" in head:
        raise DocumentError(f"{path.name} is no text", where=where, mend="give a text file")


def _pdf(path: Path, head: bytes, where: str) -> None:
    if b"%PDF-" not in head:
        raise DocumentError(f"{path.name} is no PDF", where=where, mend="make it as PDF, or name it as what it is")
    facts = pdf_facts(path)
    if facts.needs_password or facts.restricted:
        raise DocumentError(
            f"{path.name} is locked", where=where, mend="save it without password and security settings"
        )
    if facts.unreadable:
        raise DocumentError(
            f"{path.name} is broken: {facts.unreadable}", where=where, mend="make it again from its source"
        )
