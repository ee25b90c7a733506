"""The safety room's page in a real Chromium: inbox, a case beside its text, duplicates side by side, signals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="cannot run here: playwright is not installed")
pytest.importorskip("lxml", reason="cannot run here: the extra bencao[safety] is not installed")
from chromium import Visit, part, served, visiting
from playwright.sync_api import Browser, expect

from bencao.safety.case import Case, Source, case_of
from bencao.safety.case.json_form import to_json
from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.exchange import write_cases

MAIL = "A 54-year-old woman took warfarin 5 mg and bled. <img src=x onerror=alert(1)> She was admitted to hospital."


def said(words: str) -> Source:
    start = MAIL.index(words)
    return Source("mail.txt", start, start + len(words), "lexicon")


def drafted() -> Case:
    """A case whose values point at the words of the mail."""
    told = {
        ("C.1.1", ()): ("XX-MAIL-1", None),
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
    expect(mail).to_contain_text("F 54 a")
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
    expect(part(page, "section-E").locator(".chosen")).to_contain_text("true")


def test_a_case_is_shown_again_in_the_other_language(visit: Visit) -> None:
    page = visit("zh-CN", "/safety?tab=inbox&case=1")
    expect(part(page, "case")).to_have_text("XX-SITE-9")
    expect(part(page, "section-D")).to_contain_text("beyond any person's")
    expect(page.locator("body")).to_contain_text("数据元素")
    part(page, "language").click()
    expect(page.locator("body")).to_contain_text("Element")
    expect(part(page, "case")).to_have_text("XX-SITE-9")


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
