"""Score the ADaM data sets of the CDISC pilot study, built from its SDTM, against the published ones.

python benchmarks/trial/adam.py SDTM SDTM_AE REFERENCE [--only ADSL] [--json] [--predictions FILE]

SDTM is the folder of dm.parquet … (cdiscpilotsdtm), SDTM_AE that of the ae.parquet that has the keys of ADAE
(pharmaversesdtm), REFERENCE that of adsl.parquet … (cdiscpilotadam).
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
from scoring import compare, parser_of, read_reasons, report

from bencao.trial.build import build_study

# What rows are matched by.
MATCH = {
    "ADSL": ["USUBJID"],
    "ADAE": ["USUBJID", "AESEQ"],
    "ADTTE": ["USUBJID", "PARAMCD"],
    "ADLBC": ["USUBJID", "PARAMCD", "LBSEQ", "AVISITN"],
    "ADLBH": ["USUBJID", "PARAMCD", "LBSEQ", "AVISITN"],
    "ADLBCPV": ["USUBJID", "PARAMCD", "LBSEQ", "AVISITN"],
    "ADLBHPV": ["USUBJID", "PARAMCD", "LBSEQ", "AVISITN"],
    "ADVS": ["USUBJID", "PARAMCD", "VSSEQ", "AVISITN"],
    "ADLBHY": ["USUBJID", "PARAMCD", "AVISITN"],
    "ADADAS": ["USUBJID", "PARAMCD", "AVISITN", "QSSEQ"],
    "ADCIBC": ["USUBJID", "PARAMCD", "AVISITN", "QSSEQ"],
    "ADNPIX": ["USUBJID", "PARAMCD", "AVISITN", "QSSEQ"],
}


def main() -> None:
    """Build, compare, report."""
    parser = parser_of(__doc__)
    parser.add_argument("sdtm", type=Path)
    parser.add_argument("sdtm_ae", type=Path)
    parser.add_argument("reference", type=Path)
    arguments = parser.parse_args()
    names = [name.upper() for name in arguments.only] or list(MATCH)
    roots = {"sdtm": arguments.sdtm, "sdtm_ae": arguments.sdtm_ae}
    built = build_study(arguments.study, roots=roots, only=names, store=arguments.store)
    scores, reasons = [], read_reasons()
    for name in names:
        reference = pl.read_parquet(arguments.reference / f"{name.lower()}.parquet")
        specified = built.specification.study.datasets[name].variables
        copied = {v.name for v in specified if v.origin is not None and v.origin.type == "Predecessor"}
        variables = [variable for variable in reference.columns if variable not in copied]
        frame = built.datasets[name].frame
        scores.append(compare(name, frame, reference, match=MATCH[name], variables=variables, reasons=reasons))
    report(scores, arguments)


if __name__ == "__main__":
    main()
