"""Code systems and fixed class attributes of E2B(R3) messages, by the short names that the layout uses."""

from __future__ import annotations

NAMESPACE = "urn:hl7-org:v3"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

# ICH's code lists and identifiers, FDA's, MedDRA, NCI Thesaurus, ISO 3166-1 alpha-2.
ROOTS = {
    "ICH.": "2.16.840.1.113883.3.989.2.1.1.",
    "ID.": "2.16.840.1.113883.3.989.2.1.3.",
    "FDA.": "2.16.840.1.113883.3.989.5.1.",
    "MDR": "2.16.840.1.113883.6.163",
    "NCI": "2.16.840.1.113883.3.26.1.1",
    "CC": "1.0.3166.1.2.2",
}

NDC = "2.16.840.1.113883.6.69"  # of a medicinal product identifier in the United States
PHPID = "TBD-PhPID"  # the guide has not given the root of pharmaceutical product identifiers

# What an element of a name always carries: class, mood, determiner, kind of participation (HL7 version 3).
_OBSERVATION = {"classCode": "OBS", "moodCode": "EVN"}
_ACT = {"classCode": "ACT", "moodCode": "EVN"}
CLASSES: dict[str, dict[str, str]] = {
    "controlActProcess": {"classCode": "CACT", "moodCode": "EVN"},
    "controlActEvent": {"classCode": "CACT", "moodCode": "EVN"},
    "investigationEvent": {"classCode": "INVSTG", "moodCode": "EVN"},
    "relatedInvestigation": {"classCode": "INVSTG", "moodCode": "EVN"},
    "adverseEventAssessment": {"classCode": "INVSTG", "moodCode": "EVN"},
    "document": {"classCode": "DOC", "moodCode": "EVN"},
    "device": {"classCode": "DEV", "determinerCode": "INSTANCE"},
    "primaryRole": {"classCode": "INVSBJ"},
    "player1": {"classCode": "PSN", "determinerCode": "INSTANCE"},
    "associatedPerson": {"classCode": "PSN", "determinerCode": "INSTANCE"},
    "assignedPerson": {"classCode": "PSN", "determinerCode": "INSTANCE"},
    "asIdentifiedEntity": {"classCode": "IDENT"},
    "asQualifiedEntity": {"classCode": "QUAL"},
    "asLocatedEntity": {"classCode": "LOCE"},
    "locatedEntity": {"classCode": "LOCE"},
    "role": {"classCode": "PRS"},
    "assignedEntity": {"classCode": "ASSIGNED"},
    "representedOrganization": {"classCode": "ORG", "determinerCode": "INSTANCE"},
    "playingOrganization": {"classCode": "ORG", "determinerCode": "INSTANCE"},
    "manufacturerOrganization": {"classCode": "ORG", "determinerCode": "INSTANCE"},
    "researchStudy": {"classCode": "CLNTRL", "moodCode": "EVN"},
    "studyRegistration": _ACT,
    "territorialAuthority": {"classCode": "TERR"},
    "observation": _OBSERVATION,
    "observationEvent": _OBSERVATION,
    "causalityAssessment": _OBSERVATION,
    "investigationCharacteristic": _OBSERVATION,
    "characteristic": _OBSERVATION,
    "observationRange": {"classCode": "OBS", "moodCode": "EVN.CRT"},
    "organizer": {"classCode": "CATEGORY", "moodCode": "EVN"},
    "substanceAdministration": {"classCode": "SBADM", "moodCode": "EVN"},
    "consumable": {"typeCode": "CSM"},
    "instanceOfKind": {"classCode": "INST"},
    "kindOfProduct": {"classCode": "MMAT", "determinerCode": "KIND"},
    "ingredientSubstance": {"classCode": "MMAT", "determinerCode": "KIND"},
    "productInstanceInstance": {"classCode": "MMAT", "determinerCode": "INSTANCE"},
    "asManufacturedProduct": {"classCode": "MANU"},
    "approval": {"classCode": "CNTRCT", "moodCode": "EVN"},
    "productEvent": _ACT,
    "act": _ACT,
    "actReference": _ACT,
    "subject1": {"typeCode": "SUBJ"},
    "subject2": {"typeCode": "SUBJ"},
    "adverseEffectReference": _OBSERVATION,
    "productUseReference": {"classCode": "SBADM", "moodCode": "EVN"},
}


def expanded(text: str) -> str:
    """A value of the layout with its short root written out."""
    if not text.startswith("$"):
        return text
    name = next(name for name in ROOTS if text[1:].startswith(name))
    return ROOTS[name] + text[1 + len(name) :]
