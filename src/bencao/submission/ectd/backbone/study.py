"""Study tagging files: which documents belong to a study, and what each is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bencao.kernel.errors import BencaoError
from bencao.submission.ectd.application import Sequence
from bencao.submission.ectd.backbone.leaf import Leaf
from bencao.submission.ectd.backbone.reading import local_name
from bencao.submission.exchange.safe_xml import local, parse_bytes


@dataclass(frozen=True)
class StudyDocument:
    """One document of a study.

    Parameters
    ----------
    href : str
        The leaf, as ``../../../../index.xml#ID``.
    title : str
    tags : tuple of (str, str)
        Name and info-type of each file tag.
    """

    href: str
    title: str
    tags: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class StudyFile:
    """A study tagging file; where `error` is set, nothing else was read.

    Parameters
    ----------
    path : str
        In its sequence.
    leaf : Leaf
    error : BencaoError or None
    root : lxml element or None
    system, stylesheet : str
        What its document type and its style sheet name.
    title, study_id : str
    categories : tuple of (str, str)
        Name and value.
    documents : tuple of StudyDocument
    has_blocks : bool
    """

    path: str
    leaf: Leaf
    error: BencaoError | None = None
    root: Any = None
    system: str = ""
    stylesheet: str = ""
    title: str = ""
    study_id: str = ""
    categories: tuple[tuple[str, str], ...] = ()
    documents: tuple[StudyDocument, ...] = ()
    has_blocks: bool = False


def read_study(sequence: Sequence, path: str, leaf: Leaf) -> StudyFile:
    """Read a study tagging file; what is broken is told in `StudyFile.error`."""
    try:
        root = parse_bytes(sequence.bytes_of(path), f"{sequence.name}/{path}")
    except BencaoError as error:
        return StudyFile(path, leaf, error)
    values = {local(one): (one.text or "").strip() for one in root.iter() if local(one) in ("study-id",)}
    identifier = next((one for one in root if local(one) == "study-identifier"), None)
    title = next(
        (one.text or "" for one in (identifier if identifier is not None else ()) if local(one) == "title"), ""
    )
    return StudyFile(
        path,
        leaf,
        None,
        root,
        root.getroottree().docinfo.system_url or "",
        _stylesheet(root),
        title.strip(),
        values.get("study-id", ""),
        tuple((one.get("name", ""), (one.text or "").strip()) for one in root.iter() if local(one) == "category"),
        tuple(_document(one) for one in root.iter() if local(one) == "doc-content"),
        any(local(one) == "content-block" for one in root.iter()),
    )


def is_study_file(sequence: Sequence, path: str, leaf: Leaf) -> bool:
    """Whether a leaf's file is a study tagging file, by its leaf or by its root element."""
    if leaf.is_study_file:
        return True
    if not path.endswith(".xml") or sequence.files.get(path, 0) > 1 << 20:
        return False
    with (sequence.folder / path).open("rb") as stream:
        return b"<ectd:study" in stream.read(4096)


def _document(element: Any) -> StudyDocument:
    href = next((value for key, value in element.attrib.items() if local_name(key) == "href"), "")
    title = next((one.text or "" for one in element if local(one) == "title"), "")
    tags = tuple((one.get("name", ""), one.get("info-type", "")) for one in element if local(one) == "file-tag")
    return StudyDocument(href, title.strip(), tags)


def _stylesheet(root: Any) -> str:
    node = root.getprevious()
    while node is not None:
        if getattr(node, "target", "") == "xml-stylesheet":
            told = re.search(r"href=[\"']([^\"']+)", node.text or "")
            return told[1].rsplit("/", 1)[-1] if told else ""
        node = node.getprevious()
    return ""
