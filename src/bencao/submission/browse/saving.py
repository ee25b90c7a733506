"""What a reviewer wrote, put into the bilingual file: whole, with every tag, or not at all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bencao.kernel.errors import FileChanged, InputError
from bencao.kernel.files import write_bytes
from bencao.kernel.ledger import record
from bencao.submission.browse.places import OpenReview, ReviewFile
from bencao.submission.browse.segments import EDITED, names_of, segment_at
from bencao.submission.errors import TagLost
from bencao.submission.exchange.content import Content
from bencao.submission.exchange.safe_xml import parse_bytes, to_bytes
from bencao.submission.exchange.xliff import NEEDS_TRANSLATION, Segment, Xliff, with_targets, xliff_of
from bencao.submission.quality.tags import check_tags

Target = tuple[Content | None, str, str]


@dataclass(frozen=True)
class Change:
    """What a reviewer made of a segment.

    Attributes
    ----------
    number : int
        Place of the segment in the file, from 0.
    text : str
        The translation; tags as `bencao.submission.browse.show_segment` names them.
    final : bool
        Whether nobody needs to look at it again.
    """

    number: int
    text: str
    final: bool


def save_changes(opened: OpenReview, digest: str, changes: tuple[Change, ...]) -> str:
    """Write changes into the file; the run is written into the ledger.

    Parameters
    ----------
    opened : OpenReview
    digest : str
        SHA-256 of the file that the changes were made from.
    changes : tuple of Change

    Returns
    -------
    str
        SHA-256 of the file now.

    Raises
    ------
    FileChanged
        The file is not what it was; nothing is written.
    TagLost
        A translation lacks a tag of its source, has one too many, or has them crossed; nothing is written.
    InputError
        A final segment without a translation, a character that no XML may hold, or a file that cannot be written.
    """
    file = opened.read()
    if file.digest != digest:
        raise FileChanged(
            "was changed by another program since it was read",
            where=opened.path.name,
            mend="keep a copy of what you wrote, load the page again, and enter it anew",
        )
    data = changed_bytes(file, changes, opened.target)
    with record(None, "submission review", parameters={"segments": len(changes)}) as job:
        job.used(opened.path)
        write_bytes(opened.path, data)
        job.generated(opened.path)
    return opened.read().digest


def changed_bytes(file: ReviewFile, changes: Sequence[Change], target_language: str) -> bytes:
    """The file with changes in it, read again to be sure that it holds what was meant; raises as `save_changes`."""
    targets: dict[str, Target] = {}
    times = Counter(one.id for one in file.document.segments)
    for change in changes:
        segment = segment_at(file, str(change.number))
        if times[segment.id] > 1:
            raise InputError("several segments have this id", where=segment.id, mend="give each unit an id of its own")
        targets[segment.id] = _target(segment, change)
    document = file.document
    try:
        changed = with_targets(document, targets, "" if document.target_language else target_language)
    except ValueError:  # of the XML library
        raise InputError(
            "a control character cannot stand in XML", where="translation", mend="type the translation anew"
        ) from None
    data = to_bytes(changed.root)
    _hold_against(xliff_of(parse_bytes(data, "document"), "document"), document, targets)
    return data


def _target(segment: Segment, change: Change) -> Target:
    content = names_of(segment).content(change.text)
    if not change.text.strip() and segment.source:
        if change.final:
            raise InputError("is final without a translation", where=segment.id, mend="translate it first")
        return None, "initial", NEEDS_TRANSLATION
    if wrong := check_tags(segment.source, content):
        raise TagLost(
            wrong[0].in_words(), where=segment.id, mend="put the source's tags into the translation, each once"
        )
    edited = content != (segment.target or ()) or segment.sub_state == EDITED
    return content, "final" if change.final else "translated", EDITED if edited else ""


def _hold_against(written: Xliff, before: Xliff, targets: Mapping[str, Target]) -> None:
    """Tags that cross would be paired otherwise in the file; nothing else may have changed."""
    for new, old in zip(written.segments, before.segments, strict=True):
        meant = targets[old.id][0] if old.id in targets else old.target
        if (new.target or ()) != (meant or ()) or new.source != old.source:
            raise TagLost(
                "its tags cross, or close before they open",
                where=old.id,
                mend="close each tag within the one that it was opened in",
            )
