"""Words to codes: ranked, with probabilities, and put into a case with where they come from."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from bencao.cli import app
from bencao.kernel.errors import BencaoError
from bencao.safety.case import Case, Drug, Field, Reaction, Source
from bencao.safety.coding import Coder, Name, Vocabulary, uncoded, with_codes
from bencao.safety.coding.embedding import Meanings
from bencao.safety.coding.vocabularies import open_reactions, read_meddra
from bencao.safety.errors import LicenceRequired
from bencao.safety.exchange import read_cases, write_cases

sys.path.insert(0, str(Path(__file__).parent))
from meddra_files import write_meddra


@pytest.fixture(scope="module")
def meddra(tmp_path_factory: pytest.TempPathFactory) -> Vocabulary:
    return read_meddra(write_meddra(tmp_path_factory.mktemp("meddra")))


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder(open_reactions())


def test_a_name_in_another_spelling_is_certain(meddra: Vocabulary) -> None:
    (coded,) = Coder(meddra).code(["peripheral EDEMA", "OEDEMA, PERIPHERAL"][1:])
    assert coded.chosen is not None
    assert (coded.chosen.name.code, coded.chosen.probability, coded.by) == ("1003", 1.0, "exact")
    assert coded.vocabulary == "MedDRA 99.1"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("myocardial infraction", "Myocardial infarction"),
        ("raised liver enzymes levels", "Elevated circulating hepatic transaminase concentration"),
        ("severe headache", "Headache"),
        ("swollen joints", "Joint swelling"),
    ],
)
def test_what_a_reporter_writes_finds_its_term_first(coder: Coder, text: str, meant: str) -> None:
    (coded,) = coder.code([text])
    assert coded.candidates[0].name.preferred == meant


def test_probabilities_fall_and_leave_room_for_none(coder: Coder) -> None:
    for coded in coder.code(["painful swelling of the third toe", "zzkq xwv", "hypertensive rash"], top=20):
        chances = [one.probability for one in coded.candidates]
        assert chances == sorted(chances, reverse=True)
        assert sum(chances) < 1
        assert coded.ask == (not chances or chances[0] < 0.8)


def test_a_text_alone_and_among_others_gives_the_same(coder: Coder) -> None:
    texts = ["kidney pain", "yellow eyes", "loss of hair", "kidney pain"]
    together = coder.code(texts)
    assert together == [coder.code([text])[0] for text in texts]


def test_a_name_of_two_codes_is_for_a_person() -> None:
    names = (Name("Cold", "1", "Nasopharyngitis", "1"), Name("Cold", "2", "Feeling cold", "2"))
    (coded,) = Coder(Vocabulary("Test", "1", "reaction", names)).code(["cold"])
    assert coded.ask and [one.probability for one in coded.candidates] == [0.5, 0.5]


def test_a_chinese_text_finds_a_chinese_name(meddra: Vocabulary) -> None:
    chinese = (Name("周围性水肿", "1003", "Oedema peripheral", "1003"), Name("头痛", "1001", "Headache", "1001"))
    coder = Coder(meddra.joined(chinese))
    found = coder.code(["头痛", "双下肢周围水肿"])
    assert [coded.candidates[0].name.code for coded in found] == ["1001", "1003"]


def test_meaning_finds_what_shares_no_letters() -> None:
    names = tuple(Name(text, text, text, text) for text in ("Epistaxis", "Alopecia", "Vertigo"))

    class Told:
        def vectors(self, texts: list[str]) -> np.ndarray:
            return np.eye(3, dtype=np.float32)[[1 if "hair" in text else 0 for text in texts]]

    meanings = Meanings(Told(), np.eye(3, dtype=np.float32))  # type: ignore[arg-type]
    vocabulary = Vocabulary("Test", "1", "reaction", names)
    assert not Coder(vocabulary).code(["hair"])[0].candidates
    assert Coder(vocabulary, meanings=meanings).code(["hair"])[0].candidates[0].name.text == "Alopecia"


def draft() -> Case:
    return Case(
        reactions=(
            Reaction(reported=Field("Head pain", source=Source("mail.eml", 10, 19, "model:extraction"))),
            Reaction(reported=Field("something odd")),
        ),
        drugs=(Drug(name=Field("Tylenol")),),
    )


def test_codes_go_where_a_message_has_them_and_cite_the_words(meddra: Vocabulary) -> None:
    case = draft()
    words = [one for one in uncoded(case) if one.kind == "reaction"]
    coded = with_codes(case, list(zip(words, Coder(meddra).code([one.text for one in words]), strict=True)), meddra)
    first, second = coded.reactions
    assert (first.meddra_code.value, first.meddra_version.value) == ("2011", "99.1")
    assert first.meddra_code.source == Source("mail.eml", 10, 19, "coding:MedDRA 99.1, exact")
    assert first.reported == case.reactions[0].reported and coded.drugs == case.drugs
    assert not second.meddra_code
    assert not [one for one in uncoded(coded) if one.element == "E.i.1.1a" and one.text == "Head pain"]


def test_an_open_vocabulary_is_not_written_as_meddra(coder: Coder) -> None:
    words = [one for one in uncoded(draft()) if one.kind == "reaction"]
    found = list(zip(words, coder.code([one.text for one in words]), strict=True))
    with pytest.raises(LicenceRequired, match="MedDRA"):
        with_codes(draft(), found, coder.vocabulary)


def run(*arguments: str) -> object:
    return CliRunner().invoke(app, ["safety", "code", *arguments])


def test_the_command_codes_a_case_in_open_vocabularies_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_cases(tmp_path / "case.json", [draft()])
    result = run("case.json", "-o", "codes.csv")
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader((tmp_path / "codes.csv").open(encoding="utf-8")))
    assert all("open vocabulary" in row["vocabulary"] for row in rows)
    tylenol = next(row for row in rows if row["text"] == "Tylenol")
    assert (tylenol["preferred"], tylenol["chosen"], tylenol["element"]) == ("Acetaminophen", "True", "G.k.2.2 [1]")
    head = next(row for row in rows if row["text"] == "Head pain")
    assert (head["start"], head["document"], head["chosen"]) == ("10", "mail.eml", "False")  # HPO has no such name


def test_the_command_puts_meddra_codes_into_the_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_meddra(tmp_path / "MedAscii")
    write_cases(tmp_path / "case.json", [draft()])
    result = run("case.json", "-o", "codes.jsonl", "--meddra", "MedAscii", "--into", "coded.json")
    assert result.exit_code == 0, result.output
    (found,) = read_cases(tmp_path / "coded.json")
    assert found.case is not None and found.case.reactions[0].meddra_code.value == "2011"
    first = json.loads((tmp_path / "codes.jsonl").read_text().splitlines()[0])
    assert (first["vocabulary"], first["code"], first["chosen"]) == ("MedDRA 99.1", "2011", True)


def test_without_meddra_nothing_is_put_into_a_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_cases(tmp_path / "case.json", [draft()])
    result = run("case.json", "-o", "codes.csv", "--into", "coded.json")
    assert isinstance(result.exception, LicenceRequired | SystemExit | BencaoError)
    assert not (tmp_path / "coded.json").exists() and not (tmp_path / "codes.csv").exists()


def test_a_list_of_terms_is_coded_line_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "terms.txt").write_text("nose bleed\n\nHeart attack\n", encoding="utf-8")
    result = run("terms.txt", "-o", "codes.csv", "--top", "1", "--lang", "zh")
    assert result.exit_code == 0, result.output
    rows = list(csv.DictReader((tmp_path / "codes.csv").open(encoding="utf-8")))
    assert [row["text"] for row in rows] == ["nose bleed", "Heart attack"]
    assert rows[1]["preferred"] == "Myocardial infarction"
