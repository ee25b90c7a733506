"""Damage files: in their bytes, or in their elements, values and cells with the format kept."""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Callable
from typing import Any

from lxml import etree

NASTY = (
    "", " ", "-1", "1e999", "NaN", "320", "0000", "9" * 20, "20241399", "\u0660\u0661", "\u2028", "\U0001d6fc",
    "<", ">=", "..", "1..", "<=..5", "]]>", "&x;", "&#0;", "nullFlavor:", "#", "G.k#id", "é" * 300, "a" * 20_000,
    "[", "{", "null", "true", "[99999]", "\x00", "\r\n", '"', "'", "true\x0b", "\ufeff", "mailto:", "tel:",
    "urn:hl7-org:v3",
)  # fmt: skip


def damaged(data: bytes, pick: random.Random) -> bytes:
    """A file with one to six damages: bytes, pieces between marks, values, its end, its encoding."""
    for _ in range(pick.randint(1, 6)):
        data = pick.choice(DAMAGES)(data, pick)
    return data


def _flip(data: bytes, pick: random.Random) -> bytes:
    place = pick.randrange(len(data) or 1)
    return data[:place] + bytes([pick.randrange(256)]) + data[place + 1 :]


def _cut(data: bytes, pick: random.Random) -> bytes:
    return data[: pick.randrange(len(data) or 1)] if pick.random() < 0.3 else data


def _piece(data: bytes, pick: random.Random) -> tuple[int, int]:
    """From one mark of the format to one soon after."""
    marks = b"<>\"',{}[]\n"
    places = [pick.randrange(len(data) or 1) for _ in range(2)]
    start = next((at for at in range(places[0], len(data)) if data[at] in marks), 0)
    end = start + pick.choice((1, 20, 200, 2_000))
    return start, next((at for at in range(min(end, len(data)), len(data)) if data[at] in marks), len(data))


def _drop(data: bytes, pick: random.Random) -> bytes:
    start, end = _piece(data, pick)
    return data[:start] + data[end:]


def _repeat(data: bytes, pick: random.Random) -> bytes:
    start, end = _piece(data, pick)
    return data[:end] + data[start:end] * pick.choice((1, 1, 2, 30)) + data[end:]


def _move(data: bytes, pick: random.Random) -> bytes:
    (start, end), (other, _) = _piece(data, pick), _piece(data, pick)
    return data[:other] + data[start:end] + data[other:]


def _value(data: bytes, pick: random.Random) -> bytes:
    """Another text between quotes or tags, so that the format stays whole."""
    opening, closing = pick.choice(((b'"', b'"'), (b">", b"<"), (b",", b",")))
    place = data.find(opening, pick.randrange(len(data) or 1))
    end = data.find(closing, place + 1)
    if place < 0 or end < 0:
        return data
    text = pick.choice(NASTY)
    if pick.random() < 0.5:
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace("\x00", "").replace("\x0b", "")
    return data[: place + 1] + text.encode() + data[end:]


def _swap_values(data: bytes, pick: random.Random) -> bytes:
    """A value of one place in another."""
    places = [data.find(b'"', pick.randrange(len(data) or 1)) for _ in range(2)]
    ends = [data.find(b'"', place + 1) for place in places]
    if min(places) < 0 or min(ends) < 0:
        return data
    return data[: places[0] + 1] + data[places[1] + 1 : ends[1]] + data[ends[0] :]


def _encoding(data: bytes, pick: random.Random) -> bytes:
    if pick.random() < 0.7:
        return data
    name = pick.choice(("utf-16", "iso-8859-1", "ascii", "utf-7", "klingon", "gb18030", "UTF-8"))
    head = f'<?xml version="1.0" encoding="{name}"?>'.encode()
    told = data.replace(data[: data.find(b"?>") + 2], head, 1) if data.startswith(b"<?xml") else data
    try:
        return told.decode("utf-8").encode(name) if pick.random() < 0.5 else told
    except (LookupError, UnicodeError):
        return told


def _declare(data: bytes, pick: random.Random) -> bytes:
    if pick.random() < 0.7:
        return data
    name = pick.choice(("MCCI_IN200100UV01", "ichicsr", "x"))
    inner = pick.choice(("", '[<!ENTITY x "y">]', '[<!ENTITY x SYSTEM "file:///etc/hostname">]', "[<!ELEMENT x ANY>]"))
    return data.replace(b"?>", f'?><!DOCTYPE {name} SYSTEM "x.dtd" {inner}>'.encode(), 1)


def _nest(data: bytes, pick: random.Random) -> bytes:
    if pick.random() < 0.7:
        return data
    start, depth = _piece(data, pick)[0], pick.choice((10, 300, 3_000))
    inner = pick.choice((b"<component>", b"<patient>", b"[", b'{"a":', b"<drug>", b'"'))
    return data[:start] + inner * depth + data[start:]


DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip, _cut, _drop, _repeat, _move, _value, _value, _value, _swap_values, _swap_values, _encoding, _declare, _nest,
)  # fmt: skip


def reshaped(data: bytes, kind: str, pick: random.Random) -> bytes:
    """A file of the same format of which one to six parts are other, gone, twice or elsewhere."""
    if kind in ("json", "jsonl"):
        forms = json.loads(data) if kind == "json" else [json.loads(line) for line in data.splitlines()]
        for _ in range(pick.randint(1, 6)):
            forms = _other_form(forms, pick)
        if kind == "json":
            return json.dumps(forms).encode()
        return "\n".join(json.dumps(each) for each in (forms if isinstance(forms, list) else [forms])).encode()
    if kind == "csv":
        rows = list(csv.reader(io.StringIO(data.decode())))
        for _ in range(pick.randint(1, 6)):
            row = pick.choice(rows)
            row[pick.randrange(len(row))] = pick.choice((pick.choice(NASTY), pick.choice(pick.choice(rows))))
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        return out.getvalue().encode()
    root = etree.fromstring(data, etree.XMLParser(remove_comments=True))
    for _ in range(pick.randint(1, 6)):
        _other_tree(root, pick)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _other_form(form: Any, pick: random.Random) -> Any:
    """A form with one part replaced, somewhere in it."""
    if isinstance(form, dict) and form and pick.random() < 0.9:
        name = pick.choice(sorted(form))
        if pick.random() < 0.05:
            return {**form, pick.choice(NASTY): form[name]}
        return {**form, name: _other_form(form[name], pick)}
    if isinstance(form, list) and form and pick.random() < 0.9:
        place = pick.randrange(len(form))
        return [*form[:place], _other_form(form[place], pick), *form[place + 1 :]]
    return pick.choice((pick.choice(NASTY), None, 0, -1, 1e308, True, [], {}, [form], [form, form], {"value": form}))


def _other_tree(root: etree._Element, pick: random.Random) -> None:
    every = [each for each in root.iter() if isinstance(each.tag, str)]
    one, other = pick.choice(every), pick.choice(every)
    parent = one.getparent()
    kind = pick.randrange(6)
    if kind == 0 and parent is not None:
        parent.remove(one)
    elif kind == 1 and parent is not None:
        for _ in range(pick.choice((1, 1, 20))):
            parent.append(etree.fromstring(etree.tostring(one)))
    elif kind == 2 and parent is not None and other not in list(one.iter()):
        other.append(one)
    elif kind == 3 and one.attrib:
        name = pick.choice(sorted(one.attrib))
        one.set(name, pick.choice((_clean(pick.choice(NASTY)), *other.attrib.values())))
    elif kind == 4:
        one.text = pick.choice((_clean(pick.choice(NASTY)), other.text))
    elif one.attrib and pick.random() < 0.5:
        del one.attrib[pick.choice(sorted(one.attrib))]
    else:
        one.set(pick.choice(("nullFlavor", "value", "unit", "code", "root")), _clean(pick.choice(NASTY)))


def _clean(text: str) -> str:
    """What XML can hold of a text."""
    return "".join(mark for mark in text if mark >= " " or mark in "\r\n")
