"""The page of the trial room: a study's overview, specification, findings, and tables whose cells open their trace."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Iterator

from nicegui import ui

from bencao.synthesis.page import Language
from bencao.trial.browse import (
    CellView,
    DatasetRow,
    DatasetView,
    FindingsView,
    OpenStudy,
    Overview,
    TableView,
    show_cell,
    show_dataset,
    show_findings,
    show_overview,
    show_table,
)
from bencao.trial.browse.cells import RecordGroup
from bencao.trial.browse.findings import FindingGroup
from bencao.trial.conformance import ADAM
from bencao.web.desk_page import DeskPage
from bencao.web.page.data_table import Cell, DataTable
from bencao.web.page.step import show_facts
from bencao.web.trial.desk import StudyDesk
from bencao.web.trial.words import WORDS

TABS = ("overview", "specification", "conformance", "tables")


class StudyPage(DeskPage[OpenStudy]):
    """One reader's page of the study.

    Parameters
    ----------
    desk : StudyDesk
    language : {"en", "zh"}
    """

    def __init__(self, desk: StudyDesk, language: Language) -> None:
        self._words = WORDS[language]
        super().__init__("trial", desk, language, {name: self._words[name] for name in TABS}, self._go)
        self._drawer = ui.right_drawer(value=False, bordered=True).props("width=540").classes("step-drawer")
        self._overview: Overview | None = None

    async def open(self, at: dict[str, str]) -> None:
        """Read the study, and show the part that the address names."""
        self._at = {name: value for name, value in at.items() if value}
        await ui.context.client.connected()  # a page is to be built at once, and a study may take longer
        found = await self._ask(show_overview)
        if found is None:
            return
        self._overview = found
        with self._title:
            ui.label(found.name).classes("welcome-title").props("data-part=study")
            ui.label(found.description).classes("hint")
            ui.label(f"{self._words['standards']}: {', '.join(found.standards)}").classes("hint")
        self._open_tab(TABS)

    @contextlib.contextmanager
    def _in_drawer(self) -> Iterator[None]:
        self._drawer.clear()
        with self._drawer:
            ui.button(icon="close", on_click=self._drawer.hide).props(
                f"flat round dense aria-label={self._words['close']}"
            ).classes("drawer-close")
            yield
        self._drawer.show()

    async def _go(self, tab: str) -> None:
        if self._overview is None:
            return
        self._asked += 1  # what was asked for on the tab before is no longer waited for
        self._wait.set_visibility(False)
        self._drawer.hide()
        self._stage.clear()
        self._choices.clear()
        if tab == "overview":
            self._remember(tab=tab)
            self._show_overview(self._overview)
        elif tab == "specification":
            names = [row.name for row in self._overview.datasets if row.specified]
            await self._choose("data set", {name: name for name in names}, "dataset", self._open_dataset)
        elif tab == "conformance":
            rules = {name: self._words["rules adam"] if name == ADAM else name for name in self._overview.rules}
            await self._choose("rules", rules, "", self._check)
        elif self._overview.tables:
            told = {number: f"{number}  {title}" for number, title in self._overview.tables}
            await self._choose("table", told, "table", self._open_table)
        else:
            with self._stage:
                ui.label(self._words["no tables"]).classes("hint")

    async def _choose(
        self, label: str, options: dict[str, str], remembered: str, on_choice: Callable[[str], Awaitable[None]]
    ) -> None:
        """Offer a choice, and show what the address names of it, else the first."""
        if not options:
            return
        wanted = self._at.get(remembered, "")
        first = wanted if wanted in options else next(iter(options))
        with self._choices:
            ui.select(
                options, label=self._words[label], value=first, on_change=lambda event: on_choice(str(event.value))
            ).props(f"outlined dense options-dense data-part=choice-{label.replace(' ', '-')}").classes("study-choice")
        await on_choice(first)

    def _show_overview(self, overview: Overview) -> None:
        words = self._words
        head = [[(words[name], 1) for name in ("data set", "label", "records", "variables", "keys", "from", "file")]]
        for title, specified in (("specified", True), ("other data", False)):
            rows = [self._overview_row(row) for row in overview.datasets if row.specified is specified]
            if rows:
                with self._stage:
                    ui.label(words[title]).classes("panel-subtitle")
                    DataTable(head, rows, self._to_dataset).props(f"data-part=datasets-{title.replace(' ', '-')}")

    def _overview_row(self, row: DatasetRow) -> list[Cell]:
        count = "–" if row.records is None else f"{row.records:,}"
        return [
            (row.name, row.name) if row.specified else row.name,
            f"{row.label} ({row.structure})" if row.structure else row.label,
            count,
            "–" if row.variables is None else str(row.variables),
            " ".join(row.keys),
            " ".join(row.sources),
            row.fault or row.file or self._words["no data"],
        ]

    async def _to_dataset(self, name: str) -> None:
        self._at["dataset"] = name
        self._tabs.set_value("specification")

    async def _open_dataset(self, name: str) -> None:
        self._remember(tab="specification", dataset=name)
        self._drawer.hide()
        view = await self._ask(show_dataset, name)
        if view is not None:
            self._show_dataset(view)

    def _show_dataset(self, view: DatasetView) -> None:
        words = self._words

        async def open_codelist(codelist: str) -> None:
            table.choose(codelist)
            with self._in_drawer():
                ui.label(codelist).classes("panel-title").props("data-part=codelist")
                if terms := view.codelists[codelist]:
                    DataTable([[(words["value"], 1), (words["decode"], 1)]], [list(term) for term in terms])
                else:
                    ui.label(words["dictionary"]).classes("hint")

        with self._cleared():
            ui.label(f"{view.name}: {view.label}").classes("panel-title").props("data-part=dataset")
            ui.label(" · ".join(filter(None, (view.class_name, view.structure)))).classes("hint")
            rows: list[list[Cell]] = [
                [
                    variable.name,
                    variable.label,
                    ", ".join(words[kind] for kind in ("key", "supplemental") if getattr(variable, kind)),
                    variable.type,
                    (variable.codelist, variable.codelist) if variable.codelist else "",
                    variable.origin,
                    variable.derived,
                ]
                for variable in view.variables
            ]
            names = ("variable", "label", "", "type", "codelist", "origin", "derived")
            table = DataTable([[(words[name] if name else "", 1) for name in names]], rows, open_codelist)
            table.props("data-part=variables")

    async def _check(self, rules: str) -> None:
        self._remember(tab="conformance")
        self._drawer.hide()
        with self._cleared():
            ui.label(self._words["check text"]).classes("hint")
        view = await self._ask(show_findings, rules)
        if view is not None:
            self._show_findings(view)

    def _show_findings(self, view: FindingsView) -> None:
        words = self._words

        async def open_group(place: str) -> None:
            table.choose(place)
            self._show_group(view.groups[int(place)])

        with self._cleared():
            said = words["checked"].format(run=view.run, findings=f"{view.findings:,}", skipped=view.skipped)
            ui.label(said).props("data-part=checked")
            if view.groups:
                names = ("rule", "data set", "findings", "message")
                rows: list[list[Cell]] = [
                    [(group.rule, str(place)), group.dataset, f"{group.findings:,}", group.message]
                    for place, group in enumerate(view.groups)
                ]
                table = DataTable([[(words[name], 1) for name in names]], rows, open_group)
                table.props("data-part=findings")
            else:
                ui.label(words["clean"])
            self._list("unsupported", ("rule", "reason"), view.unsupported)
            self._list("unread", ("data set", "reason"), view.unread)

    def _list(self, title: str, columns: tuple[str, str], rows: tuple[tuple[str, str], ...]) -> None:
        if rows:
            ui.label(self._words[title]).classes("panel-subtitle")
            DataTable([[(self._words[name], 1) for name in columns]], [list(row) for row in rows]).props(
                f"data-part={title}"
            )

    def _show_group(self, group: FindingGroup) -> None:
        words = self._words
        with self._in_drawer():
            ui.label(f"{group.rule} · {group.dataset}").classes("panel-title").props("data-part=finding")
            ui.label(group.message)
            self._say_first(len(group.rows), group.findings)
            if not any(map(any, group.rows)):
                return  # a finding of the whole data set
            columns = [words["record"] if name == "record" else name for name in group.columns]
            DataTable([[(name, 1) for name in columns]], group.rows)

    def _say_first(self, shown: int, count: int) -> None:
        if shown < count:
            ui.label(self._words["first"].format(shown=shown, count=f"{count:,}")).classes("hint")

    async def _open_table(self, number: str) -> None:
        cell = self._at.get("cell", "") if self._at.get("table") == number else ""
        self._remember(tab="tables", table=number)
        self._drawer.hide()
        view = await self._ask(show_table, number)
        if view is not None:
            await self._show_table(view, cell)

    async def _show_table(self, view: TableView, cell: str) -> None:
        words = self._words

        async def open_cell(address: str) -> None:
            table.choose(address)
            self._remember(tab="tables", table=view.number, cell=address)
            found = await self._ask(show_cell, view.number, address)
            if found is not None:
                self._show_cell(found)

        with self._cleared(), ui.column().classes("card gap-2 printed-table"):
            ui.label(f"{words[view.kind]} {view.number}").classes("panel-subtitle")
            for line in view.title:
                ui.label(line).classes("panel-title").props("data-part=table-title")
            ui.label(f"{words['population']}: {view.population}").classes("hint")
            ui.label(words["cell hint"]).classes("hint")
            rows: list[list[Cell]] = [[(text, at) if at else text for text, at in row] for row in view.rows]
            numbers_from = view.stubs if view.kind == "table" else 10_000
            table = DataTable(view.header, rows, open_cell, numbers_from)
            table.props("data-part=table").classes("printed")
            for note in view.footnotes:
                ui.label(note).classes("hint")
        if any(at == cell for row in view.rows for _, at in row if at):
            await open_cell(cell)

    def _show_cell(self, view: CellView) -> None:
        words = self._words
        with self._in_drawer():
            ui.label(f"{view.table} {view.address}: {view.text}").classes("panel-title").props("data-part=cell")
            ui.label(" / ".join(filter(None, view.path))).classes("hint")
            show_facts(
                [
                    (f"{words['unrounded']}: {each.statistic}", f"{each.value!r}")
                    for each in view.results
                    if each.value is not None
                ]
            )
            for kind, groups in (("direct", view.direct), ("denominator", view.denominator)):
                with ui.column().classes("w-full gap-2").props(f"data-part={kind}"):
                    count = sum(group.records for group in groups)
                    ui.label(f"{words[kind]}: {count:,}").classes("panel-title")
                    ui.label(words[f"{kind} text"]).classes("hint")
                    for group in groups:
                        self._show_records(group)
            if view.absent:
                ui.label(f"{words['absent']}: {', '.join(view.absent)}").classes("hint amber")

    def _show_records(self, group: RecordGroup) -> None:
        columns = list(dict.fromkeys(name for record in group.shown for name, _ in record.keys))
        rows = [[str(record.row), *(dict(record.keys).get(column, "") for column in columns)] for record in group.shown]
        with ui.expansion(f"{group.dataset}: {group.records:,}").classes("panel-fold").props("dense"):
            self._say_first(len(rows), group.records)
            DataTable([[(self._words["record"], 1), *((column, 1) for column in columns)]], rows)
