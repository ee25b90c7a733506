"""Cases as JSON: nested by the names of the parts, each value with its null flavour and source."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from bencao.kernel.errors import InputError
from bencao.safety.case.case import Case
from bencao.safety.case.field import ABSENT, Field, Source
from bencao.safety.e2b.elements import depth
from bencao.safety.e2b.occurrence import Occurrence

_SOURCE = {each.name: each.type for each in dataclasses.fields(Source)}
_NOWHERE = Source()
_MEND = "see docs/safety.md for the form of a case"


def to_json(case: Case) -> dict[str, Any]:
    """A case as JSON can hold it; what is absent is left out.

    A value stands as a text, or as ``{"value": …, "null_flavor": …, "source": {…}}`` where there is more to say.
    """
    made = _plain(case)
    if case.further:
        made["further"] = [
            {
                "element": each.element,
                "repeats": list(each.repeats),
                "value": each.value,
                "null_flavor": each.null_flavor,
            }
            for each in case.further
        ]
    return made


def from_json(form: object, where: str = "") -> Case:
    """Read a case that `to_json` or a person wrote.

    Raises
    ------
    InputError
        A part or field of another name, or of another kind than it should be; `where` names it.
    """
    if not isinstance(form, Mapping):
        raise InputError(f"expected an object, found {_kind(form)}", where=where, mend=_MEND)
    form = dict(form)
    further = form.pop("further", [])
    case: Case = _read(Case, form, where)
    return dataclasses.replace(case, further=_further(further, where))


def _plain(owner: Any) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for each in dataclasses.fields(owner):
        value = getattr(owner, each.name)
        if "part" not in each.metadata and "element" not in each.metadata:
            continue
        if each.metadata.get("repeats"):
            if value:
                made[each.name] = [_told(one) if isinstance(one, Field) else _plain(one) for one in value]
        elif isinstance(value, Field):
            if value:
                made[each.name] = _told(value)
        elif inner := _plain(value):
            made[each.name] = inner
    return made


def _told(value: Field) -> Any:
    if not value.null_flavor and value.source is None:
        return value.value
    made: dict[str, Any] = {"null_flavor": value.null_flavor} if value.null_flavor else {"value": value.value}
    if value.source is not None:
        defaults = dataclasses.asdict(Source())
        made["source"] = {
            name: told for name, told in dataclasses.asdict(value.source).items() if told != defaults[name]
        }
    return made


def _read(kind: type, form: object, where: str) -> Any:
    if not isinstance(form, Mapping):
        raise InputError(f"expected an object, found {_kind(form)}", where=where, mend=_MEND)
    known = {each.name: each for each in dataclasses.fields(kind)}
    for name in form:
        if name not in known or name == "further":
            raise InputError(f"no such part: {name!r}", where=where, mend=f"one of {', '.join(known)}")
    made: dict[str, Any] = {}
    for name, told in form.items():
        each, place = known[name], f"{where}.{name}".lstrip(".")
        inner = each.metadata.get("part")
        if each.metadata.get("repeats"):
            if not isinstance(told, list):
                raise InputError(f"expected a list, found {_kind(told)}", where=place, mend=_MEND)
            items = [(one, f"{place}[{number}]") for number, one in enumerate(told, 1)]
            made[name] = tuple(_read(inner, one, at) if inner else _field(one, at) for one, at in items)
        else:
            made[name] = _read(inner, told, place) if inner else _field(told, place)
    return kind(**made)


def _field(told: object, where: str) -> Field:
    if isinstance(told, str):
        return Field(told)
    if told is None:
        return ABSENT
    if not isinstance(told, Mapping) or set(told) - {"value", "null_flavor", "source"}:
        raise InputError(f"expected a text or a value, found {_kind(told)}", where=where, mend=_MEND)
    value, null = told.get("value", ""), told.get("null_flavor", "")
    if not isinstance(value, str) or not isinstance(null, str) or (value and null):
        raise InputError("a value and a null flavour are texts, and only one of them", where=where, mend=_MEND)
    return Field(value, null, _source(told["source"], f"{where}.source") if told.get("source") else None)


def _source(told: object, where: str) -> Source:
    if not isinstance(told, Mapping) or set(told) - set(_SOURCE):
        raise InputError(f"a source has {', '.join(_SOURCE)}", where=where, mend=_MEND)
    for name, value in told.items():
        wanted = int if name in ("start", "end") else str
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise InputError(f"expected {wanted.__name__}, found {_kind(value)}", where=f"{where}.{name}", mend=_MEND)
    return Source(**told)


def _further(told: object, where: str) -> tuple[Occurrence, ...]:
    if not isinstance(told, list):
        raise InputError(f"expected a list, found {_kind(told)}", where=f"{where}.further".lstrip("."), mend=_MEND)
    made = []
    for place, each in enumerate(told, 1):
        at = f"{where}.further[{place}]".lstrip(".")
        if not isinstance(each, Mapping) or not isinstance(each.get("element"), str):
            raise InputError("expected element, repeats and value", where=at, mend=_MEND)
        repeats, value, null = each.get("repeats", []), each.get("value", ""), each.get("null_flavor", "")
        numbered = isinstance(repeats, list) and all(type(one) is int and one > 0 for one in repeats)
        if not numbered or not isinstance(value, str) or not isinstance(null, str):
            raise InputError("repeats are numbers from 1, value and null flavour texts", where=at, mend=_MEND)
        if "#" not in each["element"] or depth(each["element"]) != len(repeats):
            mend = "a data element stands in its part; here is what is beside them, as in E.i#id with one repeat"
            raise InputError(
                f"{each['element']!r} with {len(repeats)} repeats does not belong here", where=at, mend=mend
            )
        made.append(Occurrence(each["element"], tuple(repeats), value, null))
    return tuple(made)


def _kind(value: object) -> str:
    return {dict: "an object", list: "a list", str: "a text", type(None): "nothing", bool: "true or false"}.get(
        type(value), "a number"
    )
