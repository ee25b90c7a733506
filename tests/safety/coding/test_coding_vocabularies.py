"""Vocabularies: the user's MedDRA and WHODrug, the open ones, and names in Chinese."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bencao.kernel.errors import InputError
from bencao.safety.coding.vocabularies import chinese_names, open_drugs, open_reactions, read_meddra, read_whodrug
from bencao.safety.coding.vocabulary import Name, Vocabulary, folded

sys.path.insert(0, str(Path(__file__).parent))
from meddra_files import TERMS, write_meddra


def test_meddra_gives_every_llt_with_its_preferred_term(tmp_path: Path) -> None:
    meddra = read_meddra(write_meddra(tmp_path))
    assert (meddra.title, meddra.version, meddra.licensed) == ("MedDRA", "99.1", True)
    assert {name.text for name in meddra.names} == {text.lstrip("*") for names in TERMS.values() for text in names}
    attack = next(name for name in meddra.names if name.text == "Heart attack")
    assert (attack.preferred, attack.preferred_code, attack.current) == ("Myocardial infarction", "1005", True)
    assert [name.text for name in meddra.names if not name.current] == ["Pain in head NOS"]


@pytest.mark.parametrize(
    ("file", "line", "cause"),
    [
        ("llt.asc", "2999$Lost$9999$$$$$$$Y$$", "LLT 2999 names PT 9999"),
        ("llt.asc", "2999", "1 fields, 3 or more"),
        ("pt.asc", "$Nameless$", "2 or more are due"),
    ],
)
def test_a_line_that_is_not_as_the_layout_says_is_named(tmp_path: Path, file: str, line: str, cause: str) -> None:
    path = write_meddra(tmp_path) / file
    path.write_text(path.read_text() + line + "\n")
    with pytest.raises(InputError, match=cause) as raised:
        read_meddra(tmp_path)
    assert f"{file}: line" in raised.value.where


def test_a_folder_without_the_files_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="MedAscii"):
        read_meddra(tmp_path)


def test_whodrug_names_stand_under_the_records_first_name(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text(
        "drug_name,drug_record_number,sequence_1,sequence_2\nExamplol,000001,01,001\nExamplol Forte,000001,01,002\n"
    )
    vocabulary = read_whodrug(path, "2026 Sep 1")
    assert vocabulary.names[1] == Name("Examplol Forte", "00000101002", "Examplol", "00000101001")
    path.write_text("drug_name,drug_record_number,sequence_1,sequence_2\nExamplol,1,01,001\n")
    with pytest.raises(InputError, match="no drug code") as raised:
        read_whodrug(path, "2026 Sep 1")
    assert raised.value.where.endswith("row 2")


def test_whodrugs_own_file_is_read_by_the_layout_that_its_owner_gives(tmp_path: Path) -> None:
    path, layout = tmp_path / "names.txt", tmp_path / "layout.csv"
    path.write_text("00000101001 X Examplol            \n00000101002 X Examplol Forte      \n", encoding="utf-8")
    fields = "drug_record_number,1,6\nsequence_1,7,2\nsequence_2,9,3\ndrug_name,15,20\n"
    layout.write_text("field,start,length\n" + fields)
    vocabulary = read_whodrug(path, "2026 Sep 1", layout)
    assert vocabulary.names[1] == Name("Examplol Forte", "00000101002", "Examplol", "00000101001")
    path.write_text("00000101001 X Examplol\n0000 101002 X Examplol Forte\n")
    with pytest.raises(InputError, match="no drug code") as raised:
        read_whodrug(path, "2026 Sep 1", layout)
    assert raised.value.where.endswith("row 2")
    layout.write_text("field,start,length\ndrug_name,0,20\n")
    with pytest.raises(InputError, match="no place in a line"):
        read_whodrug(path, "2026 Sep 1", layout)
    layout.write_text("field,start,length\ndrug_name,15,20\n")
    with pytest.raises(InputError, match="no field drug_record_number"):
        read_whodrug(path, "2026 Sep 1", layout)


def test_the_open_reactions_are_phenotypes_with_their_synonyms() -> None:
    vocabulary = open_reactions()
    assert "open vocabulary" in vocabulary.title and not vocabulary.licensed
    named = {name.text: name for name in vocabulary.names}
    assert named["Heart attack"].preferred == "Myocardial infarction"
    assert "Autosomal dominant inheritance" not in named  # no reaction
    assert len({name.code for name in vocabulary.names}) > 15_000


def test_the_open_drugs_join_brands_with_their_substance() -> None:
    named = {name.text: name for name in open_drugs().names}
    assert named["tylenol"].code == named["paracetamol"].code


def test_chinese_names_are_added_to_codes_that_are_there(tmp_path: Path) -> None:
    vocabulary = Vocabulary("Test", "1", "reaction", (Name("Headache", "T1", "Headache", "T1"),))
    path = tmp_path / "zh.tsv"
    path.write_text("subject_id\ttranslation_value\nT1\t头痛|头疼\nT2\t恶心\n", encoding="utf-8")
    assert [name.text for name in chinese_names(path, vocabulary)] == ["头痛", "头疼"]
    path.write_text("subject_id\ttranslation_value\nT2\t恶心\n", encoding="utf-8")
    with pytest.raises(InputError, match="no code of Test 1"):
        list(chinese_names(path, vocabulary))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Oedema, peripheral", "edema peripheral"),
        ("Haemorrhage", "hemorrhage"),
        ("Crohn's disease", "crohn disease"),
        ("DIARRHOEA", "diarrhea"),
        ("Ménière disease", "Meniere Disease"),
        ("ＡＬＴ升高", "alt升高"),
    ],
)
def test_spellings_of_one_name_fold_alike(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_an_open_vocabulary_is_read_alike_in_every_process() -> None:
    assert open_reactions().digest == open_reactions().joined(()).digest
