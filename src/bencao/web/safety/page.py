"""The page of the safety room: inbox, a case beside its text, duplicates side by side, signals."""

from __future__ import annotations

from nicegui import ui

from bencao.safety.browse import (
    CaseView,
    DrugView,
    Inbox,
    OpenSafety,
    PairView,
    SignalsView,
    show_case,
    show_drug,
    show_inbox,
    show_pair,
    show_pairs,
    show_signals,
)
from bencao.safety.browse.cases import BY_HAND, InboxRow, ValueRow
from bencao.safety.browse.pairs import PairsView
from bencao.safety.browse.signals import FIGURES
from bencao.synthesis.page import Language
from bencao.web.desk_page import DeskPage
from bencao.web.page.data_table import Cell, DataTable
from bencao.web.page.marked_text import MarkedText
from bencao.web.safety.charts import forest, trend, volcano
from bencao.web.safety.completing import Completing
from bencao.web.safety.desk import SafetyDesk
from bencao.web.safety.words import WORDS

TABS = ("inbox", "duplicates", "signals")


class SafetyPage(DeskPage[OpenSafety]):
    """One reader's page of the cases and signals.

    Parameters
    ----------
    desk : SafetyDesk
    language : {"en", "zh"}
    """

    def __init__(self, desk: SafetyDesk, language: Language) -> None:
        self._words = WORDS[language]
        super().__init__("safety", desk, language, {name: self._words[name] for name in TABS}, self._go)

    async def open(self, at: dict[str, str]) -> None:
        """Show the part that the address names."""
        self._at = {name: value for name, value in at.items() if value}
        await ui.context.client.connected()
        self._open_tab(TABS)

    async def _go(self, tab: str) -> None:
        asked = self._at
        if tab == "inbox":
            await (self._open_case(asked["case"]) if asked.get("case") else self._open_inbox())
        elif tab == "duplicates":
            await (self._open_pair(asked["pair"]) if asked.get("pair") else self._open_pairs())
        else:
            await self._open_signals(asked.get("drug", ""))

    async def _open_inbox(self) -> None:
        self._remember(tab="inbox")
        found = await self._ask(show_inbox, self._language)
        if found is not None:
            self._show_inbox(found)

    def _show_inbox(self, inbox: Inbox) -> None:
        words = self._words
        names = ("case", "received", "patient", "serious", "drugs", "reactions", "state")
        with self._cleared():
            if not inbox.rows:
                ui.label(words["no cases"]).classes("hint")
                return
            rows = [self._inbox_row(row) for row in inbox.rows]
            DataTable([[(words[name], 1) for name in names]], rows, self._open_case).props("data-part=inbox")

    def _inbox_row(self, row: InboxRow) -> list[Cell]:
        words = self._words
        if row.fault:
            return [words["unreadable"], "", "", "", "", "", row.fault]
        state = words["problems"].format(count=row.problems) if row.problems else words["ready"]
        return [
            (row.identifier, str(row.number)),
            row.received,
            row.patient,
            ", ".join(words[name] for name in row.serious),
            "; ".join(row.drugs),
            "; ".join(row.reactions),
            state,
        ]

    async def _open_case(self, number: str) -> None:
        self._remember(tab="inbox", case=number)
        found = await self._ask(show_case, number, self._language)
        if found is not None:
            self._show_case(found, number)

    def _show_case(self, view: CaseView, number: str) -> None:
        words = self._words
        rows = [row for _, section in view.sections for row in section]
        numbered = {str(place): row for place, row in enumerate(rows)}
        texts: dict[str, MarkedText] = {}
        tables: list[DataTable] = []

        async def choose(name: str) -> None:
            for table in tables:
                table.choose(name)
            for document, text in texts.items():
                text.show(name if numbered[name].document == document else "")

        with self._cleared():
            with ui.row().classes("items-center gap-3"):
                ui.button(words["back"], icon="arrow_back", on_click=self._open_inbox).props("flat dense no-caps")
                ui.label(view.identifier or view.where).classes("panel-title").props("data-part=case")
                ui.button(words["fill in"], icon="edit", on_click=lambda: self._open_completion(number)).props(
                    "flat dense no-caps data-part=fill-in"
                )
            ui.label(words["text hint"] if view.texts else words["no text"]).classes("hint")
            with ui.row().classes("w-full gap-4 no-wrap items-start case-sides"):
                if view.texts:
                    with ui.column().classes("case-text gap-2"):
                        for name, text in view.texts:
                            ui.label(name).classes("panel-subtitle")
                            spans = [
                                (row.start, row.end, place) for place, row in numbered.items() if row.document == name
                            ]
                            texts[name] = MarkedText(text, spans, choose)
                with ui.column().classes("case-fields gap-2"):
                    place = 0
                    for section, values in view.sections:
                        if values:
                            ui.label(words[section]).classes("panel-subtitle")
                            shown = [self._value_row(row, str(place + index)) for index, row in enumerate(values)]
                            head = [[(words[name], 1) for name in ("element", "name", "value", "source")]]
                            tables.append(DataTable(head, shown, choose).props(f"data-part=section-{section}"))
                        place += len(values)
                    for line in view.unread:
                        ui.label(f"{words['unread']}: {line}").classes("hint amber")

    def _value_row(self, row: ValueRow, place: str) -> list[Cell]:
        number = f"{row.element}[{','.join(map(str, row.repeats))}]" if row.repeats else row.element
        value = f"{row.shown} — {row.problem}" if row.problem else row.shown
        source = self._words["by hand"] if row.rule == BY_HAND else row.rule
        return [number, row.name, (value, place) if row.document else value, source]

    async def _open_completion(self, number: str) -> None:
        self._remember(tab="inbox", case=number)

        async def leave() -> None:
            await self._open_case(number)

        await Completing(number, self._language, self._ask, self._cleared, leave).show()

    async def _open_pairs(self) -> None:
        self._remember(tab="duplicates")
        found = await self._ask(show_pairs)
        if found is not None:
            self._show_pairs(found)

    def _show_pairs(self, view: PairsView) -> None:
        words = self._words
        with self._cleared():
            if not view.rows:
                ui.label(words["no pairs"]).classes("hint")
                return
            head = [[(words[name], 1) for name in ("one", "other", "probability", "cluster")]]
            rows: list[list[Cell]] = [
                [(row.one, str(row.number)), row.other, row.probability, row.cluster] for row in view.rows
            ]
            DataTable(head, rows, self._open_pair).props("data-part=pairs")

    async def _open_pair(self, number: str) -> None:
        self._remember(tab="duplicates", pair=number)
        found = await self._ask(show_pair, number, self._language)
        if found is not None:
            self._show_pair(found)

    def _show_pair(self, view: PairView) -> None:
        words = self._words
        with self._cleared():
            with ui.row().classes("items-center gap-3"):
                ui.button(words["duplicates"], icon="arrow_back", on_click=self._open_pairs).props("flat dense no-caps")
                ui.label(f"{view.one} · {view.other}").classes("panel-title").props("data-part=pair")
                ui.label(f"{words['probability']} {view.probability}").classes("hint")
            if view.missing:
                ui.label(words["missing"].format(names=", ".join(view.missing))).classes("hint amber")
            if view.weights:
                ui.label(words["weights"]).classes("panel-subtitle")
                DataTable([[(words["field"], 1), (words["weight"], 1)]], [list(row) for row in view.weights]).props(
                    "data-part=weights"
                )
            rows = [[name, one, other, words["equal"] if equal else ""] for name, one, other, equal in view.values]
            if rows:
                DataTable([[(words["element"], 1), (view.one, 1), (view.other, 1), ("", 1)]], rows).props(
                    "data-part=sides"
                )

    async def _open_signals(self, drug: str) -> None:
        self._remember(tab="signals", **({"drug": drug} if drug else {}))
        found = await self._ask(show_signals)
        if found is None:
            return
        self._show_signals(found, drug)
        if drug:
            await self._open_drug(drug)

    def _show_signals(self, view: SignalsView, drug: str) -> None:
        words = self._words
        with self._cleared():
            ui.label(words["volcano"]).classes("panel-title")
            ui.label(words["volcano hint"].format(shown=f"{len(view.points):,}", count=f"{view.pairs:,}")).classes(
                "hint"
            )
            ui.echart(volcano(view.points, words)).classes("chart").props("data-part=volcano")
            ui.select(
                list(view.drugs),
                label=words["choose"],
                value=drug if drug in view.drugs else None,
                with_input=True,
                on_change=lambda event: self._open_drug(str(event.value)) if event.value else None,
            ).props("outlined dense options-dense data-part=choice-drug").classes("study-choice")
            self._drug = ui.column().classes("w-full gap-2")
            ui.label(words["list"]).classes("panel-subtitle")
            head = [[(words["drug"], 1), (words["event"], 1), *((name.upper(), 1) for name in FIGURES)]]
            rows: list[list[Cell]] = [[(row.drug, row.drug), row.event, *row.figures] for row in view.rows]
            DataTable(head, rows, self._open_drug, numbers_from=2).props("data-part=signals")

    async def _open_drug(self, drug: str) -> None:
        self._remember(tab="signals", drug=drug)
        found = await self._ask(show_drug, drug)
        if found is not None:
            self._show_drug(found)

    def _show_drug(self, view: DrugView) -> None:
        words = self._words
        self._drug.clear()
        with self._drug, ui.column().classes("card w-full gap-2"):
            ui.label(view.drug).classes("panel-title").props("data-part=drug")
            ui.label(words["forest"]).classes("panel-subtitle")
            height = 80 + 24 * len(view.branches)
            ui.echart(forest(view.branches)).classes("chart").style(f"height: {height}px").props("data-part=forest")
            ui.label(words["trend"]).classes("panel-subtitle")
            if not view.times:
                ui.label(words["no trend"]).classes("hint")
            for event, moments in view.times[:6]:
                ui.label(event).classes("hint")
                ui.echart(trend(moments)).classes("chart small").props("data-part=trend")
