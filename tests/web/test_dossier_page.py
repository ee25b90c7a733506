"""The submission room's page in a real Chromium: a dossier beside its check, a translation reviewed and saved."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="cannot run here: playwright is not installed")
pytest.importorskip("pikepdf", reason="cannot run here: the extra bencao[submission] is not installed")
from chromium import Visit, part, served, visiting
from playwright.sync_api import Browser, expect

from bencao.submission.exchange.content import Tag, text_of
from bencao.submission.exchange.xliff import NEEDS_TRANSLATION, Segment, build_xliff, read_xliff, write_xliff

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks" / "submission"
BOLD, PLAIN = Tag("open", "b1", "pc", (("id", "b1"),)), Tag("close", "b1", "pc")
MARKUP = "<img src=x onerror=alert(1)>"
SEGMENTS = [
    Segment("u1", ("Drug substance",), ("原料药",), "translated"),
    Segment("u2", ("Take ", BOLD, "12.5 mg", PLAIN, " twice a day."), None, "initial", NEEDS_TRANSLATION),
    Segment("u3", (f"Adverse events {MARKUP} in 12 subjects.",), (f"21名受试者的不良事件{MARKUP}。",), "translated"),
    *[Segment(f"n{number}", (f"{number}",), (f"{number}",), "final") for number in range(60)],
]


@pytest.fixture(scope="module")
def folder(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean application of three sequences, in which one file was then spoilt."""
    sys.path.insert(0, str(BENCHMARKS))
    from dossiers import build, official

    folder = tmp_path_factory.mktemp("submission")
    assets = official(shared_data / "submission", folder / "official")
    application = build("new-drug", folder / "dossier", assets)
    (application / "0000" / "m1" / "cn" / "03" / "label.pdf").write_bytes(b"no PDF")
    return folder


@pytest.fixture(scope="module")
def address(hand_model: Path, folder: Path) -> Iterator[str]:
    write_xliff(build_xliff(SEGMENTS, "en", "zh"), folder / "review.xlf")
    arguments = [hand_model, folder / "log", folder / "dossier" / "x202600001", folder / "official"]
    with served("serving_submission.py", [*arguments, folder / "review.xlf"], folder) as found:
        yield found


@pytest.fixture
def visit(browser: Browser, address: str, folder: Path) -> Iterator[Visit]:
    write_xliff(build_xliff(SEGMENTS, "en", "zh"), folder / "review.xlf")
    with visiting(browser, address) as open_page:
        yield open_page


def test_the_tree_stands_beside_the_verdict_and_a_leaf_opens_its_history(visit: Visit) -> None:
    page = visit(path="/submission")
    expect(part(page, "application")).to_have_text("Application x202600001")
    tree = part(page, "tree")
    expect(tree.locator(".tree-heading", has_text="Clinical overview")).to_contain_text("2.5")
    expect(part(page, "verdict")).to_have_text("Fails")
    expect(part(page, "severity")).to_contain_text("Errors 2")
    expect(tree.locator(".tree-heading").first).to_have_attribute("data-mark", "error")

    tree.locator(".tree-leaf", has_text="label").filter(has_text="0000").click()
    expect(part(page, "leaf-title")).to_have_text("label")
    expect(part(page, "leaf")).to_contain_text("0000/m1/cn/03/label.pdf")
    expect(part(page, "history").locator("tbody tr")).to_have_count(4)
    found = part(page, "at-leaf").locator(".rule-card")
    expect(found).to_have_count(2)
    expect(part(page, "at-leaf")).to_contain_text("A PDF can be read and has a page.")
    expect(part(page, "at-leaf")).to_contain_text("Make the file again from its source.")

    part(page, "history").get_by_role("button", name="0002").click()
    expect(part(page, "leaf")).to_contain_text("replace (0002)")
    expect(part(page, "at-leaf")).to_contain_text("Nothing was found at this leaf.")
    expect(tree.locator(".chosen")).to_contain_text("0002")


def test_findings_are_filtered_and_lead_to_their_leaf(visit: Visit) -> None:
    page = visit(path="/submission?tab=dossier&view=0000")
    expect(part(page, "leaves")).to_have_text("23 leaves")
    groups = part(page, "findings").locator(".rule-card")
    expect(groups.first).to_contain_text("4.1.13")
    expect(part(page, "findings")).to_contain_text("Tells how many files the sequence holds.")
    part(page, "severity").get_by_role("button", name="Errors").click()
    expect(groups).to_have_count(2)
    part(page, "severity").get_by_role("button", name="Warnings").click()
    expect(part(page, "findings")).to_contain_text("Nothing was found.")
    part(page, "severity").get_by_role("button", name="Errors").click()
    page.locator("[data-rule='6.1']").get_by_role("button", name="m1/cn/03/label.pdf").click()
    expect(part(page, "leaf-title")).to_have_text("label")

    part(page, "choice-view").click()
    page.get_by_role("option", name="Standing after the last sequence").click()
    expect(part(page, "tree").locator(".tree-leaf", has_text="label")).to_have_count(1)
    part(page, "tree").locator("[data-tool='close']").click()
    expect(part(page, "tree").locator(".tree-row")).to_have_count(5)


def test_the_dossier_speaks_chinese_and_keeps_its_place(visit: Visit) -> None:
    page = visit("zh-CN", "/submission?tab=dossier&leaf=17")
    expect(part(page, "leaf-title")).to_have_text("label")
    expect(part(page, "verdict")).to_have_text("不通过")
    expect(part(page, "tree").locator(".tree-heading", has_text="临床综述")).to_contain_text("2.5")
    part(page, "language").click()
    expect(part(page, "verdict")).to_have_text("Fails")
    expect(part(page, "leaf-title")).to_have_text("label")


def test_a_translation_is_checked_as_it_is_typed_and_saved_whole(visit: Visit, folder: Path) -> None:
    page = visit(path="/submission?tab=review")
    rows = part(page, "segments").locator("tbody tr")
    expect(rows).to_have_count(50)
    expect(rows.first).to_contain_text("memory")
    expect(part(page, "save")).to_be_disabled()

    rows.nth(1).get_by_role("button").click()
    text = part(page, "target")
    text.fill("每日两次，每次12.5克。")
    expect(part(page, "checks").locator("[data-finding='unit']")).to_have_count(1)
    expect(part(page, "checks").locator("[data-finding='tag']")).to_have_count(2)
    expect(rows.nth(1)).to_contain_text("not saved")
    before = (folder / "review.xlf").read_bytes()
    part(page, "save").click()
    expect(part(page, "fault")).to_contain_text("TagLost")
    expect(part(page, "fault")).to_contain_text("<b1>")
    assert (folder / "review.xlf").read_bytes() == before

    text.fill("每日两次，每次<b1>12.5毫克</b1>。")
    expect(part(page, "checks")).to_contain_text("The checks find nothing.")
    part(page, "final").click()
    part(page, "save").click()
    expect(rows.nth(1)).to_contain_text("written here")
    expect(part(page, "fault")).to_have_count(0)
    segment = read_xliff(folder / "review.xlf").segments[1]
    assert (text_of(segment.target or ()), segment.state) == ("每日两次，每次12.5毫克。", "final")
    assert [one for one in segment.target or () if isinstance(one, Tag)] == [BOLD, PLAIN]
    expect(part(page, "save")).to_be_disabled()


def test_what_is_not_saved_stays_while_the_dossier_is_looked_at(visit: Visit, folder: Path) -> None:
    page = visit(path="/submission?tab=review&segment=0")
    part(page, "target").fill("原料药物")
    expect(part(page, "save")).to_have_text("saveSave 1")
    part(page, "target").fill("原料药品")
    part(page, "tab-dossier").click()
    expect(part(page, "application")).to_be_visible()
    part(page, "tab-review").click()
    expect(part(page, "target")).to_have_value("原料药品")
    expect(part(page, "segments").locator("tbody tr").first).to_contain_text("not saved")
    part(page, "save").click()
    expect(part(page, "save")).to_be_disabled()
    assert read_xliff(folder / "review.xlf").segments[0].target == ("原料药品",)


def test_terms_findings_and_markup_of_the_file_are_texts(visit: Visit) -> None:
    page = visit(path="/submission?tab=review&kind=findings&segment=2")
    expect(part(page, "segments").locator("tbody tr")).to_have_count(1)
    expect(part(page, "checks").locator("[data-finding='number']").first).to_contain_text("12")
    expect(part(page, "terms").locator("tr", has_text="Adverse events")).to_contain_text("不良事件")
    expect(part(page, "text").locator("mark", has_text="Adverse events")).to_be_visible()
    assert page.locator("img[src='x']").count() == 0, "a text from the file became markup"


def test_more_segments_than_a_page_are_turned_over(visit: Visit) -> None:
    page = visit("zh-CN", "/submission?tab=review")
    expect(part(page, "pages")).to_have_text("第 1–50 个，共 63 个")
    part(page, "next-page").click()
    expect(part(page, "segments").locator("tbody tr")).to_have_count(13)
    expect(part(page, "kinds")).to_contain_text("已定稿 60")


def test_what_another_program_wrote_is_not_overwritten(visit: Visit, folder: Path) -> None:
    page = visit(path="/submission?tab=review&segment=0")
    part(page, "target").fill("药物活性成分")
    expect(part(page, "save")).to_be_enabled()
    write_xliff(build_xliff([*SEGMENTS, Segment("last", ("End",), None)], "en", "zh"), folder / "review.xlf")
    part(page, "save").click()
    expect(part(page, "fault")).to_contain_text("another program")
    assert len(read_xliff(folder / "review.xlf").segments) == len(SEGMENTS) + 1
    part(page, "reload").click()
    expect(part(page, "kinds")).to_contain_text(f"All {len(SEGMENTS) + 1}")
    expect(part(page, "target")).to_have_value("原料药")


def test_rules_that_were_not_checked_name_the_file_they_need(browser: Browser, hand_model: Path, folder: Path) -> None:
    (folder / "none").mkdir(exist_ok=True)
    arguments = [hand_model, folder / "log", folder / "dossier" / "x202600001", folder / "none"]
    with served("serving_submission.py", arguments, folder) as address, visiting(browser, address) as open_page:
        page = open_page(path="/submission")
        expect(part(page, "unchecked")).to_contain_text("Rules not checked: 4")
        part(page, "unchecked").get_by_text("Rules not checked").click()
        expect(part(page, "unchecked").locator("tr", has_text="4.2.6")).to_contain_text(
            "cv-regulatory-activity-type.xml"
        )
        part(page, "tab-review").click()
        expect(part(page, "nothing-open")).to_contain_text("--review")
