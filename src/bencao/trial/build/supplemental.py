"""Supplemental qualifiers: variables of a domain that go into SUPP--, one record a value (SDTMIG 3.4, 8.4)."""

from __future__ import annotations

import polars as pl

from bencao.trial.dataset import Dataset, Variable
from bencao.trial.specification import DatasetSpecification

_VARIABLES = (
    Variable("STUDYID", "Study Identifier"),
    Variable("RDOMAIN", "Related Domain Abbreviation"),
    Variable("USUBJID", "Unique Subject Identifier"),
    Variable("IDVAR", "Identifying Variable"),
    Variable("IDVARVAL", "Identifying Variable Value"),
    Variable("QNAM", "Qualifier Variable Name"),
    Variable("QLABEL", "Qualifier Variable Label"),
    Variable("QVAL", "Data Value"),
    Variable("QORIG", "Origin"),
    Variable("QEVAL", "Evaluator"),
)
_KEYS = ("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM")


def supplemental(dataset: DatasetSpecification, domain: str, frame: pl.DataFrame) -> Dataset:
    """Make SUPP-- of a domain.

    Parameters
    ----------
    dataset : DatasetSpecification
        Whose variables marked supplemental become QNAM.
    domain : str
    frame : polars DataFrame
        Records of the domain with all its variables, STUDYID and USUBJID among them.

    Returns
    -------
    Dataset
        A record for each value that is not missing. IDVAR is --SEQ where the domain has it, else missing.
    """
    sequence = f"{domain}SEQ"
    has_sequence = sequence in frame.columns
    parts = []
    for variable in dataset.variables:
        if not variable.supplemental:
            continue
        origin = variable.origin.type.upper() if variable.origin else None
        parts.append(
            frame.filter(pl.col(variable.name).is_not_null()).select(
                STUDYID="STUDYID",
                RDOMAIN=pl.lit(domain),
                USUBJID="USUBJID",
                IDVAR=pl.lit(sequence if has_sequence else None, pl.String),
                IDVARVAL=pl.col(sequence).cast(pl.String) if has_sequence else pl.lit(None, pl.String),
                QNAM=pl.lit(variable.name),
                QLABEL=pl.lit(variable.label),
                QVAL=pl.col(variable.name).cast(pl.String),
                QORIG=pl.lit(origin, pl.String),
                QEVAL=pl.lit(variable.evaluator or None, pl.String),
            )
        )
    rows = pl.concat(parts).sort(_KEYS, nulls_last=False, maintain_order=True)
    return Dataset(f"SUPP{domain}", rows, _VARIABLES, f"Supplemental Qualifiers for {domain}", _KEYS)
