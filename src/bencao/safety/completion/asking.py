"""What a case lacks before it can be sent: the data elements that rules find fault with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bencao.kernel.errors import InputError
from bencao.safety.case import Case
from bencao.safety.case.case import sourced
from bencao.safety.e2b.elements import depth, elements
from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.validation import Background, validate

_BATCH = "N.1."


@dataclass(frozen=True)
class Asked:
    """A data element that is asked for.

    Attributes
    ----------
    now : Occurrence
        Where it belongs, and what it holds now; empty for nothing.
    why : tuple of (str, str)
        The rule's id, and what it says.
    """

    now: Occurrence
    why: tuple[str, str]

    @property
    def of_batch(self) -> bool:
        """Whether all cases of the batch share it (N.1)."""
        return self.now.element.startswith(_BATCH)


def lacking(
    case: Case, header: Sequence[Occurrence], region: str, background: Background, lang: str = "en"
) -> tuple[Asked, ...]:
    """Each data element that a rule finds fault with, once, in the order of the rules.

    Parameters
    ----------
    case : Case
    header : sequence of Occurrence
        Data elements of the batch (N.1).
    region : str
        As `validate` takes it.
    background : Background
    lang : {"en", "zh"}
    """
    told = (*header, *(each for each, _ in sourced(case)), *case.further)
    holds = {(each.element, each.repeats): each for each in told}
    asked: dict[tuple[str, tuple[int, ...]], Asked] = {}
    for finding in validate(told, region, background, lang=lang).findings:
        if finding.element not in elements():
            continue
        # A rule on a whole section names the element alone: the first repeat is asked for.
        repeats = finding.repeats + (1,) * (depth(finding.element) - len(finding.repeats))
        now = holds.get((finding.element, repeats), Occurrence(finding.element, repeats))
        asked.setdefault((finding.element, repeats), Asked(now, (finding.id, finding.message)))
    return tuple(asked.values())


def allowed_in(number: str) -> str:
    """What a data element may hold, in short."""
    element = elements()[number]
    parts = [" | ".join(element.codes) if element.codes else element.kind]
    if element.length:
        parts.append(f"up to {element.length} characters")
    if element.nulls:
        parts.append(f"or null flavour {' '.join(sorted(element.nulls))}")
    return ", ".join(parts)


def fitting(given: Occurrence, where: str) -> Occurrence:
    """The same, where its element can hold it.

    Raises
    ------
    InputError
        An unknown element, repeats that do not fit it, a value it may not hold, or both a value and a null flavour.
    """
    if given.element not in elements():
        raise InputError(f"no data element {given.element!r}", where=where, mend="give one of E2B(R3) or FDA's")
    if len(given.repeats) != depth(given.element) or not all(each > 0 for each in given.repeats):
        mend = f"give {depth(given.element)} numbers from 1"
        raise InputError(f"{given.element} does not repeat as {list(given.repeats)}", where=where, mend=mend)
    if given.value and given.null_flavor:
        raise InputError("a value and a null flavour", where=where, mend="give one of them")
    element, null = elements()[given.element], given.null_flavor
    fits = null in element.nulls if null else not element.codes or given.value in element.codes
    if not fits or (element.length and len(given.value) > element.length):
        cause = f"{given.element} cannot hold {given.value or null!r}"
        raise InputError(cause, where=where, mend=f"give {allowed_in(given.element)}")
    return given
