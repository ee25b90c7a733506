"""A text PDF becomes a .docx: words and numbers in order, headings and tables kept, the rest is told by its page."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest
from PIL import Image
from typer.testing import CliRunner

from bencao.submission.commands import app
from bencao.submission.documents import document_bytes, read_document
from bencao.submission.errors import DocumentError
from bencao.submission.exchange.content import text_of
from bencao.submission.exchange.xliff import read_xliff

LONG = (
    "The dose was raised to 12.5 mg on day 8, and 1,234 patients of the placebo-controlled study received it twice "
    "daily for 24 weeks, while the others were followed for safety alone until the end of the trial."
)
CHINESE = (
    "在第8天将剂量增至12.5 mg，共有1,234名患者入组本项安慰剂对照研究，每日两次用药，持续24周，"
    "其余受试者仅随访安全性直至试验结束。"
)
ROWS = [
    ["Visit", "Dose (mg)", "n"],
    ["Week 2", "12.5", "101"],
    ["Week 4, the last that was planned at all", "25", "99"],
]
ROWS_CHINESE = [["访视", "剂量（mg）", "例数"], ["第2周", "12.5", "101"], ["第4周", "25", "99"]]


def _pdf(document: Any, path: Path) -> Path:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("cannot run here: LibreOffice is not installed")
    source = path.with_suffix(".made.docx")
    document.save(str(source))
    home = f"-env:UserInstallation=file://{path.parent}/profile"
    command = [office, home, "--headless", "--convert-to", "pdf", "--outdir", str(path.parent), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return source.with_suffix(".pdf").rename(path)


def _table(document: Any, rows: list[list[str]]) -> None:
    table = document.add_table(len(rows), len(rows[0]))
    table.style = "Table Grid"
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            table.cell(i, j).text = text


def _again(path: Path) -> Any:
    return docx.Document(io.BytesIO(document_bytes(read_document(path), {})))


def _told(document: Any) -> list[tuple[str, str]]:
    return [(one.style.name, one.text) for one in document.paragraphs if one.text]


def _rows(table: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def _english() -> Any:
    document = docx.Document()
    document.add_heading("Clinical study report", 0)
    document.add_heading("5.3 Clinical study reports", 1)
    document.add_paragraph(LONG)
    document.add_paragraph("A second paragraph.")
    document.add_heading("5.3.1 Batch analyses", 2)
    paragraph = document.add_paragraph("Take ")
    paragraph.add_run("two tablets").bold = True
    paragraph.add_run(" and test ")
    paragraph.add_run("in vitro").italic = True
    paragraph.add_run(" at 10")
    paragraph.add_run("3").font.superscript = True
    paragraph.add_run(" CFU/mL.")
    _table(document, ROWS)
    document.add_paragraph("After the table.")
    return document


def test_an_english_document_comes_back(tmp_path: Path) -> None:
    document = _again(_pdf(_english(), tmp_path / "a.pdf"))
    assert _told(document) == [
        ("Title", "Clinical study report"),
        ("Heading 1", "5.3 Clinical study reports"),
        ("Normal", LONG),
        ("Normal", "A second paragraph."),
        ("Heading 2", "5.3.1 Batch analyses"),
        ("Normal", "Take two tablets and test in vitro at 103 CFU/mL."),
        ("Normal", "After the table."),
    ]
    runs = next(one for one in document.paragraphs if one.text.startswith("Take")).runs
    assert [run.text for run in runs if run.bold] == ["two tablets"]
    assert [run.text for run in runs if run.italic] == ["in vitro"]
    assert [run.text for run in runs if run.font.superscript] == ["3"]
    assert _rows(document.tables[0]) == ROWS
    tags = [child.tag.rpartition("}")[2] for child in document.element.body]
    assert tags.index("tbl") == 6


def test_a_chinese_document_comes_back_without_blanks_at_its_line_ends(tmp_path: Path) -> None:
    fonts = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True).stdout if _has("fc-list") else ""
    if not fonts:
        pytest.skip("cannot run here: no Chinese font is installed")
    document = docx.Document()
    document.add_heading("临床研究报告", 0)
    document.add_heading("5.3 临床研究", 1)
    document.add_paragraph(CHINESE)
    document.add_paragraph("第二段。")
    _table(document, ROWS_CHINESE)
    told = _again(_pdf(document, tmp_path / "a.pdf"))
    styles, texts = zip(*_told(told), strict=True)
    assert styles == ("Title", "Heading 1", "Normal", "Normal")
    assert [text.replace(" ", "") for text in texts] == [
        "临床研究报告",
        "5.3临床研究",
        CHINESE.replace(" ", ""),
        "第二段。",
    ]
    assert _rows(told.tables[0]) == ROWS_CHINESE


def _has(program: str) -> bool:
    return shutil.which(program) is not None


def test_headers_and_footers_that_repeat_are_left_out_and_told(tmp_path: Path) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Protocol BC-101, confidential"
    document.sections[0].footer.paragraphs[0].text = "Version 1.0"
    texts = [f"Site {number}: {LONG}" for number in range(40)]
    for text in texts:
        document.add_paragraph(text)
    read = read_document(_pdf(document, tmp_path / "a.pdf"))
    assert [text_of(one.content) for one in read.paragraphs.values()] == texts
    assert {one.text for one in read.left} == {"Protocol BC-101, confidential", "Version 1.0"}
    assert "left out on pages 1, 2" in read.left[0].in_words("en")
    assert "已省略" in read.left[0].in_words("zh")


def test_a_table_over_two_pages_is_one(tmp_path: Path) -> None:
    document = docx.Document()
    rows = [[f"Subject {number}", f"{number}.5 mg"] for number in range(90)]
    _table(document, rows)
    tables = _again(_pdf(document, tmp_path / "a.pdf")).tables
    assert len(tables) == 1
    assert _rows(tables[0]) == rows


def test_cells_that_reach_over_several_stay_merged(tmp_path: Path) -> None:
    document = docx.Document()
    _table(document, [["", "", ""], ["a", "1", "2"], ["b", "3", "4"]])
    table = document.tables[0]
    table.cell(0, 0).merge(table.cell(0, 2)).text = "All subjects"
    told = _again(_pdf(document, tmp_path / "a.pdf")).tables[0]
    assert _rows(told) == [["All subjects"] * 3, ["a", "1", "2"], ["b", "3", "4"]]


def test_a_pdf_is_translated_and_extracted_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _pdf(_english(), tmp_path / "a.pdf")
    monkeypatch.chdir(tmp_path)
    answer = CliRunner().invoke(app, ["translate", "a.pdf", "-o", "b.docx"])
    assert answer.exit_code == 1, answer.output
    texts = [one.text for one in docx.Document("b.docx").paragraphs]
    assert "5.3 临床研究报告" in texts
    assert "5.3.1 批分析" in texts
    assert CliRunner().invoke(app, ["extract", "a.pdf", "-o", "a.xlf"]).exit_code == 0
    assert ("A second paragraph.",) in [one.source for one in read_xliff("a.xlf").segments]
    assert CliRunner().invoke(app, ["merge", "a.pdf", "a.xlf", "-o", "c.docx"]).exit_code == 0
    refused = CliRunner().invoke(app, ["translate", "a.pdf", "-o", "b.pdf"])
    assert ".docx" in str(refused.exception)


# ---- bad files


def _plain(path: Path, contents: list[bytes], **save: Any) -> None:
    """A PDF of pages with these contents, in a standard font."""
    with pikepdf.new() as pdf:
        for content in contents:
            page = pdf.add_blank_page(page_size=(595, 842))
            font = pikepdf.Dictionary(
                Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
            )
            page.obj.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            page.obj.Contents = pdf.make_stream(content)
        pdf.save(path, **save)


HELLO = b"BT /F1 12 Tf 72 700 Td (Take 12.5 mg daily.) Tj ET"


def _scan(path: Path) -> None:
    stream = io.BytesIO()
    Image.new("L", (200, 280), 200).save(stream, "PDF", resolution=24)
    with pikepdf.open(stream) as scan:
        _plain(path.with_suffix(".first"), [HELLO])
        with pikepdf.open(path.with_suffix(".first")) as pdf:
            pdf.pages.append(scan.pages[0])
            pdf.save(path)


def _broken_page(path: Path) -> None:
    with pikepdf.new() as pdf:
        for _ in range(2):
            pdf.add_blank_page()
        pdf.pages[1].obj.Contents = pikepdf.Stream(pdf, b"this is not packed", Filter=pikepdf.Name.FlateDecode)
        pdf.save(path)


def _half(path: Path) -> None:
    _plain(path, [HELLO] * 3)
    path.write_bytes(path.read_bytes()[:900])


def test_page_numbers_are_left_out_and_other_numbers_stay(tmp_path: Path) -> None:
    pages = [
        f"BT /F1 12 Tf 72 700 Td (Take {n}.5 mg daily for {n}0 weeks.) Tj 0 -650 Td (Page {n} of 3) Tj ET"
        for n in (1, 2, 3)
    ]
    _plain(tmp_path / "a.pdf", [page.encode() for page in pages])
    read = read_document(tmp_path / "a.pdf")
    texts = [text_of(one.content) for one in read.paragraphs.values()]
    assert texts == [f"Take {n}.5 mg daily for {n}0 weeks." for n in (1, 2, 3)]
    assert [one.pages for one in read.left] == [(1, 2, 3)]


def _locked(path: Path, **allow: bool) -> None:
    user = "" if allow else "secret"
    lock = pikepdf.Encryption(owner="owner", user=user, allow=pikepdf.Permissions(**allow))
    _plain(path, [HELLO], encryption=lock)


BAD: dict[str, tuple[Callable[[Path], Any], str]] = {
    "scan.pdf": (_scan, "page 2"),
    "page.pdf": (_broken_page, "page 2"),
    "half.pdf": (_half, "no page can be read"),
    "locked.pdf": (_locked, "page 1"),
    "forbidden.pdf": (lambda path: _locked(path, extract=False), "page 1"),
    "none.pdf": (lambda path: path.write_bytes(b"x"), "no page can be read"),
    "empty.pdf": (lambda path: path.write_bytes(b""), "no page can be read"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_pdf_that_cannot_be_read_is_refused_by_its_page(name: str, tmp_path: Path) -> None:
    make, said = BAD[name]
    make(tmp_path / name)
    with pytest.raises(DocumentError, match=said) as raised:
        read_document(tmp_path / name)
    assert name in raised.value.where
    assert raised.value.mend


def test_a_hyphen_that_breaks_a_word_goes_and_one_that_joins_stays(tmp_path: Path) -> None:
    lines = [
        "The hospitalisation of subjects in the hospi-",
        "talisation ward was told to the placebo-con-",
        "trolled group that was treated, for COVID-",
        "19 was found in a placebo-controlled arm.",
    ]
    drawn = b"".join(f"({line}) Tj 0 -14 Td ".encode() for line in lines)
    _plain(tmp_path / "a.pdf", [b"BT /F1 12 Tf 72 700 Td " + drawn + b"ET"])
    said = " ".join(text_of(one.content) for one in read_document(tmp_path / "a.pdf").paragraphs.values())
    assert "the hospitalisation ward" in said
    assert "COVID-19" in said
