"""``--schema`` holds messages against the user's XSDs; here they are small ones of our own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bencao.kernel.errors import InputError
from bencao.safety.errors import MessageError
from bencao.safety.validation import load_schema
from bencao.safety.validation.schema import NAME, check_schema

HEAD = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:hl7-org:v3" xmlns="urn:hl7-org:v3" '
HEAD += 'elementFormDefault="qualified">'
BATCH = f"""{HEAD}<xs:include schemaLocation="../coreschemas/parts.xsd"/>
<xs:element name="MCCI_IN200100UV01"><xs:complexType><xs:sequence>
<xs:element name="id" type="Id"/><xs:any minOccurs="0" maxOccurs="unbounded" processContents="lax"/>
</xs:sequence><xs:attribute name="ITSVersion" type="xs:string"/></xs:complexType></xs:element>
<xs:element name="PORR_IN049016UV"><xs:complexType><xs:sequence>
<xs:element name="id" type="Id"/><xs:any minOccurs="0" maxOccurs="unbounded" processContents="skip"/>
</xs:sequence></xs:complexType></xs:element></xs:schema>"""
PARTS = f"""{HEAD}<xs:complexType name="Id"><xs:attribute name="root" use="required" type="xs:string"/>
<xs:attribute name="extension" type="xs:string"/></xs:complexType></xs:schema>"""


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    folder = tmp_path / "xsd"
    (folder / "multicacheschemas").mkdir(parents=True)
    (folder / "coreschemas").mkdir()
    (folder / "multicacheschemas" / NAME).write_text(BATCH, encoding="utf-8")
    (folder / "coreschemas" / "parts.xsd").write_text(PARTS, encoding="utf-8")
    return folder


def test_a_message_that_fits_has_no_finding(schemas: Path, samples: list[Path]) -> None:
    loaded = load_schema(schemas)
    assert len(loaded.files) == 2
    assert check_schema(samples[0], loaded) == {}


def broken(samples: list[Path], path: Path) -> Path:
    """A batch of two messages, the second of which has an id without a root."""
    text = samples[0].read_text(encoding="utf-8")
    start, end = text.index("<PORR_IN049016UV>"), text.index("</PORR_IN049016UV>") + len("</PORR_IN049016UV>")
    second = text[start:end].replace(' root="2.16.840.1.113883.3.989.2.1.3.1"', "", 1)
    path.write_text(f"{text[:end]}\n{second}{text[end:]}", encoding="utf-8")
    return path


def test_what_does_not_fit_is_a_finding_of_its_message_with_its_line(
    bencao: Callable[..., Any], schemas: Path, samples: list[Path], tmp_path: Path
) -> None:
    path = broken(samples, tmp_path / "two.xml")
    lines = path.read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "<id " in text and "root=" not in text)
    ended = bencao("safety", "validate", str(path), "--schema", str(schemas), "--json", "-o", "found.jsonl")
    assert ended.code == 1
    first, second = (json.loads(each)["findings"] for each in ended.out.splitlines())
    assert not [each for each in first if each["id"] == "XSD"]
    [found] = [each for each in second if each["id"] == "XSD"]
    assert found["message"].startswith(f"line {line}: Element 'id'") and "'root' is required" in found["message"]
    assert found["severity"] == "reject"
    assert "parts.xsd" in bencao("ledger", "trace", "found.jsonl").out
    chinese = bencao("safety", "validate", str(path), "--schema", str(schemas), "--json", "--lang", "zh").out
    assert f"第{line}行" in chinese


@pytest.mark.parametrize("location", ["https://example.org/parts.xsd", "../../outside.xsd", "../coreschemas/none.xsd"])
def test_a_schema_may_include_only_what_is_in_the_folder(schemas: Path, location: str) -> None:
    (schemas.parent / "outside.xsd").write_text(PARTS, encoding="utf-8")
    path = schemas / "multicacheschemas" / NAME
    path.write_text(BATCH.replace("../coreschemas/parts.xsd", location), encoding="utf-8")
    with pytest.raises(InputError, match="it includes"):
        load_schema(schemas)


def test_entities_are_refused_in_schemas_and_messages(schemas: Path, tmp_path: Path) -> None:
    hidden = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    message = tmp_path / "m.xml"
    message.write_text(f'{hidden}<MCCI_IN200100UV01 xmlns="urn:hl7-org:v3">&e;</MCCI_IN200100UV01>', encoding="utf-8")
    with pytest.raises(MessageError, match="document type"):
        check_schema(message, load_schema(schemas))
    (schemas / "coreschemas" / "parts.xsd").write_text(hidden + PARTS, encoding="utf-8")
    with pytest.raises(InputError, match="document type"):
        load_schema(schemas)


def test_a_folder_without_the_schema_of_the_batch_is_refused(bencao: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "m.xml").write_text("<a/>", encoding="utf-8")
    refused = bencao("safety", "validate", "m.xml", "--schema", str(tmp_path))
    assert refused.code == 2 and NAME in refused.err


def test_a_schema_that_is_none_is_refused(schemas: Path) -> None:
    (schemas / "coreschemas" / "parts.xsd").write_text(PARTS.replace('name="Id"', 'name="Other"'), encoding="utf-8")
    with pytest.raises(InputError, match="no valid schema"):
        load_schema(schemas)
    (schemas / "coreschemas" / "parts.xsd").write_text(PARTS[:-20], encoding="utf-8")
    with pytest.raises(InputError, match="line"):
        load_schema(schemas)
