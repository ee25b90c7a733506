"""VAERS's yearly CSV files in their published layout."""

# Layout: VAERS Data Use Guide. YYYYVAERSDATA.csv, YYYYVAERSVAX.csv, YYYYVAERSSYMPTOMS.csv in Windows-1252; a report
# has one row of data, a row for each vaccine, and rows of up to five symptoms (MedDRA preferred terms).

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import duckdb

from bencao.kernel.errors import InputError
from bencao.safety.sources.table import Reports, fetched, load

_FILES = {
    "data": (
        ("vaers_id", "recvdate", "age_yrs", "sex"),
        ("state", "died", "l_threat", "hospital", "x_stay", "disable", "birth_defect"),
    ),
    "vax": (("vaers_id", "vax_type", "vax_manu", "vax_name"), ()),
    "symptoms": (("vaers_id", "symptom1"), ("symptom2", "symptom3", "symptom4", "symptom5")),
}
_NAME = re.compile(r"^(\d{4}|NonDomestic)VAERS(DATA|VAX|SYMPTOMS)\.csv$", re.IGNORECASE)
_SERIOUS = ("died", "l_threat", "hospital", "x_stay", "disable", "birth_defect")
_PUBLISHED = "give VAERSDATA, VAERSVAX and VAERSSYMPTOMS files as they were published"


def read_vaers(folders: Iterable[Path], *, by_type: bool = False) -> Reports:
    """Read years into one table of vaccine-event pairs.

    Parameters
    ----------
    folders : iterable of Path
        Hold the three files of one year or more.
    by_type : bool
        Whether a vaccine is called by its type (``COVID19``) and not by its name with the maker's.

    Returns
    -------
    Reports
        The file shows the first version of each report alone; a number that stands twice counts once.

    Raises
    ------
    InputError
    """
    files: dict[str, list[Path]] = {kind: [] for kind in _FILES}
    for folder in folders:
        if not folder.is_dir():
            raise InputError("no folder", where=str(folder), mend=_PUBLISHED)
        found = {kind: list[Path]() for kind in _FILES}
        for path in sorted(folder.rglob("*")):
            if match := _NAME.match(path.name):
                found[match[2].lower()].append(path)
        if lacking := [f"VAERS{kind.upper()}" for kind, paths in found.items() if not paths]:
            raise InputError(f"no {', '.join(lacking)} file", where=str(folder), mend=_PUBLISHED)
        for kind, paths in found.items():
            files[kind] += paths
    connection = duckdb.connect()
    problems = []
    for kind, (needed, optional) in _FILES.items():
        problems += load(
            connection, kind, files[kind], needed, optional, separator=",", quote='"', encoding="windows-1252"
        )  # fmt: skip
    kept = connection.execute("SELECT count(*), count(DISTINCT vaers_id) FROM data").fetchall()[0]
    table = fetched(connection, _pairs(by_type))
    return Reports(table, int(kept[1]), int(kept[0]) - int(kept[1]), 0, tuple(problems))


def _pairs(by_type: bool) -> str:
    name = "trim(vax_type)" if by_type else "trim(vax_name)"
    symptoms = ", ".join(f"symptom{number}" for number in range(1, 6))
    serious = " OR ".join(f"coalesce({column}, '') = 'Y'" for column in _SERIOUS)
    return f"""
        WITH reports AS (
            SELECT DISTINCT ON (vaers_id) *, ({serious}) AS serious FROM data ORDER BY vaers_id, recvdate
        ), drugs AS (SELECT DISTINCT vaers_id, {name} AS drug FROM vax WHERE coalesce({name}, '') <> ''),
        events AS (
            SELECT DISTINCT vaers_id, trim(event) AS event
            FROM (SELECT vaers_id, unnest([{symptoms}]) AS event FROM symptoms) WHERE trim(coalesce(event, '')) <> ''
        )
        SELECT r.vaers_id AS report, d.drug, e.event, 'suspect' AS role,
            CASE WHEN r.sex IN ('F', 'M') THEN r.sex END AS sex, try_cast(r.age_yrs AS DOUBLE) AS age,
            CASE WHEN r.state = 'FR' THEN NULL ELSE 'US' END AS country,
            strftime(try_strptime(r.recvdate, '%m/%d/%Y'), '%Y-%m-%d') AS received, r.serious
        FROM reports r JOIN drugs d USING (vaers_id) JOIN events e USING (vaers_id)
        ORDER BY try_cast(report AS BIGINT), report, drug, event"""
