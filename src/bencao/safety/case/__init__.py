"""The case model: a typed case of E2B data elements (`case_of`, `occurrences`), each value with its source.

Cases can also be made by hand: ``Drug(name=Field("aspirin", source=Source("mail.eml", 120, 127, "lexicon")))``."""

from bencao.safety.case.administration import (
    Administration,
    HeldDocument,
    Identification,
    Literature,
    OtherIdentifier,
    PrimarySource,
    Sender,
    Study,
    StudyRegistration,
    Transmission,
)
from bencao.safety.case.case import Case, Narrative, NativeSummary, SenderDiagnosis, case_of, occurrences, sourced
from bencao.safety.case.drug import Assessment, Device, Dosage, Drug, Indication, Relatedness, Substance
from bencao.safety.case.field import Field, Source
from bencao.safety.case.patient import (
    AutopsyCause,
    Death,
    MedicalHistory,
    Parent,
    ParentDrug,
    ParentHistory,
    PastDrug,
    Patient,
    ReportedCause,
)
from bencao.safety.case.reaction import Reaction, Test

__all__ = [
    "Administration",
    "Assessment",
    "AutopsyCause",
    "Case",
    "Death",
    "Device",
    "Dosage",
    "Drug",
    "Field",
    "HeldDocument",
    "Identification",
    "Indication",
    "Literature",
    "MedicalHistory",
    "Narrative",
    "NativeSummary",
    "OtherIdentifier",
    "Parent",
    "ParentDrug",
    "ParentHistory",
    "PastDrug",
    "Patient",
    "PrimarySource",
    "Reaction",
    "Relatedness",
    "ReportedCause",
    "Sender",
    "SenderDiagnosis",
    "Source",
    "Study",
    "StudyRegistration",
    "Substance",
    "Test",
    "Transmission",
    "case_of",
    "occurrences",
    "sourced",
]
