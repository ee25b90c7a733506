"""Facts of the SDTM, SEND and TIG standards that rules ask for: classes of domains, timing variables, use cases."""

from __future__ import annotations

FINDINGS, FINDINGS_ABOUT = "FINDINGS", "FINDINGS ABOUT"

# Class of each domain in SDTMIG 3.2 to 3.4, SENDIG 3.1 with DART and GENETOX, and TIG 1.0 (sections 5 to 8 of SDTMIG).
_DOMAINS_OF_CLASS = {
    "SPECIAL PURPOSE": "CO DM IN IQ IT PD SE SJ SM SV TT",
    "INTERVENTIONS": "AG CM EC EX ML PR SU",
    "EVENTS": "AE BE CE DS DV EM HO MH",
    FINDINGS: (
        "BS BW BG CL CP CV DA DD DP EG FT FW FX FM FL FC FD GF GN GP GV IE IC IS LB MA MB MI MK MO MS NV OE OM PC "
        "PE PH PM PP PT PY QS RE RP RS SC SS TR TU UR VS GT TF TP"
    ),
    FINDINGS_ABOUT: "FA SR",
    "TRIAL DESIGN": "TA TD TE TI TM TS TV TX",
    "RELATIONSHIP": "RELREC RELSPEC RELSUB RELREF SUPPQUAL POOLDEF",
    "STUDY REFERENCE": "DI DO DU ES OI TO",
}
CLASS_OF_DOMAIN = {
    domain: name for name, domains in reversed(_DOMAINS_OF_CLASS.items()) for domain in domains.split()
}

# Order of the model's variables that a general observation class shares (SDTM 2.0, sections 3.1.1 to 3.1.5).
TIMING = (
    "VISITNUM VISIT VISITDY TAETORD EPOCH RPHASE RPPLDY RPPLSTDY RPPLENDY --DTC --STDTC --ENDTC --DY --STDY --ENDY "
    "--NOMDY --NOMLBL --RPDY --RPSTDY --RPENDY --XDY --XSTDY --XENDY --CHDY --CHSTDY --CHENDY --DUR --TPT --TPTNUM "
    "--ELTM --TPTREF --RFTDTC --STRF --ENRF --EVLINT --EVINTX --STRTPT --STTPT --ENRTPT --ENTPT MIDS RELMIDS MIDSDTC "
    "--STINT --ENINT --DETECT"
).split()

# Labels of the domains in SDTMIG 3.4, SENDIG 3.1 and TIG 1.0.
LABELS = {
    "AE": "Adverse Events",
    "AG": "Procedure Agents",
    "BE": "Biospecimen Events",
    "BG": "Body Weight Gain",
    "BS": "Biospecimen Findings",
    "BW": "Body Weight",
    "CE": "Clinical Events",
    "CL": "Clinical Observations",
    "CM": "Concomitant/Prior Medications",
    "CO": "Comments",
    "CP": "Cell Phenotype Findings",
    "CV": "Cardiovascular System Findings",
    "DA": "Product Accountability",
    "DD": "Death Details",
    "DI": "Device Identifiers",
    "DM": "Demographics",
    "DS": "Disposition",
    "DV": "Protocol Deviations",
    "EC": "Exposure as Collected",
    "EG": "ECG Test Results",
    "EX": "Exposure",
    "FA": "Findings About Events or Interventions",
    "FT": "Functional Tests",
    "FW": "Food and Water Consumption",
    "GF": "Genomics Findings",
    "HO": "Healthcare Encounters",
    "IE": "Inclusion/Exclusion Criteria Not Met",
    "IS": "Immunogenicity Specimen Assessments",
    "LB": "Laboratory Test Results",
    "MA": "Macroscopic Findings",
    "MB": "Microbiology Specimen",
    "MH": "Medical History",
    "MI": "Microscopic Findings",
    "MK": "Musculoskeletal System Findings",
    "ML": "Meal Data",
    "MS": "Microbiology Susceptibility",
    "NV": "Nervous System Findings",
    "OE": "Ophthalmic Examinations",
    "OI": "Non-host Organism Identifiers",
    "OM": "Organ Measurements",
    "PC": "Pharmacokinetics Concentrations",
    "PE": "Physical Examination",
    "PM": "Palpable Masses",
    "POOLDEF": "Pool Definition",
    "PP": "Pharmacokinetics Parameters",
    "PR": "Procedures",
    "QS": "Questionnaires",
    "RE": "Respiratory System Findings",
    "RELREC": "Related Records",
    "RELSPEC": "Related Specimens",
    "RELSUB": "Related Subjects",
    "RP": "Reproductive System Findings",
    "RS": "Disease Response and Clin Classification",
    "SC": "Subject Characteristics",
    "SE": "Subject Elements",
    "SM": "Subject Disease Milestones",
    "SR": "Skin Response",
    "SS": "Subject Status",
    "SU": "Substance Use",
    "SV": "Subject Visits",
    "TA": "Trial Arms",
    "TD": "Trial Disease Assessments",
    "TE": "Trial Elements",
    "TF": "Tumor Findings",
    "TI": "Trial Inclusion/Exclusion Criteria",
    "TM": "Trial Disease Milestones",
    "TR": "Tumor/Lesion Results",
    "TS": "Trial Summary Information",
    "TU": "Tumor/Lesion Identification",
    "TV": "Trial Visits",
    "TX": "Trial Sets",
    "UR": "Urinary System Findings",
    "VS": "Vital Signs",
}

# Domains of each use case of the Tobacco Implementation Guide 1.0, by the standard their data follow.
USE_CASES = {
    "SDTM": {
        "INDH": (
            "AE CO CM DM DI DU DO DS EG EX EC FA IE LB MH PC PP DA DV QS RELREC RE SC SE SV SU EM TA TE TI TS TV VS"
        ).split(),
        "PROD": "TO PD PT IT IN IQ ES".split(),
    },
    "SEND": {
        "NONCLIN": (
            "BW CV CL CO DD DM DI DU DS EG EX FW GT LB MA MI OM PM PK PP POOLDEF RELREC RELREF RE SC SE TA TE TF TX TS "
            "VS"
        ).split(),
    },
}
# Domains that the guide knows in any use case, with those of the model that it is built on.
GUIDE_DOMAINS = frozenset(
    {domain for cases in USE_CASES.values() for domains in cases.values() for domain in domains}
    | {"SJ", "SM", "RELSUB", "RELSPEC", "SUPPQUAL", "OI", "AC", "APRELSUB"}
)
