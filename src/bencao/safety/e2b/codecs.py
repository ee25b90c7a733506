"""Parts of a message whose form depends on what there is to say: times, intervals of a result, product codes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from bencao.safety.e2b.roots import NAMESPACE, NDC, PHPID, XSI

_TYPE = f"{{{XSI}}}type"


@dataclass(frozen=True, slots=True)
class Held:
    """What a data element holds at one place: a value or a null flavour."""

    value: str = ""
    null_flavor: str = ""


Found = Iterator[tuple[str, Held]]
Values = Mapping[str, Held]


@dataclass(frozen=True, slots=True)
class Codec:
    """How a part is read and written.

    Attributes
    ----------
    read : callable
        Gives the data elements in an XML element with their values.
    write : callable
        Puts XML elements for the data elements under a parent.
    takes : callable
        Whether an XML element is of this kind.
    """

    read: Callable[[etree._Element, Sequence[str]], Found]
    write: Callable[[etree._Element, str, Sequence[str], Values], None]
    takes: Callable[[etree._Element], bool]


def held(element: etree._Element, attribute: str) -> Held | None:
    """An attribute's value or the element's null flavour."""
    if (value := element.get(attribute)) is not None:
        return Held(value)
    null = element.get("nullFlavor")
    return Held(null_flavor=null) if null is not None else None


def _sub(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(
        parent, f"{{{NAMESPACE}}}{name}", {key: value for key, value in attributes.items() if value}
    )


def _put(element: etree._Element, attribute: str, what: Held | None) -> None:
    if what is None:
        return
    if what.null_flavor:
        element.set("nullFlavor", what.null_flavor)
    else:
        element.set(attribute, what.value)


# Times: a start, an end, a duration with its unit, and for a dose the interval between doses with its unit.


def _read_times(element: etree._Element, names: Sequence[str]) -> Found:
    low, high, width, width_unit, *period = names
    if (null := element.get("nullFlavor")) is not None:
        yield f"{low}#times", Held(null_flavor=null)
    for part in (element, *element.findall(f"{{{NAMESPACE}}}comp")):
        for name, number, unit in (("low", low, ""), ("high", high, ""), ("width", width, width_unit)):
            for found in part.findall(f"{{{NAMESPACE}}}{name}"):
                yield from _measure(found, number, unit)
        for found in part.findall(f"{{{NAMESPACE}}}period"):
            if period:
                yield from _measure(found, period[0], period[1])


def _measure(found: etree._Element, number: str, unit: str) -> Found:
    if (what := held(found, "value")) is not None:
        yield number, what
    if unit and (told := found.get("unit")) is not None:
        yield unit, Held(told)


def _write_times(parent: etree._Element, name: str, names: Sequence[str], values: Values) -> None:
    low, high, width, width_unit, *period = names
    start, end = values.get(low), values.get(high)
    lasting = values.get(width), values.get(width_unit)
    often = [values.get(each) for each in period]
    intervals: list[list[tuple[str, Held | None, Held | None]]] = []
    if start or end:
        intervals.append([(part, what, None) for part, what in (("low", start), ("high", end)) if what])
    if any(lasting):
        if len(intervals) == 1 and not (start and end):
            intervals[0].append(("width", lasting[0], lasting[1]))
        else:
            intervals.append([("width", lasting[0], lasting[1])])
    whole = values.get(f"{low}#times")
    if not intervals and not any(often):
        if whole:
            _put(_sub(parent, name), "value", whole)
        return
    alone = len(intervals) + bool(any(often)) == 1
    top = _sub(parent, name)
    if not alone:
        top.set(_TYPE, "SXPR_TS")
    if any(often):
        part = top if alone else _sub(top, "comp")
        part.set(_TYPE, "PIVL_TS")
        _write_measure(part, "period", *often)
    for place, interval in enumerate(intervals):
        part = top if alone else _sub(top, "comp")
        part.set(_TYPE, "IVL_TS")
        if not alone and (place or any(often)):
            part.set("operator", "A")
        for each, what, unit in interval:
            _write_measure(part, each, what, unit)


def _write_measure(parent: etree._Element, name: str, what: Held | None, unit: Held | None) -> None:
    element = _sub(parent, name)
    _put(element, "value", what)
    if unit and unit.value:
        element.set("unit", unit.value)


# A test's result: a number, or one end of an interval, written as in ``<10``, ``>=5``.

_SIGNS = {("low", "true"): ">=", ("low", "false"): ">", ("high", "true"): "<=", ("high", "false"): "<"}


def _read_interval(element: etree._Element, names: Sequence[str]) -> Found:
    number, unit = names
    parts = {etree.QName(part).localname: part for part in element if isinstance(part.tag, str)}
    for part in parts.values():
        if (told := part.get("unit")) is not None:
            yield unit, Held(told)
            break
    else:
        if (told := element.get("unit")) is not None:
            yield unit, Held(told)
    low, high = parts.get("low"), parts.get("high")
    if "center" in parts or (low is None and high is None):
        if (what := held(parts.get("center", element), "value")) is not None:
            yield number, what
        return
    ends = [(end, part) for end, part in (("low", low), ("high", high)) if part is not None and part.get("value")]
    if len(ends) == 2:
        yield number, Held("..".join(str(part.get("value")) for _, part in ends))
    for end, part in ends[:1] if len(ends) == 1 else ():
        yield number, Held(_SIGNS[end, part.get("inclusive", "true")] + str(part.get("value")))
    if not ends:
        for part in (low, high):
            if part is not None and part.get("nullFlavor") is not None:
                yield number, Held(null_flavor=str(part.get("nullFlavor")))
                return


def _write_interval(parent: etree._Element, name: str, names: Sequence[str], values: Values) -> None:
    number, unit = (values.get(each) for each in names)
    if not number and not unit:
        return
    element = _sub(parent, name)
    element.set(_TYPE, "IVL_PQ")
    measure = unit.value if unit else ""
    value = number.value if number else ""
    if number and number.null_flavor:
        _sub(element, "low" if number.null_flavor == "NINF" else "high", nullFlavor=number.null_flavor, unit=measure)
    elif sign := next((sign for sign in sorted(_SIGNS.values(), key=len, reverse=True) if value.startswith(sign)), ""):
        end, inclusive = next(key for key, text in _SIGNS.items() if text == sign)
        bound = {"value": value[len(sign) :], "unit": measure, "inclusive": inclusive}
        open_end = {"nullFlavor": "PINF" if end == "low" else "NINF"}
        for part in ("low", "high"):
            _sub(element, part, **(bound if part == end else open_end))
    elif ".." in value:
        for part, bound_value in zip(("low", "high"), value.split("..", 1), strict=True):
            _sub(element, part, value=bound_value, unit=measure)
    else:
        _sub(element, "center", value=value, unit=measure)


# Product codes: of a medicinal product and its version, or of a pharmaceutical product.


def _read_product(element: etree._Element, names: Sequence[str]) -> Found:
    code, version = names[2:] if element.get("codeSystem") == PHPID else names[:2]
    if (what := held(element, "code")) is not None:
        yield code, what
    if (told := element.get("codeSystemVersion")) is not None:
        yield version, Held(told)
    if (system := element.get("codeSystem")) not in (None, NDC, PHPID):
        yield f"{code}#codeSystem", Held(str(system))


def _write_product(parent: etree._Element, name: str, names: Sequence[str], values: Values) -> None:
    for (code, version), root in ((names[:2], NDC), (names[2:], PHPID)):
        if code not in values and version not in values:
            continue
        element = _sub(parent, name)
        _put(element, "code", values.get(code))
        element.set("codeSystem", values.get(f"{code}#codeSystem", Held(root)).value)
        if version in values:
            element.set("codeSystemVersion", values[version].value)


CODECS = {
    "times": Codec(_read_times, _write_times, lambda element: True),
    "interval": Codec(_read_interval, _write_interval, lambda element: element.get(_TYPE) != "ED"),
    "product": Codec(_read_product, _write_product, lambda element: True),
}
