"""Score DM, AE, DS and EX, built from the raw forms of the CDISC pilot study, against pharmaverse's.

python benchmarks/trial/sdtm.py RAW REFERENCE [--json] [--predictions FILE]

RAW is the folder of dm_raw.csv, ae_raw.csv, ds_raw.csv and ec_raw.csv, REFERENCE that of dm.parquet …
(pharmaversesdtm).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
from scoring import compare, parser_of, read_reasons, report

from bencao.trial.build import build_study

# What rows are matched by: sequence numbers are derived, so they are scored and not matched by.
MATCH = {
    "DM": ["USUBJID"],
    "AE": ["USUBJID", "AETERM", "AELLT", "AEDTC"],
    "DS": ["USUBJID", "DSTERM"],
    "EX": ["USUBJID", "EXSTDTC"],
    "SUPPAE": ["USUBJID", "IDVARVAL", "QNAM"],
}
# Copied unchanged from a form, so no derivation to score.
COPIED = {
    "DM": {"STUDYID", "ARMCD", "ACTARMCD", "COUNTRY"},
    "AE": {"STUDYID", "AELLT", "AEDECOD", "AEHLT", "AEHLGT", "AEBODSYS", "AESOC"},
    "DS": {"STUDYID"},
    "EX": {"STUDYID", "EXTRT"},
    "SUPPAE": {"STUDYID"},
}
# Collected, but on none of the four forms: no build can have them.
NOT_ON_THE_FORMS = {"AE": {"AESPID"}, "DS": {"DSSPID"}}


def main() -> None:
    """Build, compare, report."""
    parser = parser_of(__doc__)
    parser.add_argument("raw", type=Path)
    parser.add_argument("reference", type=Path)
    arguments = parser.parse_args()
    names = [name.upper() for name in arguments.only] or ["DM", "AE", "DS", "EX"]
    built = build_study(arguments.study, roots={"raw": arguments.raw}, only=names, store=arguments.store).datasets
    scores, reasons = [], read_reasons()
    for name in [name for name in MATCH if name in built]:
        reference = pl.read_parquet(arguments.reference / f"{name.lower()}.parquet")
        skipped = COPIED[name] | NOT_ON_THE_FORMS.get(name, set())
        variables = [variable for variable in reference.columns if variable not in skipped]
        frame = built[name].frame
        scores.append(compare(name, frame, reference, match=MATCH[name], variables=variables, reasons=reasons))
    report(scores, arguments)


if __name__ == "__main__":
    main()
