"""FAERS and VAERS files in their published layouts, made by the tests."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from bencao.kernel.errors import InputError
from bencao.safety.sources import COLUMNS, read_faers, read_vaers

DEMO = "primaryid$caseid$caseversion$i_f_code$event_dt$fda_dt$age$age_cod$age_grp$sex$reporter_country$occr_country"
DRUG = "primaryid$caseid$drug_seq$role_cod$drugname$prod_ai"
REAC = "primaryid$caseid$pt$drug_rec_act"
OUTC = "primaryid$caseid$outc_cod"


def write_quarter(
    folder: Path, quarter: str, demo: list[str], drug: list[str], reac: list[str], outc: list[str]
) -> Path:
    ascii_folder = folder / "ASCII"
    ascii_folder.mkdir(parents=True)
    for name, head, rows in (("DEMO", DEMO, demo), ("DRUG", DRUG, drug), ("REAC", REAC, reac), ("OUTC", OUTC, outc)):
        (ascii_folder / f"{name}{quarter}.txt").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def quarters(tmp_path: Path) -> list[Path]:
    first = write_quarter(
        tmp_path / "q1", "24Q1",
        ["1001$100$1$I$20240101$20240110$54$YR$$F$US$US", "2001$200$1$I$$20240111$18$MON$$M$JP$",
         "3001$300$1$I$$20240112$$$$$DE$DE"],
        ["1001$100$1$PS$COUMADIN$WARFARIN", "1001$100$2$C$ASPIRIN$ASPIRIN", "2001$200$1$PS$Drug \"B\"$",
         "3001$300$1$PS$X$X"],
        ["1001$100$Headache$", "2001$200$Rash$", "2001$200$Nausea$", "3001$300$Rash$"],
        ["1001$100$HO"],
    )  # fmt: skip
    second = write_quarter(
        tmp_path / "q2", "24Q2",
        ["1002$100$2$F$20240101$20240405$54$YR$$F$US$US"],
        ["1002$100$1$PS$COUMADIN$WARFARIN", "1002$100$2$SS$ASPIRIN$ASPIRIN"],
        ["1002$100$Haemorrhage$", "1002$100$Headache$"],
        [],
    )  # fmt: skip
    deleted = second / "DELETED"
    deleted.mkdir()
    (deleted / "ADR24Q2DeletedCases.txt").write_text("300\n", encoding="utf-8")
    (deleted / "DELETE24Q2.txt").write_text("300\n999\n", encoding="utf-8")
    return [first, second]


def test_the_latest_version_of_each_case_counts_and_deleted_cases_are_gone(quarters: list[Path]) -> None:
    found = read_faers(quarters)
    assert tuple(found.table.columns) == COLUMNS
    assert (found.reports, found.superseded, found.deleted, found.problems) == (2, 1, 1, ())
    assert found.table.select("report", "drug", "event", "role").rows() == [
        ("100", "ASPIRIN", "Haemorrhage", "SS"),
        ("100", "ASPIRIN", "Headache", "SS"),
        ("100", "WARFARIN", "Haemorrhage", "PS"),
        ("100", "WARFARIN", "Headache", "PS"),
        ("200", 'DRUG "B"', "Nausea", "PS"),
        ("200", 'DRUG "B"', "Rash", "PS"),
    ]


def test_age_is_in_years_and_what_is_not_told_is_empty(quarters: list[Path]) -> None:
    rows = read_faers(quarters).table.unique("report").sort("report")
    assert rows["age"].to_list() == [54.0, pytest.approx(1.5)]
    assert rows.select("sex", "country", "received", "serious").rows() == [
        ("F", "US", "2024-04-05", False),
        ("M", "JP", "2024-01-11", False),
    ]
    assert read_faers(quarters[:1]).table.filter(pl.col("report") == "100")["serious"].all()


def test_roles_choose_the_drugs(quarters: list[Path]) -> None:
    assert set(read_faers(quarters[:1], "all").table.filter(pl.col("report") == "100")["drug"]) == {
        "WARFARIN",
        "ASPIRIN",
    }
    assert set(read_faers(quarters, "primary").table.filter(pl.col("report") == "100")["drug"]) == {"WARFARIN"}
    assert "COUMADIN" in set(read_faers(quarters, ingredients=False).table["drug"])


def test_the_older_layout_reads_alike(tmp_path: Path) -> None:
    folder = tmp_path / "aers"
    folder.mkdir()
    files = {
        "DEMO08Q1.TXT": "ISR$CASE$I_F_COD$FDA_DT$AGE$AGE_COD$GNDR_COD$\n555$55$I$20080131$6$DEC$F$\n",
        "DRUG08Q1.TXT": "ISR$DRUG_SEQ$ROLE_COD$DRUGNAME$\n555$1$PS$VIOXX$\n",
        "REAC08Q1.TXT": "ISR$PT$\n555$MYOCARDIAL INFARCTION$\n",
        "OUTC08Q1.TXT": "ISR$OUTC_COD$\n555$DE$\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    found = read_faers([folder])
    assert found.table.rows() == [("55", "VIOXX", "MYOCARDIAL INFARCTION", "PS", "F", 60.0, None, "2008-01-31", True)]


def test_a_broken_line_is_named_and_the_others_go_on(quarters: list[Path]) -> None:
    path = quarters[0] / "ASCII" / "REAC24Q1.txt"
    path.write_text(path.read_text(encoding="utf-8") + "2001$200$Itch$$$extra$more\n", encoding="utf-8")
    found = read_faers(quarters)
    assert [problem.where for problem in found.problems] == [f"{path}: line 6"]
    assert found.reports == 2


@pytest.mark.parametrize("lacking", ["DEMO", "DRUG", "REAC"])
def test_a_folder_without_a_file_says_which(quarters: list[Path], lacking: str) -> None:
    next(quarters[0].rglob(f"{lacking}*")).unlink()
    with pytest.raises(InputError, match=f"no {lacking} file"):
        read_faers(quarters)


def test_a_file_without_its_columns_is_named(quarters: list[Path]) -> None:
    path = quarters[0] / "ASCII" / "DEMO24Q1.txt"
    path.write_text("a$b\n1$2\n", encoding="utf-8")
    with pytest.raises(InputError, match="no column primaryid, caseid") as raised:
        read_faers(quarters)
    assert raised.value.where == f"{path}: line 1"


def test_vaers_joins_vaccines_with_up_to_five_symptoms_a_row(tmp_path: Path) -> None:
    files = {
        "2023VAERSDATA.csv": "VAERS_ID,RECVDATE,STATE,AGE_YRS,SEX,SYMPTOM_TEXT,DIED,L_THREAT,HOSPITAL\n"
        '1,01/02/2023,TX,33.0,F,"Fever, ""high"" 39°\nnext line",,,Y\n2,01/03/2023,FR,,U,Sore,,,\n',
        "2023VAERSVAX.csv": "VAERS_ID,VAX_TYPE,VAX_MANU,VAX_LOT,VAX_NAME\n1,FLU,MAKER,L1,INFLUENZA (FLUX)\n"
        "1,FLU,MAKER,L2,INFLUENZA (FLUX)\n2,HPV,MAKER,,HPV (HPVX)\n",
        "2023VAERSSYMPTOMS.csv": "VAERS_ID,SYMPTOM1,SYMPTOMVERSION1,SYMPTOM2,SYMPTOM3,SYMPTOM4,SYMPTOM5\n"
        "1,Pyrexia,25.1,Chills,,,\n1,Rash,25.1,,,,\n2,Pain,25.1,,,,\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="windows-1252")
    found = read_vaers([tmp_path])
    assert found.table.select("report", "drug", "event", "sex", "country", "received", "serious").rows() == [
        ("1", "INFLUENZA (FLUX)", "Chills", "F", "US", "2023-01-02", True),
        ("1", "INFLUENZA (FLUX)", "Pyrexia", "F", "US", "2023-01-02", True),
        ("1", "INFLUENZA (FLUX)", "Rash", "F", "US", "2023-01-02", True),
        ("2", "HPV (HPVX)", "Pain", None, None, "2023-01-03", False),
    ]
    assert set(read_vaers([tmp_path], by_type=True).table["drug"]) == {"FLU", "HPV"}
