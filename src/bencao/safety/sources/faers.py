"""FDA's quarterly files (FAERS, and AERS before 2012 Q4) in their published ASCII layout."""

# Layout: ASC_NTS of each quarter. Files DEMO, DRUG, REAC, OUTC; "$" between fields, names of columns in line 1.
# AERS called primaryid "ISR" and caseid "CASE"; until 2014 Q2 sex stood in GNDR_COD; PROD_AI came with 2014 Q3.
# "Case versions": the case with the latest FDA_DT counts, of several the one with the highest PRIMARYID.
# Since 2019 Q1 a release has lists of deleted cases: one CASEID a line.

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import duckdb

from bencao.kernel.errors import InputError
from bencao.safety.sources.table import Reports, fetched, load

Suspects = Literal["primary", "suspect", "all"]
_ROLES = {"primary": ("PS",), "suspect": ("PS", "SS", "I"), "all": ("PS", "SS", "C", "I")}
_OLDER = {"isr": "primaryid", "case": "caseid", "gndr_cod": "sex"}
_DEMO = ("primaryid", "caseid", "fda_dt", "age", "age_cod", "sex")
_FILES = {
    "demo": (_DEMO, ("reporter_country", "occr_country")),
    "drug": (("primaryid", "drugname", "role_cod"), ("prod_ai",)),
    "reac": (("primaryid", "pt"), ()),
    "outc": (("primaryid", "outc_cod"), ()),
}
_NAME = re.compile(r"^(DEMO|DRUG|REAC|OUTC)\d\dQ\d.*\.TXT$", re.IGNORECASE)
_DELETED = re.compile(r"DELETE", re.IGNORECASE)
_YEARS = {"YR": 1, "DEC": 10, "MON": 1 / 12, "WK": 1 / 52.1775, "DY": 1 / 365.25, "HR": 1 / 8766}
_PUBLISHED = "give the folder of a quarter as it was published, with DEMO, DRUG and REAC files"


def read_faers(folders: Iterable[Path], suspects: Suspects = "suspect", *, ingredients: bool = True) -> Reports:
    """Read quarters into one table of drug-event pairs, the latest version of each case.

    Parameters
    ----------
    folders : iterable of Path
        One a quarter, searched through; several quarters are taken together.
    suspects : {"primary", "suspect", "all"}
        Drugs taken: the primary suspect; suspects and interacting drugs; concomitant ones too.
    ingredients : bool
        Whether a drug is called by its active ingredients where they are told (since 2014 Q3), else as reported.

    Returns
    -------
    Reports

    Raises
    ------
    InputError
        A folder without the files, a file that cannot be read, or one without the columns that it should have.
    """
    files = {kind: list[Path]() for kind in (*_FILES, "deleted")}
    for folder in folders:
        found = _files_of(folder)
        for kind, paths in found.items():
            files[kind] += paths
    connection = duckdb.connect()
    problems = []
    for kind, (needed, optional) in _FILES.items():
        problems += load(
            connection, kind, files[kind], needed, optional,
            separator="$", quote="", encoding="utf-8", other_names=_OLDER,
        )  # fmt: skip
    deleted = _deleted(files["deleted"])
    connection.execute("CREATE TABLE deleted (caseid VARCHAR)")
    if deleted:
        connection.executemany("INSERT INTO deleted VALUES (?)", [(number,) for number in sorted(deleted)])
    versions, kept = _latest(connection)
    taken = connection.execute("SELECT count(DISTINCT caseid) FROM demo WHERE caseid IN (FROM deleted)").fetchall()[0]
    table = fetched(connection, _pairs(_ROLES[suspects], ingredients))
    return Reports(table, kept, versions, int(taken[0]), tuple(problems))


def _files_of(folder: Path) -> dict[str, list[Path]]:
    if not folder.is_dir():
        raise InputError("no folder", where=str(folder), mend=_PUBLISHED)
    found: dict[str, list[Path]] = {kind: [] for kind in (*_FILES, "deleted")}
    for path in sorted(folder.rglob("*")):
        if match := _NAME.match(path.name):
            found[match[1].lower()].append(path)
        elif path.is_file() and path.suffix.lower() == ".txt" and _DELETED.search(path.name):
            found["deleted"].append(path)
    if lacking := [kind.upper() for kind in ("demo", "drug", "reac") if not found[kind]]:
        raise InputError(f"no {', '.join(lacking)} file", where=str(folder), mend=_PUBLISHED)
    return found


def _deleted(paths: Sequence[Path]) -> set[str]:
    numbers: set[str] = set()
    for path in paths:
        for line, text in enumerate(path.read_text(encoding="utf-8-sig", errors="replace").splitlines(), 1):
            number = text.strip().strip("$")
            if number.isdigit():
                numbers.add(number)
            elif number and line > 1:  # the first line may be a head
                mend = "give the list as published, a case number a line"
                raise InputError(f"{number!r} is no case number", where=f"{path}: line {line}", mend=mend)
    return numbers


def _latest(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """Keep the version of each case that counts; how many were superseded, and how many cases there are."""
    connection.execute(
        """CREATE TABLE latest AS
        SELECT * FROM demo WHERE caseid IS NOT NULL AND caseid NOT IN (FROM deleted)
        QUALIFY row_number() OVER (
            PARTITION BY caseid
            ORDER BY coalesce(fda_dt, '') DESC, try_cast(primaryid AS HUGEINT) DESC, primaryid DESC
        ) = 1"""
    )
    row = connection.execute(
        """SELECT (SELECT count(DISTINCT primaryid) FROM demo WHERE caseid NOT IN (FROM deleted))
                  - (SELECT count(*) FROM latest), (SELECT count(*) FROM latest)"""
    ).fetchall()[0]
    return int(row[0]), int(row[1])


def _pairs(roles: Sequence[str], ingredients: bool) -> str:
    years = " ".join(f"WHEN '{code}' THEN {factor}" for code, factor in _YEARS.items())
    name = "coalesce(nullif(trim(prod_ai), ''), nullif(trim(drugname), ''))" if ingredients else "trim(drugname)"
    wanted = ", ".join(f"'{role}'" for role in roles)
    rank = "CASE role_cod WHEN 'PS' THEN 1 WHEN 'SS' THEN 2 WHEN 'I' THEN 3 ELSE 4 END"
    return f"""
        WITH drugs AS (
            SELECT primaryid, upper({name}) AS drug, arg_min(role_cod, {rank}) AS role
            FROM drug WHERE upper(role_cod) IN ({wanted}) AND {name} IS NOT NULL AND {name} <> '' GROUP BY ALL
        ), events AS (SELECT DISTINCT primaryid, trim(pt) AS event FROM reac WHERE trim(coalesce(pt, '')) <> '')
        SELECT l.caseid AS report, d.drug, e.event, d.role,
            CASE WHEN upper(l.sex) IN ('F', 'M') THEN upper(l.sex) END AS sex,
            try_cast(l.age AS DOUBLE) * CASE upper(coalesce(l.age_cod, '')) {years} END AS age,
            coalesce(nullif(l.occr_country, ''), nullif(l.reporter_country, '')) AS country,
            CASE WHEN length(l.fda_dt) = 8
                THEN l.fda_dt[1:4] || '-' || l.fda_dt[5:6] || '-' || l.fda_dt[7:8] END AS received,
            EXISTS (SELECT 1 FROM outc o WHERE o.primaryid = l.primaryid AND o.outc_cod IS NOT NULL) AS serious
        FROM latest l JOIN drugs d USING (primaryid) JOIN events e USING (primaryid)
        ORDER BY try_cast(report AS HUGEINT), report, drug, event"""
