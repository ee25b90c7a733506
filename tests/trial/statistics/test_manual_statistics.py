"""The manual's examples of statistics give what it says."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

MANUAL = Path(__file__).resolve().parents[3] / "docs" / "trial.md"
MODULES = [
    f"bencao.trial.statistics.{name}"
    for name in ("ancova", "descriptive", "fisher", "imputation.pool", "proportions", "survival.kaplan_meier")
]


def test_the_examples_of_the_manual() -> None:
    text = MANUAL.read_text(encoding="utf-8")
    section = text[text.index("\n## Statistics") :]
    section = section[: section.find("\n## ", 1)] if "\n## " in section[1:] else section
    runner = doctest.DocTestRunner()
    result = runner.run(doctest.DocTestParser().get_doctest(section, {}, "trial.md", None, 0))
    assert result.attempted > 5
    assert not result.failed


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_docstrings(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted
    assert not result.failed
