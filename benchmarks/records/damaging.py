"""Small sound files of each form a hospital gives, every record with a number of its own, and damage to them.

A record's number has nine digits and begins with 9, so that it can be found again wherever the record went.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bencao.records.cdm.database import open_database

NUMBER = re.compile(rb"(?<!\d)9\d{8}(?!\d)")
RECORDS = 40
HEADER = ["病案号", "日期", "项目", "结果", "单位", "备注"]
# fmt: off
NASTY = (
    b"", b" ", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b'""', b"'", b"\r", b"\n", b"\r\n", b",", b"\t", b";", b"|",
    b"^~\\&", b"\\X00\\", b"\\", b"{", b"[", b"}", b"null", b"NaN", b"1e999", b"-0", b"9" * 30, b"=1+1", b"../../x",
    "王".encode("gb18030"), "王芳".encode(), b"\x81", b"\xe7\x8e", b"\xf0\x9d\x9b\xbc", b"\xe2\x80\xa8", b"a" * 5_000,
    b"<!--", b"</row>", b"MSH|", b"\x0b", b"\x1c\r", b"\\ud800", b"\\u0000", b'{"resourceType":', b"2020-13-45",
)
# fmt: on


def sound_files(database: Path, bundles: Path) -> dict[str, tuple[str, bytes]]:
    """A sound file of each kind: its name and its bytes.

    Parameters
    ----------
    database : Path
        An OMOP database, whose measurements become rows, cells and messages.
    bundles : Path
        A folder of FHIR R4 bundles, or one bundle.
    """
    rows = _rows(database)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([HEADER, *rows])
    plain = text.getvalue()
    resources = _resources(bundles)
    notes = [
        {"note_id": row[0], "note_text": f"患者{row[2]}，结果{row[3]}{row[4]}。", "note_date": row[1]} for row in rows
    ]
    lines = [json.dumps(one, ensure_ascii=False) for one in notes]
    return {
        "csv": ("results.csv", plain.encode()),
        "csv_gb18030": ("results.csv", plain.encode("gb18030")),
        "xlsx": ("results.xlsx", _workbook([HEADER, *rows])),
        "fhir": ("bundle.json", json.dumps({"resourceType": "Bundle", "entry": _entries(resources)}).encode()),
        "ndjson": ("bulk.ndjson", "\n".join(map(json.dumps, resources)).encode()),
        "hl7": ("feed.hl7", "\r".join(_message(row) for row in rows).encode()),
        "omop": ("measurement.csv", _measurements(rows).encode()),
        "notes": ("notes.jsonl", "\n".join(lines).encode()),
    }


def _rows(database: Path) -> list[list[str]]:
    with open_database(database) as opened:
        found = opened.connection.execute(
            "SELECT measurement_date, measurement_source_value, value_as_number, unit_source_value "
            "FROM cdm.measurement WHERE value_as_number IS NOT NULL AND unit_source_value IS NOT NULL "
            "ORDER BY measurement_id"
        ).fetchmany(RECORDS)
    remarks = ("", '复查，见"前次"', "晨起空腹", "two\nlines")
    return [
        [str(900_000_000 + 7 * place), str(day), code, f"{value:g}", unit, remarks[place % 4]]
        for place, (day, code, value, unit) in enumerate(found)
    ]


def _resources(bundles: Path) -> list[dict[str, Any]]:
    paths = sorted(bundles.glob("*.json")) if bundles.is_dir() else [bundles]
    held = [entry["resource"] for path in paths for entry in json.loads(path.read_bytes())["entry"]]
    small = [one for one in held if len(json.dumps(one)) < 1_500][:RECORDS]
    return [{**one, "id": str(900_000_000 + 7 * place)} for place, one in enumerate(small)]


def _entries(resources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"resource": one} for one in resources]


def _message(row: list[str]) -> str:
    number, day, code, value, unit, remark = row
    head = f"MSH|^~\\&|HIS|A|LAB|A|{day.replace('-', '')}||ORU^R01|{number}|P|2.5||||||UNICODE UTF-8"
    note = remark.replace("\n", "\\.br\\")
    return f"{head}\rPID|1||P1||王^芳\rOBX|1|NM|{code}^{code}||{value}|{unit}|||{note}\r"


def _measurements(rows: list[list[str]]) -> str:
    text = io.StringIO()
    names = (
        "measurement_id,person_id,measurement_concept_id,measurement_date,measurement_type_concept_id,value_as_number"
    )
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*names.split(","), "unit_source_value", "value_source_value"])
    writer.writerows(
        [row[0], place % 9 + 1, 3004501, row[1], 32817, row[3], row[4], row[5]] for place, row in enumerate(rows)
    )
    return text.getvalue()


def _workbook(rows: list[list[str]]) -> bytes:
    """A workbook as small as the format allows, numbers in the cells themselves."""

    def cell(text: str) -> str:
        if text.isdigit():
            return f"<c><v>{text}</v></c>"
        told = text.replace("&", "&amp;").replace("<", "&lt;")
        return f'<c t="inlineStr"><is><t>{told}</t></is></c>'

    sheet = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    space, kinds = "http://schemas.openxmlformats.org", "application/vnd.openxmlformats"
    main, sheets = f'xmlns="{space}/spreadsheetml/2006/main"', f"{kinds}-officedocument.spreadsheetml"
    relation, related = f"{space}/officeDocument/2006/relationships", f'xmlns="{space}/package/2006/relationships"'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{space}/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="{kinds}-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{sheets}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{sheets}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships {related}><Relationship Id="r1" Type="{relation}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{relation}"><sheets>'
        '<sheet name="results" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships {related}><Relationship Id="r1" '
        f'Type="{relation}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{sheet}</sheetData></worksheet>",
    }
    return _packed({name: text.encode() for name, text in parts.items()})


def _packed(parts: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return held.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """Parts of a workbook; none where its archive is broken."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, NotImplementedError, EOFError, KeyError):
        return {}
    except Exception:  # zlib's own error, and what a broken header makes of it
        return {}


def damaged(kind: str, data: bytes, pick: random.Random) -> bytes:
    """A file with one to four damages; a workbook's in its archive, or in its sheet with the archive kept whole."""
    if kind == "xlsx" and pick.random() < 0.8:
        parts = unpacked(data)
        name = "xl/worksheets/sheet1.xml" if pick.random() < 0.9 else pick.choice(sorted(parts))
        change = _other_cells if name.endswith("sheet1.xml") and pick.random() < 0.7 else _several
        return _packed({**parts, name: change(parts[name], pick)})
    if kind in ("fhir", "ndjson") and pick.random() < 0.5:
        return _reformed(kind, data, pick)
    return _several(data, pick)


def _several(data: bytes, pick: random.Random) -> bytes:
    for _ in range(pick.randint(1, 4)):
        data = pick.choice(_DAMAGES)(data, pick)
    return data


def _other_cells(sheet: bytes, pick: random.Random) -> bytes:
    """A sheet that is XML still, with cells or rows gone, twice, elsewhere, or of another kind."""
    parts = re.split(rb"(?=<row>|<c[ >]|</row>|</sheetData>)", sheet)
    for _ in range(pick.randint(1, 4)):
        place, other = pick.randrange(1, len(parts) - 1), pick.randrange(1, len(parts) - 1)
        if not parts[place].startswith(b"<c"):
            continue
        match pick.randrange(5):
            case 0:
                parts[place] = b""
            case 1:
                parts[place] *= pick.choice((2, 20))
            case 2 if parts[other].startswith(b"<c"):
                parts[place], parts[other] = parts[other], parts[place]
            case 3:
                parts[place] = pick.choice(
                    (b"<c t='e'><v>#N/A</v></c>", b"<c t='b'><v>1</v></c>", b"<c t='s'><v>7</v></c>")
                )
            case _:
                parts[place] = pick.choice(
                    (b"</row><row>", b"<c><f>1/0</f></c>", b"<c><v>1e308</v></c>", b"<c r='A1'/>")
                )
    return b"".join(parts)


def _place(data: bytes, pick: random.Random) -> int:
    return pick.randrange(len(data) + 1)


def _piece(data: bytes, pick: random.Random) -> tuple[int, int]:
    start = _place(data, pick)
    return start, min(len(data), start + pick.choice((1, 3, 20, 200, 2_000)))


def _line(data: bytes, pick: random.Random) -> tuple[int, int]:
    """A whole line: what ends with a new line or, in messages, with a return."""
    end = b"\n" if b"\n" in data else b"\r"
    start = data.rfind(end, 0, _place(data, pick)) + 1
    stop = data.find(end, start)
    return start, len(data) if stop < 0 else stop + 1


def _flip(data: bytes, pick: random.Random) -> bytes:
    start, _ = _piece(data, pick)
    return data[:start] + bytes([pick.randrange(256)]) + data[start + 1 :]


def _insert(data: bytes, pick: random.Random) -> bytes:
    start = _place(data, pick)
    return data[:start] + pick.choice(NASTY) + data[start:]


def _replace(data: bytes, pick: random.Random) -> bytes:
    start, end = _piece(data, pick)
    return data[:start] + pick.choice(NASTY) + data[end:]


def _drop(data: bytes, pick: random.Random) -> bytes:
    start, end = _piece(data, pick)
    return data[:start] + data[end:]


def _repeat(data: bytes, pick: random.Random) -> bytes:
    start, end = _piece(data, pick) if pick.random() < 0.5 else _line(data, pick)
    return data[:end] + data[start:end] * pick.choice((1, 2, 20)) + data[end:]


def _move(data: bytes, pick: random.Random) -> bytes:
    (start, end), other = _line(data, pick), _place(data, pick)
    return data[:other] + data[start:end] + data[other:]


def _cut(data: bytes, pick: random.Random) -> bytes:
    return data[: _place(data, pick)] if pick.random() < 0.2 else data


def _recode(data: bytes, pick: random.Random) -> bytes:
    """From somewhere on in another encoding, or with other ends of lines."""
    start = _place(data, pick)
    tail = data[start:]
    other = pick.choice((b"\r\n", b"\r", b"\n\n", b"\xe2\x80\xa8", b""))
    if pick.random() < 0.5:
        return data[:start] + tail.replace(b"\n", other)
    return data[:start] + tail.decode("utf-8", "ignore").encode(pick.choice(("gb18030", "big5")), "ignore")


def _nest(data: bytes, pick: random.Random) -> bytes:
    start = _place(data, pick)
    return (
        data[:start] + pick.choice((b"[", b'{"a":', b'"', b"<c>", b"(")) * pick.choice((3, 200, 50_000)) + data[start:]
    )


_DAMAGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip, _flip, _insert, _insert, _replace, _drop, _repeat, _move, _cut, _recode, _nest,
)  # fmt: skip


def _reformed(kind: str, data: bytes, pick: random.Random) -> bytes:
    """Resources as JSON still, but with elements of another form, gone, or named twice."""
    held = json.loads(data)["entry"] if kind == "fhir" else [json.loads(line) for line in data.splitlines()]
    for _ in range(pick.randint(1, 4)):
        place = pick.randrange(len(held))
        held[place] = _other(held[place], pick)
    texts = [json.dumps(one) for one in held]
    if pick.random() < 0.3:  # a name twice, which JSON allows and no record may have
        place = pick.randrange(len(texts))
        texts[place] = re.sub(
            r'"id": "(\d+)"', rf'"id": "\1", "id": "{pick.randrange(900_500_000, 900_999_999)}"', texts[place], count=1
        )
    if kind == "ndjson":
        return "\n".join(texts).encode()
    return ('{"resourceType": "Bundle", "entry": [' + ", ".join(texts) + "]}").encode()


def _other(form: Any, pick: random.Random) -> Any:
    """A form with one part replaced, somewhere in it."""
    if isinstance(form, dict) and form and pick.random() < 0.9:
        name = pick.choice(sorted(form))
        if pick.random() < 0.15:
            return {key: value for key, value in form.items() if key != name}
        if pick.random() < 0.1:
            return {**form, pick.choice(("", "a.b", "_row", "_file", "é" * 300, "\x00")): form[name]}
        return {**form, name: _other(form[name], pick)}
    if isinstance(form, list) and form and pick.random() < 0.9:
        place = pick.randrange(len(form))
        return [*form[:place], _other(form[place], pick), *form[place + 1 :]]
    return pick.choice((None, 0, -1, 1e308, True, [], {}, "", "\x00", "\ud800", [form], [form, form], {"value": form}))
