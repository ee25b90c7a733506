"""Write E2B(R3) batches: the reports' data elements as one message each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from bencao.kernel.files import writing
from bencao.safety.e2b.codecs import CODECS, Held
from bencao.safety.e2b.layout import TEXT, Binding, Node, layout, message_layout
from bencao.safety.e2b.links import Loose, scattered
from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.e2b.roots import CLASSES, NAMESPACE, XSI
from bencao.safety.errors import MessageError

_LINK_ENDS = {"drug": "productUseReference", "reaction": "adverseEffectReference"}


@dataclass(frozen=True, slots=True)
class _Part:
    """A value with the repeats that are still to be followed."""

    loose: Loose
    left: tuple[int, ...]


def write_batch(path: Path, messages: Iterable[Sequence[Occurrence]], header: Sequence[Occurrence] = ()) -> None:
    """Write reports as one E2B(R3) batch, one at a time; the same reports give the same bytes.

    Parameters
    ----------
    path : Path
    messages : iterable of sequence of Occurrence
        The data elements of each report, those of its message header (N.2.r) among them.
    header : sequence of Occurrence
        Those of the batch (N.1).

    Raises
    ------
    MessageError
        A data element that has no place in the message, or a value that XML cannot hold.
    """
    batch = _batch(header)
    with writing(path) as target, etree.xmlfile(target, encoding="utf-8") as out:
        out.write_declaration()
        with out.element(batch.tag, batch.attrib, nsmap=batch.nsmap):
            before = [child for child in batch if etree.QName(child).localname not in ("receiver", "sender")]
            for child in before:
                out.write(child)
            for message in messages:
                out.write(write_message(message))
            for child in batch:
                if etree.QName(child).localname in ("receiver", "sender"):
                    out.write(child)


def write_message(occurrences: Sequence[Occurrence]) -> etree._Element:
    """Write one report as a message (``PORR_IN049016UV``); raises as `write_batch`."""
    node = message_layout()
    parts = [_Part(each, _levels(each.occurrence)) for each in scattered(occurrences)]
    _refuse_unknown(occurrences, node)
    element = etree.Element(f"{{{NAMESPACE}}}{node.name}", nsmap={None: NAMESPACE, "xsi": XSI})
    try:
        _fill(element, node, parts)
    except ValueError:  # of an id or unit; other values are named by their data element
        cause, mend = "an id or a unit that XML cannot hold", "remove control characters"
        report = next((each.value for each in occurrences if each.element == "C.1.1"), "")
        raise MessageError(cause, where=report or "message", mend=mend) from None
    return element


def _batch(header: Sequence[Occurrence]) -> etree._Element:
    node = layout()
    _refuse_unknown(header, node)
    element = etree.Element(f"{{{NAMESPACE}}}{node.name}", node.fixed, nsmap={None: NAMESPACE, "xsi": XSI})
    parts = [_Part(Loose(each), ()) for each in header if each.element.startswith("N.1.")]
    for child in node.children:
        if child is not message_layout():
            _write(element, child, parts)
    return element


def _levels(occurrence: Occurrence) -> tuple[int, ...]:
    """The repeats below the message."""
    return () if occurrence.element.startswith("N.2.r") else occurrence.repeats


def _refuse_unknown(occurrences: Sequence[Occurrence], node: Node) -> None:
    for each in occurrences:
        if each.element not in node.elements and each.element.partition("#")[0] not in node.elements:
            raise MessageError(
                f"E2B(R3) has no data element {each.element}",
                where=each.element,
                mend="take it out, or correct its number",
            )


def _write(parent: etree._Element, node: Node, parts: list[_Part]) -> None:
    """Write a node once, or once for each of its repeats, if anything is to stand in it."""
    if node.codec:
        values = {each.loose.occurrence.element: _held(each) for each in parts if not each.left}
        CODECS[node.codec].write(parent, node.name, node.arguments, values)
        return
    inside = [each for each in parts if _belongs(each, node)]
    if not node.repeats:
        if inside or node.required:
            _fill(_started(parent, node), node, inside)
        return
    for number in sorted({each.left[0] for each in inside if each.left}):
        chosen = [_Part(each.loose, each.left[1:]) for each in inside if each.left and each.left[0] == number]
        _fill(_started(parent, node), node, chosen)


def _belongs(part: _Part, node: Node) -> bool:
    element = part.loose.occurrence.element
    return element in node.elements or (node.codec == "" and _near(element, node))


def _near(element: str, node: Node) -> bool:
    """Whether a further attribute of a data element is written by a function below this node."""
    name, mark, _ = element.partition("#")
    if not mark:
        return False
    return any((child.codec and name in child.arguments) or _near(element, child) for child in node.children)


def _started(parent: etree._Element, node: Node) -> etree._Element:
    fixed = {**CLASSES.get(node.name, {}), **node.fixed}
    return etree.SubElement(parent, f"{{{NAMESPACE}}}{node.name}", fixed)


def _fill(element: etree._Element, node: Node, parts: list[_Part]) -> None:
    here = {each.loose.occurrence.element: _held(each) for each in parts if not each.left}
    for place, binding in enumerate(node.bindings):
        _bind(element, binding, here.get(binding.element), first=not place)
    for child in node.children:
        before = len(element)
        _write(element, child, parts)
        if child.holds_place and len(element) == before and _followed(node, child, parts):
            _started(element, child)
    for kind, names in node.links:
        _link(element, kind, names, parts)


def _followed(node: Node, child: Node, parts: list[_Part]) -> bool:
    """Whether a like element comes after one that has nothing to say."""
    later = node.children[node.children.index(child) + 1 :]
    return any(each.name == child.name and any(_belongs(part, each) for part in parts) for each in later)


def _bind(element: etree._Element, binding: Binding, what: Held | None, first: bool) -> None:
    if what is None:
        if binding.default and (len(element.attrib) or first):
            element.set(binding.attribute, binding.default)
        return
    try:
        if what.null_flavor:
            element.set("nullFlavor", what.null_flavor)
            if binding.prefix:
                element.set(binding.attribute, binding.prefix)
        elif binding.attribute == TEXT:
            element.text = what.value
        else:
            element.set(binding.attribute, binding.prefix + what.value)
    except ValueError:
        mend = "remove control characters"
        raise MessageError("a value that XML cannot hold", where=binding.element, mend=mend) from None


def _link(element: etree._Element, kind: str, names: tuple[str, ...], parts: list[_Part]) -> None:
    told = next((each.loose.drug if kind == "drug" else each.loose.reaction for each in parts), "")
    if not told:
        return
    for name in names:
        fixed = dict(CLASSES.get(name, {}))
        if name == "outboundRelationship1":
            fixed["typeCode"] = "REFR"
        if name == "actReference" and kind == "reaction":
            fixed = {"classCode": "OBS", "moodCode": "EVN"}
        element = etree.SubElement(element, f"{{{NAMESPACE}}}{name}", fixed)
    etree.SubElement(element, f"{{{NAMESPACE}}}id", {"root": told})


def _held(part: _Part) -> Held:
    return Held(part.loose.occurrence.value, part.loose.occurrence.null_flavor)
