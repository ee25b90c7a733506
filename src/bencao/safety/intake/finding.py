"""What was found in a text: one value, the words that say it, and the rule or model that read them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from bencao.safety.intake.extraction.corpus import Offsets

KINDS = (
    "drug", "treatment", "reaction", "indication", "dose", "route", "date", "seriousness", "outcome", "action",
    "dechallenge", "rechallenge", "age", "sex", "patient", "reporter",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the text says.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    offsets : tuple of (int, int)
        Start and end of its words in the document's text, in characters; more than one pair where they are apart.
    text : str
        Those words; pieces are joined by a space.
    value : str
        What it comes to: a date as ISO 8601 (cut where the text gives no day), a code of ICH E2B(R3) for
        seriousness, outcome, action, rechallenge, sex and reporter; a number for age and dose. Empty where the words
        are all there is.
    unit : str
        UCUM unit of a number.
    by : str
        ``rule:NAME``, ``model:NAME VERSION`` or ``lexicon:NAME``.
    negated : bool
        The text denies it.
    about : str
        ``patient``, ``family``, or ``other`` where the text speaks of someone else or of people in general.
    probability : float or None
        The model's, where a model read it.
    detail : tuple of (str, str)
        What else the words give, by name: ``every`` and ``every_unit`` of a dose, ``role`` of a date.
    """

    kind: str
    offsets: Offsets
    text: str
    value: str = ""
    unit: str = ""
    by: str = ""
    negated: bool = False
    about: str = "patient"
    probability: float | None = None
    detail: tuple[tuple[str, str], ...] = field(default=())

    @property
    def start(self) -> int:
        """First character."""
        return self.offsets[0][0]

    @property
    def end(self) -> int:
        """End of the last character."""
        return self.offsets[-1][1]

    def told(self, name: str) -> str:
        """A detail by its name, or nothing."""
        return dict(self.detail).get(name, "")

    def with_detail(self, **details: str) -> Finding:
        """The same with more details."""
        return replace(self, detail=(*self.detail, *details.items()))


def words_at(text: str, offsets: Offsets) -> str:
    """The words of a span; its pieces joined by a space."""
    return " ".join(text[start:end] for start, end in offsets)


def without_overlap(findings: Iterable[Finding]) -> list[Finding]:
    """Of findings that overlap, the first given; in the order of the text."""
    starts: list[int] = []
    kept: list[Finding] = []
    for one in findings:
        at = bisect_left(starts, one.end)
        # What is kept does not overlap, so only the last one that begins before this one's end can reach into it.
        if at == 0 or kept[at - 1].end <= one.start:
            starts.insert(at, one.start)
            kept.insert(at, one)
    return kept
