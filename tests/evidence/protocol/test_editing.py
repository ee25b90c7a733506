"""A protocol is mended key by key: all that is amiss is named where it stands, and a change keeps the rest."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bencao.evidence.errors import ProtocolError
from bencao.evidence.protocol.editing.changing import change_key
from bencao.evidence.protocol.editing.checking import check_text
from bencao.evidence.protocol.editing.starting import start_bias

TEXT = """# drafted in March
study: bleeding
title: New against old, and bleeding   # working title
strategies:
  treatment: {name: new, concepts: [10]}
  comparator: {name: old, concepts: [20]}
  washout: 365
outcome: {kind: binary, events: {name: bleeding, concepts: [30]}}
covariates:
  - {name: age, given_by: age}
  - {name: ulcer, given_by: events, events: {name: ulcer, concepts: [40]}}
"""


def _amiss(text: str, language: str = "en") -> dict[str, str]:
    return {one.key: one.cause for one in check_text(text, language).amiss}  # type: ignore[arg-type]


def test_all_that_is_amiss_is_named_at_its_key() -> None:
    text = change_key(change_key(TEXT, "follow_up.days", "a year"), "covariates.1.days", [-30, 14])
    text = change_key(text, "strategies.wash", 3)
    assert _amiss(text) == {
        "follow_up.days": "give a whole number",
        "covariates.1.days.1": "is known only 14 days after time zero",
        "strategies.wash": "is no key of a protocol",
    }
    assert _amiss(text, "zh")["covariates.1.days.1"].startswith("零时之后 14 天")


@pytest.mark.parametrize(
    ("key", "value", "where", "said"),
    [
        ("study", None, "study", "is needed"),
        ("study", "a b", "study", "give letters"),
        ("covariates.1.name", "age", "covariates", "age stands twice"),
        ("strategies.comparator", None, "strategies", "give a comparator"),
        ("strategies.treatment", {"name": "new", "column": "arm"}, "strategies.treatment", "given by concepts"),
        ("covariates.0", {"name": "age", "given_by": "events"}, "covariates.0", "events go with"),
        ("follow_up", {"starts": 9, "days": 5}, "follow_up", "starts after it ends"),
        ("sensitivity", [start_bias("smoking", "confounding")], "sensitivity.0", "confounder_ratio is not three"),
        ("missing_data", {"covariates": []}, "missing_data", "name covariates"),
        ("outcome.kind", "rare", "outcome.kind", "'time_to_event'"),
    ],
)
def test_a_fault_is_found_where_it_can_be_mended(key: str, value: object, where: str, said: str) -> None:
    text = change_key(TEXT, key, value)
    assert said in _amiss(text)[where]
    assert not _amiss(text, "zh")[where].isascii()


@pytest.mark.parametrize(
    ("text", "said"), [("a: [", "line 1"), ("- a", "no keys"), ("a: &b [*b", "no YAML"), ("a: &b [*b]", "over 100,000")]
)
def test_what_is_no_yaml_is_said_of_the_whole(text: str, said: str) -> None:
    assert said in _amiss(text)[""]
    with pytest.raises(ProtocolError):
        change_key(text, "study", "a")


def test_a_change_keeps_comments_order_and_layout() -> None:
    assert change_key(TEXT, "strategies.washout", 180) == TEXT.replace("365", "180")
    added = change_key(TEXT, "covariates.2", {"name": "sex", "given_by": "sex"})
    assert added == TEXT + "  - {name: sex, given_by: sex}\n"
    assert change_key(added, "covariates.2", None) == TEXT
    # What is empty without the key goes with it.
    assert change_key(change_key(TEXT, "follow_up.days", 90), "follow_up.days", None) == TEXT


@settings(max_examples=30, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12))
def test_any_title_is_read_back_as_it_was_entered(title: str) -> None:
    changed = change_key(TEXT, "title", title)
    assert yaml.safe_load(changed) == yaml.safe_load(TEXT) | {"title": title}
    assert changed.startswith("# drafted in March")
