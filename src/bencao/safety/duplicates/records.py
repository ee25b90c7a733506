"""What of a case is compared: a row a case, and a row for each drug, reaction and reference."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from bencao.kernel.errors import InputError
from bencao.safety.case import Case

# A case: `case` its number, `day` days since 1970-01-01 where the onset is told to the day, `month` months since 1970.
CASES = {
    "case": pl.Int32,
    "identifier": pl.String,
    "sex": pl.String,
    "age": pl.Float32,
    "day": pl.Int32,
    "month": pl.Int32,
    "country": pl.String,
    "text": pl.String,
}
ITEMS = {"case": pl.Int32, "kind": pl.String, "name": pl.String}
_YEARS = {"a": 1.0, "mo": 1 / 12, "wk": 1 / 52.18, "d": 1 / 365.25, "h": 1 / 8766, "10.a": 10.0}
# Strengths and forms at a name's end are told by some reporters and not by others.
_STRENGTH = re.compile(r"\s*\d+(?:[.,]\d+)?\s*(?:mg|g|mcg|µg|ml|iu|%|毫克|克|片)\b.*$", re.IGNORECASE)


@dataclass(frozen=True)
class Records:
    """Cases ready to be compared.

    Attributes
    ----------
    cases : DataFrame
        Columns of `CASES`; missing values are null.
    items : DataFrame
        Columns of `ITEMS`; kind is ``drug``, ``reaction`` or ``reference``; each name once a case.
    """

    cases: pl.DataFrame
    items: pl.DataFrame


def records_of(cases: Iterable[Case]) -> Records:
    """What is compared of typed cases, in their order."""
    rows: list[tuple[object, ...]] = []
    items: list[tuple[int, str, str]] = []
    for number, case in enumerate(cases):
        rows.append((number, *_row(case)))
        items += [(number, kind, name) for kind, name in dict.fromkeys(_items(case))]
    return records_of_tables(
        pl.DataFrame(rows, schema=CASES, orient="row"), pl.DataFrame(items, schema=ITEMS, orient="row")
    )


def records_of_tables(cases: pl.DataFrame, items: pl.DataFrame) -> Records:
    """What is compared of tables in the form of `CASES` and `ITEMS`.

    Raises
    ------
    InputError
        A column that is missing, or two cases of one number.
    """
    for table, schema, name in ((cases, CASES, "cases"), (items, ITEMS, "items")):
        if missing := [column for column in schema if column not in table.columns]:
            raise InputError(f"no column {', '.join(missing)}", where=name, mend=f"give {', '.join(schema)}")
    cases = cases.select([pl.col(name).cast(kind) for name, kind in CASES.items()])
    items = items.select([pl.col(name).cast(kind) for name, kind in ITEMS.items()]).unique(maintain_order=True)
    if cases["case"].n_unique() != cases.height:
        raise InputError("two cases of one number", where="cases", mend="number each case once")
    return Records(cases, items)


def normalised(name: str) -> str:
    """A drug's or reaction's name without case, width, marks, strength."""
    text = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(re.sub(r"[\s_/\-]+", " ", _STRENGTH.sub("", text)).strip(" .,;").split())


def _row(case: Case) -> tuple[object, ...]:
    patient = case.patient
    onset = min((each.start.value for each in case.reactions if each.start.value), default="")
    country = next((each.country.value for each in case.reactions if each.country.value), "")
    country = country or next((each.country.value for each in case.administration.primary_sources), "")
    return (
        case.identifier,
        patient.sex.value or None,
        _age(patient.age.value, patient.age_unit.value, patient.birth.value, onset),
        *_onset(onset),
        country or None,
        case.narrative.text.value or None,
    )


def _age(age: str, unit: str, birth: str, onset: str) -> float | None:
    try:
        if age:
            return float(age) * _YEARS.get(unit or "a", 1.0)
        return float(int(onset[:4]) - int(birth[:4])) if birth and onset else None
    except ValueError:
        return None


def _onset(text: str) -> tuple[int | None, int | None]:
    digits = text[:8]
    if len(digits) < 6 or not digits.isdecimal():
        return None, None
    month = (int(digits[:4]) - 1970) * 12 + int(digits[4:6]) - 1
    if len(digits) < 8:
        return None, month
    return pl.select(pl.lit(digits).str.to_date("%Y%m%d", strict=False).to_physical()).item(), month


def _items(case: Case) -> Iterable[tuple[str, str]]:
    for drug in case.drugs:
        for name in (drug.name.value, *(substance.name.value for substance in drug.substances)):
            if told := normalised(name):
                yield "drug", told
    for reaction in case.reactions:
        told = reaction.meddra_code.value or normalised(reaction.translated.value or reaction.reported.value)
        if told:
            yield "reaction", told
    told_ids = case.administration.identification
    for reference in (
        told_ids.worldwide_id.value,
        *(each.identifier.value for each in told_ids.other_identifiers),
        *(each.value for each in told_ids.linked_reports),
    ):
        if reference:
            yield "reference", reference.strip().upper()
