"""What happened, and the tests done: sections E and F of E2B(R3)."""

from __future__ import annotations

from dataclasses import dataclass

from bencao.safety.case.field import Field, element


@dataclass(frozen=True)
class Reaction:
    """An adverse reaction or event (E.i)."""

    reported: Field = element("E.i.1.1a")
    reported_language: Field = element("E.i.1.1b")
    translated: Field = element("E.i.1.2")
    meddra_version: Field = element("E.i.2.1a")
    meddra_code: Field = element("E.i.2.1b")
    highlighted: Field = element("E.i.3.1")
    death: Field = element("E.i.3.2a")
    life_threatening: Field = element("E.i.3.2b")
    hospitalisation: Field = element("E.i.3.2c")
    disabling: Field = element("E.i.3.2d")
    congenital_anomaly: Field = element("E.i.3.2e")
    other_important: Field = element("E.i.3.2f")
    required_intervention: Field = element("FDA.E.i.3.2h")
    start: Field = element("E.i.4")
    end: Field = element("E.i.5")
    duration: Field = element("E.i.6a")
    duration_unit: Field = element("E.i.6b")
    outcome: Field = element("E.i.7")
    confirmed: Field = element("E.i.8")
    country: Field = element("E.i.9")


@dataclass(frozen=True)
class Test:
    """A test or procedure and its result (F.r)."""

    __test__ = False  # not one of pytest's

    date: Field = element("F.r.1")
    name: Field = element("F.r.2.1")
    meddra_version: Field = element("F.r.2.2a")
    meddra_code: Field = element("F.r.2.2b")
    result_code: Field = element("F.r.3.1")
    result: Field = element("F.r.3.2")
    unit: Field = element("F.r.3.3")
    result_text: Field = element("F.r.3.4")
    normal_low: Field = element("F.r.4")
    normal_high: Field = element("F.r.5")
    comment: Field = element("F.r.6")
    more_available: Field = element("F.r.7")
