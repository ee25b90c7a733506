"""Words that stand for each other, learnt from names of one term."""

from __future__ import annotations

from pathlib import Path

import pytest

from bencao.kernel.errors import ModelError
from bencao.safety.coding.associations import Associations, learn, lines_of, read_associations

TERMS = [
    ("kidney stone", "renal stone"),
    ("kidney pain", "renal pain"),
    ("raised pressure", "increased pressure"),
    ("raised heat", "increased heat", "elevated heat"),
    ("short arm", "small arm"),
]


def test_words_by_which_names_of_a_term_differ_answer_to_each_other() -> None:
    found = learn(TERMS)
    assert found.best("kidney", ["renal", "cardiac"]) == 1.0
    assert found.best("raised", ["increased"]) == pytest.approx(2 / 3)
    assert found.best("short", ["small"]) == 0.0  # seen once: no rule


def test_a_text_is_rewritten_by_its_strongest_words_alone() -> None:
    assert learn(TERMS).rewritten("kidney stones raised") == "renal stones increased"


def test_the_table_reads_back(tmp_path: Path) -> None:
    found = learn(TERMS)
    path = tmp_path / "associations.tsv"
    path.write_text("".join(lines_of(found)), encoding="utf-8")
    again = read_associations(path)
    assert again.strengths.keys() == found.strengths.keys()
    assert again.best("raised", ["increased"]) == pytest.approx(2 / 3, abs=1e-3)
    path.write_text("word\tanswer\nkidney\trenal\n", encoding="utf-8")
    with pytest.raises(ModelError, match="not a table of words"):
        read_associations(path)


def test_without_associations_nothing_is_rewritten() -> None:
    assert Associations().rewritten("kidney pain") == "kidney pain"
