"""Who reports, who sends, when and why: sections N and C of E2B(R3)."""

from __future__ import annotations

from dataclasses import dataclass

from bencao.safety.case.field import Field, element, elements, part, parts


@dataclass(frozen=True)
class Transmission:
    """The message that carries the case (N.2.r)."""

    message_identifier: Field = element("N.2.r.1")
    sender_identifier: Field = element("N.2.r.2")
    receiver_identifier: Field = element("N.2.r.3")
    date: Field = element("N.2.r.4")


@dataclass(frozen=True)
class HeldDocument:
    """A document that the sender has (C.1.6.1.r)."""

    description: Field = element("C.1.6.1.r.1")
    content: Field = element("C.1.6.1.r.2")


@dataclass(frozen=True)
class OtherIdentifier:
    """What the case was called in earlier transmissions (C.1.9.1.r)."""

    source: Field = element("C.1.9.1.r.1")
    identifier: Field = element("C.1.9.1.r.2")


@dataclass(frozen=True)
class Identification:
    """The report and its versions (C.1)."""

    safety_report_id: Field = element("C.1.1")
    created: Field = element("C.1.2")
    report_type: Field = element("C.1.3")
    first_received: Field = element("C.1.4")
    most_recent: Field = element("C.1.5")
    documents_available: Field = element("C.1.6.1")
    documents: tuple[HeldDocument, ...] = parts(HeldDocument)
    expedited: Field = element("C.1.7")
    local_report_type: Field = element("FDA.C.1.7.1")
    worldwide_id: Field = element("C.1.8.1")
    first_sender: Field = element("C.1.8.2")
    other_identifiers_exist: Field = element("C.1.9.1")
    other_identifiers: tuple[OtherIdentifier, ...] = parts(OtherIdentifier)
    linked_reports: tuple[Field, ...] = elements("C.1.10.r")
    nullification_or_amendment: Field = element("C.1.11.1")
    nullification_or_amendment_reason: Field = element("C.1.11.2")
    combination_product: Field = element("FDA.C.1.12")


@dataclass(frozen=True)
class PrimarySource:
    """Who told of the case (C.2.r)."""

    title: Field = element("C.2.r.1.1")
    given_name: Field = element("C.2.r.1.2")
    middle_name: Field = element("C.2.r.1.3")
    family_name: Field = element("C.2.r.1.4")
    organisation: Field = element("C.2.r.2.1")
    department: Field = element("C.2.r.2.2")
    street: Field = element("C.2.r.2.3")
    city: Field = element("C.2.r.2.4")
    state: Field = element("C.2.r.2.5")
    postcode: Field = element("C.2.r.2.6")
    telephone: Field = element("C.2.r.2.7")
    email: Field = element("FDA.C.2.r.2.8")
    country: Field = element("C.2.r.3")
    qualification: Field = element("C.2.r.4")
    primary_for_regulation: Field = element("C.2.r.5")


@dataclass(frozen=True)
class Sender:
    """Who sends the report (C.3)."""

    kind: Field = element("C.3.1")
    organisation: Field = element("C.3.2")
    department: Field = element("C.3.3.1")
    title: Field = element("C.3.3.2")
    given_name: Field = element("C.3.3.3")
    middle_name: Field = element("C.3.3.4")
    family_name: Field = element("C.3.3.5")
    street: Field = element("C.3.4.1")
    city: Field = element("C.3.4.2")
    state: Field = element("C.3.4.3")
    postcode: Field = element("C.3.4.4")
    country: Field = element("C.3.4.5")
    telephone: Field = element("C.3.4.6")
    fax: Field = element("C.3.4.7")
    email: Field = element("C.3.4.8")


@dataclass(frozen=True)
class Literature:
    """A publication (C.4.r)."""

    reference: Field = element("C.4.r.1")
    content: Field = element("C.4.r.2")


@dataclass(frozen=True)
class StudyRegistration:
    """A register of studies (C.5.1.r)."""

    number: Field = element("C.5.1.r.1")
    country: Field = element("C.5.1.r.2")


@dataclass(frozen=True)
class Study:
    """The study in which it happened (C.5)."""

    registrations: tuple[StudyRegistration, ...] = parts(StudyRegistration)
    name: Field = element("C.5.2")
    sponsor_number: Field = element("C.5.3")
    kind: Field = element("C.5.4")
    ind_number: Field = element("FDA.C.5.5a")
    pre_anda_number: Field = element("FDA.C.5.5b")
    cross_reported_ind_numbers: tuple[Field, ...] = elements("FDA.C.5.6.r")


@dataclass(frozen=True)
class Administration:
    """All of sections N.2 and C."""

    transmission: Transmission = part(Transmission)
    identification: Identification = part(Identification)
    primary_sources: tuple[PrimarySource, ...] = parts(PrimarySource)
    sender: Sender = part(Sender)
    literature: tuple[Literature, ...] = parts(Literature)
    study: Study = part(Study)
