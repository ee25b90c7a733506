"""E-mails and text files as a reader sees them, and what is no text."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from bencao.safety.intake import DocumentError, read_document

CHINESE = "患者，女，64岁，口服头孢呋辛酯片后出现皮疹。"


def email_of(text: str, subtype: str = "plain", charset: str = "utf-8") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Subject"] = "reporter@example.org", "Rash after cefuroxime"
    message["Date"] = "Fri, 15 Mar 2024 09:00:00 +0800"
    message.set_content(text, subtype=subtype, charset=charset)
    return message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_file_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(CHINESE.encode(encoding))
    assert read_document(path).text == CHINESE


@pytest.mark.parametrize("charset", ["utf-8", "gb2312", "gb18030"])
def test_an_email_gives_subject_body_sender_and_day(tmp_path: Path, charset: str) -> None:
    path = tmp_path / "report.eml"
    path.write_bytes(email_of(CHINESE, charset=charset).as_bytes())
    document = read_document(path)
    assert document.text == f"Rash after cefuroxime\n\n{CHINESE}"
    assert (document.sender, document.received) == ("reporter@example.org", date(2024, 3, 15))


def test_an_html_email_is_read_as_it_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "report.eml"
    page = "<html><head><style>p {}</style></head><body><p>A rash &amp; fever.</p><p>It resolved.</p></body></html>"
    path.write_bytes(email_of(page, subtype="html").as_bytes())
    text = read_document(path).text
    assert "A rash & fever." in text and "It resolved." in text
    assert "style" not in text and "<" not in text


def test_attachments_are_named_and_not_read(tmp_path: Path) -> None:
    message = email_of("See attached.")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="report.pdf")
    path = tmp_path / "report.eml"
    path.write_bytes(message.as_bytes())
    document = read_document(path)
    assert document.attachments == ("report.pdf",)
    assert "PDF" not in document.text


@pytest.mark.parametrize(
    ("name", "raw", "cause"),
    [
        ("empty.txt", b" \n ", "holds no text"),
        ("picture.txt", b"\x89PNG\x00\x00\x0d", "zero bytes"),
        ("broken.txt", b"\xff\xff\xff\xff", "fits no encoding"),
        ("noheader.eml", b"", "without a text"),
        ("charset.eml", b"Subject: a\nContent-Type: text/plain; charset=x-unheard-of\n\nrash", "no known encoding"),
        ("wrong.eml", b"Subject: a\nContent-Type: text/plain; charset=utf-8\n\n\xff\xfe rash", "not utf-8"),
    ],
)
def test_what_is_no_text_is_refused_by_name_and_cause(tmp_path: Path, name: str, raw: bytes, cause: str) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(DocumentError, match=cause) as raised:
        read_document(path)
    assert name in raised.value.where and raised.value.mend


def test_a_file_that_is_not_there_is_an_answer(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be read"):
        read_document(tmp_path / "none.txt")


def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as stream:
        stream.truncate(30_000_000)
    with pytest.raises(DocumentError, match="30,000,000 bytes"):
        read_document(path)
