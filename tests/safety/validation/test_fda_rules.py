"""FDA's 121 rules: each is kept by a report, and broken by a defect with exactly its id."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from generated_reports import PROFILES, report
from rule_seeds import SEEDS

from bencao.safety.e2b.writing import write_batch
from bencao.safety.validation import Background, validate, validate_file
from bencao.safety.validation.fda import RULES

AS_OF = "20261126000000"


def identifiers(path: Path) -> dict[str, str]:
    """The ids of FDA's list with their severity."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.reader(handle))
    marked = [row for row in rows if re.fullmatch(r"[RW]\d{4}", row[5].strip())]
    return {row[5].strip(): "reject" if row[3].strip() else "warning" for row in marked}


def test_every_rule_of_the_list_is_there_with_its_severity(shared_safety: Path) -> None:
    listed = identifiers(shared_safety / "e2b" / "rejection_warning_rules.csv")
    assert len(listed) == 121
    assert {rule.id: rule.severity for rule in RULES if rule.id} == listed


def test_every_rule_has_its_seed() -> None:
    assert set(SEEDS) == {rule.id for rule in RULES if rule.id}


@pytest.mark.parametrize("profile", PROFILES)
def test_a_minimal_report_is_clean(profile: str) -> None:
    assert validate(report(profile, {}), "US", Background(AS_OF)).findings == ()


@pytest.mark.parametrize("identifier", sorted(SEEDS))
def test_the_defect_raises_exactly_its_rule(identifier: str) -> None:
    seed = SEEDS[identifier]
    background = Background(AS_OF, **seed.background)  # type: ignore[arg-type]
    assert validate(seed.kept(), "US", background).findings == ()
    found = validate(seed.broken(), "US", background).findings
    assert {each.id for each in found} == {identifier, *seed.also}
    assert next(each for each in found if each.id == identifier).severity == (
        "reject" if identifier.startswith("R") else "warning"
    )
    assert all(each.message and each.mend for each in found)


@pytest.mark.parametrize("identifier", sorted(SEEDS))
def test_the_defect_is_found_in_the_message_itself(identifier: str, tmp_path: Path) -> None:
    seed = SEEDS[identifier]
    background = Background(AS_OF, **seed.background)  # type: ignore[arg-type]
    for name, told, expected in (("kept", seed.kept(), set()), ("broken", seed.broken(), {identifier, *seed.also})):
        path = tmp_path / f"{name}.xml"
        batch = [each for each in told if each.element.startswith("N.1.")]
        write_batch(path, [[each for each in told if not each.element.startswith("N.1.")]], batch)
        (validation,) = validate_file(path, "US", background)
        assert {each.id for each in validation.findings} == expected
