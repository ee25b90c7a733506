"""The mapping file: what is proposed for each column, for a person to accept or to change."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from bencao.kernel.errors import InputError
from bencao.trial.mapping.model import Proposal, Suggestion

SCHEMA = {
    "column": pl.String, "label": pl.String, "holds": pl.String, "domain": pl.String, "variable": pl.String,
    "test": pl.String, "probability": pl.Float64, "codelist": pl.String, "codelist_name": pl.String,
    "unit": pl.String, "alternatives": pl.String, "accepted": pl.String,
}  # fmt: skip


def review_table(suggestions: Iterable[Suggestion]) -> pl.DataFrame:
    """Write out the first proposal for each column, with the others beside it.

    Parameters
    ----------
    suggestions : iterable of Suggestion

    Returns
    -------
    polars DataFrame
        A row for each column. ``accepted`` is empty: a person fills it, and nothing is applied before.
    """
    rows = []
    for one in suggestions:
        best, *others = one.proposals
        rows.append(
            {
                "column": one.column, "label": one.label, "holds": one.profile, "domain": best.domain,
                "variable": best.variable, "test": best.test, "probability": round(best.probability, 4),
                "codelist": best.codelist, "codelist_name": best.codelist_name, "unit": one.unit,
                "alternatives": "; ".join(map(_short, others)), "accepted": "",
            }
        )  # fmt: skip
    return pl.DataFrame(rows, schema=SCHEMA)


def _short(proposal: Proposal) -> str:
    return f"{proposal.variable} {proposal.probability:.2f}"


def read_labels(frame: pl.DataFrame, where: str) -> dict[str, str]:
    """Labels of columns from a table with ``name`` and ``label``.

    Raises
    ------
    InputError
        Where a column is missing.
    """
    missing = [name for name in ("name", "label") if name not in frame.columns]
    if missing:
        raise InputError(f"no column {' and '.join(missing)}", where=where, mend="give a CSV with name and label")
    return {name: label or "" for name, label in frame.select("name", "label").iter_rows() if name}
