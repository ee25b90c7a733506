"""What DICOM's Basic Application Level Confidentiality Profile does to each attribute (PS3.15, table E.1-1)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from bencao.records.deidentify.finding.lexicon import MODELS, word_set

# Retain Patient Characteristics Option (CID 7050, 113108): attributes that the option keeps.
CHARACTERISTICS = word_set(
    "PatientAge PatientSex PatientSize PatientWeight EthnicGroup SmokingStatus PregnancyStatus Allergies "
    "PatientState PreMedication SpecialNeeds"
)
# Those that it keeps only cleaned: what is written there is text.
CLEANED = word_set("Allergies PatientState PreMedication SpecialNeeds")
# Codes of the method (CID 7050).
BASIC = ("113100", "Basic Application Confidentiality Profile")
DATES = ("113107", "Retain Longitudinal Temporal Information Modified Dates Option")
PATIENT = ("113108", "Retain Patient Characteristics Option")


@cache
def profile() -> Mapping[int, str]:
    """Actions by tag: D dummy, Z empty, X removed, U a new UID, and their choices, such as ``X/Z/D``.

    Source: DICOM PS3.15 2026c, table E.1-1, column Basic Profile.

    Returns
    -------
    Mapping of int to str
    """
    lines = (MODELS / "dicom_profile.tsv").read_text(encoding="utf-8").splitlines()[1:]
    rows = (line.split("\t") for line in lines)
    return MappingProxyType({int(tag, 16): action for tag, _, action in rows})


def action_for(tag: int) -> str:
    """What the profile does to an attribute; empty where it says nothing, so that it is kept.

    Parameters
    ----------
    tag : int
        Group and element, e.g. ``0x00100010``.
    """
    group, element = tag >> 16, tag & 0xFFFF
    if group % 2 == 1:
        return "X"  # private
    if 0x5000 <= group <= 0x50FF or (0x6000 <= group <= 0x60FF and element in (0x3000, 0x4000)):
        return "X"  # curves, data and comments of overlays
    return profile().get(tag, "")
