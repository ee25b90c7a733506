"""The XML of a sequence: index.xml, cn-regional.xml and study tagging files; the same leaves give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lxml import etree

from bencao.submission.ectd.application import INDEX
from bencao.submission.ectd.backbone.leaf import EXTENSION, Level, Place
from bencao.submission.ectd.build.manifest import CnEnvelope, Manifest, Study
from bencao.submission.ectd.build.planning import Planned, relative, relative_target
from bencao.submission.ectd.region.codes import cn_codes, tag_realms
from bencao.submission.ectd.region.elements import Element, ich_elements
from bencao.submission.exchange.safe_xml import XML_LANG

_ECTD = "http://www.ich.org/ectd"
_XLINK_ICH = "http://www.w3c.org/1999/xlink"  # as ich-ectd-3-2.dtd fixes it
_XLINK = "http://www.w3.org/1999/xlink"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_CN = "cn_ectd"
_CODED = ("application-type", "product-type", "regulatory-activity-type", "sequence-type")
STUDY_VERSION = "STF version 2.2"


def index_xml(planned: Iterable[Planned], language: str) -> bytes:
    """index.xml of the leaves of modules 1 to 5."""
    root = etree.Element(f"{{{_ECTD}}}ectd", nsmap={"ectd": _ECTD, "xlink": _XLINK_ICH})
    root.set(XML_LANG, language)
    root.set("dtd-version", "3.2")
    tree = _Tree(root, ich_elements(), "")
    for one in planned:
        tree.add(one, INDEX, _XLINK_ICH)
    return _written(
        root,
        '<!DOCTYPE ectd:ectd SYSTEM "util/dtd/ich-ectd-3-2.dtd">',
        "util/style/ectd-2-0.xsl",
    )


def cn_regional_xml(
    planned: Iterable[Planned], manifest: Manifest, envelope: CnEnvelope, elements: Mapping[str, Element], path: str
) -> bytes:
    """cn-regional.xml."""
    root = etree.Element(f"{{{_CN}}}cn_ectd", nsmap={None: _CN, "xlink": _XLINK, "xsi": _XSI})
    root.set("schema-version", "1.0")
    root.set(f"{{{_XSI}}}schemaLocation", "cn_ectd ../../util/dtd/cn-regional-1-0.xsd")
    head = etree.SubElement(root, f"{{{_CN}}}cn-envelope")
    told = {
        "application-id": manifest.application,
        "application-type": envelope.application_type,
        "product-type": envelope.product_type,
        "product-number": envelope.product_number,
        "related-sequence": envelope.related_sequence,
        "regulatory-activity-type": envelope.regulatory_activity_type,
        "sequence-number": manifest.sequence,
        "sequence-type": envelope.sequence_type,
        "sequence-description": envelope.description,
    }
    for name, value in told.items():
        element = etree.SubElement(head, f"{{{_CN}}}{name}")
        if name in _CODED:
            element.set("code", value)
            code = cn_codes(name).get(value)
            if code is not None:
                element.set("version", code.version)
        else:
            element.text = value
    contact = etree.SubElement(head, f"{{{_CN}}}sequence-contact")
    for name in ("name", "phone", "email"):
        etree.SubElement(contact, f"{{{_CN}}}{name}").text = getattr(envelope.contact, name)
    tree = _Tree(etree.SubElement(root, f"{{{_CN}}}cn-content"), elements, _CN)
    for one in planned:
        tree.add(one, path, _XLINK)
    return _written(root, None, "../../util/style/cn-regional-1-0.xsl")


def study_xml(study: Study, documents: Iterable[Planned], path: str) -> bytes:
    """A study tagging file by ich-stf-v2-2.dtd."""
    ups = "../" * path.count("/")
    root = etree.Element(f"{{{_ECTD}}}study", nsmap={"ectd": _ECTD, "xlink": _XLINK})
    root.set(XML_LANG, "en")
    root.set("dtd-version", "2.2")
    identifier = etree.SubElement(root, "study-identifier")
    etree.SubElement(identifier, "title").text = study.title
    etree.SubElement(identifier, "study-id").text = study.id
    for name, value in study.categories.items():
        category = etree.SubElement(identifier, "category")
        category.set("name", name)
        category.set("info-type", "us" if name == "duration" else "ich")
        category.text = value
    listed = etree.SubElement(root, "study-document")
    for one in documents:
        content = etree.SubElement(listed, "doc-content")
        content.set(f"{{{_XLINK}}}href", f"{ups}{INDEX}#{one.leaf.id}")
        etree.SubElement(content, "title").text = one.leaf.title
        tag = etree.SubElement(content, "file-tag")
        tag.set("name", one.tag)
        tag.set("info-type", realm(one.tag))
    return _written(
        root, f'<!DOCTYPE ectd:study SYSTEM "{ups}util/dtd/ich-stf-v2-2.dtd">', f"{ups}util/style/{study.stylesheet}"
    )


def realm(tag: str) -> str:
    """Who defines a file tag: ``ich``, ``us`` or ``jp``."""
    return tag_realms().get(tag, "ich")


def leaf_element(one: Planned, backbone: str, xlink: str, namespace: str = "") -> Any:
    """A leaf as its backbone writes it; `xlink` is the namespace of its reference, which differs between backbones."""
    space = f"{{{namespace}}}" if namespace else ""
    leaf = etree.Element(f"{space}leaf")
    leaf.set("ID", one.leaf.id)
    if one.leaf.is_study_file:
        leaf.set("version", STUDY_VERSION)
    leaf.set("operation", one.leaf.operation)
    if one.leaf.modified_file:
        leaf.set("modified-file", relative_target(one.leaf.modified_file, backbone))
    leaf.set("checksum", one.leaf.checksum or "")
    leaf.set("checksum-type", "MD5")
    if one.leaf.href:
        leaf.set(f"{{{xlink}}}href", relative(one.leaf.href, backbone))
    if one.leaf.language:
        leaf.set(XML_LANG, one.leaf.language)
    etree.SubElement(leaf, f"{space}title").text = one.leaf.title
    return leaf


class _Tree:
    """Elements made as leaves need them, in the order of the definition."""

    def __init__(self, root: Any, elements: Mapping[str, Element], namespace: str) -> None:
        self.root = root
        self.order = {name: at for at, name in enumerate(elements)}
        self.namespace = namespace
        self.made: dict[Place, Any] = {(): root}
        self.leaves: dict[Place, int] = {}

    def add(self, one: Planned, backbone: str, xlink: str) -> None:
        holder = self._holder(one.leaf.place)
        leaf = leaf_element(one, backbone, xlink, self.namespace)
        # Leaves stand before the headings below, as the definition asks, and after the title of a node extension.
        at = self.leaves.get(one.leaf.place, 1 if one.leaf.place[-1].name == EXTENSION else 0)
        holder.insert(at, leaf)
        self.leaves[one.leaf.place] = at + 1

    def _holder(self, place: Place) -> Any:
        if place not in self.made:
            parent = self._holder(place[:-1])
            self.made[place] = self._element(parent, place[-1])
        return self.made[place]

    def _element(self, parent: Any, level: Level) -> Any:
        element = etree.Element(self._name(level.name))
        if level.name == EXTENSION:
            etree.SubElement(element, self._name("title")).text = dict(level.attributes)["title"]
            parent.append(element)
            return element
        for key, value in level.attributes:
            element.set(key, value)
        own = self.order[level.name]
        after = [at for at, child in enumerate(parent) if self.order.get(etree.QName(child).localname, -1) > own]
        parent.insert(after[0] if after else len(parent), element)
        return element

    def _name(self, name: str) -> str:
        return f"{{{self.namespace}}}{name}" if self.namespace else name


def _written(root: Any, doctype: str | None, stylesheet: str) -> bytes:
    etree.indent(root, "  ")
    body = etree.tostring(root, encoding="UTF-8")
    lines = [b'<?xml version="1.0" encoding="UTF-8"?>']
    if doctype:
        lines.append(doctype.encode())
    lines.append(f'<?xml-stylesheet type="text/xsl" href="{stylesheet}"?>'.encode())
    return b"\n".join((*lines, body)) + b"\n"
