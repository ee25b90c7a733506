"""The discovery room's page in a real Chromium: a target and its pocket, a library, the screen, a hit in its pocket."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="cannot run here: playwright is not installed")
pytest.importorskip("vina", reason="cannot run here: the extra bencao[discovery] is not installed")
from chromium import Visit, part, served, visiting
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect
from rdkit import Chem

from bencao.kernel.ledger import Ledger, trace_file
from kinase_site import write_site

LIBRARY = """c1ccc(-c2ccccn2)cc1 phenylpyridine
CC(=O)Nc1ccc(O)cc1 <img src=x onerror=alert(1)>
CCO ethanol
c1ccn broken
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("discovery")


@pytest.fixture(scope="module")
def address(hand_model: Path, folder: Path) -> Iterator[str]:
    with served("serving_discovery.py", [hand_model, folder / "log", folder / "screens"], folder) as found:
        yield found


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    with visiting(browser, address) as open_page:
        yield open_page


def give(page: Page, name: str, path: Path) -> None:
    part(page, f"drop-{name}").locator("input[type=file]").set_input_files(path)


def fill(page: Page, name: str, text: str) -> None:
    field = part(page, name)
    field.locator("xpath=descendant-or-self::*[self::input or self::textarea]").fill(text)


def is_drawn(view: Locator) -> bool:
    """Whether something coloured stands on the white ground; axes and buttons are smaller than a molecule."""
    shot = Image.open(io.BytesIO(view.screenshot())).convert("HSV")
    middle = shot.crop((shot.width // 4, shot.height // 4, 3 * shot.width // 4, 3 * shot.height // 4))
    coloured = sum(saturation > 90 for saturation in middle.getchannel(1).tobytes())
    return coloured > 0.005 * middle.width * middle.height


def until_drawn(page: Page, view: Locator) -> None:
    for _ in range(200):
        if is_drawn(view):
            return
        page.wait_for_timeout(500)
    raise AssertionError("nothing was drawn")


def test_from_a_structure_to_a_hit_in_its_pocket(visit: Visit, shared_data: Path, folder: Path, tmp_path: Path) -> None:
    page = visit(path="/discovery")
    part(page, "start").click()
    expect(part(page, "fault")).to_contain_text("no structure was given")
    give(page, "structure", write_site(shared_data, tmp_path / "site.pdb", 6.0))
    expect(part(page, "prepared")).to_contain_text("site.pdb")
    part(page, "pockets").locator("[data-open='1']").click()
    until_drawn(page, part(page, "target-view"))
    fill(page, "paste-library", LIBRARY)
    part(page, "settings").locator(".q-item").first.click()
    for name, value in (("exhaustiveness", "1"), ("expansions", "4"), ("hits", "2")):
        fill(page, f"set-{name}", value)
    part(page, "start").click()
    expect(part(page, "state")).to_be_visible()
    expect(part(page, "hit-1")).to_be_visible()

    expect(part(page, "controls-verdict")).to_contain_text("Nothing says whether docking works here")
    expect(part(page, "recovery")).to_have_text("Every candidate was docked.")
    expect(part(page, "stages")).to_contain_text("error 1, weight 1")
    expect(part(page, "hit-2")).to_contain_text("<img" if "phenyl" in part(page, "hit-1").inner_text() else "phenyl")
    expect(part(page, "hit-1").locator(".hit-picture svg")).to_be_visible()
    expect(part(page, "hit-title")).to_contain_text("1. ")
    expect(part(page, "contacts")).to_contain_text("A:")
    expect(part(page, "diagram").locator("svg")).to_be_visible()
    expect(page.get_by_text("logS, 90 % interval")).to_be_visible()
    until_drawn(page, part(page, "pose-view"))

    for name in ("hits.csv", "hits.sdf"):
        with page.expect_download() as coming:
            part(page, name).click()
        coming.value.save_as(tmp_path / name)
        with Ledger(folder / ".bencao") as ledger:
            assert trace_file(ledger, tmp_path / name).known
    rows = list(csv.DictReader((tmp_path / "hits.csv").open(encoding="utf-8")))
    assert len(rows) == len(list(Chem.SDMolSupplier(str(tmp_path / "hits.sdf")))) == 2
    assert all(row["route"] in ("yes", "no") for row in rows)

    # The address shows it again, in the other language, at the hit that was open.
    part(page, "hit-2").click()
    expect(part(page, "hit-title")).to_contain_text("2. ")
    part(page, "language").click()
    expect(part(page, "hit-title")).to_contain_text("2. ")
    expect(part(page, "controls-verdict")).to_contain_text("无从判断对接在该靶点上是否有效")
    expect(page.get_by_text("logS，90 % 区间")).to_be_visible()
    page.goto("/discovery?lang=zh")
    expect(part(page, "earlier")).to_contain_text("site.pdb")
