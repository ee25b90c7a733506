"""The page in a real Chromium that reaches this machine only: draw, plan, lock, plan again, compare, download."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest
from gated_board import GATED, HELD, LIDOCAINE, PARACETAMOL, until
from rdkit import Chem

from bencao.kernel.ledger import Ledger, trace_file

pytest.importorskip("playwright", reason="cannot run here: playwright is not installed")
from chromium import Visit, part, served, visiting
from playwright.sync_api import Browser, Page, expect

BIPHENYL = "c1ccc(-c2ccccc2)cc1"


@dataclass
class Server:
    """A workbench in a process of its own."""

    address: str
    folder: Path

    @property
    def gate(self) -> Path:
        return self.folder / "gate"

    def asked(self, smiles: str) -> bool:
        log = self.folder / "log"
        return log.exists() and smiles in log.read_text().splitlines()


@pytest.fixture(scope="module")
def server(hand_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("served")
    arguments = [hand_model, folder / "log", HELD, folder / "gate"]
    with served("serving_gated.py", arguments, folder) as address:
        yield Server(address, folder)


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """Open the workbench as another user each time."""
    with visiting(browser, server.address) as open_page:
        yield open_page


def give(page: Page, smiles: str) -> None:
    page.get_by_label(re.compile("SMILES")).fill(smiles)
    expect(page.locator(".bond-picker .bond").first).to_be_attached()


def plan(page: Page) -> None:
    part(page, "plan").click()


def draw_biphenyl(page: Page) -> None:
    """Two benzene rings in Ketcher, the second on an atom of the first."""
    page.get_by_role("button", name="Draw").click()
    use = page.get_by_role("button", name="Use this structure")
    expect(use).to_be_enabled()
    ketcher = page.frame_locator("iframe")
    ketcher.locator("[data-testid='bottom-toolbar'] button[title^='Benzene']").click()
    canvas = ketcher.locator("div[data-testid='ketcher-canvas']")
    box = canvas.bounding_box()
    assert box
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.click(*middle)
    expect(canvas.locator("path").first).to_be_attached()
    # Dragged off an atom, the ring hangs on a bond; on the atom itself it would share it.
    page.mouse.move(middle[0], middle[1] - 40)
    page.mouse.down()
    page.mouse.move(middle[0], middle[1] - 140, steps=6)
    page.mouse.up()
    use.click()


def test_draw_plan_lock_plan_again_and_download(visit: Visit, server: Server, tmp_path: Path) -> None:
    page = visit()
    draw_biphenyl(page)
    smiles = page.get_by_label("SMILES of the target")
    expect(smiles).not_to_have_value("")
    assert Chem.CanonSmiles(smiles.input_value()) == BIPHENYL
    expect(page.locator(".bond-picker .bond")).to_have_count(13)
    plan(page)

    expect(part(page, "route-1")).to_contain_text("1 step")
    step = part(page, "tree-1").locator("[data-step='1']")
    step.locator("rect").first.click(force=True)
    expect(part(page, "step-title")).to_contain_text("C-C bond formation")
    expect(page.locator(".step-drawer")).to_contain_text("gives the product")
    expect(part(page, "precedent").or_(part(page, "no-precedent")).first).to_be_visible()

    with page.expect_download() as coming:
        part(page, "leaves.csv").click()
    saved = tmp_path / "leaves.csv"
    coming.value.save_as(saved)
    leaves = {row["smiles"] for row in csv.DictReader(io.StringIO(saved.read_text(encoding="utf-8")))}
    assert any("B" in leaf for leaf in leaves)
    with Ledger(server.folder / ".bencao") as ledger:
        assert trace_file(ledger, saved).known

    # The bond between the rings is the one that the route makes: locked, it leaves no way.
    target = Chem.MolFromSmiles(smiles.input_value())
    (between,) = [bond for bond in target.GetBonds() if not bond.IsInRing()]
    name = f"{between.GetBeginAtomIdx() + 1}-{between.GetEndAtomIdx() + 1}"
    page.locator(f".bond[data-bond='{name}']").click(force=True)
    expect(page.locator(".bond.locked")).to_have_count(1)
    plan(page)
    expect(part(page, "no-route")).to_be_visible()

    page.reload()
    expect(part(page, "no-route")).to_be_visible()
    expect(page.locator(".bond.locked")).to_have_count(1)


def test_two_users_plan_at_once_and_the_page_answers_meanwhile(visit: Visit, server: Server) -> None:
    server.gate.touch()
    try:
        first, second = visit(), visit()
        give(first, GATED)
        plan(first)
        expect(part(first, "progress")).to_contain_text("Searching")
        until(lambda: server.asked(HELD))
        expect(part(first, "figure-expanded")).not_to_have_text("0")
        expect(part(first, "figure-found")).to_have_text("1")
        expect(part(first, "progress")).to_contain_text("first route after")
        assert urlopen(f"{server.address}/api/v1/health").status == 200
        give(second, LIDOCAINE)
        plan(second)
        expect(part(second, "route-1")).to_be_visible()
        expect(part(first, "progress")).to_be_visible()
        # While it is planned the target is looked at, and another is drawn.
        give(first, PARACETAMOL)
        expect(first.locator(".bond-picker .bond")).to_have_count(11)
    finally:
        server.gate.unlink()
    expect(part(first, "route-1")).to_be_visible()
    expect(part(first, "progress")).not_to_be_visible()


def test_a_plan_is_cancelled(visit: Visit, server: Server) -> None:
    server.gate.touch()
    try:
        page = visit()
        give(page, GATED)
        plan(page)
        until(lambda: server.asked(HELD))
        part(page, "cancel").click()
    finally:
        server.gate.unlink()
    expect(page.get_by_text("The plan was cancelled.")).to_be_visible()


def test_two_routes_stand_side_by_side_and_zoom(visit: Visit) -> None:
    page = visit()
    give(page, LIDOCAINE)
    plan(page)
    expect(part(page, "route-2")).to_be_visible()
    part(page, "compare").click()
    page.get_by_role("option", name="Route 2").click()
    expect(part(page, "panel-2")).to_contain_text("Longest line")
    one, two = part(page, "panel-1").bounding_box(), part(page, "panel-2").bounding_box()
    assert one and two and one["x"] + one["width"] <= two["x"] and one["y"] == two["y"]

    tree = part(page, "tree-1")
    before = tree.locator(".route-plane").get_attribute("style")
    box = tree.bounding_box()
    assert box
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.wheel(0, -400)
    expect(tree.locator(".route-plane")).not_to_have_attribute("style", before or "")
    zoomed = tree.locator(".route-plane").get_attribute("style") or ""
    assert _scale(zoomed) > _scale(before or "")
    page.mouse.down()
    page.mouse.move(box["x"] + 160, box["y"] + 130, steps=3)
    page.mouse.up()
    assert _scale(tree.locator(".route-plane").get_attribute("style") or "") == _scale(zoomed)
    assert tree.locator(".route-plane").get_attribute("style") != zoomed


def _scale(style: str) -> float:
    found = re.search(r"scale\(([\d.]+)\)", style)
    assert found, style
    return float(found[1])


def test_the_page_speaks_the_browsers_language_and_says_what_is_wrong(visit: Visit) -> None:
    page = visit("zh-CN")
    expect(part(page, "plan")).to_contain_text("规划路线")
    page.get_by_label("目标分子的 SMILES").fill("CC(")
    expect(page.locator(".fault").first).to_contain_text("CC(")
    expect(part(page, "plan")).to_be_disabled()
    part(page, "language").click()
    expect(part(page, "plan")).to_contain_text("Plan routes")


def test_without_a_study_the_trial_room_says_how_to_open_one(visit: Visit) -> None:
    page = visit()
    page.get_by_role("link", name="Trial").click()
    expect(part(page, "closed")).to_contain_text("No study is open")
    expect(part(page, "closed")).to_contain_text("bencao serve --study")
    part(page, "language").click()
    expect(part(page, "closed")).to_contain_text("尚未打开研究")
