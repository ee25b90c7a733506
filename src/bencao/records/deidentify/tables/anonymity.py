"""How well rows hide among each other: k-anonymity, l-diversity, reaching k, and cells of counts too small to tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from bencao.kernel.errors import InputError
from bencao.records.deidentify.tables.transforming import generalised


@dataclass(frozen=True)
class Anonymity:
    """How many rows share their quasi-identifiers.

    Attributes
    ----------
    rows, classes : int
        Rows, and groups of rows alike in all quasi-identifiers.
    k : int
        Rows of the smallest group; 0 where there are no rows.
    unique : int
        Rows alone in their group.
    below : int
        Rows in groups smaller than the k asked for.
    diversity : int or None
        Fewest distinct values of the sensitive column in a group; None where none is named.
    """

    rows: int
    classes: int
    k: int
    unique: int
    below: int
    diversity: int | None


def anonymity(frame: pl.DataFrame, quasi: Sequence[str], *, k: int = 5, sensitive: str | None = None) -> Anonymity:
    """Count the groups of a table that share their quasi-identifiers (Sweeney 2002; l-diversity: Machanavajjhala 2007).

    Parameters
    ----------
    frame : polars.DataFrame
    quasi : sequence of str
        Columns by which a person might be known, such as sex, year of birth and place.
    k : int
        What is wanted.
    sensitive : str, optional

    Returns
    -------
    Anonymity

    Raises
    ------
    InputError
        Where a column is not there.
    """
    absent = [name for name in [*quasi, *([sensitive] if sensitive else [])] if name not in frame.columns]
    if absent or not quasi:
        raise InputError(
            f"no column {absent[0]}" if absent else "no quasi-identifier", mend="name columns of the table"
        )
    counted = [pl.len().alias("_rows"), *([pl.col(sensitive).n_unique().alias("_values")] if sensitive else [])]
    groups = frame.group_by(list(quasi)).agg(counted)
    sizes = groups["_rows"]
    return Anonymity(
        rows=frame.height,
        classes=groups.height,
        k=int(sizes.min() or 0),  # type: ignore[arg-type]
        unique=int((sizes == 1).sum()),
        below=int(sizes.filter(sizes < k).sum()),
        diversity=int(groups["_values"].min() or 0) if sensitive and groups.height else None,  # type: ignore[arg-type]
    )


def reach_k(
    frame: pl.DataFrame, quasi: Mapping[str, Sequence[str]], *, k: int = 5, most_suppressed: float = 0.05
) -> tuple[pl.DataFrame, dict[str, str], int]:
    """Generalise, then leave out what is still alone, until each row is one of k.

    Of the quasi-identifiers the one with most distinct values is made coarser first (Datafly, Sweeney 1997), until at
    most the share `most_suppressed` of rows is in groups smaller than k; these rows are left out.

    Parameters
    ----------
    frame : polars.DataFrame
    quasi : mapping of str to sequence of str
        Column to its steps from fine to coarse, each as in `generalised` (``5``, ``10``, ``first3``, ``year``), the
        last step is ``*``: all alike.
    k : int
    most_suppressed : float

    Returns
    -------
    frame : polars.DataFrame
        At least k rows in each group.
    steps : dict of str to str
        How coarse each column was made; empty text where it was left.
    suppressed : int
        Rows left out.
    """
    taken = dict.fromkeys(quasi, 0)
    current = frame
    while True:
        sizes = current.select(pl.len().over(list(quasi)).alias("_rows"))["_rows"]
        small = int((sizes < k).sum())
        open_columns = [name for name in quasi if taken[name] < len(quasi[name])]
        if small <= most_suppressed * frame.height or not open_columns:
            break
        coarsest = max(open_columns, key=lambda name: (current[name].n_unique(), name))
        step = quasi[coarsest][taken[coarsest]]
        taken[coarsest] += 1
        current = current.with_columns(_coarser(frame[coarsest], step).alias(coarsest))
    steps = {name: quasi[name][count - 1] if count else "" for name, count in taken.items()}
    return current.filter(sizes >= k), steps, small


def _coarser(column: pl.Series, step: str) -> pl.Series:
    if step == "*":
        return pl.Series(column.name, ["*"] * len(column))
    values = {value: None if value is None else str(generalised(value, step)) for value in column.unique().to_list()}
    return pl.Series(column.name, [values[value] for value in column.to_list()], dtype=pl.String)


def small_cells(counts: Mapping[str, int], least: int = 10) -> dict[str, int | None]:
    """Counts with those from 1 to `least` - 1 withheld; where one alone is withheld, the next smallest goes too.

    With the sum known, a single withheld cell could be worked out.

    Parameters
    ----------
    counts : mapping of str to int
    least : int
        Smallest count that is told.

    Returns
    -------
    dict of str to int or None
        None where withheld.
    """
    withheld = {name for name, count in counts.items() if 0 < count < least}
    if len(withheld) == 1:
        rest = [name for name, count in counts.items() if count >= least]
        if rest:
            withheld.add(min(rest, key=lambda name: (counts[name], name)))
    return {name: None if name in withheld else count for name, count in counts.items()}
