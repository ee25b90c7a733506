"""The quality of a database on the page: summary, checks by table and status, rows that fail."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui

from bencao.kernel.workers import Failure
from bencao.records.browse import (
    CheckRow,
    OpenQuality,
    QualityView,
    RowsView,
    SitesView,
    show_check,
    show_quality,
    show_sites,
)
from bencao.records.browse.quality import PAGE
from bencao.records.quality.checking import STATUSES
from bencao.synthesis.page import Language
from bencao.web.desk_page import show_fault
from bencao.web.desk_panel import DeskPanel
from bencao.web.page.data_table import Cell, DataTable
from bencao.web.page.pager import show_pager
from bencao.web.records.desk import QualityDesk
from bencao.web.records.words import WORDS


class QualityPanel(DeskPanel[OpenQuality]):
    """What one reader looks at of a database's quality.

    Parameters
    ----------
    desk : QualityDesk
    language : {"en", "zh"}
    remember : callable
        Keeps in the address what is shown.
    """

    def __init__(self, desk: QualityDesk, language: Language, remember: Callable[..., None]) -> None:
        super().__init__(desk, language, remember)
        self._words = WORDS[language]
        self._status, self._table, self._start, self._which = "failed", "", 0, "0"

    async def open(self, at: dict[str, str]) -> None:
        """Show the summary and the checks on the stage that is open, and the check that the address names."""
        self._status = at["status"] if at.get("status") in ("all", *STATUSES) else self._status
        self._table = at.get("table", self._table)
        self._which = at.get("site", self._which)
        self._sites = ui.column().classes("w-full gap-2")
        self._summary = ui.column().classes("w-full gap-2")
        self._choices = ui.row().classes("items-center gap-4 w-full")
        with ui.element("div").classes("review-sides"):
            self._list = ui.column().classes("w-full gap-2 review-list")
            self._detail = ui.column().classes("w-full gap-2 review-editor")
        await self._open_sites()
        await self._open_list()
        if at.get("check"):
            await self._open_check(at["check"])
        else:
            with self._detail:
                ui.label(self._words["choose check"]).classes("hint")

    async def _open_sites(self) -> None:
        found = await self._ask(show_sites)
        if self._sites.is_deleted or isinstance(found, Failure) or len(found.sites) < 2:
            return  # of one result there is nothing to hold against each other; what failed is told with the list
        with self._sites:
            self._show_sites(found)

    def _show_sites(self, view: SitesView) -> None:
        words = self._words
        ui.label(words["failing by site"]).classes("panel-title")
        names: list[Cell] = [(f"{name} · {day}", str(place)) for place, (name, day) in enumerate(view.sites)]
        rows: list[list[Cell]] = [[words["site"], *names], [words["all"], *(f"{count:,}" for count in view.totals)]]
        rows += [[name, *(f"{count:,}" for count in counts)] for name, counts in view.rows]
        width = len(view.sites)
        head = [[(words["table"], 1), (words["failed"], width)]]
        self._matrix = DataTable(head, rows, self._choose_site, numbers_from=1)
        self._matrix.props("data-part=sites").classes("summary-table").choose(self._which)

    async def _choose_site(self, which: str) -> None:
        self._which, self._start = which, 0
        self._matrix.choose(which)
        self._remember(tab="quality", site=which, status=self._status, table=self._table)
        self._detail.clear()
        await self._open_list()

    async def _open_list(self) -> None:
        found = await self._ask(show_quality, self._status, self._table, str(self._start), self._which)
        if self._list.is_deleted:
            return
        self._list.clear()
        if isinstance(found, Failure):
            with self._list:
                show_fault(found, self._language)
            return
        self._start = found.start
        self._show_summary(found)
        self._show_choices(found)
        with self._list:
            self._show_list(found)

    def _show_summary(self, view: QualityView) -> None:
        words = self._words
        self._summary.clear()
        with self._summary:
            ui.label(words["database"].format(name=view.source, made=view.made)).classes("panel-title").props(
                "data-part=database"
            )
            head = [[(words[name], 1) for name in ("category", "context", *STATUSES)]]
            rows: list[list[Cell]] = [
                [
                    words.get(row.category, row.category),
                    words.get(row.context, row.context),
                    *(f"{row.counts.get(status, 0):,}" for status in STATUSES),
                ]
                for row in view.summary
            ]
            DataTable(head, rows, numbers_from=2).props("data-part=summary").classes("summary-table")

    def _show_choices(self, view: QualityView) -> None:
        words = self._words
        self._choices.clear()
        with self._choices:
            kinds = {"all": sum(view.counts.values())} | {name: view.counts.get(name, 0) for name in STATUSES}
            ui.toggle(
                {name: f"{words[name]} {count:,}" for name, count in kinds.items()},
                value=self._status,
                on_change=lambda event: self._choose(status=str(event.value)),
            ).props("no-caps unelevated dense padding='3px 12px' data-part=statuses").classes("filter-toggle")
            tables = {"": words["all tables"]} | {
                name: f"{name} ({failed})" if failed else name for name, failed in view.tables.items()
            }
            ui.select(
                tables,
                value=self._table,
                label=words["table"],
                on_change=lambda event: self._choose(table=str(event.value)),
            ).props("dense outlined data-part=choice-table").classes("study-choice")

    async def _choose(self, *, status: str | None = None, table: str | None = None) -> None:
        self._status = self._status if status is None else status
        self._table = self._table if table is None else table
        self._start = 0
        self._remember(tab="quality", site=self._which, status=self._status, table=self._table)
        await self._open_list()

    async def _turn(self, pages: int) -> None:
        self._start = max(0, self._start + pages * PAGE)
        await self._open_list()

    def _show_list(self, view: QualityView) -> None:
        words = self._words
        if not view.rows:
            ui.label(words["no checks"]).classes("hint").props("data-part=checks")
            return
        names = ("check", "where", "violated", "rows", "percent", "threshold", "state")
        self._checks = DataTable(
            [[(words[name], 1) for name in names]], [self._row(row) for row in view.rows], self._open_check, 2
        )
        self._checks.props("data-part=checks").classes("check-table")
        if view.total > len(view.rows):
            shown = (view.start, view.start + len(view.rows), view.total)
            show_pager(words["checks shown"], shown, self._turn, words, ("check-pages", "next-checks"))

    def _row(self, row: CheckRow) -> list[Cell]:
        place = ".".join(part for part in (row.table, row.field) if part)
        return [
            (row.name, row.id),
            f"{place} = {row.concept}" if row.concept else place,
            "" if row.violated is None else f"{row.violated:,}",
            "" if row.rows is None else f"{row.rows:,}",
            "" if row.percent is None else f"{row.percent:.2f}",
            "" if row.threshold is None else f"{row.threshold:g}",
            self._words[row.status],
        ]

    async def _open_check(self, identifier: str) -> None:
        self._remember(tab="quality", site=self._which, status=self._status, table=self._table, check=identifier)
        self._detail.clear()
        with self._detail:
            ui.spinner(size="1.4em")  # the database is opened when its rows are first asked for
        found = await self._ask(show_check, identifier, self._language, self._which)
        if self._detail.is_deleted:
            return
        self._detail.clear()
        with self._detail:
            if isinstance(found, Failure):
                show_fault(found, self._language)
            else:
                self._show_check(found)

    def _show_check(self, view: RowsView) -> None:
        words, check = self._words, view.check
        with ui.column().classes("card w-full gap-2").props("data-part=check"):
            ui.label(check.name).classes("panel-title")
            ui.label(view.describes).classes("hint")
            facts = {
                "where": ".".join(part for part in (check.table, check.field) if part),
                "concept": check.concept,
                "category": f"{words.get(check.category, check.category)} · {words.get(check.context, check.context)}",
                "violated": "" if check.violated is None else f"{check.violated:,} / {check.rows or 0:,}",
                "threshold": "" if check.threshold is None else f"{check.threshold:g} %",
                "state": words[check.status],
                "reason": check.reason,
            }
            with ui.element("dl").classes("fact-list"):
                for name, value in facts.items():
                    if value:
                        with ui.element("dt"):
                            ui.label(words[name])
                        with ui.element("dd"):
                            ui.label(value)
        ui.label(words["failing rows"]).classes("panel-subtitle")
        if view.missing:
            ui.label(words.get(view.missing, view.missing)).classes("hint").props("data-part=failing-rows")
            return
        if not view.rows:
            ui.label(words["no failing rows"]).classes("hint").props("data-part=failing-rows")
            return
        said = words["rows shown"].format(shown=f"{len(view.rows):,}", total=f"{view.total:,}")
        ui.label(said).classes("hint")
        DataTable([[(name, 1) for name in view.columns]], view.rows).props("data-part=failing-rows")
