"""Stage HL7 v2 messages: a table a segment, a column a component, each row with its message's control id."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hl7

from bencao.records.errors import SourceError
from bencao.records.sources.staging import Quarantined, Staging

# HL7 table 0211: what MSH-18 calls a character set, and what Python calls it.
_CHARSETS = {
    "ASCII": "ascii",
    "UNICODE UTF-8": "utf-8",
    "UNICODE": "utf-8",
    "GB 18030-2000": "gb18030",
    "GB18030": "gb18030",
    "GBK": "gb18030",
    "8859/1": "latin-1",
}
_SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}")
_MESSAGE = re.compile(rb"(?:^|\x0b|[\r\n])(?=MSH)")
CONTROL = "MSH.10"

# The parser logs what it stumbles over, and with it a patient.
logging.getLogger("hl7").addHandler(logging.NullHandler())
logging.getLogger("hl7").propagate = False

# HL7 2.5, chapter 2.7: what an escape sequence stands for; those of separators are the message's own.
_FORMATTED = {".br": "\n", ".sp": "\n", ".ce": "\n", ".fi": "", ".nf": "", ".in": " ", ".ti": " ", ".sk": " "}
_REPEATED = re.compile(r"(\.[a-z]{2})\+?(\d{0,2})")


def stage_hl7(path: Path, staging: Staging) -> None:
    """Stage a file of HL7 v2 messages, framed by MLLP or following each other.

    Parameters
    ----------
    path : Path
    staging : Staging

    Raises
    ------
    SourceError
        A file in which no message begins.

    Notes
    -----
    A column is named ``PID.5.1``: segment, field, component; of a field that is repeated, the further ones are
    ``PID.3(2).1``. Escapes are resolved. ``_row`` is the number of the message.
    """
    data = path.read_bytes()
    messages = [part.strip(b"\x0b\x1c\r\n") for part in _MESSAGE.split(data) if part.strip(b"\x0b\x1c\r\n \t")]
    if not any(one.startswith(b"MSH") for one in messages):
        raise SourceError(
            "no message of HL7 v2 begins in it", where=path.name, mend="give messages that begin with MSH"
        )
    tables: dict[str, list[tuple[int, dict[str, str]]]] = {}
    bad: list[Quarantined] = []
    seen: set[str] = set()
    for number, message in enumerate(messages, start=1):
        fault = _fault_of(message)
        parsed = None if fault else _parsed(message)
        if parsed is None or (control := parsed[0]) in seen:
            told = fault or ("segment", "no message of HL7 v2") if parsed is None else ("duplicate_id", "MSH-10 twice")
            bad.append(Quarantined(path.name, number, *told, message[:2_000].decode("utf-8", "replace"), path.stem))
            continue
        if control:
            seen.add(control)
        for segment, cells in parsed[1]:
            tables.setdefault(segment, []).append((number, {CONTROL: control, **cells}))
    for place, (segment, rows) in enumerate(sorted(tables.items())):
        name = staging.free(f"{path.stem}.{segment}")
        columns = list(dict.fromkeys(name for _, row in rows for name in row))
        records = ((path.name, number, [row.get(name) for name in columns]) for number, row in rows)
        staging.add(name, staging.write(name, columns, records), bad if place == 0 else ())
    if not tables:
        staging.add(staging.free(path.stem), 0, bad)


def _fault_of(message: bytes) -> tuple[str, str] | None:
    if not message.startswith(b"MSH") or len(message) < 9:
        return "segment", "a message begins with MSH and its delimiters"
    if b"\0" in message:
        return "nul", "a NUL byte"
    for line in re.split(rb"[\r\n]+", message):
        if line and not (_SEGMENT.fullmatch(line[:3].decode("ascii", "replace")) and line[3:4] in (b"", message[3:4])):
            return "segment", "a segment's name is three capitals or digits, and the separator of fields follows"
    return None


def _parsed(message: bytes) -> tuple[str, list[tuple[str, dict[str, str]]]] | None:
    """Control id, and segments with their components; None where it is no message."""
    told = message.split(b"\r")[0].split(b"\n")[0].split(message[3:4])
    named = told[17].decode("ascii", "replace").strip().upper() if len(told) > 17 else ""
    encodings = [_CHARSETS[named]] if named in _CHARSETS else ["utf-8", "gb18030"]
    text = next((found for name in encodings if (found := _decoded(message, name)) is not None), None)
    if text is None:
        return None
    try:
        parsed = hl7.parse(re.sub(r"[\r\n]+", "\r", text) + "\r")
        segments = [(str(segment[0]), dict(_cells(parsed, segment))) for segment in parsed]
    except (hl7.HL7Exception, IndexError, KeyError, ValueError, AttributeError, AssertionError):
        return None
    return segments[0][1].get("MSH.10", ""), segments


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _cells(message: Any, segment: Any) -> Iterator[tuple[str, str]]:
    name = str(segment[0])
    for number, field in enumerate(segment):
        if number == 0 or not isinstance(field, hl7.Field):
            continue
        if name == "MSH" and number in (1, 2):
            yield f"MSH.{number}", str(field)
            continue
        for times, repetition in enumerate(field, start=1):
            told = f"{name}.{number}" if times == 1 else f"{name}.{number}({times})"
            yield from _components(message, told, repetition)


def _components(message: Any, told: str, repetition: Any) -> Iterator[tuple[str, str]]:
    components = repetition if isinstance(repetition, hl7.Repetition) else [repetition]
    for place, component in enumerate(components, start=1):
        text = _unescaped(message, str(component))
        if text:
            yield (told if len(components) == 1 else f"{told}.{place}"), text


def _unescaped(message: Any, text: str) -> str:
    """A text with its escape sequences resolved; one that is unknown, or is not closed, stands as it is."""
    mark = message.esc
    if mark not in text:
        return text
    separators = dict(zip("FRST", message.separators[1:5], strict=True)) | {"E": mark, "H": "", "N": ""}

    def resolved(found: re.Match[str]) -> str:
        told = found[1]
        if told in separators:
            return str(separators[told])
        if (repeated := _REPEATED.fullmatch(told)) and repeated[1] in _FORMATTED:
            return _FORMATTED[repeated[1]] * int(repeated[2] or 1)
        if told.startswith("X"):
            try:
                return bytes.fromhex(told[1:]).decode("utf-8")
            except ValueError:
                return found[0]
        return found[0]

    return re.sub(f"{re.escape(mark)}([^{re.escape(mark)}]*){re.escape(mark)}", resolved, text)
