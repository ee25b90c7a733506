"""The patient, and the parent where a child was exposed: section D of E2B(R3)."""

from __future__ import annotations

from dataclasses import dataclass

from bencao.safety.case.field import Field, element, elements, part, parts


@dataclass(frozen=True)
class MedicalHistory:
    """An illness, operation or the like (D.7.1.r)."""

    meddra_version: Field = element("D.7.1.r.1a")
    meddra_code: Field = element("D.7.1.r.1b")
    start: Field = element("D.7.1.r.2")
    continuing: Field = element("D.7.1.r.3")
    end: Field = element("D.7.1.r.4")
    comment: Field = element("D.7.1.r.5")
    family_history: Field = element("D.7.1.r.6")


@dataclass(frozen=True)
class PastDrug:
    """A drug taken earlier (D.8.r)."""

    name: Field = element("D.8.r.1")
    mpid_version: Field = element("D.8.r.2a")
    mpid: Field = element("D.8.r.2b")
    phpid_version: Field = element("D.8.r.3a")
    phpid: Field = element("D.8.r.3b")
    start: Field = element("D.8.r.4")
    end: Field = element("D.8.r.5")
    indication_meddra_version: Field = element("D.8.r.6a")
    indication_meddra_code: Field = element("D.8.r.6b")
    reaction_meddra_version: Field = element("D.8.r.7a")
    reaction_meddra_code: Field = element("D.8.r.7b")


@dataclass(frozen=True)
class ReportedCause:
    """A cause of death as reported (D.9.2.r)."""

    meddra_version: Field = element("D.9.2.r.1a")
    meddra_code: Field = element("D.9.2.r.1b")
    text: Field = element("D.9.2.r.2")


@dataclass(frozen=True)
class AutopsyCause:
    """A cause of death that the autopsy found (D.9.4.r)."""

    meddra_version: Field = element("D.9.4.r.1a")
    meddra_code: Field = element("D.9.4.r.1b")
    text: Field = element("D.9.4.r.2")


@dataclass(frozen=True)
class Death:
    """In case of death (D.9)."""

    date: Field = element("D.9.1")
    reported_causes: tuple[ReportedCause, ...] = parts(ReportedCause)
    autopsy_done: Field = element("D.9.3")
    autopsy_causes: tuple[AutopsyCause, ...] = parts(AutopsyCause)


@dataclass(frozen=True)
class ParentHistory:
    """An illness of the parent (D.10.7.1.r)."""

    meddra_version: Field = element("D.10.7.1.r.1a")
    meddra_code: Field = element("D.10.7.1.r.1b")
    start: Field = element("D.10.7.1.r.2")
    continuing: Field = element("D.10.7.1.r.3")
    end: Field = element("D.10.7.1.r.4")
    comment: Field = element("D.10.7.1.r.5")


@dataclass(frozen=True)
class ParentDrug:
    """A drug that the parent took earlier (D.10.8.r)."""

    name: Field = element("D.10.8.r.1")
    mpid_version: Field = element("D.10.8.r.2a")
    mpid: Field = element("D.10.8.r.2b")
    phpid_version: Field = element("D.10.8.r.3a")
    phpid: Field = element("D.10.8.r.3b")
    start: Field = element("D.10.8.r.4")
    end: Field = element("D.10.8.r.5")
    indication_meddra_version: Field = element("D.10.8.r.6a")
    indication_meddra_code: Field = element("D.10.8.r.6b")
    reaction_meddra_version: Field = element("D.10.8.r.7a")
    reaction_meddra_code: Field = element("D.10.8.r.7b")


@dataclass(frozen=True)
class Parent:
    """The parent of a child or foetus (D.10)."""

    identification: Field = element("D.10.1")
    birth: Field = element("D.10.2.1")
    age: Field = element("D.10.2.2a")
    age_unit: Field = element("D.10.2.2b")
    last_menstrual_period: Field = element("D.10.3")
    weight_kg: Field = element("D.10.4")
    height_cm: Field = element("D.10.5")
    sex: Field = element("D.10.6")
    history: tuple[ParentHistory, ...] = parts(ParentHistory)
    history_text: Field = element("D.10.7.2")
    past_drugs: tuple[ParentDrug, ...] = parts(ParentDrug)


@dataclass(frozen=True)
class Patient:
    """The patient (D)."""

    name: Field = element("D.1")
    general_practitioner_record: Field = element("D.1.1.1")
    specialist_record: Field = element("D.1.1.2")
    hospital_record: Field = element("D.1.1.3")
    investigation_record: Field = element("D.1.1.4")
    birth: Field = element("D.2.1")
    age: Field = element("D.2.2a")
    age_unit: Field = element("D.2.2b")
    gestation: Field = element("D.2.2.1a")
    gestation_unit: Field = element("D.2.2.1b")
    age_group: Field = element("D.2.3")
    weight_kg: Field = element("D.3")
    height_cm: Field = element("D.4")
    sex: Field = element("D.5")
    last_menstrual_period: Field = element("D.6")
    history: tuple[MedicalHistory, ...] = parts(MedicalHistory)
    history_text: Field = element("D.7.2")
    concomitant_therapies: Field = element("D.7.3")
    past_drugs: tuple[PastDrug, ...] = parts(PastDrug)
    death: Death = part(Death)
    parent: Parent = part(Parent)
    races: tuple[Field, ...] = elements("FDA.D.11.r.1")
    ethnicity: Field = element("FDA.D.12")
