"""The safety room's page in a real Chromium: inbox, a case beside its text, duplicates side by side, signals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="cannot run here: playwright is not installed")
pytest.importorskip("lxml", reason="cannot run here: the extra bencao[safety] is not installed")
from chromium import Visit, part, served, visiting
from playwright.sync_api import Browser, Page, expect

from bencao.safety.case import Case, Source, case_of
from bencao.safety.case.json_form import to_json
from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.exchange import write_cases
from bencao.safety.validation import Background, validate_file

MAIL = "A 54-year-old woman took warfarin 5 mg and bled. <img src=x onerror=alert(1)> She was admitted to hospital."


CHOSEN = {
    "N.1.1": "batch of ICSRs (1)",
    "C.1.3": "spontaneous report (1)",
    "C.1.6.1": "no (false)",
    "C.1.7": "no (false)",
    "C.1.8.2": "another sender (2)",
    "C.1.9.1": "no information (NI)",
    "C.2.r.4": "physician (1)",
    "C.2.r.5": "primary source (1)",
    "C.3.1": "pharmaceutical company (1)",
    "E.i.3.2a": "no information (NI)",
    "E.i.3.2b": "no information (NI)",
    "E.i.3.2d": "no information (NI)",
    "E.i.3.2e": "no information (NI)",
    "E.i.3.2f": "no information (NI)",
    "E.i.7": "recovered or resolved (1)",
    "G.k.1": "suspect drug (1)",
}
ENTERED = {
    "N.1.2": "B-1",
    "N.1.3": "SENDER",
    "N.1.4": "RECEIVER",
    "N.1.5": "2026-10-01 12:00:00",
    "N.2.r.1": "XX-MAIL-1",
    "N.2.r.2": "SENDER",
    "N.2.r.3": "RECEIVER",
    "N.2.r.4": "2026-10-01 12:00:00",
    "C.1.2": "2026-10-01 12:00:00",
    "C.1.5": "2024-05-02",
    "C.1.8.1": "XX-MAIL-1",
    "C.2.r.3": "SE",
    "C.3.2": "Sender",
    "D.1": "AB",
    "D.7.2": "None known.",
    "E.i.1.1b": "eng",
    "E.i.2.1a": "27.0",
    "E.i.2.1b": "10005103",
    "H.1": "A woman bled on warfarin.",
}


def said(words: str) -> Source:
    start = MAIL.index(words)
    return Source("mail.txt", start, start + len(words), "lexicon")


def drafted() -> Case:
    """A case whose values point at the words of the mail."""
    told = {
        ("C.1.1", ()): ("XX-MAIL-1", None),
        ("C.1.4", ()): ("20240502", None),
        ("D.2.2a", ()): ("54", said("54")),
        ("D.2.2b", ()): ("a", said("year")),
        ("D.5", ()): ("2", said("woman")),
        ("E.i.1.1a", (1,)): ("bled", said("bled")),
        ("E.i.3.2c", (1,)): ("true", said("admitted to hospital")),
        ("G.k.2.2", (1,)): ("warfarin", said("warfarin")),
    }
    sources = {key: source for key, (_, source) in told.items() if source}
    return case_of([Occurrence(*key, value) for key, (value, _) in told.items()], sources)


@pytest.fixture(scope="module")
def address(hand_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("safety")
    (folder / "cases").mkdir()
    (folder / "texts").mkdir()
    (folder / "texts" / "mail.txt").write_text(MAIL, encoding="utf-8")
    (folder / "cases" / "a.json").write_text(json.dumps(to_json(drafted())), encoding="utf-8")
    other = [Occurrence("C.1.1", (), "XX-SITE-9"), Occurrence("D.5", (), "2"), Occurrence("D.2.2a", (), "320")]
    write_cases(folder / "cases" / "b.xml", [case_of([*other, Occurrence("G.k.2.2", (1,), "Warfarin sodium")])])
    (folder / "cases" / "c.json").write_text('{"patient": {"agee": "4"}}', encoding="utf-8")
    pair = {
        "a": "XX-MAIL-1",
        "b": "XX-SITE-9",
        "probability": 0.934,
        "cluster": 1,
        "fields": [{"field": "sex", "weight": 1.5, "said": "both female"}],
    }
    (folder / "pairs.jsonl").write_text(json.dumps(pair) + "\n", encoding="utf-8")
    (folder / "measures.csv").write_text(
        "drug,event,n,prr,ror,chi_squared,ic,ic025,ic975,ebgm,eb05,ebgm_signal,ic_signal\n"
        "warfarin,bleeding,120,6.1,6.4,410.2,2.41,2.1,2.7,5.2,4.4,true,true\n"
        "warfarin,headache,8,0.7,0.7,0.9,-0.4,-1.6,0.5,0.8,0.4,false,false\n"
        "aspirin,bleeding,90,3.2,3.3,150.0,1.6,1.2,1.9,2.9,2.4,true,true\n",
        encoding="utf-8",
    )
    (folder / "trends.csv").write_text(
        "drug,event,period,n,expected,ic,ic025,ic975\n"
        "warfarin,bleeding,2025Q1,10,4,1.1,0.2,1.7\nwarfarin,bleeding,2025Q2,30,6,2.1,1.5,2.6\n",
        encoding="utf-8",
    )
    with served("serving_safety.py", [hand_model, folder / "log", folder], folder) as found:
        yield found


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    with visiting(browser, address) as open_page:
        yield open_page


def test_the_inbox_tells_what_is_serious_and_what_cannot_be_read(visit: Visit) -> None:
    page = visit(path="/safety")
    inbox = part(page, "inbox")
    mail = inbox.locator("tr", has_text="XX-MAIL-1")
    expect(mail).to_contain_text("female, 54 years")
    expect(mail).to_contain_text("2 May 2024")
    expect(mail).to_contain_text("hospitalisation")
    expect(mail).to_contain_text("warfarin")
    expect(inbox.locator("tr", has_text="XX-SITE-9")).to_contain_text("1 values that cannot be true")
    expect(inbox.locator("tr", has_text="cannot be read")).to_contain_text("agee")


def test_a_value_and_its_words_lead_to_each_other(visit: Visit) -> None:
    page = visit(path="/safety")
    part(page, "inbox").get_by_role("button", name="XX-MAIL-1").click()
    text = part(page, "text")
    expect(text).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("img[src='x']").count() == 0, "a text became markup"
    expect(text.locator("mark")).to_have_count(6)
    part(page, "section-G").get_by_role("button", name="warfarin").click()
    expect(text.locator("mark.chosen")).to_have_text("warfarin")
    text.locator("mark", has_text="admitted").click()
    expect(text.locator("mark.chosen")).to_have_text("admitted to hospital")
    expect(part(page, "section-E").locator(".chosen")).to_contain_text("yes (true)")
    expect(part(page, "section-D").locator("tr", has_text="D.5")).to_contain_text("female (2)")


def test_a_case_is_shown_again_in_the_other_language(visit: Visit) -> None:
    page = visit("zh-CN", "/safety?tab=inbox&case=1")
    expect(part(page, "case")).to_have_text("XX-SITE-9")
    expect(part(page, "section-D")).to_contain_text("beyond any person's")
    expect(page.locator("body")).to_contain_text("数据元素")
    part(page, "language").click()
    expect(page.locator("body")).to_contain_text("Element")
    expect(part(page, "case")).to_have_text("XX-SITE-9")


OLD = "element => { element.dataset.old = '1' }"


def checked_anew(page: Page, name: str) -> None:
    """Press a button of the form, and wait until the form that was there is gone."""
    part(page, "asked").evaluate(OLD)
    part(page, name).click()
    expect(page.locator("[data-old]")).to_have_count(0)


def test_a_draft_is_completed_to_a_message_in_which_the_rules_find_nothing(
    visit: Visit, address: str, tmp_path: Path
) -> None:
    page = visit(path="/safety?tab=inbox&case=0")
    part(page, "fill-in").click()
    part(page, "region").click()
    asked = part(page, "asked")
    asked.evaluate(OLD)
    page.get_by_role("option", name="ICH").click()
    expect(page.locator("[data-old]")).to_have_count(0)
    expect(asked.locator("[data-element='C.1.2']")).to_contain_text("ICH")
    for _ in range(6):  # what is entered may bring up further questions
        fields = asked.locator("[data-element]")
        if not fields.count():
            break
        for number in [fields.nth(place).get_attribute("data-element") for place in range(fields.count())]:
            assert number
            field = asked.locator(f"[data-element='{number}']").first
            if number in CHOSEN:
                field.get_by_role("combobox").first.click()
                page.get_by_role("option", name=CHOSEN[number], exact=True).click()
                expect(page.get_by_role("option")).to_have_count(0)  # the list is gone, not going
            else:
                field.get_by_role("textbox").or_(field.locator("input")).first.fill(ENTERED[number])
        checked_anew(page, "apply")
    expect(part(page, "standing")).to_contain_text("Nothing is lacking")
    with page.expect_download() as got:
        part(page, "get-xml").click()
    message = tmp_path / "message.xml"
    got.value.save_as(message)
    [checked] = validate_file(message, "ICH", Background("20261101120000"))
    assert not checked.findings
    with page.expect_download() as got:
        part(page, "get-json").click()
    told = json.loads(Path(got.value.path()).read_text(encoding="utf-8"))
    assert told["administration"]["identification"]["report_type"]["source"] == {}


def test_an_entry_that_cannot_stand_is_said_beside_its_field(visit: Visit) -> None:
    page = visit("zh-CN", "/safety?tab=inbox&case=0")
    part(page, "fill-in").click()
    field = part(page, "asked").locator("[data-element='C.1.2']")
    field.locator("input").first.fill("yesterday")
    checked_anew(page, "apply")
    expect(field.locator(".hint").first).to_contain_text("C.1.2")
    expect(part(page, "standing")).to_contain_text("待处理")


def test_duplicates_stand_side_by_side_with_what_speaks_for_them(visit: Visit) -> None:
    page = visit(path="/safety?tab=duplicates")
    part(page, "pairs").get_by_role("button", name="XX-MAIL-1").click()
    expect(part(page, "weights")).to_contain_text("+1.50 both female")
    sex = part(page, "sides").locator("tr", has_text="D.5 Sex")
    expect(sex).to_contain_text("the same")
    expect(part(page, "sides").locator("tr", has_text="G.k.2.2")).to_contain_text("Warfarin sodium")


def test_signals_as_volcano_forest_and_over_time(visit: Visit) -> None:
    page = visit(path="/safety?tab=signals")
    expect(part(page, "volcano").locator("canvas, svg").first).to_be_visible()
    expect(page.locator("body")).to_contain_text("3 of 3 pairs")
    rows = part(page, "signals").locator("tbody tr")
    expect(rows.first).to_contain_text("bleeding")
    part(page, "signals").get_by_role("button", name="warfarin").first.click()
    expect(part(page, "drug")).to_have_text("warfarin")
    expect(part(page, "forest").locator("canvas, svg").first).to_be_visible()
    expect(part(page, "trend").locator("canvas, svg").first).to_be_visible()


def test_a_case_that_is_not_there_is_said(visit: Visit) -> None:
    page = visit(path="/safety?tab=inbox&case=77")
    expect(part(page, "fault")).to_contain_text("no case 77")
