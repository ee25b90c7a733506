"""What arrives: an e-mail or a text file, decoded, with the words that a reader sees and where they came from."""

from __future__ import annotations

import email
import email.policy
import email.utils
import html
import os
import re
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage, Message
from pathlib import Path

from bencao.kernel.errors import InputError

MAX_BYTES = 20_000_000
# Twice what E2B(R3) allows a narrative (H.1); a report is read in seconds then, and what is longer is no one report.
MAX_CHARACTERS = 200_000
ENCODINGS = ("utf-8-sig", "utf-16", "gb18030")
_MEND = "give an e-mail (.eml) or a text file in UTF-8, UTF-16 or GB18030"
_BREAKING = re.compile(r"<\s*(?:br|/?p|/?div|/?tr|/?li|/?h[1-6])\b[^>]*>", re.IGNORECASE)
_HIDDEN = re.compile(r"<(script|style|head)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)


class DocumentError(InputError):
    """A document that cannot be read as text; `where` names it."""


@dataclass(frozen=True, slots=True)
class Document:
    """A text with its origin: every span that is found counts characters of `text`.

    Attributes
    ----------
    name : str
        File name.
    text : str
        What was written, with line ends as ``\\n``; of an e-mail its subject line and its body.
    encoding : str
        How the text was decoded.
    sender, subject : str
        Of an e-mail, else empty.
    received : date or None
        Day of an e-mail's ``Date``.
    attachments : tuple of str
        Names of an e-mail's other parts, which are not read.
    """

    name: str
    text: str
    encoding: str
    sender: str = ""
    subject: str = ""
    received: date | None = None
    attachments: tuple[str, ...] = ()


def read_document(path: str | os.PathLike[str]) -> Document:
    """Read an e-mail or a text file.

    Parameters
    ----------
    path : path-like
        ``.eml`` is an e-mail (RFC 5322 with MIME); all else is text.

    Returns
    -------
    Document

    Raises
    ------
    DocumentError
        Where the file cannot be read, is larger than 20 MB or longer than 200,000 characters, holds no text, or is in
        no encoding that is known.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise DocumentError(f"cannot be read: {error.strerror}", where=str(path), mend=_MEND) from error
    if size > MAX_BYTES:
        raise DocumentError(
            f"{size:,} bytes, more than the {MAX_BYTES:,} of a report", where=str(path), mend="give one report a file"
        )
    return document_of(raw, path.name)


def document_of(raw: bytes, name: str) -> Document:
    """Read a document from its bytes; raises as `read_document`."""
    found = _of_email(raw, name) if name.lower().endswith(".eml") else _of_text(raw, name)
    if not found.text.strip():
        raise DocumentError("holds no text", where=name, mend=_MEND)
    if len(found.text) > MAX_CHARACTERS:
        raise DocumentError(
            f"{len(found.text):,} characters, more than the {MAX_CHARACTERS:,} of a report",
            where=name,
            mend="give one report a file",
        )
    return found


def _of_text(raw: bytes, name: str) -> Document:
    text, encoding = _decoded(raw, name)
    return Document(name, _lines(text), encoding)


def _of_email(raw: bytes, name: str) -> Document:
    try:
        message = email.message_from_bytes(raw, _class=EmailMessage, policy=email.policy.default)
        body = message.get_body(("plain", "html"))
        subject, sender = str(message.get("Subject", "")), str(message.get("From", ""))
        received = _day(message)
        attachments = tuple(one.get_filename() or one.get_content_type() for one in message.iter_attachments())
    except (ValueError, LookupError, AttributeError, KeyError, IndexError, TypeError) as error:
        raise DocumentError(f"not an e-mail: {error}", where=name, mend=_MEND) from error
    if body is None or (not message.keys()):
        raise DocumentError("an e-mail without a text", where=name, mend=_MEND)
    text, encoding = _part(body, name)
    shown = _lines(text).strip("\n")
    if subject:
        shown = f"{' '.join(subject.split())}\n\n{shown}"
    return Document(name, shown, encoding, sender, " ".join(subject.split()), received, attachments)


def _part(body: Message, name: str) -> tuple[str, str]:
    payload = body.get_payload(decode=True)
    raw = payload if isinstance(payload, bytes) else b""
    told = body.get_content_charset()
    # GB2312 and GBK are parts of GB18030, and mail programs name the smallest while they write the largest.
    charset = "gb18030" if told in ("gb2312", "gbk", "gb_2312-80") else told
    if charset and charset != "us-ascii":
        try:
            text, encoding = raw.decode(charset), charset
        except LookupError as error:
            raise DocumentError(f"the e-mail names no known encoding: {told}", where=name, mend=_MEND) from error
        except UnicodeDecodeError as error:
            raise DocumentError(
                f"byte {error.start:,} of the e-mail's text is not {told}", where=name, mend="send it again in UTF-8"
            ) from error
    else:
        text, encoding = _decoded(raw, name)
    return (_without_marks(text) if body.get_content_type() == "text/html" else text), encoding


def _decoded(raw: bytes, name: str) -> tuple[str, str]:
    """Decode by the first encoding that fits, the strictest first; UTF-16 only by its byte order mark."""
    if b"\x00" in raw and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DocumentError("holds zero bytes, so it is no text", where=name, mend=_MEND)
    for encoding in ENCODINGS:
        if encoding == "utf-16" and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        try:
            return raw.decode(encoding), "utf-8" if encoding == "utf-8-sig" else encoding
        except UnicodeDecodeError as error:
            failed = error
    raise DocumentError(f"byte {failed.start:,} fits no encoding that is known", where=name, mend=_MEND)


def _without_marks(text: str) -> str:
    shown = _BREAKING.sub("\n", _HIDDEN.sub(" ", text))
    return html.unescape(re.sub(r"<[^<>]*>", " ", shown))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _day(message: EmailMessage) -> date | None:
    try:
        return email.utils.parsedate_to_datetime(str(message["Date"])).date()
    except (ValueError, TypeError, IndexError):
        return None
