"""Mapping help: what is proposed for the columns of raw forms, and what a person gets to review."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bencao import cli
from bencao.kernel import models
from bencao.trial.mapping import load_mapper, review_table, suggest
from bencao.trial.mapping.columns import RawColumn, profile_of, read_columns
from bencao.trial.mapping.model import MODELS, NAME
from bencao.trial.mapping.similarity import abbreviates, words_of

# A form as a data manager might make it; no names are SDTM's.
FORM = """ptno,SITENUM,drugnm,dstart,dstop,amount,amt_unit,how,times
1001,12,Aspirin,03-Jan-2014,10-Jan-2014,100,mg,Oral,Once a day
1001,12,Ibuprofen,05-Feb-2014,,400,mg,Oral,Twice Daily
1002,12,Amoxicillin,11-Mar-2014,18-Mar-2014,500,mg,Oral,Three times daily
1003,12,Insulin,,,10,U,Subcutaneous,Every Evening
"""
LABELS = """name,label
drugnm,What was the name of the medication taken?
dstart,Start Date
dstop,End Date
amount,Dose
amt_unit,Dose Unit
how,Route
times,Frequency
"""


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BENCAO_WORKSPACE", raising=False)
    Path("meds.csv").write_text(FORM)
    Path("labels.csv").write_text(LABELS)


def bencao(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["bencao", "trial", "suggest", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_names_labels_and_values_tell_the_variables_of_a_form() -> None:
    frame = pl.read_csv("meds.csv", infer_schema=False)
    labels = dict(csv.reader(LABELS.splitlines()))
    found = {one.column: one for one in suggest(frame, labels, "Concomitant Medications")}
    best = {name: one.proposals[0].variable for name, one in found.items()}
    expected = {
        "drugnm": "CMTRT", "dstart": "CMSTDTC", "dstop": "CMENDTC", "amt_unit": "CMDOSU", "how": "CMROUTE",
        "times": "CMDOSFRQ",
    }  # fmt: skip
    assert {name: best[name] for name in expected} == expected
    assert "CMDOSE" in [one.variable for one in found["amount"].proposals]
    assert found["how"].proposals[0].codelist == "C66729"
    assert found["amt_unit"].proposals[0].codelist_name.startswith("Unit")


def test_probabilities_are_of_one_whole_and_the_best_comes_first() -> None:
    for one in suggest(pl.read_csv("meds.csv", infer_schema=False)):
        chances = [proposal.probability for proposal in one.proposals]
        assert chances == sorted(chances, reverse=True)
        assert 0 < sum(chances) <= 1 + 1e-6


def test_values_alone_tell_a_codelist() -> None:
    frame = pl.DataFrame({"Q1": ["Mild", "Severe", "Moderate", "Mild"] * 5, "Q2": ["12-Jan-2014"] * 20})
    (severity, _) = suggest(frame, form="Adverse Events")
    assert "AESEV" in [one.variable for one in severity.proposals]
    assert severity.profile == "few"


def test_a_file_to_review_applies_nothing_and_is_the_same_from_run_to_run(monkeypatch, capsys) -> None:
    for name in ("a.csv", "b.csv"):
        assert bencao(monkeypatch, "meds.csv", "--labels", "labels.csv", "-o", name) == 0
    assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes()
    rows = list(csv.DictReader(Path("a.csv").read_text().splitlines()))
    assert [row["column"] for row in rows] == FORM.splitlines()[0].split(",")
    assert {row["accepted"] for row in rows} == {""}
    assert all(row["alternatives"] for row in rows)
    assert Path("meds.csv").read_text() == FORM
    capsys.readouterr()
    assert bencao(monkeypatch, "meds.csv", "--json") == 0
    assert len(json.loads(capsys.readouterr().out)) == len(rows)
    assert bencao(monkeypatch, "meds.csv", "--labels", "meds.csv") == 2
    assert "no column name and label" in capsys.readouterr().err


def test_a_unit_is_read_from_label_or_name() -> None:
    frame = pl.DataFrame({"weight": ["70.5", "81"], "height_cm": ["170", "181"]})
    weight, height = suggest(frame, {"weight": "Weight (kg)"}, "Vital Signs")
    assert (weight.unit, height.unit) == ("kg", "cm")


def test_the_model_is_what_its_card_says_and_within_the_rooms_budget() -> None:
    model = models.load(MODELS, NAME)
    assert sum(file.bytes for file in model.card.files) < 10e6
    assert model.card.figures


def test_a_form_of_the_pilot_is_mostly_told(shared_data: Path) -> None:
    frame = pl.read_csv(shared_data / "trial" / "raw" / "ae_raw.csv", infer_schema=False)
    found = {one.column: one.proposals[0] for one in load_mapper().suggest(read_columns(frame))}
    assert found["IT.AESEV"].variable == "AESEV"
    assert found["IT.AESTDAT"].variable == "AESTDTC"
    assert found["AEOUTCOME"].variable == "AEOUT"
    assert sum(one.domain == "AE" for one in found.values()) > 20


@pytest.mark.parametrize(
    ("values", "profile"),
    [
        (["03-Jan-2014", "un-UNK-2014"], "date"),
        (["2014-01-02T10:00"], "date"),
        (["10:30", "7:05"], "time"),
        (["Yes", "No"], "yesno"),
        (["1", "2", "3.0"], "integer"),
        (["1.5", "<0.3"], "number"),
        (["Mild", "Severe"], "few"),
        (["a headache of long standing", "nausea"], "text"),
        ([], "empty"),
    ],
)
def test_a_column_is_told_by_what_it_holds(values: list[str], profile: str) -> None:
    repeated = 3 if profile == "few" else 1
    assert profile_of(tuple(values), repeated * len(values), len(values)) == profile


@given(st.text(max_size=12), st.text(max_size=30))
def test_a_share_of_words_is_between_none_and_all(name: str, phrase: str) -> None:
    assert 0 <= abbreviates(name.upper(), phrase) <= 1


@given(st.lists(st.from_regex(r"[b-z]{2,7}", fullmatch=True), min_size=1, max_size=4), st.data())
def test_first_letters_abbreviate_their_phrase(words: list[str], data: st.DataObject) -> None:
    phrase = " ".join(words)
    said = words_of(phrase)
    name = "".join(word[: data.draw(st.integers(1, len(word)))] for word in said).upper()
    if len(name) > 1:
        assert abbreviates(name, phrase) == 1


def test_an_empty_column_is_answered_too() -> None:
    frame = pl.DataFrame({"x": pl.Series([None, None], dtype=pl.String)})
    (one,) = suggest(frame)
    assert isinstance(read_columns(frame)[0], RawColumn)
    assert one.profile == "empty"
    assert review_table([one]).height == 1
