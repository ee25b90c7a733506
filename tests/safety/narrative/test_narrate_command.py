"""``bencao safety narrate`` writes narratives, and puts them into their cases."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bencao.safety.exchange import read_cases

BLEEDING = Path(__file__).parent / "bleeding.json"


def test_narratives_are_written_as_text_pages_and_json(bencao: Callable[..., Any], tmp_path: Path) -> None:
    for name in ("a.txt", "a.md", "a.html", "a.json"):
        assert bencao("safety", "narrate", str(BLEEDING), "-o", name, "--lang", "zh").code == 0
        assert "8月龄" in (tmp_path / name).read_text(encoding="utf-8")
    [told] = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    sentence = next(each for each in told["sentences"] if "8月龄" in each["text"])
    assert {each["path"]: each["value"] for each in sentence["fields"]}["patient.age"] == "8"
    assert "D.2.2a = 8" in (tmp_path / "a.md").read_text(encoding="utf-8")
    assert "safety narrate" in bencao("ledger", "trace", "a.txt").out


def test_a_narrative_goes_into_its_case_and_from_there_into_the_message(
    bencao: Callable[..., Any], tmp_path: Path
) -> None:
    assert bencao("safety", "narrate", str(BLEEDING), "--into", "told.json").code == 0
    [found] = read_cases(tmp_path / "told.json")
    assert found.case is not None
    told = found.case.narrative.text
    assert told.value.startswith("This is a spontaneous report") and told.source is not None
    assert told.source.rule == "narrative 1 en"
    assert bencao("safety", "convert", "told.json", "-o", "told.xml").code == 0
    assert "an 8-month-old female" in (tmp_path / "told.xml").read_text(encoding="utf-8")


def test_a_narrative_that_came_with_the_case_is_kept(
    bencao: Callable[..., Any], tmp_path: Path, samples: list[Path]
) -> None:
    refused = bencao("safety", "narrate", str(samples[0]), "--into", "told.json")
    assert refused.code == 2 and "H.1" in refused.err and not (tmp_path / "told.json").exists()
    assert bencao("safety", "narrate", str(samples[0]), "--into", "told.json", "--replace").code == 0
    first = (tmp_path / "told.json").read_text(encoding="utf-8")
    assert first.count("Case Narrative Including Clinical Course") == 1
    assert bencao("safety", "narrate", "told.json", "--into", "again.json").code == 0, (
        "it is our own: it may be renewed"
    )
    assert (tmp_path / "again.json").read_text(encoding="utf-8") == first


def test_a_case_that_cannot_be_read_is_named_and_the_others_are_told(
    bencao: Callable[..., Any], tmp_path: Path
) -> None:
    lines = [json.dumps(json.loads(BLEEDING.read_text(encoding="utf-8"))), '{"patient": {"height": "3"}}']
    (tmp_path / "cases.jsonl").write_text("\n".join(lines), encoding="utf-8")
    ended = bencao("safety", "narrate", "cases.jsonl", "-o", "a.txt")
    assert ended.code == 1 and "line 2" in ended.err and (tmp_path / "a.txt").exists()
    assert bencao("safety", "narrate", "cases.jsonl", "-o", "a.doc").code == 2


def test_with_the_users_meddra_codes_have_names(bencao: Callable[..., Any], tmp_path: Path) -> None:
    folder = tmp_path / "MedAscii"
    folder.mkdir()
    (folder / "llt.asc").write_text("10003658$A fluttering of ours$1$$$$$$$Y$$\n", encoding="utf-8")
    assert bencao("safety", "narrate", str(BLEEDING), "-o", "a.txt", "--meddra", str(folder)).code == 0
    told = (tmp_path / "a.txt").read_text(encoding="utf-8")
    assert "“atrial fibrillation” (MedDRA 27.0 “A fluttering of ours”, code 10003658)" in told
    assert "the reaction with MedDRA 27.0 code 10037844" in told, "a code that it has not stands as a code"
    assert "llt.asc" in bencao("ledger", "trace", "a.txt").out
