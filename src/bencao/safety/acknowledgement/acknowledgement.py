"""What a receiver answers to a batch: which reports are accepted, which are not, and why.

Source: ICH E2B(R3) implementation guide, the acknowledgement transaction (elements ACK.M, ACK.A and ACK.B.r).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.validation.checking import Validation
from bencao.safety.validation.rule import Finding

LONGEST = 250  # characters of ACK.A.5 and ACK.B.r.7
ALL_ACCEPTED, SOME_REJECTED, UNREADABLE = "AA", "AE", "AR"
ACCEPTED, REJECTED = "CA", "CR"


@dataclass(frozen=True)
class MessageAcknowledgement:
    """The answer to one report.

    Attributes
    ----------
    message_number : str
        ACK.B.r.1, the message's N.2.r.1.
    local_report_number : str
        ACK.B.r.2.
    receiver, sender : str
        ACK.B.r.3 and ACK.B.r.4.
    message_created : str
        ACK.B.r.5, the message's N.2.r.4.
    code : str
        ACK.B.r.6: ``CA`` accepted, ``CR`` rejected.
    text : str
        ACK.B.r.7.
    created : str
        When the answer was made.
    """

    message_number: str
    local_report_number: str
    receiver: str
    sender: str
    message_created: str
    code: str
    text: str
    created: str


@dataclass(frozen=True)
class Acknowledgement:
    """The answer to a batch.

    Attributes
    ----------
    batch_number, sender, receiver, created : str
        ACK.M.1 to ACK.M.4.
    acknowledged_batch : str
        ACK.A.1, the batch's N.1.2; empty where the batch could not be read.
    local_number : str
        ACK.A.2.
    transmitted : str
        ACK.A.3, the batch's N.1.5.
    code : str
        ACK.A.4: ``AA`` all reports accepted, ``AE`` some rejected, ``AR`` the batch could not be read.
    text : str
        ACK.A.5.
    messages : tuple of MessageAcknowledgement
    interaction : str
        HL7 interaction that each answer names.
    """

    batch_number: str
    sender: str
    receiver: str
    created: str
    acknowledged_batch: str
    local_number: str
    transmitted: str
    code: str
    text: str
    messages: tuple[MessageAcknowledgement, ...] = ()
    interaction: str = "MCCI_IN200101UV01"


def acknowledge(
    batch: Sequence[Occurrence],
    reports: Sequence[tuple[Sequence[Occurrence], Validation]],
    created: str,
    batch_number: str = "",
    local_number: str = "",
) -> Acknowledgement:
    """Answer a batch after its validation: a report is rejected where a finding's severity is ``reject``.

    Parameters
    ----------
    batch : sequence of Occurrence
        Data elements of the batch (N.1).
    reports : sequence of (occurrences, Validation)
        Its reports in order, each with its message header (N.2.r).
    created : str
        Moment of the answer as HL7 writes it, with its zone.
    batch_number, local_number : str
        The receiver's own; made of the batch's number where they are not given.
    """
    said = {each.element: each.value for each in batch}
    messages = tuple(_answer(occurrences, validation, created) for occurrences, validation in reports)
    rejected = sum(each.code == REJECTED for each in messages)
    number = said.get("N.1.2", "")
    return Acknowledgement(
        batch_number or f"ACK-{number}",
        said.get("N.1.4", ""),
        said.get("N.1.3", ""),
        created,
        number,
        local_number or number,
        said.get("N.1.5", ""),
        SOME_REJECTED if rejected else ALL_ACCEPTED,
        f"{len(messages) - rejected} of {len(messages)} reports accepted",
        messages,
    )


def refuse(reason: str, created: str, batch_number: str, local_number: str = "") -> Acknowledgement:
    """Answer a batch that cannot be read (``AR``)."""
    text = shortened([reason])
    return Acknowledgement(batch_number, "", "", created, "", local_number or batch_number, "", UNREADABLE, text)


def _answer(occurrences: Sequence[Occurrence], validation: Validation, created: str) -> MessageAcknowledgement:
    said = {each.element: each.value for each in occurrences if each.element.startswith("N.2.r.")}
    told = [_told(each) for each in validation.findings]
    return MessageAcknowledgement(
        said.get("N.2.r.1", ""),
        validation.safety_report_id,
        said.get("N.2.r.2", ""),
        said.get("N.2.r.3", ""),
        said.get("N.2.r.4", ""),
        ACCEPTED if validation.accepted else REJECTED,
        shortened(told) if told else "no findings",
        created,
    )


def _told(finding: Finding) -> str:
    return f"{finding.id} {finding.location}: {finding.message}"


def shortened(parts: Sequence[str]) -> str:
    """As many parts as fit in the element; then how many do not."""
    whole = "; ".join(parts)
    if len(whole) <= LONGEST:
        return whole
    for kept in range(len(parts) - 1, 0, -1):
        text = f"{'; '.join(parts[:kept])}; and {len(parts) - kept} more"
        if len(text) <= LONGEST:
            return text
    return f"{parts[0][: LONGEST - 20]}…{f'; and {len(parts) - 1} more' if len(parts) > 1 else ''}"
