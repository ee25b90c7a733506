"""Score RECIST response and survival of the oncology example against pharmaverse's.

python benchmarks/trial/oncology.py SDTM ADAM [--json] [--predictions FILE]

SDTM is the folder of rs_onco_recist.parquet (pharmaversesdtm), ADAM that of adsl.parquet, adrs_onco.parquet and
adtte_onco.parquet (pharmaverseadam). Scored are six of the thirteen parameters of ADRS and all three of ADTTE; those
that need a confirmed response, clinical benefit or measurable disease are not built.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
from scoring import compare, parser_of, read_reasons, report

from bencao.trial.build import build_study

MATCH = {"ADRS": ["USUBJID", "PARAMCD", "RSSEQ"], "ADTTE": ["USUBJID", "PARAMCD"]}
PARAMETERS = ["OVR", "PD", "RSP", "BOR", "LSTA", "DEATH"]


def main() -> None:
    """Build, compare, report."""
    parser = parser_of(__doc__)
    parser.add_argument("sdtm", type=Path)
    parser.add_argument("adam", type=Path)
    arguments = parser.parse_args()
    study = Path(__file__).with_name("oncology")
    roots = {"sdtm": arguments.sdtm, "adam": arguments.adam}
    names = arguments.only or list(MATCH)
    built = build_study(study, roots=roots, only=names, store=arguments.store)
    scores, reasons = [], read_reasons()
    for name in names:
        reference = pl.read_parquet(arguments.adam / f"{name.lower()}_onco.parquet")
        if name == "ADRS":
            reference = reference.filter(pl.col("PARAMCD").is_in(PARAMETERS))
        frame = built.datasets[name].frame
        variables = [variable for variable in frame.columns if variable not in ("USUBJID", "RSSEQ")]
        scores.append(compare(f"ONC_{name}", frame, reference, match=MATCH[name], variables=variables, reasons=reasons))
    report(scores, arguments)


if __name__ == "__main__":
    main()
