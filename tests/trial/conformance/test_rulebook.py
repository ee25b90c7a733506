"""Rules as a user brings them: a file, a folder, an archive, and what is wrong with one."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from bencao.trial.conformance import read_rules
from bencao.trial.errors import RuleError

RULE = """
Core: {Id: MINE-1}
Rule Type: Record Data
Sensitivity: Record
Description: An age is given.
Authorities:
  - Standards:
      - {Name: SDTMIG, Version: "3.4", References: [{Citations: [{Document: Plan, Section: "7"}]}]}
Scope: {Domains: {Include: [DM]}}
Check:
  all:
    - {name: AGE, operator: empty}
Outcome: {Message: AGE is missing}
"""
JSONATA = """
Core: {Id: MINE-2}
Rule Type: JSONata
Sensitivity: Record
Check: "$count(study) > 1"
Outcome: {Message: two studies}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules" / "one").mkdir(parents=True)
    (tmp_path / "rules" / "one" / "rule.yml").write_text(RULE, encoding="utf-8")
    (tmp_path / "rules" / "two.yaml").write_text(JSONATA, encoding="utf-8")
    return tmp_path / "rules"


def test_a_folder_is_read_and_what_cannot_be_run_is_counted(folder: Path) -> None:
    book = read_rules(folder)
    assert [rule.id for rule in book.rules] == ["MINE-1"]
    assert [rule.id for rule in book.unsupported] == ["MINE-2"]
    assert book.rules[0].citation == "Plan, section 7"


def test_an_archive_gives_the_same_rules(folder: Path) -> None:
    archive = folder.parent / "rules.tgz"
    with tarfile.open(archive, "w:gz") as opened:
        opened.add(folder, "rules")
    assert read_rules(archive) == read_rules(folder)


def test_rules_are_chosen_by_standard(folder: Path) -> None:
    book = read_rules(folder)
    assert len(book.of_standard("SDTMIG", "3.4").rules) == 1
    assert len(book.of_standard("sdtmig").rules) == 1
    assert not book.of_standard("SDTMIG", "3.2").rules


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("Core: {Id: X}\nCheck: {all: []}", "X lacks a part"),
        ("a: 1", "no rule"),
        ("a: [", "no YAML"),
        (RULE.replace("operator: empty", "oprator: empty"), "without name or operator"),
    ],
)
def test_a_malformed_rule_is_named_with_its_file(text: str, cause: str, tmp_path: Path) -> None:
    path = tmp_path / "rule.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match=cause) as error:
        read_rules(path)
    assert str(path) in error.value.where


def test_an_empty_folder_holds_no_rule(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="no rule"):
        read_rules(tmp_path)
