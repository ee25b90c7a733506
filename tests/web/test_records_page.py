"""The records room's page in a real Chromium: checks to their rows, rules reviewed, entities corrected in place."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

pytest.importorskip("playwright", reason="cannot run here: playwright is not installed")
pytest.importorskip("ibis", reason="cannot run here: the extra bencao[records] is not installed")
from chromium import Visit, part, served, visiting
from playwright.sync_api import Browser, Page, expect

from bencao.records.cdm.database import open_database
from bencao.records.mapping.model import read_mapping, write_mapping
from bencao.records.mapping.suggest import suggest_mapping
from bencao.records.quality.checking import check_quality
from bencao.records.quality.storing import write_quality
from bencao.records.sources.opening import stage

MARKUP = "<img src=x onerror=alert(1)>"
NOTES = [
    {"note_id": "n1", "note_text": f"患者𠮷某，高血压10年，否认糖尿病。{MARKUP}"},
    {"note_id": "n2", "note_text": "腹痛3天，CT未见异常。"},
]
FOUND = [
    ("n1", 5, "高血压", "Y", "kind=disease;end=8;status=present"),
    ("n1", 14, "糖尿病", "N", "kind=disease;end=17;status=negated"),
]
PATIENTS = "病案号,姓名,性别,出生日期\n" + "".join(
    f"P{number},患者{number},{'男' if number % 2 else '女'},19{50 + number}年1月2日\n" for number in range(20)
)


@pytest.fixture(scope="module")
def folder(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("records")
    source = shared_data / "records" / "omop" / "Synthea27Nj_5.4.zip"
    with open_database(source) as database:
        quality = check_quality(database, today=date(2026, 11, 27))
    write_quality(quality, folder / "result.json")
    write_quality(
        replace(quality.with_thresholds({"isForeignKey": 100.0}), today=date(2026, 12, 27)), folder / "later.json"
    )
    (folder / "his").mkdir()
    (folder / "his" / "患者.csv").write_text(PATIENTS, encoding="gb18030")
    stage(folder / "his", folder / "staged")
    (folder / "notes.jsonl").write_text(
        "".join(json.dumps(note, ensure_ascii=False) + "\n" for note in NOTES), encoding="utf-8"
    )
    columns = ("note_id", "offset", "lexical_variant", "term_exists", "term_modifiers")
    pl.DataFrame(FOUND, schema=columns, orient="row").write_parquet(folder / "found.parquet")
    return folder


@pytest.fixture(scope="module")
def address(hand_model: Path, shared_data: Path, folder: Path) -> Iterator[str]:
    write_mapping(suggest_mapping(folder / "staged", "甲院"), folder / "mapping.yaml")
    source = shared_data / "records" / "omop" / "Synthea27Nj_5.4.zip"
    given: list[Path | str] = [
        f"{folder / 'result.json'},{folder / 'later.json'}",
        source,
        folder / "mapping.yaml",
        folder / "staged",
    ]
    given += [folder / "notes.jsonl", folder / "found.parquet"]
    with served("serving_records.py", [hand_model, folder / "log", *given], folder) as found:
        yield found


@pytest.fixture
def visit(browser: Browser, address: str, folder: Path) -> Iterator[Visit]:
    write_mapping(suggest_mapping(folder / "staged", "甲院"), folder / "mapping.yaml")
    (folder / "notes.reviewed.jsonl").unlink(missing_ok=True)
    with visiting(browser, address) as open_page:
        yield open_page


def test_a_failing_check_opens_the_rows_that_violate_it(visit: Visit) -> None:
    page = visit(path="/records")
    expect(part(page, "database")).to_contain_text("Synthea27Nj_5.4.zip")
    expect(part(page, "summary").locator("tbody tr")).to_have_count(6)
    expect(part(page, "statuses")).to_contain_text("failed 56")
    checks = part(page, "checks").locator("tbody tr")
    expect(checks).to_have_count(56)
    part(page, "choice-table").click()
    page.get_by_role("option", name="drug_exposure (").click()
    expect(checks).not_to_have_count(56)
    checks.filter(has_text="plausibleValueHigh").get_by_role("button").click()
    expect(part(page, "check")).to_contain_text("Values of days_supply above 365")
    expect(part(page, "check")).to_contain_text("461 / 883")
    expect(part(page, "failing-rows").locator("tbody tr")).to_have_count(100)
    assert "check=field_plausiblevaluehigh_drug_exposure_days_supply" in page.url


def test_sites_and_loads_are_held_against_each_other(visit: Visit) -> None:
    page = visit(path="/records?tab=quality")
    sites = part(page, "sites")
    expect(sites).to_contain_text("result · 2026-11-27")
    expect(sites.locator("tbody tr").nth(1)).to_contain_text("56")
    sites.get_by_role("button", name="later · 2026-12-27").click()
    expect(part(page, "database")).to_contain_text("2026-12-27")
    expect(part(page, "checks").locator("tbody tr").filter(has_text="isForeignKey")).to_have_count(0)
    part(page, "checks").locator("tbody tr").first.get_by_role("button").click()
    expect(part(page, "failing-rows")).to_contain_text("--database")


def test_checks_that_do_not_apply_say_why_in_chinese(visit: Visit) -> None:
    page = visit("zh-CN", "/records?tab=quality&status=not_applicable&check=field_isrequired_note_note_text")
    expect(part(page, "check")).to_contain_text("表中没有记录")
    expect(part(page, "check-pages")).to_contain_text("第 1–100 项")
    part(page, "next-checks").click()
    expect(part(page, "check-pages")).to_contain_text("第 101–200 项")
    part(page, "language").click()
    expect(part(page, "check")).to_contain_text("the table has no rows")


def test_a_rule_is_reviewed_beside_what_stands_in_its_columns(visit: Visit, folder: Path) -> None:
    page = visit(path="/records?tab=mapping")
    rules = part(page, "rules").locator("tbody tr")
    expect(rules.filter(has_text="person.gender_concept_id")).to_contain_text("not reviewed")
    rules.filter(has_text="person.gender_concept_id").get_by_role("button").click()
    expect(part(page, "rule")).to_contain_text("person.gender_concept_id")
    expect(part(page, "column-values")).to_contain_text("男")
    text = part(page, "rule-text")
    text.fill("rule: sex\ncolumns: [种类]\n")
    part(page, "accept-rule").click()
    expect(part(page, "fault")).to_contain_text("has no column 种类")
    text.fill("rule: sex\ncolumns: [性别]\n")
    part(page, "accept-rule").click()
    expect(rules.filter(has_text="person.gender_concept_id")).to_contain_text("reviewed")
    expect(part(page, "rules-reviewed")).to_contain_text("1 of")
    assert read_mapping(folder / "mapping.yaml").tables[0].fields["gender_concept_id"].reviewed


def test_values_of_identifiers_are_not_shown(visit: Visit) -> None:
    page = visit(path="/records?tab=mapping&entry=0.person_id")
    expect(part(page, "rule")).to_contain_text("person.person_id")
    expect(page.get_by_text("looks like an identifier")).to_be_visible()
    expect(part(page, "column-values")).to_have_count(0)


def _select(page: Page, words: str) -> None:
    """Select words in the note with the mouse."""
    box = page.evaluate(
        """words => { const walk = document.createTreeWalker(document.querySelector("[data-part='note-text']"), 4);
        for (let node; (node = walk.nextNode());) { const at = node.textContent.indexOf(words); if (at < 0) continue;
        const range = document.createRange(); range.setStart(node, at); range.setEnd(node, at + words.length);
        const box = range.getBoundingClientRect(); return [box.left, box.right, (box.top + box.bottom) / 2]; } }""",
        words,
    )
    page.mouse.move(box[0] + 1, box[2])
    page.mouse.down()
    page.mouse.move(box[1] - 1, box[2], steps=5)
    page.mouse.up()


def test_entities_are_corrected_in_place_and_saved(visit: Visit, folder: Path) -> None:
    page = visit(path="/records?tab=notes")
    expect(part(page, "notes").locator("tbody tr")).to_have_count(2)
    part(page, "notes").get_by_role("button", name="n1").click()
    marks = part(page, "note-text").locator("mark")
    expect(marks).to_have_text(["高血压", "糖尿病"])
    assert page.locator("img[src='x']").count() == 0, "a note's text became markup"
    marks.nth(1).click()
    part(page, "choice-assertion").click()
    page.get_by_role("option", name="past").click()
    expect(part(page, "entities")).to_contain_text("past")
    _select(page, "10年")
    expect(marks).to_have_text(["高血压", "10年", "糖尿病"])
    part(page, "choice-kind").click()
    page.get_by_role("option", name="test", exact=True).click()
    marks.nth(0).click()
    part(page, "remove-entity").click()
    expect(part(page, "note-state")).to_have_text("not saved")
    part(page, "save-note").click()
    expect(part(page, "note-state")).to_have_text("reviewed")
    expect(part(page, "note-kinds")).to_contain_text("Reviewed 1")
    (line,) = (folder / "notes.reviewed.jsonl").read_text(encoding="utf-8").splitlines()
    held = json.loads(line)
    told = [(held["text"][one["start"] : one["end"]], one["label"], one["status"]) for one in held["entities"]]
    assert told == [("10年", "test", "present"), ("糖尿病", "disease", "past")]


def test_what_is_not_open_says_how_to_open_it(browser: Browser, hand_model: Path, folder: Path) -> None:
    given = ["-", "-", "-", "-", folder / "notes.jsonl", "-"]
    arguments = [hand_model, folder / "log", *given]
    with served("serving_records.py", arguments, folder) as address, visiting(browser, address) as open_page:
        page = open_page(path="/records")
        expect(part(page, "notes-file")).to_have_text("notes.jsonl")
        part(page, "tab-quality").click()
        expect(part(page, "nothing-open")).to_contain_text("--quality")
