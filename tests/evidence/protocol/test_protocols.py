"""A protocol is whole before any data are opened, and frozen once it is registered."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

MANUAL = Path(__file__).resolve().parents[3] / "docs" / "evidence.md"


@pytest.fixture
def protocol(tmp_path: Path) -> Path:
    """The protocol that the manual shows."""
    block = re.search(r"```yaml\n(.*?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)
    assert block
    path = tmp_path / "protocol.yaml"
    path.write_text(block[1], encoding="utf-8")
    return path


def _change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_manual_s_protocol_is_whole(bencao: Callable[..., Any], protocol: Path) -> None:
    answer = bencao("evidence", "check", str(protocol))
    assert answer.code == 0
    assert answer.out.startswith("celecoxib-bleeding: a whole protocol")


@pytest.mark.parametrize(
    ("old", "new", "kind", "said"),
    [
        ("given_by: age}", "given_by: age, days: [-30, 14]}", "TimeZeroError", "age"),
        ("study: celecoxib-bleeding\n", "", "ProtocolError", "study"),
        ("washout: 365", "wash: 365", "ProtocolError", "strategies.wash"),
        ("name: sex, given_by: sex", "name: age, given_by: sex", "ProtocolError", "stands twice"),
        ("concepts: [192671]", "column: bleeding", "ProtocolError", "concepts or codes"),
        ("study:", "study: [", "ProtocolError", "line 2"),
    ],
)
def test_what_is_amiss_is_named(
    bencao: Callable[..., Any], protocol: Path, old: str, new: str, kind: str, said: str
) -> None:
    _change(protocol, old, new)
    answer = bencao("evidence", "check", str(protocol))
    assert answer.code == 2
    assert answer.err.startswith(f"{kind}: protocol.yaml")
    assert said in answer.err
    assert len(answer.err.splitlines()) == 1


def test_a_registered_protocol_changes_only_with_a_reason(bencao: Callable[..., Any], protocol: Path) -> None:
    assert "version 1" in bencao("evidence", "register", str(protocol)).out
    protocol.write_text("# spelt otherwise\n" + protocol.read_text(encoding="utf-8"), encoding="utf-8")
    assert "version 1" in bencao("evidence", "register", str(protocol)).out
    _change(protocol, "washout: 365", "washout: 180")
    refused = bencao("evidence", "register", str(protocol))
    assert refused.code == 2
    assert "differs from version 1" in refused.err
    assert "version 2" in bencao("evidence", "register", str(protocol), "--reason", "too few new users").out
