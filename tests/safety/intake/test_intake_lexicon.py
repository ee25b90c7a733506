"""The user's own terms: read strictly, found whole, whatever their width or case."""

from __future__ import annotations

from pathlib import Path

import pytest

from bencao.kernel.errors import InputError
from bencao.safety.intake import read_lexicon


def written(folder: Path, text: str, name: str = "terms.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_longest_term_is_found_with_its_code(tmp_path: Path) -> None:
    lexicon = read_lexicon(
        written(tmp_path, "kind,term,code\nreaction,皮疹,1\nreaction,斑丘疹样皮疹,2\ndrug,阿司匹林,N02BA01\n")
    )
    found = list(lexicon.find("服用阿司匹林后出现斑丘疹样皮疹"))
    assert [(one.kind, one.text, one.value) for one in found] == [
        ("drug", "阿司匹林", "N02BA01"),
        ("reaction", "斑丘疹样皮疹", "2"),
    ]
    assert found[0].by == "lexicon:terms.csv"


def test_latin_terms_are_whole_words_in_any_case_and_width(tmp_path: Path) -> None:
    lexicon = read_lexicon(written(tmp_path, "kind\tterm\ndrug\tIron\n", "terms.tsv"))
    assert [one.text for one in lexicon.find("IRON, environment, Ｉｒｏｎ")] == ["IRON", "Ｉｒｏｎ"]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("term\n皮疹\n", "lacks the column kind"),
        ("kind,term\nsymptom,皮疹\n", "row 2"),
        ("kind,term\nreaction,\n", "row 2"),
        ("kind,term\nreaction,皮疹\ndrug,皮疹\n", "row 3"),
    ],
)
def test_a_wrong_list_names_its_row(tmp_path: Path, text: str, where: str) -> None:
    with pytest.raises(InputError, match=where):
        read_lexicon(written(tmp_path, text))


def test_no_terms_find_nothing(tmp_path: Path) -> None:
    assert list(read_lexicon(written(tmp_path, "kind,term\n")).find("皮疹")) == []
