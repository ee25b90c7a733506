"""Building blocks for supplemental qualifiers: SUPP-- merged into its parent."""

from __future__ import annotations

import narwhals as nw

from bencao.trial.derive.expression import Frame
from bencao.trial.derive.rows import pivot


def merge_supplemental(data: Frame, *, table: Frame, names: list[str], idvar: str = "") -> Frame:
    """Give each record its supplemental qualifiers as variables.

    Parameters
    ----------
    table
        SUPP-- of the domain: USUBJID, IDVAR, IDVARVAL, QNAM, QVAL.
    names
        QNAM of the qualifiers to take; a variable of that name is made of each.
    idvar
        Variable that tells records apart, such as AESEQ; none where there is one record a subject, as in DM.

    Examples
    --------
    YAML: ``- merge_supplemental: {table: SUPPAE, names: [AETRTEM], idvar: AESEQ}``

    >>> import polars as pl
    >>> ae = nw.from_native(pl.LazyFrame({"USUBJID": ["1", "1"], "AESEQ": [1, 2]}))
    >>> supp = {"USUBJID": ["1"], "IDVARVAL": ["2"], "QNAM": ["AETRTEM"], "QVAL": ["Y"]}
    >>> merged = merge_supplemental(ae, table=nw.from_native(pl.LazyFrame(supp)), names=["AETRTEM"], idvar="AESEQ")
    >>> merged.sort("AESEQ").collect()["AETRTEM"].to_list()
    [None, 'Y']
    """
    by = ["USUBJID", "IDVARVAL"] if idvar else ["USUBJID"]
    wide = pivot(table, by=by, names="QNAM", values="QVAL", columns={name: name for name in names})
    wide = wide.rename({key: f"__{key}" for key in by})
    if not idvar:
        return data.join(wide, left_on=["USUBJID"], right_on=["__USUBJID"], how="left").drop("__USUBJID", strict=False)
    data = data.with_columns(__value=nw.col(idvar).cast(nw.Int64).cast(nw.String))
    joined = data.join(wide, left_on=["USUBJID", "__value"], right_on=["__USUBJID", "__IDVARVAL"], how="left")
    return joined.drop("__value", "__USUBJID", "__IDVARVAL", strict=False)
