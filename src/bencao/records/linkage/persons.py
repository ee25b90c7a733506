"""Tables of patients made comparable: known columns found by name, each brought into one form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bencao.records.errors import LinkageError
from bencao.records.linkage.chinese import card_birth, card_sex, id_card, pinyin, plain_name

# What a column may be called; compared in small letters without spaces and underscores.
_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "recid", "personid", "patientid", "mrn", "病案号", "患者编号", "病人编号", "登记号", "住院号"),
    "name": ("name", "fullname", "姓名", "患者姓名", "病人姓名"),
    "given_name": ("givenname", "firstname", "名"),
    "surname": ("surname", "lastname", "familyname", "姓"),
    "birth_date": ("dateofbirth", "birthdate", "dob", "birthdatetime", "出生日期", "出生年月日", "生日"),
    "sex": ("sex", "gender", "性别"),
    "id_card": ("idcard", "identitycard", "身份证", "身份证号", "身份证号码", "证件号码"),
    "other_id": ("socsecid", "ssn", "nationalid", "insuranceid", "医保号", "医保卡号", "社保号"),
    "phone": ("phone", "mobile", "telephone", "电话", "手机", "手机号", "联系电话"),
    "street_number": ("streetnumber", "housenumber", "门牌号"),
    "address": ("address", "address1", "street", "地址", "住址", "现住址", "家庭住址"),
    "suburb": ("suburb", "city", "town", "城市", "区县"),
    "postcode": ("postcode", "zip", "zipcode", "邮编", "邮政编码"),
}
_SEXES = {"m": "M", "male": "M", "男": "M", "1": "M", "f": "F", "female": "F", "女": "F", "2": "F"}
COMPARED = tuple(field for field in _NAMES if field != "id")


@dataclass(frozen=True)
class Persons:
    """Patients of one hospital.

    Attributes
    ----------
    source : str
        Name of the hospital.
    table : polars.DataFrame
        Text columns ``unique_id`` and those of `COMPARED` that it has, with ``name_pinyin`` beside a name.
    """

    source: str
    table: pl.DataFrame


def read_persons(path: Path, fields: Mapping[str, str] | None = None) -> Persons:
    """Read a table of patients.

    Parameters
    ----------
    path : Path
        ``.csv`` or ``.parquet``; its name without ending is the source's.
    fields : dict of str, optional
        Which column is what, by a name of `COMPARED` or ``id``; what is not named is found by the column's name.

    Returns
    -------
    Persons

    Raises
    ------
    LinkageError
        A table without ids, with an id that stands twice, or with nothing that patients are known by.
    """
    try:
        table = pl.read_csv(path, infer_schema=False) if path.suffix.lower() == ".csv" else pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as error:  # polars may quote a line
        raise LinkageError(
            f"cannot be read ({type(error).__name__})", where=path.name, mend="give a CSV in UTF-8, or Parquet"
        ) from None
    return persons_of(table, path.stem, fields, where=path.name)


def persons_of(
    table: pl.DataFrame, source: str, fields: Mapping[str, str] | None = None, *, where: str = ""
) -> Persons:
    """Make a table of patients comparable; parameters and errors as `read_persons`.

    Parameters
    ----------
    table : polars.DataFrame
    source : str
        Name of the hospital.
    fields : dict of str, optional
    where : str
        What errors call the table; the source without it.

    Returns
    -------
    Persons
    """
    where = where or source
    chosen = _columns(table, dict(fields or {}), where)
    if "id" not in chosen:
        raise LinkageError("has no column of ids", where=where, mend="name it: --field id=COLUMN")
    texts = {field: table[column].cast(pl.String).str.strip_chars() for field, column in chosen.items()}
    identifiers = texts.pop("id")
    if identifiers.null_count() or identifiers.is_duplicated().any():
        row = int((identifiers.is_null() | identifiers.is_duplicated()).arg_true()[0]) + 1
        raise LinkageError("its id is empty, or stands twice", where=f"{where}: row {row}", mend="give each its own")
    if not texts:
        raise LinkageError("has nothing that patients are known by", where=where, mend="name columns with --field")
    made = {field: _each(values, _FORMS.get(field, _lower)) for field, values in texts.items()}
    if "name" in made:
        made["name_pinyin"] = _each(made["name"], pinyin)
    _take_from_card(made, len(identifiers))
    return Persons(source, pl.DataFrame({"unique_id": identifiers, **dict(sorted(made.items()))}))


def _columns(table: pl.DataFrame, told: dict[str, str], where: str) -> dict[str, str]:
    if unknown := sorted(set(told) - set(_NAMES)):
        raise LinkageError(f"no field {unknown[0]}", where="--field", mend=f"give one of {', '.join(_NAMES)}")
    if missing := sorted(set(told.values()) - set(table.columns)):
        raise LinkageError(f"has no column {missing[0]}", where=where, mend=f"it has {', '.join(table.columns)}")
    by_name = {re.sub(r"[\s_\-]", "", column).lower(): column for column in reversed(table.columns)}
    found = {
        field: next(by_name[name] for name in names if name in by_name)
        for field, names in _NAMES.items()
        if any(name in by_name for name in names)
    }
    return {**found, **told}


def _each(values: pl.Series, form: Callable[[str], str]) -> pl.Series:
    """Values in one form; what has none, or is empty, is missing."""
    known = {value: form(value) or None for value in values.unique().drop_nulls().to_list()}
    return pl.Series([known.get(value) for value in values.to_list()], dtype=pl.String)


def _take_from_card(made: dict[str, pl.Series], rows: int) -> None:
    """Birth date and sex from the identity card where the hospital left them empty."""
    if "id_card" not in made:
        return
    for field, part in (("birth_date", card_birth), ("sex", card_sex)):
        told = made.get(field, pl.Series([None] * rows, dtype=pl.String)).to_list()
        cards = made["id_card"].to_list()
        made[field] = pl.Series(
            [value or (part(card) if card else None) for value, card in zip(told, cards, strict=True)], dtype=pl.String
        )


def _lower(text: str) -> str:
    return " ".join(text.lower().split())


def _digits(text: str) -> str:
    found = re.sub(r"\D", "", text)
    return found[-11:] if len(found) > 11 else found


def _birth(text: str) -> str:
    """A date as ``YYYYMMDD``; other forms are to be mended before linking, by `bencao records load`."""
    parts = re.findall(r"\d+", text)
    if len(parts) >= 3 and len(parts[0]) == 4:
        return f"{parts[0]}{int(parts[1]):02}{int(parts[2]):02}"
    return parts[0] if len(parts) == 1 and len(parts[0]) == 8 else ""


_FORMS: dict[str, Callable[[str], str]] = {
    "name": plain_name,
    "given_name": plain_name,
    "surname": plain_name,
    "birth_date": _birth,
    "sex": lambda text: _SEXES.get(text.lower(), ""),
    "id_card": id_card,
    "phone": _digits,
}
