"""Acknowledgements as HL7 messages (``MCCI_IN200101UV01``), read and written."""

from __future__ import annotations

import copy
from pathlib import Path

from lxml import etree

from bencao.kernel.files import write_bytes
from bencao.safety.acknowledgement.acknowledgement import Acknowledgement, MessageAcknowledgement
from bencao.safety.e2b.roots import NAMESPACE, XSI
from bencao.safety.e2b.xml import pieces
from bencao.safety.errors import MessageError

ROOT, PART = "MCCI_IN200101UV01", "MCCI_IN000002UV01"
# Object identifiers: ICH's for identifiers end in a number each; HL7's for interactions.
_ICH = "2.16.840.1.113883.3.989.2.1.3."
_ATTENTION = "2.16.840.1.113883.3.989.2.1.1.24"
_INTERACTION = "2.16.840.1.113883.1.6"
_ROOTS = {
    "ACK.M.1": "20", "ACK.M.2": "17", "ACK.M.3": "18", "ACK.A.1": "22", "ACK.A.2": "21",
    "ACK.B.r.1": "1", "ACK.B.r.2": "19", "ACK.B.r.3": "16", "ACK.B.r.4": "15",
}  # fmt: skip
_CODES = {"AA", "AE", "AR", "CA", "CR", "CE"}


def is_acknowledgement(path: Path) -> bool:
    """Whether a file's root is that of an acknowledgement; false where it cannot be read."""
    try:
        with path.open("rb") as handle:
            start = handle.read(4096)
    except OSError:
        return False
    return f"<{ROOT}".encode() in start


def read_acknowledgement(path: Path) -> Acknowledgement:
    """Read an acknowledgement.

    Raises
    ------
    MessageError
        See `pieces`; or a root that is none, or an answer without code.
    """
    *parts, root = [_copied(each) for each in pieces(path, _name(PART))]
    if root.tag != _name(ROOT):
        raise MessageError(
            f"its root is {etree.QName(root).localname}, not {ROOT}", where=str(path), mend="give an acknowledgement"
        )
    return Acknowledgement(
        _get(root, "id", "extension"),
        _get(root, "sender/device/id", "extension"),
        _get(root, "receiver/device/id", "extension"),
        _get(root, "creationTime", "value"),
        _get(root, "acknowledgement/targetBatch/id", "extension"),
        _attention(root, "2", "extension"),
        _attention(root, "3", "value"),
        _code(root, path),
        _text(root),
        tuple(_message(part, path) for part in parts),
        next((_get(part, "interactionId", "extension") for part in parts), "") or ROOT,
    )


def _copied(element: etree._Element) -> etree._Element:
    """What a piece holds, kept after the reader has emptied it."""
    return copy.deepcopy(element)


def _message(part: etree._Element, path: Path) -> MessageAcknowledgement:
    return MessageAcknowledgement(
        _get(part, "acknowledgement/targetMessage/id", "extension"),
        _get(part, "id", "extension"),
        _get(part, "receiver/device/id", "extension"),
        _get(part, "sender/device/id", "extension"),
        _attention(part, "1", "value"),
        _code(part, path),
        _text(part),
        _get(part, "creationTime", "value"),
    )


def _name(local: str) -> str:
    return f"{{{NAMESPACE}}}{local}"


def _find(element: etree._Element, where: str) -> etree._Element | None:
    return element.find("/".join(_name(each) for each in where.split("/")))


def _get(element: etree._Element, where: str, attribute: str) -> str:
    found = _find(element, where)
    return "" if found is None else found.get(attribute, "")


def _text(element: etree._Element) -> str:
    found = _find(element, "acknowledgement/acknowledgementDetail/text")
    return "" if found is None else (found.text or "").strip()


def _attention(element: etree._Element, code: str, attribute: str) -> str:
    for line in element.findall(_name("attentionLine")):
        if _get(line, "keyWordText", "code") == code:
            return _get(line, "value", attribute)
    return ""


def _code(element: etree._Element, path: Path) -> str:
    code = _get(element, "acknowledgement", "typeCode")
    if code not in _CODES:
        raise MessageError(
            f"an answer with code {code!r}, expected one of {', '.join(sorted(_CODES))}",
            where=f"{path}: line {element.sourceline}",
            mend="ask its sender for the whole message again",
        )
    return code


def write_acknowledgement(path: Path, acknowledgement: Acknowledgement) -> None:
    """Write an acknowledgement; the same one gives the same bytes.

    Raises
    ------
    MessageError
        A text that XML cannot hold.
    """
    try:
        root = _root(acknowledgement)
    except ValueError:
        raise MessageError("a text that XML cannot hold", where=str(path), mend="remove control characters") from None
    etree.indent(root)
    write_bytes(path, etree.tostring(root, xml_declaration=True, encoding="UTF-8") + b"\n")


def _root(told: Acknowledgement) -> etree._Element:
    root = etree.Element(_name(ROOT), {"ITSVersion": "XML_1.0"}, nsmap={None: NAMESPACE, "xsi": XSI})
    _id(root, "ACK.M.1", told.batch_number)
    _add(root, "creationTime", value=told.created)
    _add(root, "responseModeCode", code="D")
    _add(root, "interactionId", extension=ROOT, root=_INTERACTION)
    for message in told.messages:
        _write_message(root, message, told.interaction)
    _party(root, "receiver", "RCV", "ACK.M.3", told.receiver)
    _party(root, "sender", "SND", "ACK.M.2", told.sender)
    line = _line(root, "2", "acknowledgementLocalMessageNumber")
    _value(_id(line, "ACK.A.2", told.local_number, "value"), "II")
    _value(_add(_line(root, "3", "dateOfIcsrBatchTransmission"), "value", value=told.transmitted), "TS")
    answer = _add(root, "acknowledgement", typeCode=told.code)
    _id(_add(answer, "targetBatch"), "ACK.A.1", told.acknowledged_batch)
    _detail(answer, told.text)
    return root


def _write_message(root: etree._Element, told: MessageAcknowledgement, interaction: str) -> None:
    part = _add(root, PART)
    _id(part, "ACK.B.r.2", told.local_report_number)
    _add(part, "creationTime", value=told.created)
    _add(part, "interactionId", extension=interaction, root=_INTERACTION)
    _add(part, "processingCode", code="P")
    _add(part, "processingModeCode", code="T")
    _add(part, "acceptAckCode", code="NE")
    _party(part, "receiver", "RCV", "ACK.B.r.3", told.receiver)
    _party(part, "sender", "SND", "ACK.B.r.4", told.sender)
    _value(_add(_line(part, "1", "dateOfIcsrMessageCreation"), "value", value=told.message_created), "TS")
    answer = _add(part, "acknowledgement", typeCode=told.code)
    _id(_add(answer, "targetMessage"), "ACK.B.r.1", told.message_number)
    _detail(answer, told.text)


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    """An element; where all that it would say is empty it says that it is unknown."""
    if attributes and not any(attributes.values()):
        attributes = {"nullFlavor": "UNK"}
    return etree.SubElement(parent, _name(name), attributes)


def _id(parent: etree._Element, number: str, value: str, name: str = "id") -> etree._Element:
    said = {"extension": value} if value else {"nullFlavor": "UNK"}
    return etree.SubElement(parent, _name(name), {**said, "root": _ICH + _ROOTS[number]})


def _party(parent: etree._Element, name: str, kind: str, number: str, value: str) -> None:
    device = _add(_add(parent, name, typeCode=kind), "device", classCode="DEV", determinerCode="INSTANCE")
    _id(device, number, value)


def _line(parent: etree._Element, code: str, said: str) -> etree._Element:
    line = _add(parent, "attentionLine")
    _add(line, "keyWordText", code=code, codeSystem=_ATTENTION, codeSystemVersion="1.0", displayName=said)
    return line


def _value(element: etree._Element, kind: str) -> None:
    element.set(f"{{{XSI}}}type", kind)


def _detail(answer: etree._Element, text: str) -> None:
    if text:
        _add(_add(answer, "acknowledgementDetail"), "text").text = text
