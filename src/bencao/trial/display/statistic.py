"""Statistics of a slice of records by name: counts of records and subjects, percentages, and those of a variable."""

from __future__ import annotations

from collections.abc import Iterable

from bencao.trial.display.analysis_set import Positions, PreparedSet
from bencao.trial.errors import SpecificationError
from bencao.trial.statistics import describe

COUNTS = ("records", "subjects", "percent")
DESCRIPTIVE = ("n", "mean", "sd", "median", "min", "max")


def statistics_of_slice(
    names: Iterable[str], records: PreparedSet, positions: Positions, value: str | None, whole: int
) -> dict[str, float | None]:
    """Statistics of the records in a cell.

    Parameters
    ----------
    names : iterable of str
        ``records``, ``subjects``; ``percent``, subjects of `whole`; and of the variable `value`, missing values left
        out, ``n``, ``mean``, ``sd``, ``median``, ``min``, ``max``.
    records : PreparedSet
    positions : int array
        Of the cell's records.
    value : str or None
    whole : int
        Subjects that a percentage is of.

    Returns
    -------
    dict of statistic to float or None
        None where there is no such number: a mean of no value, a percentage of nobody.

    Raises
    ------
    SpecificationError
        Where there is no such statistic, or no variable to take it of.
    """
    wanted = tuple(names)
    answer: dict[str, float | None] = {}
    if set(wanted) & set(COUNTS):
        subjects = records.subjects(positions)
        answer = {
            "records": len(positions),
            "subjects": subjects,
            "percent": 100 * subjects / whole if whole else None,
        }
    if set(wanted) & set(DESCRIPTIVE):
        if value is None:
            raise SpecificationError(f"there is no value to take {', '.join(wanted)} of", mend="give value:")
        found = describe(records.variable(value)[positions])
        answer |= {
            "n": found.n,
            "mean": found.mean,
            "sd": found.standard_deviation,
            "median": found.median,
            "min": found.minimum,
            "max": found.maximum,
        }
    unknown = set(wanted) - set(answer)
    if unknown:
        raise SpecificationError(
            f"there is no statistic {sorted(unknown)[0]!r}", mend=f"give one of {', '.join(COUNTS + DESCRIPTIVE)}"
        )
    return {name: answer[name] for name in wanted}
