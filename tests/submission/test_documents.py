"""Documents are translated sentence by sentence; formatting, fields and tracked changes survive, and no tag is lost."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from openpyxl.worksheet.table import Table

from bencao.kernel.errors import BencaoError
from bencao.submission.documents import document_bytes, read_document
from bencao.submission.documents.dialect import WORD, W
from bencao.submission.documents.paragraph import read_paragraph
from bencao.submission.documents.segments import joined, sentences_of
from bencao.submission.documents.translating import extract, merged, sentences_in
from bencao.submission.errors import DocumentError, TagLost, UnsafeFile
from bencao.submission.exchange import Content, Tag, text_of
from bencao.submission.exchange.xliff import read_xliff, write_xliff

NS = f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>CODE</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    '<w:r><w:t>{}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
RUNS = [
    "<w:r><w:t>{}</w:t></w:r>",
    "<w:r><w:rPr><w:b/></w:rPr><w:t>{}</w:t></w:r>",
    '<w:r w:rsidR="00A1"><w:rPr><w:i/><w:lang w:val="en-GB"/></w:rPr><w:t xml:space="preserve">{}</w:t></w:r>',
    "<w:r><w:tab/><w:t>{}</w:t><w:br/></w:r>",
    '<w:hyperlink r:id="rId4"><w:r><w:rPr><w:u w:val="single"/></w:rPr><w:t>{}</w:t></w:r></w:hyperlink>',
    '<w:ins w:id="1" w:author="a"><w:r><w:t>{}</w:t></w:r></w:ins>',
    '<w:del w:id="2" w:author="a"><w:r><w:delText>{}</w:delText></w:r></w:del>',
    '<w:bookmarkStart w:id="3" w:name="x"/><w:r><w:t>{}</w:t></w:r><w:bookmarkEnd w:id="3"/>',
    FIELD.replace("CODE", " REF t1 "),
    FIELD.replace("CODE", 'HYPERLINK "u"'),
    '<w:sdt><w:sdtPr><w:alias w:val="n"/></w:sdtPr><w:sdtContent><w:r><w:t>{}</w:t></w:r></w:sdtContent></w:sdt>',
    '<w:proofErr w:type="spellStart"/><w:r><w:t>{}</w:t></w:r><w:r><w:footnoteReference w:id="7"/></w:r>',
]
_PIECES = st.lists(st.tuples(st.sampled_from(RUNS), st.text("ab .", min_size=1, max_size=4)), min_size=1, max_size=6)


def _paragraph(pieces: list[tuple[str, str]]) -> Any:
    inner = "".join(run.format(text) for run, text in pieces)
    return etree.fromstring(f"<w:p {NS}><w:pPr><w:keepNext/></w:pPr>{inner}</w:p>")


def _seen(paragraph: Any) -> list[str]:
    """What a reader sees: each character with its formatting and what it stands in, and everything else, in order."""
    seen: list[str] = []

    def walk(element: Any, around: str) -> None:
        name = etree.QName(element).localname
        if name == "r":
            properties = element.find(f"{{{W}}}rPr")
            shown = [] if properties is None else [etree.QName(p).localname for p in properties if "lang" not in p.tag]
            for child in element:
                kind = etree.QName(child).localname
                if kind == "t":
                    seen.extend(f"{letter} {shown} {around}" for letter in child.text or "")
                elif kind != "rPr":
                    seen.append(f"{kind} {sorted(child.attrib.values())} {child.text} {around}")
            return
        if name == "proofErr":
            return
        if len(element) == 0 or name == "pPr":
            seen.append(f"{name} {sorted(element.attrib.values())} {around}")
        for child in element if name != "pPr" else ():
            walk(child, around if name == "p" else f"{around}/{name}{sorted(element.attrib.values())}")

    walk(paragraph, "")
    return seen


@settings(deadline=None)
@given(_PIECES)
def test_a_paragraph_put_back_shows_what_it_showed(pieces: list[tuple[str, str]]) -> None:
    element = _paragraph(pieces)
    before = _seen(element)
    paragraph = read_paragraph(element, WORD)
    sentences = sentences_of("p", paragraph.content, "en")
    again = joined(sentences, [sentence.core for sentence in sentences], "en")
    assert again == paragraph.content
    paragraph.put(again)
    assert _seen(element) == before


def test_formatting_moves_with_its_words() -> None:
    element = _paragraph([(RUNS[0], "Take "), (RUNS[1], "two"), (RUNS[0], " tablets"), (RUNS[3], "now")])
    paragraph = read_paragraph(element, WORD)
    tags = [part for part in paragraph.content if isinstance(part, Tag)]
    paragraph.put((tags[2], "现在服用", tags[0], "两", tags[1], "片", tags[3]))
    texts = [(t.text, t.getparent().find(f"{{{W}}}rPr") is not None) for t in element.iter(f"{{{W}}}t")]
    assert texts == [("现在服用", False), ("两", True), ("片", False)]


Maker = Callable[[Path], None]


def _word(path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Take ")
    paragraph.add_run("two tablets").bold = True
    paragraph.add_run(" daily. Do not chew.")
    document.add_heading("Batch analyses", 1)
    document.add_table(1, 2).cell(0, 1).text = "Adverse events"
    document.sections[0].header.paragraphs[0].text = "Protocol of the study"
    box = etree.fromstring(
        f'<w:r {NS}><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml" style="width:99pt;height:40pt"><v:textbox>'
        "<w:txbxContent><w:p><w:r><w:t>Text in a box</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict>"
        "</w:r>"
    )
    paragraph._p.append(box)
    document.save(str(path))


def _sheet(path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (["Visit", "Dose"], ["Week two", 12.5], ["Last visit", "=B2*2"]):
        sheet.append(row)
    sheet.add_table(Table(displayName="Doses", ref="A1:B3"))
    workbook.save(path)


def _slides(path: Path) -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[1])
    slide.shapes.title.text = "Batch analyses"
    run = slide.placeholders[1].text_frame.paragraphs[0].add_run()
    run.text, run.font.bold = "Take two tablets daily.", True
    presentation.save(str(path))


MAKERS: dict[str, tuple[Maker, list[str]]] = {
    "a.docx": (
        _word,
        [
            "Take two tablets daily. ",
            "Do not chew.",
            "Text in a box",
            "Batch analyses",
            "Adverse events",
            "Protocol of the study",
        ],
    ),
    "a.xlsx": (_sheet, ["Week two", "Last visit"]),
    "a.pptx": (_slides, ["Batch analyses", "Take two tablets daily."]),
}


def _translated(content: Content) -> Content:
    return tuple(f"译{len(part)}" if isinstance(part, str) and part.strip() else part for part in content)


@pytest.mark.parametrize("name", MAKERS)
def test_a_document_is_extracted_translated_and_merged(name: str, tmp_path: Path) -> None:
    make, texts = MAKERS[name]
    make(tmp_path / name)
    bilingual = extract(read_document(tmp_path / name), "en", "zh")
    assert [text_of(one.source).strip() for one in bilingual.segments] == [text.strip() for text in texts]
    write_xliff(bilingual, tmp_path / "b.xlf")
    targets = {one.id.partition("/")[2]: _translated(one.source) for one in read_xliff(tmp_path / "b.xlf").segments}
    document = read_document(tmp_path / name)
    data = merged(document, sentences_in(document, "en"), targets, "zh")
    (tmp_path / f"out{name}").write_bytes(data)
    again = read_document(tmp_path / f"out{name}")
    assert all(text_of(paragraph.content).startswith("译") for paragraph in again.paragraphs.values())
    untouched = read_document(tmp_path / name)
    assert document_bytes(untouched, {}) == document_bytes(read_document(tmp_path / name), {})
    with zipfile.ZipFile(io.BytesIO(data)) as one, zipfile.ZipFile(tmp_path / name) as two:
        assert one.namelist() == two.namelist()


@pytest.mark.parametrize("name", MAKERS)
def test_an_office_program_opens_what_is_written(name: str, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("cannot run here: LibreOffice is not installed")
    make, _ = MAKERS[name]
    make(tmp_path / name)
    document = read_document(tmp_path / name)
    told = {key: _translated(paragraph.content) for key, paragraph in document.paragraphs.items()}
    (tmp_path / name).write_bytes(document_bytes(document, told))
    home = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [office, home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / name)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF-")


def test_runs_that_word_splits_for_nothing_are_one() -> None:
    hinted = '<w:r><w:rPr><w:rFonts w:hint="eastAsia"/><w:lang w:val="zh-CN"/></w:rPr><w:t>{}</w:t></w:r>'
    content = read_paragraph(_paragraph([(RUNS[0], "Take "), (hinted, "two"), (RUNS[0], " tablets")]), WORD).content
    assert content == ("Take two tablets",)


XML = """<?xml version='1.0' encoding='UTF-8'?>
<label xmlns="urn:x"><title code="34">Dosage</title><!-- kept --><text><paragraph>Take <content style="bold">two
<sub/>tablets</content> daily. Do not chew.</paragraph><item/></text></label>
"""


def test_any_xml_is_translated_within_its_elements(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text(XML, encoding="utf-8")
    document = read_document(tmp_path / "a.xml")
    assert document_bytes(document, {}).decode() == XML
    document = read_document(tmp_path / "a.xml")
    told = {key: _translated(paragraph.content) for key, paragraph in document.paragraphs.items()}
    data = document_bytes(document, told).decode()
    assert '<title code="34">译6</title><!-- kept -->' in data
    assert '<paragraph>译5<content style="bold">译4<sub/>译7</content>译20</paragraph><item/>' in data


def test_a_table_header_that_formulas_go_by_is_kept(tmp_path: Path) -> None:
    _sheet(tmp_path / "a.xlsx")
    document = read_document(tmp_path / "a.xlsx")
    told = {key: _translated(paragraph.content) for key, paragraph in document.paragraphs.items()}
    (tmp_path / "b.xlsx").write_bytes(document_bytes(document, told))
    sheet = openpyxl.load_workbook(tmp_path / "b.xlsx").active
    assert sheet is not None
    assert [[cell.value for cell in row] for row in sheet.rows] == [["Visit", "Dose"], ["译8", 12.5], ["译10", "=B2*2"]]


def test_a_lost_tag_is_an_error_and_nothing_is_written(tmp_path: Path) -> None:
    _word(tmp_path / "a.docx")
    document = read_document(tmp_path / "a.docx")
    sentences = sentences_in(document, "en")
    first = next(iter(sentences.values()))[0]
    with pytest.raises(TagLost, match="tag"):
        merged(document, sentences, {first.id: ("服用两片。",)}, "zh")


# ---- bad files


def _zip(path: Path, parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


ENTITY = f'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/x">]><w:document xmlns:w="{W}">&x;</w:document>'.encode()
TYPES = {"[Content_Types].xml": b"<Types/>"}
BAD: dict[str, tuple[Callable[[Path], Any], type[BencaoError]]] = {
    "locked.docx": (lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)), DocumentError),
    "pdf.docx": (lambda path: path.write_bytes(b"%PDF-1.4"), DocumentError),
    "empty.docx": (lambda path: path.write_bytes(b""), DocumentError),
    "sheet.docx": (
        lambda path: _zip(path, {**TYPES, "xl/workbook.xml": b"<a/>"}),
        DocumentError,
    ),
    "climbs.docx": (lambda path: _zip(path, {"../../etc/x": b"a"}), UnsafeFile),
    "entity.docx": (
        lambda path: _zip(path, {**TYPES, "word/document.xml": ENTITY}),
        UnsafeFile,
    ),
    "bomb.docx": (
        lambda path: _zip(path, {**TYPES, "word/document.xml": bytes(40 << 20)}),
        UnsafeFile,
    ),
    "broken.docx": (
        lambda path: _zip(path, {**TYPES, "word/document.xml": b"<w:document>"}),
        DocumentError,
    ),
    "absent.docx": (lambda path: None, BencaoError),
    "a.doc": (lambda path: path.write_bytes(b"x"), BencaoError),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_by_name(name: str, tmp_path: Path) -> None:
    make, error = BAD[name]
    make(tmp_path / name)
    with pytest.raises(error) as raised:
        read_document(tmp_path / name)
    assert name in raised.value.where
    assert raised.value.mend
