"""Facts of the SDTM, SEND and TIG standards that rules ask for: classes of domains, timing variables, use cases."""

from __future__ import annotations

FINDINGS, FINDINGS_ABOUT = "FINDINGS", "FINDINGS ABOUT"

# Class of each domain in SDTMIG 3.2 to 3.4, SENDIG 3.1 with DART and GENETOX, and TIG 1.0 (sections 5 to 8 of SDTMIG).
_DOMAINS_OF_CLASS = {
    "SPECIAL PURPOSE": "CO DM SE SM SV SJ TT",
    "INTERVENTIONS": "AG CM EC EX ML PR SU EM",
    "EVENTS": "AE BE CE DS DV HO MH PT",
    FINDINGS: (
        "BS BW BG CL CP CV DA DD DP EG FT FW FX FM FL FC FD GF GN GP GV IE IC IS IT IN IQ LB MA MB MI MK MO MS NV OE OM PC "
        "PD PE PH PM PP PY QS RE RP RS SC SS TR TU UR VS GT ES TF TP"
    ),
    FINDINGS_ABOUT: "FA SR",
    "TRIAL DESIGN": "TA TD TE TI TM TS TV TX TO TP TT",
    "RELATIONSHIP": "RELREC RELSPEC RELSUB RELREF SUPPQUAL POOLDEF",
    "STUDY REFERENCE": "DI OI DU DO",
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
