"""Test cases of CORE's rules: data as CSV files with their metadata beside them, and the rows that must be found."""

from __future__ import annotations

import ast
import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from bencao.kernel.errors import InputError
from bencao.trial.conformance.checking import Skipped, Violation, check_rule
from bencao.trial.conformance.rule import Rule
from bencao.trial.conformance.study import Study, Table
from bencao.trial.conformance.terminology import Terminology
from bencao.trial.dataset import Dataset, DataType, Variable

Row = tuple[str, str, str, str]


@dataclass(frozen=True)
class Case:
    """One case of a rule.

    Attributes
    ----------
    rule_id : str
    name : str
        Such as ``negative/01``.
    folder : Path
    expected : Counter of (data set, record, variable, value), or None
        None where no results are given.
    """

    rule_id: str
    name: str
    folder: Path
    expected: Counter[Row] | None


def read_cases(folder: Path) -> list[Case]:
    """Every case under a folder of the form ``…/RULE/negative/01/{data,results}``.

    Raises
    ------
    InputError
        Where there is none.
    """
    cases = []
    for data in sorted(folder.rglob("data")):
        if not data.is_dir() or not any(data.glob("*.csv")):
            continue
        parts = data.parent.relative_to(folder).parts
        kind = next((place for place, part in enumerate(parts) if part in ("positive", "negative")), None)
        rule_id = data.parents[len(parts) - kind].name if kind is not None else ""
        if kind is None or not rule_id:
            continue
        cases.append(
            Case(rule_id, "/".join(parts[kind:]), data.parent, _expected(data.parent / "results" / "results.csv"))
        )
    if not cases:
        raise InputError("no test case", where=str(folder), mend="give a folder with RULE/negative/01/data")
    return cases


def _rows_of(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return [row for row in csv.reader(file) if row]


def _expected(path: Path) -> Counter[Row] | None:
    if not path.is_file():
        return None
    header, *rows = _rows_of(path)
    if header[0].lower() == "path":
        return Counter(_of_path(row) for row in rows)
    return Counter((row[0], row[1], row[2], comparable_value(row[3])) for row in rows)


def _of_path(row: list[str]) -> Row:
    _, entity, place = ["", *row[0].strip("/").split("/"), "", ""][:3]
    record = str(int(place) + 1) if place.isdigit() else place
    return entity, record, row[1], comparable_value(row[2])


def comparable_value(value: Any) -> str:
    """A reported value as text: a number in one way of writing, a list sorted, what is missing or blank as nothing.

    CORE writes what is missing as nothing, ``null`` or ``nan``, and a list in the order that its version at hand gives.
    """
    if isinstance(value, list):
        return f"[{', '.join(sorted(comparable_value(item) for item in value))}]"
    text = "" if value is None else str(value)
    if text.startswith("[") and text.endswith("]"):
        try:
            return comparable_value(ast.literal_eval(text))
        except (ValueError, SyntaxError):
            return text
    if text.strip() == "" or text.lower() in ("null", "nan", "none"):
        return ""
    try:
        return f"{float(text):.10g}"
    except ValueError:
        return text


def read_study(case: Case, terminology: Terminology) -> Study:
    """Data sets of a case, typed as ``_variables.csv`` says."""
    folder = case.folder / "data"
    settings = _settings(folder / ".env")
    labels = _table(folder / "_datasets.csv")
    variables = _table(folder / "_variables.csv")
    tables = []
    for path in sorted(folder.glob("*.csv")):
        if path.name.startswith("_"):
            continue
        about = [row for row in labels if row.get("Filename") == path.stem]
        name = about[0].get("Dataset Name") or path.stem.upper() if about else path.stem.upper()
        own = [row for row in variables if Path(row.get("dataset", "")).stem.lower() == path.stem.lower()]
        label = about[0].get("Label", "") if about else ""
        tables.append(Table(_dataset(path, name, label, own), path.name, path.stat().st_size))
    return Study(
        tuple(tables),
        standard=settings.get("PRODUCT", "").upper(),
        version=settings.get("VERSION", "").replace("-", "."),
        substandard=settings.get("SUBSTANDARD", ""),
        use_case=settings.get("USE_CASE", ""),
        terminology=terminology,
    )


def _settings(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    text = path.read_text(encoding="utf-8").replace("PRODUCT=", "\nPRODUCT=")
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line)
    return {key.strip(): value.strip() for key, _, value in pairs}


def _table(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    header, *rows = _rows_of(path)
    return [dict(zip(header, row, strict=False)) for row in rows]


def _dataset(path: Path, name: str, label: str, about: list[dict[str, str]]) -> Dataset:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        header, *rows = list(csv.reader(file)) or [[]]
    header = [column.strip() for column in header]
    rows = [[*row, *[""] * (len(header) - len(row))] for row in rows if row]
    kinds = {row["variable"]: row.get("type", "") for row in about}
    columns = {
        column: _column([row[place] for row in rows], kinds.get(column) if about else None)
        for place, column in enumerate(header)
        if column
    }
    frame = pl.DataFrame(columns)
    described = about or [{"variable": column} for column in frame.columns]
    variables = tuple(_variable(row) for row in described)
    return Dataset(name, frame, variables, label)


_NUMBERS = ("Num", "Number")
_TRUTH = {"true": True, "1": True, "false": False, "0": False}


def _column(values: list[str], kind: str | None) -> pl.Series:
    """Values in the type that is declared, or, where none is, in the one that they have."""
    filled = [value for value in values if value != ""]
    if kind in _NUMBERS or (kind is None and filled):
        numbers = pl.Series(values, dtype=pl.String).cast(pl.Float64, strict=False)
        if kind or numbers.count() == len(filled):  # what is no number is missing in a variable of numbers
            return numbers
    if (kind == "Boolean" or (kind is None and filled)) and all(value.lower() in _TRUTH for value in filled):
        return pl.Series([_TRUTH[value.lower()] if value != "" else None for value in values], dtype=pl.Boolean)
    return pl.Series([value if value != "" else None for value in values], dtype=pl.String)


def _variable(row: dict[str, str]) -> Variable:
    length = row.get("length", "")
    types: dict[str, DataType] = {"Num": "float", "Number": "float", "Boolean": "integer"}
    return Variable(
        row["variable"],
        row.get("label", ""),
        types.get(row.get("type", ""), "text"),
        int(float(length)) if length.replace(".", "", 1).isdigit() else None,
    )


def found_rows(rule: Rule, study: Study) -> Counter[Row]:
    """Rows that the engine finds, in the form of the expected ones."""
    rows: Counter[Row] = Counter()
    for outcome in check_rule(rule, study):
        if isinstance(outcome, Skipped):
            continue
        assert isinstance(outcome, Violation)
        for dataset, record, variable, value in outcome.rows():
            rows[dataset, "" if record is None else str(record), variable, comparable_value(value)] += 1
    return rows
