"""The viewer of an application, in a real browser: tree, views, history, difference, and a PDF opened in place."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks" / "submission"))

from dossiers import build, official

from bencao.submission.ectd.application import read_application
from bencao.submission.ectd.view.writing import write_viewer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def viewer(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("viewer")
    application = build("new-drug", folder, official(shared_data / "submission", folder / "official"))
    path = folder / "viewer.html"
    write_viewer(read_application(application), path)
    first = path.read_bytes()
    write_viewer(read_application(application), path)
    assert path.read_bytes() == first
    return path


@pytest.fixture
def page(viewer: Path, browser: Browser) -> Page:
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.errors = []  # type: ignore[attr-defined]
    page.on("pageerror", lambda error: page.errors.append(str(error)))  # type: ignore[attr-defined]
    page.on("console", lambda told: page.errors.append(told.text) if told.type == "error" else None)  # type: ignore[attr-defined]
    page.goto(viewer.as_uri())
    return page


def rows(page: Page) -> list[str]:
    return [" ".join(row.inner_text().split()) for row in page.locator(".leaf").all()]


def test_the_tree_shows_what_stands_in_both_languages(page: Page) -> None:
    assert page.locator("summary", has_text="Clinical Overview").count() == 1
    assert "replace 0003 clinical-overview" in rows(page)
    assert not any("nomenclature" in row or "literature" in row for row in rows(page)), "deleted leaves do not stand"
    page.click("#lang")
    assert page.locator("summary", has_text="临床综述").count() == 1
    assert "替换 0003 clinical-overview" in rows(page)
    assert page.errors == []  # type: ignore[attr-defined]


def test_a_sequence_alone_and_what_stood_after_it(page: Page) -> None:
    page.select_option("#view", "single")
    page.select_option("#sequence", "0001")
    assert "delete 0001 nomenclature" in rows(page) and all(" 0001 " in row for row in rows(page))
    page.select_option("#view", "current")
    assert "replace 0001 clinical-overview" in rows(page)
    assert not any("amendment" in row for row in rows(page)), "that came later"


def test_the_difference_of_two_sequences(page: Page) -> None:
    page.select_option("#view", "diff")
    page.select_option("#sequence", "0004")
    page.select_option("#other", "0000")
    told = rows(page)
    assert "changed 0003 clinical-overview" in told
    assert "removed 0000 nomenclature" in told
    assert "added 0001 protocol" in told
    assert not any(row.endswith("composition") for row in told), "what stayed is no difference"


def test_a_leaf_s_history_and_its_document(page: Page) -> None:
    page.locator(".leaf", has_text="clinical-overview").click()
    steps = [" ".join(step.inner_text().split()) for step in page.locator("#facts li").all()]
    assert steps == [
        "0000 new: clinical-overview replaced",
        "0001 replace: clinical-overview replaced",
        "0002 replace: clinical-overview replaced",
        "0003 replace: clinical-overview",
    ]
    source = page.locator("#document").get_attribute("src")
    assert source == "x202600001/0003/m2/25-clin-over/clinical-overview.pdf"
    page.wait_for_function("document.getElementById('document').contentWindow !== null")
    assert page.errors == []  # type: ignore[attr-defined]
    page.locator("#facts li button").first.click()
    assert "/0000/" in (page.locator("#document").get_attribute("src") or "")


def test_a_leaf_is_found_by_its_title(page: Page) -> None:
    page.fill("#find", "synop")
    assert [row.rsplit(" ", 1)[-1] for row in rows(page)] == ["synopsis"]


def test_a_title_cannot_run_in_the_page(viewer: Path, browser: Browser, tmp_path: Path) -> None:
    text = viewer.read_text(encoding="utf-8")
    assert "</script><script>" not in text.split('id="data"')[1].split("</script>")[0]
    hostile = tmp_path / "hostile.html"
    hostile.write_text(text.replace('"clinical-overview"', '"\\u003cimg src=x onerror=alert(1)>"'), encoding="utf-8")
    page = browser.new_page()
    told: list[str] = []
    page.on("dialog", lambda dialog: (told.append(dialog.message), dialog.dismiss()))
    page.goto(hostile.as_uri())
    page.locator(".leaf", has_text="<img").first.click()
    assert page.locator(".leaf img").count() == 0 and told == []
