"""The drugs, how they were taken, and how they relate to what happened: section G of E2B(R3)."""

from __future__ import annotations

from dataclasses import dataclass

from bencao.safety.case.field import Field, element, elements, parts


@dataclass(frozen=True)
class Substance:
    """An active substance and its strength (G.k.2.3.r)."""

    name: Field = element("G.k.2.3.r.1")
    term_version: Field = element("G.k.2.3.r.2a")
    term: Field = element("G.k.2.3.r.2b")
    strength: Field = element("G.k.2.3.r.3a")
    strength_unit: Field = element("G.k.2.3.r.3b")


@dataclass(frozen=True)
class Dosage:
    """A dose and when it was taken (G.k.4.r)."""

    dose: Field = element("G.k.4.r.1a")
    dose_unit: Field = element("G.k.4.r.1b")
    interval: Field = element("G.k.4.r.2")
    interval_unit: Field = element("G.k.4.r.3")
    start: Field = element("G.k.4.r.4")
    end: Field = element("G.k.4.r.5")
    duration: Field = element("G.k.4.r.6a")
    duration_unit: Field = element("G.k.4.r.6b")
    batch: Field = element("G.k.4.r.7")
    text: Field = element("G.k.4.r.8")
    form_text: Field = element("G.k.4.r.9.1")
    form_version: Field = element("G.k.4.r.9.2a")
    form: Field = element("G.k.4.r.9.2b")
    route_text: Field = element("G.k.4.r.10.1")
    route_version: Field = element("G.k.4.r.10.2a")
    route: Field = element("G.k.4.r.10.2b")
    parent_route_text: Field = element("G.k.4.r.11.1")
    parent_route_version: Field = element("G.k.4.r.11.2a")
    parent_route: Field = element("G.k.4.r.11.2b")


@dataclass(frozen=True)
class Indication:
    """What the drug was given for (G.k.7.r)."""

    reported: Field = element("G.k.7.r.1")
    meddra_version: Field = element("G.k.7.r.2a")
    meddra_code: Field = element("G.k.7.r.2b")


@dataclass(frozen=True)
class Relatedness:
    """An opinion on whether the drug caused the reaction (G.k.9.i.2.r)."""

    source: Field = element("G.k.9.i.2.r.1")
    method: Field = element("G.k.9.i.2.r.2")
    result: Field = element("G.k.9.i.2.r.3")


@dataclass(frozen=True)
class Assessment:
    """One drug and one reaction (G.k.9.i); `reaction` is the reaction's id, or its place among the reactions."""

    reaction: Field = element("G.k.9.i.1")
    relatedness: tuple[Relatedness, ...] = parts(Relatedness)
    from_start: Field = element("G.k.9.i.3.1a")
    from_start_unit: Field = element("G.k.9.i.3.1b")
    from_last_dose: Field = element("G.k.9.i.3.2a")
    from_last_dose_unit: Field = element("G.k.9.i.3.2b")
    recurred: Field = element("G.k.9.i.4")


@dataclass(frozen=True)
class Device:
    """A device that is part of the product (FDA.G.k.12.r)."""

    malfunction: Field = element("FDA.G.k.12.r.1")
    follow_up_types: tuple[Field, ...] = elements("FDA.G.k.12.r.2.r")
    problem_codes: tuple[Field, ...] = elements("FDA.G.k.12.r.3.r")
    brand_name: Field = element("FDA.G.k.12.r.4")
    common_name: Field = element("FDA.G.k.12.r.5")
    product_code: Field = element("FDA.G.k.12.r.6")
    manufacturer: Field = element("FDA.G.k.12.r.7.1a")
    manufacturer_street: Field = element("FDA.G.k.12.r.7.1b")
    manufacturer_city: Field = element("FDA.G.k.12.r.7.1c")
    manufacturer_state: Field = element("FDA.G.k.12.r.7.1d")
    manufacturer_country: Field = element("FDA.G.k.12.r.7.1e")
    usage: Field = element("FDA.G.k.12.r.8")
    lot: Field = element("FDA.G.k.12.r.9")
    operator: Field = element("FDA.G.k.12.r.10")
    remedial_actions: tuple[Field, ...] = elements("FDA.G.k.12.r.11.r")


@dataclass(frozen=True)
class Drug:
    """A drug (G.k)."""

    role: Field = element("G.k.1")
    other_role: Field = element("FDA.G.k.1.a")
    mpid_version: Field = element("G.k.2.1.1a")
    mpid: Field = element("G.k.2.1.1b")
    phpid_version: Field = element("G.k.2.1.2a")
    phpid: Field = element("G.k.2.1.2b")
    name: Field = element("G.k.2.2")
    substances: tuple[Substance, ...] = parts(Substance)
    country_obtained: Field = element("G.k.2.4")
    blinded: Field = element("G.k.2.5")
    authorisation: Field = element("G.k.3.1")
    authorisation_country: Field = element("G.k.3.2")
    holder: Field = element("G.k.3.3")
    dosages: tuple[Dosage, ...] = parts(Dosage)
    cumulative_dose: Field = element("G.k.5a")
    cumulative_dose_unit: Field = element("G.k.5b")
    gestation_at_exposure: Field = element("G.k.6a")
    gestation_at_exposure_unit: Field = element("G.k.6b")
    indications: tuple[Indication, ...] = parts(Indication)
    action_taken: Field = element("G.k.8")
    assessments: tuple[Assessment, ...] = parts(Assessment)
    additional_codes: tuple[Field, ...] = elements("G.k.10.r")
    regional_additional_code: Field = element("FDA.G.k.10a")
    specialized_category: Field = element("FDA.G.k.10.1")
    additional_text: Field = element("G.k.11")
    devices: tuple[Device, ...] = parts(Device)
