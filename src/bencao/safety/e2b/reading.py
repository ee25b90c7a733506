"""Read E2B(R3) messages: every data element with its place, and whatever else the message says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from bencao.safety.e2b.codecs import CODECS, Held
from bencao.safety.e2b.layout import TEXT, Binding, Node, layout, message_layout
from bencao.safety.e2b.links import Loose, gathered
from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.e2b.roots import NAMESPACE, XSI
from bencao.safety.e2b.xml import pieces
from bencao.safety.errors import MessageError

MESSAGE = f"{{{NAMESPACE}}}PORR_IN049016UV"
BATCH = f"{{{NAMESPACE}}}MCCI_IN200100UV01"
_TYPE = f"{{{XSI}}}type"
# Attributes that say nothing of the case: HL7's classes, names of codes for the eye, the schema's place.
_SILENT = {
    "classCode", "moodCode", "typeCode", "determinerCode", "displayName", "codeSystemName", "inversionInd",
    "ITSVersion", "contextConductionInd", "negationInd", _TYPE, f"{{{XSI}}}schemaLocation", "schemaLocation",
}  # fmt: skip


@dataclass(frozen=True)
class Message:
    """One report of a batch.

    Attributes
    ----------
    occurrences : tuple of Occurrence
        Its data elements, those of the message's header (N.2.r) among them with repeat 1.
    unread : tuple of str
        What the message says in no data element: where it stands, and its text.
    line : int
        Of the file, where it begins.
    """

    occurrences: tuple[Occurrence, ...]
    unread: tuple[str, ...] = ()
    line: int = 0


@dataclass
class _Reading:
    loose: list[Loose] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def read_messages(path: Path) -> Iterator[Message]:
    """Read the reports of a batch one by one, in bounded memory.

    Parameters
    ----------
    path : Path
        E2B(R3) batch (``MCCI_IN200100UV01``).

    Yields
    ------
    Message
        In file order. The batch's own data elements (N.1) are those of `read_batch`.

    Raises
    ------
    MessageError
        See `xml.pieces`; or a root that is no E2B(R3) batch; or a batch without a report.
    """
    count = 0
    for element in pieces(path, MESSAGE):
        if element.tag == MESSAGE:
            count += 1
            yield read_message(element)
        elif element.tag != BATCH:
            raise MessageError(
                f"its root is {etree.QName(element).localname}, not MCCI_IN200100UV01",
                where=str(path),
                mend="give an E2B(R3) batch; R2 and acknowledgements are read by functions of their own",
            )
    if not count:
        raise MessageError("a batch without a report", where=str(path), mend="ask its sender for the reports")


def read_batch(path: Path) -> tuple[tuple[Occurrence, ...], tuple[str, ...]]:
    """Read the data elements of a batch's own header and what it says beside them; raises as `read_messages`."""
    reading = _Reading()
    for element in pieces(path, MESSAGE):
        if element.tag == BATCH:
            for message in element.findall(MESSAGE):
                element.remove(message)
            _read(element, layout(), (), reading, "")
    return tuple(each.occurrence for each in reading.loose), tuple(reading.unread)


def read_message(element: etree._Element) -> Message:
    """Read one message (``PORR_IN049016UV``)."""
    reading = _Reading()
    _read(element, message_layout(), (), reading, "")
    occurrences = gathered(reading.loose)
    placed = [_in_message(each) for each in occurrences]
    return Message(tuple(dict.fromkeys(placed)), tuple(reading.unread), element.sourceline or 0)


def _in_message(occurrence: Occurrence) -> Occurrence:
    if not occurrence.element.startswith("N.2.r"):
        return occurrence
    return Occurrence(occurrence.element, (1,), occurrence.value, occurrence.null_flavor)


def _read(
    element: etree._Element,
    node: Node,
    repeats: tuple[int, ...],
    reading: _Reading,
    path: str,
    ids: tuple[str, str] = ("", ""),
) -> None:
    path = f"{path}/{node.name}"
    ids = _ids(element, node, ids)
    if node.codec:
        for number, what in CODECS[node.codec].read(element, node.arguments):
            _keep(reading, number, repeats, what, ids)
        return
    _read_own(element, node, repeats, reading, path, ids)
    counts: Counter[int] = Counter()
    taken: set[int] = set()
    linked = {names[0] for _, names in node.links}
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name = etree.QName(child).localname
        found = next((each for each in node.children if id(each) not in taken and _matches(child, each)), None)
        if found is None:
            if name not in linked and (told := _told(child, path)):
                reading.unread.append(told)
            continue
        if not found.repeats:
            taken.add(id(found))
            _read(child, found, repeats, reading, path, ids)
        else:
            counts[id(found)] += 1
            _read(child, found, (*repeats, counts[id(found)]), reading, path, ids)


def _read_own(
    element: etree._Element, node: Node, repeats: tuple[int, ...], reading: _Reading, path: str, ids: tuple[str, str]
) -> None:
    """The element's own attributes and text."""
    text = (element.text or "").strip() if len(element) else (element.text or "")
    null = element.get("nullFlavor")
    used = {"nullFlavor"}
    for place, binding in enumerate(node.bindings):
        used.add(binding.attribute)
        value = _bare(text if binding.attribute == TEXT else element.get(binding.attribute), binding)
        if value is not None and value.strip() and value != binding.default:
            _keep(reading, binding.element, repeats, Held(value), ids)
        elif null is not None and not place:
            _keep(reading, binding.element, repeats, Held(null_flavor=null), ids)
    if null is not None and not node.bindings and node.fixed.get("nullFlavor") != null:
        reading.unread.append(f"{path} nullFlavor={null}")
    if TEXT not in used and text.strip():
        reading.unread.append(f"{path}: {text.strip()[:200]}")
    for name, value in element.attrib.items():
        if name in used or name in _SILENT or node.fixed.get(name) == value:
            continue
        if name in ("codeSystemVersion", "codeSystem") and "code" not in used:
            continue  # the version of a fixed code's list
        if name == "codeSystemVersion" and not any(each.attribute == name for each in node.bindings):
            continue  # the version of ICH's or FDA's own list, for which no data element is given
        reading.unread.append(f"{path} {name}={value}")


def _bare(value: str | None, binding: Binding) -> str | None:
    """The value without its prefix."""
    if value is None or not binding.prefix:
        return value
    return value[len(binding.prefix) :] if value.startswith(binding.prefix) else value.removesuffix(":")


def _keep(reading: _Reading, number: str, repeats: tuple[int, ...], what: Held, ids: tuple[str, str]) -> None:
    occurrence = Occurrence(number, repeats, what.value, what.null_flavor)
    reading.loose.append(Loose(occurrence, *ids))


def _ids(element: etree._Element, node: Node, ids: tuple[str, str]) -> tuple[str, str]:
    """Ids of the drug and the reaction that this element, or one around it, speaks of."""
    drug, reaction = ids
    for kind, names in node.links:
        found = element.find("/".join(f"{{{NAMESPACE}}}{name}" for name in (*names, "id")))
        told = found.get("root", "") if found is not None else ""
        drug, reaction = (told, reaction) if kind == "drug" else (drug, told)
    return drug, reaction


def _matches(element: etree._Element, node: Node) -> bool:
    """Whether an element is the one that a node of the outline means."""
    if etree.QName(element).localname != node.name:
        return False
    if any(element.get(key) != value for key, value in node.keys.items()):
        return False
    for binding in node.bindings:
        value = element.get(binding.attribute) if binding.prefix else None
        if value is not None and not value.startswith(binding.prefix.rstrip(":")):
            return False
    if node.codec and not CODECS[node.codec].takes(element):
        return False
    return all(
        any(isinstance(child.tag, str) and _matches(child, each) for child in element)
        for each in node.children
        if each.required and _tells(each)
    )


def _tells(node: Node) -> bool:
    """Whether a required node, or one below it, is told by an attribute."""
    return bool(node.keys) or any(_tells(child) for child in node.children if child.required)


def _told(element: etree._Element, path: str) -> str:
    """A part that no data element holds, in words; empty if it says nothing."""
    said: list[str] = []
    for part in element.iter():
        if isinstance(part.tag, str):
            said += [
                f"{str(key).rpartition('}')[2]}={value}" for key, value in part.attrib.items() if key not in _SILENT
            ]
            said += [part.text.strip()[:200]] if part.text and part.text.strip() else []
    return f"{path}/{etree.QName(element).localname}: {' '.join(said)}" if said else ""
