"""What a screen found, on the page: whether docking works here, what each stage left, and the hits to choose from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui

from bencao.discovery.browse import OpenTargets, draw_molecules
from bencao.discovery.funnel.outlook import recovery_in_words
from bencao.discovery.funnel.words import NAMES
from bencao.kernel.svg import embedded
from bencao.kernel.workers import Failure
from bencao.synthesis.page import Language
from bencao.web.desk_panel import DeskPanel
from bencao.web.discovery.api import FILES
from bencao.web.discovery.desk import DiscoveryDesk
from bencao.web.discovery.hit_panel import HitPanel, route_in_words
from bencao.web.discovery.words import WORDS
from bencao.web.http.api import ROOT
from bencao.web.page.data_table import DataTable
from bencao.web.page.pager import show_pager

Hit = dict[str, Any]
_PAGE = 12
_FAR = 10_000
# What hits can be ranked by; the lowest first.
_ORDERS: dict[str, Callable[[Hit], float]] = {
    "score": lambda hit: hit["score"],
    "qed": lambda hit: -hit["properties"]["qed"],
    "steps": lambda hit: hit["route"]["steps"] if hit["route"] and hit["route"]["solved"] else _FAR,
    "similarity": lambda hit: -hit["nearest_active"]["similarity"] if hit["nearest_active"] else 0.0,
}
_FILTERS: dict[str, Callable[[Hit], bool]] = {
    "clean": lambda hit: not (hit["alerts"]["pains"] or hit["alerts"]["brenk"]),
    "made": lambda hit: bool(hit["route"] and hit["route"]["solved"]),
    "passing": lambda hit: not hit["failed_checks"],
}


class ResultsPanel(DeskPanel[OpenTargets]):
    """The results of one screen.

    Parameters
    ----------
    desk : DiscoveryDesk
    language : {"en", "zh"}
    remember : callable
        Keeps in the address which hit is open.
    """

    def __init__(self, desk: DiscoveryDesk, language: Language, remember: Callable[..., None]) -> None:
        super().__init__(desk, language, remember)
        self._words = WORDS[language]
        self._body = ui.column().classes("w-full gap-3")
        self._first = 0
        self._rows: dict[int, ui.element] = {}

    def clear(self) -> None:
        """Show nothing."""
        self._body.clear()

    async def show(self, name: str, found: dict[str, Any], hit: str) -> None:
        """Show what a screen found, and a hit opened: the one named, else the first."""
        self.clear()
        self._name, self._found, self._first = name, found, 0
        with self._body:
            self._downloads()
            with ui.element("div").classes("summary-sides"):
                self._verdict()
                self._stages()
            self._filter_row()
            with ui.element("div").classes("hit-sides"):
                self._list = ui.column().classes("gap-2 hit-list").props("data-part=hits")
                self._side = HitPanel(self._desk, self._language, name)
        await self._show_page()
        chosen = int(hit) if hit.isdecimal() and 1 <= int(hit) <= len(found["hits"]) else 1
        await self._open(chosen)

    def _downloads(self) -> None:
        words = self._words
        with ui.row().classes("w-full items-center gap-1"):
            ui.label(words["downloads"]).classes("hint")
            for form in FILES:
                if form in words:
                    link = f"{ROOT}/discovery/screens/{self._name}/files/{form}?lang={self._language}"
                    ui.button(words[form], icon="download").props(
                        f'flat dense no-caps size=sm href="{link}" download="{form}" data-part={form}'
                    )

    def _verdict(self) -> None:
        words, controls = self._words, self._found["controls"]
        kind = "unknown" if controls is None else "works" if controls["works"] else "fails"
        style = {"works": "passes", "fails": "fails", "unknown": "not_checked"}[kind]
        with ui.column().classes("card gap-2").props("data-part=controls-verdict"):
            ui.label(words[kind]).classes(f"verdict {style}")
            if controls is None:
                ui.label(words["no controls"]).classes("hint")
            else:
                told = {name: f"{controls[name]:.2f}" for name in ("auc", "low", "high")}
                told |= {name: f"{len(controls[name]):,}" for name in ("actives", "decoys")}
                ui.label(words["auc"].format(**told, size=f"{controls['size_auc']:.2f}")).classes("hint")
            chosen = self._found["surrogate"]
            said = recovery_in_words(self._found, self._language) if chosen else words["all docked"]
            ui.label(said).classes("hint").props("data-part=recovery")
            ui.label(words["limits"]).classes("hint amber")

    def _stages(self) -> None:
        words, names = self._words, NAMES[self._language]
        rows = [
            [
                names.get(stage["name"], stage["name"]),
                f"{stage['entered']:,}",
                f"{stage['left']:,}",
                ", ".join(f"{names.get(name, name)} {count:,}" for name, count in stage["reasons"].items()),
            ]
            for stage in self._found["stages"]
        ]
        head = [[(words[name], 1) for name in ("stage", "entered", "left", "left out")]]
        DataTable(head, rows).props("data-part=stages")

    def _filter_row(self) -> None:
        words = self._words
        with ui.row().classes("w-full items-center gap-4"):
            self._order = ui.select(
                {name: words[f"by {name}"] for name in _ORDERS},
                value="score",
                label=words["ranked by"],
                on_change=self._filtered,
            ).props("dense outlined options-dense data-part=order")
            self._order.classes("compare-choice order-choice")
            self._filters = {
                name: ui.checkbox(words[f"only {name}"], on_change=self._filtered).props(f"dense data-part=only-{name}")
                for name in _FILTERS
            }

    def _chosen(self) -> list[Hit]:
        asked = [_FILTERS[name] for name, box in self._filters.items() if box.value]
        hits = [hit for hit in self._found["hits"] if all(one(hit) for one in asked)]
        return sorted(hits, key=lambda hit: (_ORDERS[str(self._order.value)](hit), hit["rank"]))

    async def _filtered(self) -> None:
        self._first = 0
        await self._show_page()

    async def _turn(self, pages: int) -> None:
        self._first = max(0, self._first + pages * _PAGE)
        await self._show_page()

    async def _show_page(self) -> None:
        words, hits = self._words, self._chosen()
        shown = hits[self._first : self._first + _PAGE]
        drawn = await self._ask(draw_molecules, "\n".join(hit["smiles"] for hit in shown)) if shown else ()
        pictures = ("",) * len(shown) if isinstance(drawn, Failure) else drawn
        self._list.clear()
        self._rows = {}
        with self._list:
            if not shown:
                ui.label(words["no hits"]).classes("hint")
            for hit, picture in zip(shown, pictures, strict=True):
                self._row(hit, picture)
            if len(hits) > _PAGE:
                spans = (self._first, self._first + len(shown), len(hits))
                show_pager(words["hits shown"], spans, self._turn, words, ("pages", "next-page"))
        self._mark()

    def _row(self, hit: Hit, picture: str) -> None:
        words, rank = self._words, hit["rank"]
        with ui.element("button").classes("hit-row").props(f"type=button data-part=hit-{rank}") as row:
            with ui.element("div").classes("hit-picture"):
                if picture:
                    ui.html(embedded(picture, f"hit-{rank}"), sanitize=False)
            with ui.column().classes("gap-0 hit-told"):
                with ui.row().classes("items-baseline gap-2 w-full no-wrap"):
                    ui.label(f"{rank}. {hit['name'] or words['row'].format(row=hit['row'])}").classes("hit-name")
                    ui.label(f"{hit['score']:.2f}").classes("hit-score")
                ui.label(route_in_words(hit["route"], self._language)).classes("hint")
                alerts = len(hit["alerts"]["pains"]) + len(hit["alerts"]["brenk"])
                said = words["no alert short" if not alerts else "alert count" if alerts == 1 else "alerts count"]
                facts = [said.format(count=alerts), f"QED {hit['properties']['qed']:.2f}"]
                if hit["nearest_active"]:
                    facts.append(f"{words['nearest active']} {hit['nearest_active']['similarity']:.2f}")
                ui.label(" · ".join(facts)).classes("hint amber" if alerts else "hint")
                if hit["failed_checks"]:
                    ui.label(words["fails checks"]).classes("hint amber")
        row.on("click", lambda: self._open(rank))
        self._rows[rank] = row

    async def _open(self, rank: int) -> None:
        self._open_rank = rank
        self._remember(screen=self._name, hit=str(rank))
        self._mark()
        await self._side.show(rank)

    def _mark(self) -> None:
        chosen = getattr(self, "_open_rank", 0)
        for rank, row in self._rows.items():
            row.classes(add="chosen" if rank == chosen else "", remove="" if rank == chosen else "chosen")
