"""Read E2B(R2) reports: each field to its data element of E2B(R3); what has none there is named."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.e2b.r2.assessments import assess
from bencao.safety.e2b.r2.fields import Told, places, told_in
from bencao.safety.e2b.r2.placing import Placing, place
from bencao.safety.e2b.r2.whole import spread
from bencao.safety.e2b.reading import Message
from bencao.safety.e2b.xml import pieces
from bencao.safety.errors import MessageError

ROOT = "ichicsr"
_REPORT = "safetyreport"
_HEADER = "ichicsrmessageheader"


def read_reports(path: Path) -> Iterator[Message]:
    """Read the reports of an E2B(R2) message one by one, in bounded memory.

    Parameters
    ----------
    path : Path
        XML after the document type ``ichicsr`` 2.1, which may be named and is not fetched. Its older form in SGML, with
        tags left out, is not read.

    Yields
    ------
    Message
        In file order; `unread` names what E2B(R3) has no place for, and what is written against its own form.

    Raises
    ------
    MessageError
        See `bencao.safety.e2b.xml.pieces`; or another root; or no report in it.

    Notes
    -----
    After ICH's guide on forward and backward compatibility: what R2 says once of the whole report (seriousness,
    country, confirmation) is said of each reaction; a term in words goes to the field that E2B(R3) has for words.
    """
    count = 0
    header: list[Told] = []
    for element in pieces(path, _REPORT, allowed=ROOT):
        parent = element.getparent()
        if parent is None and element.tag != ROOT:
            raise MessageError(
                f"its root is {element.tag}, not {ROOT}", where=str(path), mend="give an E2B(R2) message"
            )
        if parent is not None and parent.tag == ROOT:
            header = header or _header(parent)
            count += 1
            yield _report(element, header)
    if not count:
        raise MessageError("a message without a report", where=str(path), mend="ask its sender for the reports")


def read_header(path: Path) -> tuple[tuple[Occurrence, ...], tuple[str, ...]]:
    """The data elements of the batch (N.1) and what its header says beside them; raises as `read_reports`."""
    for element in pieces(path, _REPORT, allowed=ROOT):
        root = element.getparent()
        placing = Placing()
        for each in _header(element if root is None else root):
            place(each, placing, "N.1.")
        return placing.occurrences(), tuple(placing.unread)
    return (), ()


def _header(root: etree._Element) -> list[Told]:
    found = root.find(_HEADER)
    return [] if found is None else told_in(found)


def _report(element: etree._Element, header: list[Told]) -> Message:
    told = told_in(element)
    placing = Placing()
    for each in header:
        place(each, placing, "N.2.")
    for each in sorted(told, key=_is_comment):
        place(each, placing)
    spread(told, placing)
    assess(told, placing)
    return Message(placing.occurrences(), tuple(placing.unread), element.sourceline or 0)


def _is_comment(told: Told) -> bool:
    """Whether a field goes on from another, which is then placed first."""
    return any(each.kind == "further" for each in places().get((told.within, told.name), ()))
