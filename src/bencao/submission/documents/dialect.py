"""What a paragraph is made of in each of the formats: WordprocessingML, DrawingML, SpreadsheetML."""

from __future__ import annotations

from dataclasses import dataclass

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@dataclass(frozen=True)
class Dialect:
    """Names of elements, all in one namespace unless they carry their own.

    Attributes
    ----------
    namespace : str
    paragraphs : tuple of str
        Elements that hold runs.
    first, last : frozenset of str
        Children that stay where they are, at the beginning or at the end.
    containers : frozenset of str
        Children that stand around runs: hyperlinks, insertions, smart tags.
    dropped : frozenset of str
        Children that a program writes anew, and that say nothing.
    unseen : frozenset of str
        Properties of a run that do not show: two runs that differ in them alone are one.
    bare_text : bool
        Whether text may stand in the paragraph without a run.
    """

    namespace: str
    paragraphs: tuple[str, ...]
    first: frozenset[str]
    last: frozenset[str]
    containers: frozenset[str]
    dropped: frozenset[str]
    unseen: frozenset[str]
    bare_text: bool = False

    def name(self, local: str) -> str:
        """A name with the namespace."""
        return f"{{{self.namespace}}}{local}"


WORD = Dialect(
    namespace=W,
    paragraphs=("p",),
    first=frozenset({"pPr"}),
    last=frozenset(),
    containers=frozenset({"hyperlink", "ins", "moveTo", "smartTag", "customXml", "dir", "bdo", "sdt", "sdtContent"}),
    dropped=frozenset({"proofErr", "lastRenderedPageBreak"}),
    unseen=frozenset({"noProof", "lang", "webHidden", "szCs", "bCs", "iCs"}),
)
DRAWING = Dialect(
    namespace=A,
    paragraphs=("p",),
    first=frozenset({"pPr"}),
    last=frozenset({"endParaRPr"}),
    containers=frozenset(),
    dropped=frozenset(),
    unseen=frozenset(),
)
SHEET = Dialect(
    namespace=S,
    paragraphs=("si", "is", "text"),
    first=frozenset(),
    last=frozenset({"rPh", "phoneticPr", "extLst"}),
    containers=frozenset(),
    dropped=frozenset(),
    unseen=frozenset(),
    bare_text=True,
)
