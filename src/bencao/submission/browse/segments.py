"""A bilingual file under review: its segments, where each translation comes from, and what the checks find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bencao.kernel.errors import InputError
from bencao.submission.browse.editing import TagNames
from bencao.submission.browse.places import OpenReview, ReviewFile
from bencao.submission.exchange.content import Content, text_of
from bencao.submission.exchange.xliff import NEEDS_TRANSLATION, Segment
from bencao.submission.quality.finding import Finding, Language
from bencao.submission.quality.pairs import Pair, check_pairs
from bencao.submission.translation.pipeline import translate_segments

PAGE = 50  # segments shown together
KINDS = ("all", "open", "findings", "untranslated", "final")
# Of a segment whose translation was written here; XLIFF 2.1 lets a tool say so by a prefix of its own.
EDITED = "bencao:edited"


@dataclass(frozen=True)
class SegmentRow:
    """A segment in the list; `number` is its place in the file, from 0, and `findings` how many there are."""

    number: int
    id: str
    source: str
    target: str
    state: str
    origin: str
    findings: int


@dataclass(frozen=True)
class SegmentsView:
    """Segments of a kind, a page of them.

    Attributes
    ----------
    file, digest : str
        Name of the file, and the SHA-256 that it had.
    source_language, target_language : str
    counts : dict of str to int
        Segments by kind, see `KINDS`.
    start, total : int
        Place of the first that is shown among those of the kind, and how many these are.
    rows : tuple of SegmentRow
    """

    file: str
    digest: str
    source_language: str
    target_language: str
    counts: dict[str, int]
    start: int
    total: int
    rows: tuple[SegmentRow, ...]


@dataclass(frozen=True)
class TermRow:
    """A term in the source: where it stands there, and what it may and may not be called."""

    start: int
    end: int
    text: str
    targets: tuple[str, ...]
    forbidden: tuple[str, ...]


@dataclass(frozen=True)
class FoundRow:
    """What a check found, in words; `kind` is one of `bencao.submission.quality.finding.KINDS`."""

    kind: str
    said: str


@dataclass(frozen=True)
class SegmentView:
    """A segment to be edited; its tags are written ``<1>``, ``</1>``, ``<2/>``."""

    number: int
    id: str
    source: str
    target: str
    state: str
    origin: str
    terms: tuple[TermRow, ...]
    findings: tuple[FoundRow, ...]


def show_segments(opened: OpenReview, kind: str, start: str, lang: Language) -> SegmentsView:
    """A page of the segments, as the file is now.

    Parameters
    ----------
    opened : OpenReview
    kind : str
        One of `KINDS`: ``open`` are those that are not final.
    start : str
        How many to pass over.
    lang : {"en", "zh"}

    Raises
    ------
    InputError
        An unknown kind, or a file that cannot be read any more.
    """
    if kind not in KINDS or not start.isdecimal():
        raise InputError(f"no segments {kind!r} from {start!r}", mend=f"ask for one of {', '.join(KINDS)}, from 0")
    file = opened.read()
    segments = file.document.segments
    kinds = [_kinds(one, file.findings[number]) for number, one in enumerate(segments)]
    counts = Counter(each for one in kinds for each in one)
    chosen = [number for number, one in enumerate(kinds) if kind in one]
    first = min(int(start), max(0, len(chosen) - 1) // PAGE * PAGE)
    shown = chosen[first : first + PAGE]
    origins = origins_of(opened, [segments[number] for number in shown])
    rows = tuple(
        _row(number, segments[number], file.findings[number], origin)
        for number, origin in zip(shown, origins, strict=True)
    )
    languages = file.document.source_language, file.document.target_language or opened.target
    return SegmentsView(
        opened.path.name, file.digest, *languages, {each: counts[each] for each in KINDS}, first, len(chosen), rows
    )


def show_segment(opened: OpenReview, number: str, lang: Language) -> SegmentView:
    """One segment, to be edited.

    Raises
    ------
    InputError
        No segment of this number.
    """
    file = opened.read()
    segment = segment_at(file, number)
    names = names_of(segment)
    places = names.starts(segment.source)
    [origin] = origins_of(opened, [segment])
    return SegmentView(
        int(number),
        segment.id,
        names.text(segment.source),
        names.text(segment.target or ()),
        segment.state,
        origin,
        tuple(
            TermRow(
                places[one.start],
                places[one.end - 1] + 1,
                text_of(segment.source)[one.start : one.end],
                one.term.targets,
                one.term.forbidden,
            )
            for one in opened.termbase.find(text_of(segment.source))
        ),
        told_of(file.findings[int(number)], lang),
    )


def check_target(opened: OpenReview, number: str, text: str, lang: Language) -> tuple[FoundRow, ...]:
    """What the checks find in a translation as it is being written.

    Parameters
    ----------
    opened : OpenReview
    number : str
    text : str
        Tags as `show_segment` names them.
    lang : {"en", "zh"}
    """
    segment = segment_at(opened.read(), number)
    names = names_of(segment)
    pair = Pair(segment.id, segment.source, names.content(text))
    [checked] = check_pairs([pair], opened.source, opened.target, opened.termbase.check)
    return told_of(checked.findings, lang)


def segment_at(file: ReviewFile, number: str) -> Segment:
    """The segment of a number.

    Raises
    ------
    InputError
        No segment of this number.
    """
    if not number.isdecimal() or int(number) >= len(file.document.segments):
        raise InputError(f"no segment {number}", where="number", mend="choose one of the list")
    return file.document.segments[int(number)]


def names_of(segment: Segment) -> TagNames:
    """Names of the tags of a segment."""
    return TagNames([segment.source, segment.target or ()])


def told_of(findings: Sequence[Finding], lang: Language) -> tuple[FoundRow, ...]:
    """Findings in words."""
    return tuple(FoundRow(one.kind, one.in_words(lang)) for one in findings)


def origins_of(opened: OpenReview, segments: Sequence[Segment]) -> list[str]:
    """Where translations come from.

    Returns
    -------
    list of str
        ``exact``, ``substituted``, ``term`` or ``copied`` where the package's own memory and terms give this very
        translation; ``edited`` where it was written here; ``none`` where there is none; else ``elsewhere``: an engine,
        another memory or a person, which the file does not tell.
    """
    known = translate_segments([one.source for one in segments], opened.recall, opened.termbase).segments
    return [
        "none"
        if not one.target
        else "edited"
        if one.sub_state == EDITED
        else told.origin
        if told.target == one.target
        else "elsewhere"
        for one, told in zip(segments, known, strict=True)
    ]


def _kinds(segment: Segment, findings: Sequence[Finding]) -> set[str]:
    untranslated = not segment.target or segment.sub_state == NEEDS_TRANSLATION
    final = segment.state == "final"
    return {
        "all",
        "final" if final else "open",
        *(("untranslated",) if untranslated else ()),
        *(("findings",) if findings and not untranslated else ()),
    }


def _row(number: int, segment: Segment, findings: Sequence[Finding], origin: str) -> SegmentRow:
    names = names_of(segment)
    content: Content = segment.target or ()
    count = len(findings) if segment.target else 0
    texts = names.text(segment.source), names.text(content)
    return SegmentRow(number, segment.id, *texts, segment.state, origin, count)
