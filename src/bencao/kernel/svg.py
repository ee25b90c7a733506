"""Check and tame an SVG drawing, so that it can stand inside a page: nothing that runs, nothing from outside."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

from bencao.kernel.errors import InputError

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_MEND = "draw it with plain SVG shapes and text, and embed pictures as data:image/png"

_ELEMENT = re.compile(
    "svg|g|defs|symbol|use|title|desc|style|path|rect|circle|ellipse|line|polyline|polygon|text|tspan|textPath|"
    "clipPath|mask|marker|pattern|linearGradient|radialGradient|stop|image"
)
# The Dublin Core notes that drawing programs leave; they show nothing.
_SILENT = frozenset({"metadata"})
_REFERENCE = re.compile(r"url\(\s*(['\"]?)#([\w.-]+)\1\s*\)", re.IGNORECASE)
_FUNCTION = re.compile(r"([^\s:;,(){}]*)\(")
_HARMLESS = re.compile("url|rgba?|hsla?|matrix|translate[xy]?|scale|rotate|skew[xy]|calc|not", re.IGNORECASE)
_FLAT_RULES = re.compile(r"([^{}]*\{[^{}]*\})*[^{}]*")
_SELECTED_ID = re.compile(r"#([\w-]+)(?=[^{};]*\{)")
_PICTURES = ("data:image/png;base64,", "data:image/jpeg;base64,")


def embedded(svg: str, prefix: str) -> str:
    """The drawing as it may stand inside an HTML page.

    Parameters
    ----------
    svg : str
        A whole SVG document.
    prefix : str
        Put before every id, so that two drawings on a page do not disturb each other. The style sheet of the
        drawing is confined to it.

    Returns
    -------
    str
        An ``<svg>`` element without namespaces, comments or processing instructions.

    Raises
    ------
    InputError
        Where it is not well-formed SVG, or holds a script, an event handler, an animation, HTML, or a
        reference to anything outside itself.
    """
    root = _parsed(svg)
    for parent in list(root.iter()):
        for child in list(parent):
            if _local(child.tag) in _SILENT:
                parent.remove(child)
    for element in root.iter():
        _tame(element, prefix)
    root.set("id", prefix)
    return ElementTree.tostring(root, encoding="unicode")


def _parsed(svg: str) -> ElementTree.Element:
    # A document type can define entities that grow without bound or name files.
    if re.search(r"<!(ENTITY|DOCTYPE[^>]*\[)", svg, re.IGNORECASE):
        raise InputError("the drawing defines entities", where="figure", mend=_MEND)
    try:
        root = ElementTree.fromstring(svg)
    except (ElementTree.ParseError, ValueError) as error:
        raise InputError(f"the drawing is not well-formed XML: {error}", where="figure", mend=_MEND) from error
    if _local(root.tag) != "svg":
        raise InputError(f"the drawing is a <{root.tag}>, expected <svg>", where="figure", mend=_MEND)
    return root


def _local(tag: str) -> str:
    """Name of an SVG element; any other namespace stays in front of the name."""
    return tag.removeprefix(f"{{{_SVG}}}")


def _tame(element: ElementTree.Element, prefix: str) -> None:
    element.tag = _local(element.tag)
    if not _ELEMENT.fullmatch(element.tag):
        raise InputError(f"the drawing has an element <{element.tag}>", where="figure", mend=_MEND)
    attributes = dict(element.attrib)
    element.attrib.clear()
    for name, value in attributes.items():
        name = name.removeprefix(f"{{{_XLINK}}}")
        if name.startswith("{"):
            continue  # notes of the drawing program in a namespace of its own
        element.set(name, _tamed_value(element.tag, name, value, prefix))
    if element.tag == "style":
        element.text = f"#{prefix}{{{_tamed_style(element.text or '', prefix)}}}"


def _tamed_value(tag: str, name: str, value: str, prefix: str) -> str:
    if name.lower().startswith("on"):
        raise InputError(f"the drawing has an event handler {name}", where="figure", mend=_MEND)
    if name == "id":
        return f"{prefix}-{value}"
    if name in ("class", "aria-label"):
        return value
    if name in ("href", "src"):
        if value.startswith("#"):
            return f"#{prefix}-{value[1:]}"
        if tag == "image" and value.startswith(_PICTURES):
            return value
        raise InputError(f"the drawing refers to {value[:60]!r}", where="figure", mend=_MEND)
    return _tamed_functions(value, prefix)


def _tamed_style(sheet: str, prefix: str) -> str:
    if "@" in sheet or not _FLAT_RULES.fullmatch(sheet):
        raise InputError("the style sheet of the drawing has more than plain rules", where="figure", mend=_MEND)
    return _tamed_functions(_SELECTED_ID.sub(rf"#{prefix}-\1", sheet), prefix)


def _tamed_functions(value: str, prefix: str) -> str:
    """Refuse every CSS function that could load something, however it is spelt."""
    if "(" not in value:
        return value
    harmless = all(_HARMLESS.fullmatch(name) for name in _FUNCTION.findall(value))
    if not harmless or "\\" in value or len(_REFERENCE.findall(value)) != value.lower().count("url("):
        raise InputError(f"the drawing refers to {value[:60]!r}", where="figure", mend=_MEND)
    return _REFERENCE.sub(rf"url(#{prefix}-\2)", value)
