"""A build: what a user gets of a specification, and how it refuses bad input, naming the place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from bencao.cli import app
from bencao.kernel.errors import BencaoError
from bencao.trial import build_study
from bencao.trial.dataset import Dataset, Variable
from bencao.trial.errors import CodelistError, DateParseError, DuplicateKeyError, SpecificationError
from bencao.trial.formats import write_dataset

STUDY = """\
name: ABC
sources:
  raw: {root: forms, path: ae.csv}
  sites: {root: forms, path: sites.csv}
functions: [functions.py]
codelists:
  SEV: {terms: [{value: MILD, decode: Mild}, {value: SEVERE, synonyms: [bad]}]}
datasets:
  AE:
    label: Adverse Events
    keys: [USUBJID, AESEQ]
    build:
      - read: {data: raw}
      - iso_date: {of: START, into: AESTDTC, layouts: [DD-MON-YYYY]}
      - code: {of: SEVERITY, codelist: SEV, into: AESEV}
      - join: {table: sites, on: [SITE], take: [COUNTRY]}
      - compute: {AESEQ: integer(SEQ), STUDYID: "'ABC'"}
      - longest: {of: TERM, into: TERMLEN}
    variables:
      - {name: STUDYID}
      - {name: USUBJID, mandatory: true}
      - {name: AESEQ, type: integer}
      - {name: AETERM}
      - {name: AESTDTC, type: partialDate}
      - {name: AESEV, codelist: SEV}
      - {name: COUNTRY}
      - {name: TERMLEN, type: integer, supplemental: true, label: Length, origin: {type: Derived}}
"""
FUNCTIONS = """\
import narwhals as nw
from bencao.trial.derive import Frame

def longest(data: Frame, *, of: str, into: str) -> Frame:
    return data.with_columns(**{into: nw.col(of).str.len_chars()}).rename({of: "AETERM"})
"""
FORM = """\
USUBJID,SEQ,SITE,TERM,START,SEVERITY
2,1,10,Rash,2002-10,bad
1,2,20,Cough,05-Mar-2014,Mild
1,1,10,Rash,UN-Feb-2014,MILD
"""
SITES = "SITE,COUNTRY\n10,USA\n20,CHN\n"


@pytest.fixture
def study(tmp_path: Path) -> Callable[..., Path]:
    """Write the study, with some of its files changed."""

    def write(study: str = STUDY, functions: str = FUNCTIONS, form: str = FORM, sites: str = SITES) -> Path:
        for name, text in (("study.yaml", study), ("functions.py", functions), ("ae.csv", form), ("sites.csv", sites)):
            (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return write


def build(folder: Path, store: str = "polars:") -> dict[str, pl.DataFrame]:
    return {n: d.frame for n, d in build_study(folder, roots={"forms": folder}, store=store).datasets.items()}


@pytest.mark.parametrize("store", ["polars:", "duckdb:"])
def test_a_form_becomes_a_domain_sorted_by_its_keys_and_its_supplemental_qualifiers(
    study: Callable[..., Path], store: str
) -> None:
    built = build(study(), store)
    assert built["AE"].rows() == [
        ("ABC", "1", 1, "Rash", "2014-02", "MILD", "USA"),
        ("ABC", "1", 2, "Cough", "2014-03-05", "MILD", "CHN"),
        ("ABC", "2", 1, "Rash", "2002-10", "SEVERE", "USA"),
    ]
    assert built["SUPPAE"].select("USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QVAL", "QORIG").rows() == [
        ("1", "AESEQ", "1", "TERMLEN", "4", "DERIVED"),
        ("1", "AESEQ", "2", "TERMLEN", "5", "DERIVED"),
        ("2", "AESEQ", "1", "TERMLEN", "4", "DERIVED"),
    ]


@pytest.mark.parametrize("store", ["polars:", "duckdb:"])
@pytest.mark.parametrize(
    ("changed", "kind", "where", "cause"),
    [
        ({"form": FORM.replace("1,2,20", "1,1,20")}, DuplicateKeyError, "", "USUBJID 1, AESEQ 1"),
        ({"form": FORM.replace("05-Mar", "31-Feb")}, DateParseError, "study.yaml: line 14", "31-Feb-2014"),
        ({"form": FORM.replace(",Mild", ",so-so")}, CodelistError, "study.yaml: line 15", "so-so"),
        ({"sites": SITES + "10,DEU\n"}, DuplicateKeyError, "study.yaml: line 16", "'SITE': '10'"),
        ({"form": FORM.replace("2,1,10,Rash", ",1,10,Rash")}, SpecificationError, "study.yaml: line 21", "mandatory"),
    ],
)
def test_bad_data_are_an_error_that_names_the_record(
    study: Callable[..., Path],
    store: str,
    changed: dict[str, str],
    kind: type[BencaoError],
    where: str,
    cause: str,
) -> None:
    with pytest.raises(kind) as error:
        build(study(**changed), store)
    assert cause in error.value.cause
    assert error.value.where == where


@pytest.mark.parametrize(
    ("old", "new", "where", "cause"),
    [
        ("integer(SEQ)", "integer(SEK)", "study.yaml: line 17", "SEK"),
        ("integer(SEQ)", "integer(SEQ", "study.yaml: line 17", "is no expression"),
        ("- longest", "- longist", "study.yaml: line 18", "no building block longist"),
        ("of: TERM", "off: TERM", "study.yaml: line 18", "of: Field required"),
        ("of: TERM", "of: 3", "study.yaml: line 18", "of: Input should be a valid string, got 3"),
        ("[DD-MON-YYYY]", "DD-MON-YYYY", "study.yaml: line 14", "layouts: Input should be a valid list"),
        ("[DD-MON-YYYY]", "[DD-MM-JJJJ]", "study.yaml: line 14", "no layout of a date"),
        ("table: sites", "table: sights", "study.yaml: line 16", "no source or data set sights"),
        ("codelist: SEV, into", "codelist: SAV, into", "study.yaml: line 15", "the study has no codelist SAV"),
        ("{name: AETERM}", "{name: AETRM}", "study.yaml: line 23", "makes no variable AETRM"),
        ("{name: AETERM}", "{name: AETERM, type: float}", "study.yaml: line 23", "which cannot be float"),
        ("path: ae.csv", "path: ea.csv", "study.yaml: line 3", "is not there"),
        (
            "- read: {data: raw}",
            "- filter: {where: 'True'}",
            "study.yaml: line 13",
            "a build begins with read or stack",
        ),
        ("functions.py]", "functions.txt]", "study.yaml: line 5", "functions.txt"),
    ],
)
def test_a_bad_specification_is_an_error_with_file_and_line(
    study: Callable[..., Path], old: str, new: str, where: str, cause: str
) -> None:
    assert old in STUDY
    with pytest.raises(SpecificationError) as error:
        build(study(STUDY.replace(old, new)))
    assert error.value.where == where
    assert cause in error.value.cause


@pytest.mark.parametrize("store", ["polars:", "duckdb:"])
def test_a_source_may_be_a_transport_file(study: Callable[..., Path], store: str) -> None:
    folder = study(STUDY.replace("path: sites.csv", "path: sites.xpt"))
    sites = pl.DataFrame({"SITE": ["10", "20"], "COUNTRY": ["USA", "CHN"]})
    write_dataset(Dataset("SITES", sites, (Variable("SITE"), Variable("COUNTRY"))), folder / "sites.xpt", "xpt")
    assert build(folder, store)["AE"]["COUNTRY"].to_list() == ["USA", "CHN", "USA"]


def test_a_function_of_the_study_without_types_is_refused(study: Callable[..., Path]) -> None:
    with pytest.raises(SpecificationError, match="its parameter of has no type"):
        build(study(functions=FUNCTIONS.replace("of: str", "of")))


def test_data_sets_that_need_each_other_are_refused(study: Callable[..., Path]) -> None:
    circle = "  B:\n    build: [{read: {data: C}}]\n  C:\n    build: [{read: {data: B}}]\n"
    with pytest.raises(SpecificationError, match="need each other"):
        build(study(STUDY + circle))


def test_the_command_writes_all_or_nothing_and_the_ledger_knows_from_what(
    study: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, out = study(), tmp_path_factory.mktemp("out")
    monkeypatch.chdir(out)
    command = ["trial", "build", str(folder), "--root", f"forms={folder}", "-o", "sdtm"]
    assert CliRunner().invoke(app, command).exit_code == 0
    assert sorted(path.name for path in (out / "sdtm").iterdir()) == ["ae.parquet", "suppae.parquet"]
    first = (out / "sdtm" / "ae.parquet").read_bytes()
    assert CliRunner().invoke(app, command).exit_code == 0
    assert (out / "sdtm" / "ae.parquet").read_bytes() == first
    told = CliRunner().invoke(app, ["ledger", "trace", str(out / "sdtm" / "ae.parquet"), "--json"])
    names = {Path(name).name for name in _strings(json.loads(told.stdout)) if "/" in name}
    assert {"study.yaml", "functions.py", "ae.csv", "sites.csv"} <= names
    study(form=FORM.replace("05-Mar", "31-Feb"))
    failed = CliRunner().invoke(app, [*command[:-1], "other"])
    assert isinstance(failed.exception, DateParseError)
    assert not (out / "other").exists()


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for part in parts for text in _strings(part)]
