"""What was found, on the page: progress, routes to choose from, one or two of them as trees, files to download."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial

from nicegui import ui

from bencao.kernel.workers import Failure
from bencao.synthesis import route_svg
from bencao.synthesis.page import Language
from bencao.synthesis.page.comparison import comparison_rows
from bencao.synthesis.page.words import TIERS, figures_of, outcome_in_words, steps_in_words, warning_in_words
from bencao.synthesis.page.words import WORDS as TOLD
from bencao.synthesis.route import Plan, Proposal, Route, RouteNode
from bencao.web.downloads import DOWNLOADS
from bencao.web.http.api import ROOT
from bencao.web.jobs import Job
from bencao.web.orders import PlanOrder
from bencao.web.page.elements import RouteView
from bencao.web.page.step import show_facts, show_step, step_svg
from bencao.web.page.words import WORDS, count_in_words

_VIEW_WORDS = {"tree": "tree", "zoomIn": "zoom in", "zoomOut": "zoom out", "fit": "fit", "step": "step"}


class ProgressPanel:
    """How far the search is, while it runs.

    Parameters
    ----------
    language : {"en", "zh"}
    """

    def __init__(self, language: Language) -> None:
        self._words = WORDS[language]
        self._first = ""
        self._card = ui.column().classes("card w-full gap-2").props("data-part=progress")
        with self._card:
            self._state = ui.label().classes("panel-title")
            self._bar = ui.linear_progress(0, show_value=False).props("rounded size=8px")
            with ui.row().classes("figures"):
                self._figures = {key: self._figure(key) for key in ("expanded", "found", "cost", "elapsed")}
            self._note = ui.label().classes("hint")
        self.hide()

    def _figure(self, key: str) -> ui.label:
        with ui.column().classes("gap-0"):
            figure = ui.label("0").classes("figure-value").props(f"data-part=figure-{key}")
            ui.label(self._words[key]).classes("hint")
        return figure

    def hide(self) -> None:
        """Show nothing, and forget the last search."""
        self._first = ""
        self._card.set_visibility(False)

    def show(self, job: Job) -> None:
        """Show a job as it stands."""
        assert isinstance(job.order, PlanOrder)
        progress, limits, words = job.progress, job.order.limits, self._words
        self._card.set_visibility(True)
        self._state.set_text(words["waiting" if job.status == "waiting" else "running"])
        used = progress.expansions / limits.expansions if limits.expansions else job.seconds / (limits.seconds or 1)
        self._bar.set_value(min(1.0, used))
        if progress.routes and not self._first:
            self._first = words["first route"].format(seconds=job.seconds, expansions=progress.expansions)
        self._note.set_text(self._first)
        cost = "–" if progress.best_cost is None else f"{progress.best_cost:.2f}"
        shown = (str(progress.expansions), str(progress.routes), cost, f"{job.seconds:.0f}")
        for figure, text in zip(self._figures.values(), shown, strict=True):
            figure.set_text(text)


class ResultPanel:
    """The routes of a plan.

    Parameters
    ----------
    language : {"en", "zh"}
    drawer : right drawer
        Where a step is shown that is clicked.
    """

    def __init__(self, language: Language, drawer: ui.right_drawer) -> None:
        self._language = language
        self._words = WORDS[language]
        self._plan: Plan | None = None
        self._shown = (0, 0)  # numbers of the route shown and of the one beside it; 0 for none
        self._views: dict[int, RouteView] = {}
        self._drawer = drawer
        self._body = ui.column().classes("w-full gap-3")

    def clear(self) -> None:
        """Show nothing."""
        self._body.clear()
        self._drawer.hide()

    def show_failure(self, failure: Failure) -> None:
        """Say why there is no plan."""
        self.clear()
        with self._body, ui.column().classes("card fault-card w-full gap-1").props("data-part=failure"):
            ui.label(f"{self._words['error']}: {failure.kind}").classes("panel-title")
            ui.label(f"{failure.where}: {failure.cause}" if failure.where else failure.cause)
            if failure.mend:
                ui.label(failure.mend).classes("hint")

    def show_note(self, text: str) -> None:
        """Say something in the place of routes."""
        self.clear()
        with self._body, ui.column().classes("card w-full"):
            ui.label(text)

    async def show(self, job: Job) -> None:
        """Show the plan of a job that is done."""
        self.clear()
        plan = self._plan = job.plan
        with self._body:
            self._summary(job, plan)
            if not plan.routes:
                with ui.column().classes("card w-full gap-1").props("data-part=no-route"):
                    ui.label(self._words["no route"]).classes("panel-title")
                    ui.label(self._words["no route text"]).classes("hint")
                return
            self._chooser(plan)
            self._stage = ui.column().classes("w-full gap-3")
        await self._choose(1, 0)

    def _summary(self, job: Job, plan: Plan) -> None:
        words, language = self._words, self._language
        done = words["done"].format(
            routes=count_in_words(len(plan.routes), language), seconds=job.seconds, expansions=plan.expansions
        )
        with ui.row().classes("card w-full items-center justify-between"):
            with ui.column().classes("gap-0"):
                ui.label(done).classes("panel-title").props("data-part=summary")
                for warning in plan.warnings:
                    ui.label(warning_in_words(warning, language)).classes("hint amber")
                if plan.routes and not plan.solved:
                    ui.label(words["unsolved"]).classes("hint amber")
            with ui.row().classes("gap-1"):
                for form in DOWNLOADS:
                    link = f"{ROOT}/jobs/{job.id}/{form}?lang={language}"
                    ui.button(words[form], icon="download").props(
                        f'flat dense no-caps size=sm href="{link}" download="{form}"'
                    ).props(f"data-part={form}")

    def _chooser(self, plan: Plan) -> None:
        words, language = self._words, self._language
        self._cards: dict[int, ui.element] = {}
        with ui.row().classes("w-full items-center gap-2"):
            for number, route in enumerate(plan.routes, start=1):
                with ui.element("button").classes("route-card").props(f"data-part=route-{number}") as card:
                    card.props("type=button")
                    ui.label(words["route"].format(number=number)).classes("route-name")
                    score = route.comparison.route_score if route.comparison else route.score
                    said = (
                        steps_in_words(route.steps, language),
                        words["score"].format(score=f"{score:.2g}"),
                        words["solved" if route.solved else "not solved"],
                    )
                    ui.label(" · ".join(said)).classes("hint")
                card.on("click", lambda number=number: self._choose(number, self._shown[1]))
                self._cards[number] = card
            if len(plan.routes) > 1:
                others = {0: words["nothing"]} | {
                    number: words["route"].format(number=number) for number in range(1, len(plan.routes) + 1)
                }
                self._beside = ui.select(
                    others,
                    value=0,
                    label=words["compare with"],
                    on_change=lambda event: self._choose(self._shown[0], int(event.value)),
                )
                self._beside.props("dense outlined").classes("compare-choice").props("data-part=compare")

    async def _choose(self, number: int, beside: int) -> None:
        """Show a route, and another beside it."""
        assert self._plan
        beside = 0 if beside == number else beside
        if len(self._plan.routes) > 1:
            self._beside.set_value(beside)
        if (number, beside) == self._shown and self._stage.default_slot.children:
            return
        self._shown = (number, beside)
        for each, card in self._cards.items():
            card.classes(add="chosen" if each in self._shown else "", remove="" if each in self._shown else "chosen")
        routes = {each: self._plan.routes[each - 1] for each in self._shown if each}
        drawings = {each: await asyncio.to_thread(route_svg, route, self._language) for each, route in routes.items()}
        self._drawer.hide()
        self._stage.clear()
        self._views = {}
        with self._stage, ui.element("div").classes("route-pair" if beside else "route-alone"):
            for each, route in routes.items():
                other = next((routes[one] for one in routes if one != each), None)
                with ui.column().classes("card route-panel gap-2").props(f"data-part=panel-{each}"):
                    self._route(each, route, drawings[each], other)

    def _route(self, number: int, route: Route, drawing: str, other: Route | None) -> None:
        words, language = self._words, self._language
        ui.label(words["route"].format(number=number)).classes("panel-title")
        view_words = {key: words[name] for key, name in _VIEW_WORDS.items()}
        self._views[number] = RouteView(drawing, f"route-{number}", view_words, partial(self._open_step, number))
        self._views[number].props(f"data-part=tree-{number}")
        ui.label(words["tree hint"]).classes("hint")
        if other is None:
            ui.label(figures_of(route, language)).classes("hint")
        else:
            show_facts(self._figures(number, route))
        for outcome in route.constraints:
            met = "amber" if outcome.met is not True else ""
            ui.label(outcome_in_words(outcome, language)).classes(f"hint {met}").props("data-part=outcome")
        self._leaves(route, other)
        ui.label(words["disclaimer"]).classes("hint")

    def _figures(self, number: int, route: Route) -> list[tuple[str, str]]:
        """What the route is worth by each criterion."""
        assert self._plan
        words, told = self._words, TOLD[self._language]
        steps = [node.step for node in route.root.walk() if node.step]
        columns, rows = comparison_rows(self._plan, self._language)
        compared = [row for row in rows if row[0] == number]
        if compared:
            facts = [
                (name, "–" if cell is None else str(cell)) for name, cell in zip(columns, compared[0], strict=True)
            ]
            facts = facts[1:]
        else:
            facts = [(told["steps"], str(route.steps)), (told["longest line"], str(route.longest_line))]
        weakest = min((step.probability for step in steps), default=1.0)
        cited = sum(bool(step.precedents) for step in steps)
        return [
            *facts,
            (words["weakest"], f"{weakest:.2g}"),
            (words["cited"], f"{cited}/{len(steps)}"),
            (words["materials"], str(len({leaf.smiles for leaf in route.leaves}))),
        ]

    def _leaves(self, route: Route, other: Route | None) -> None:
        words, language = self._words, self._language
        shared = {leaf.smiles for leaf in other.leaves} if other else set()
        ui.label(words["leaves"]).classes("panel-subtitle")
        with ui.element("ul").classes("leaf-list"):
            for leaf in {leaf.smiles: leaf for leaf in route.leaves}.values():
                with ui.element("li"):
                    ui.label(leaf.smiles).classes("smiles-text")
                    tier = TIERS[language][leaf.stock.tier] if leaf.stock else TOLD[language]["missing"]
                    ui.label(tier + (f" · {words['shared']}" if leaf.smiles in shared else "")).classes("hint")

    async def _open_step(self, number: int, step_number: int) -> None:
        assert self._plan
        step = list(_steps_in_order(self._plan.routes[number - 1].root))[step_number - 1]
        drawing = await asyncio.to_thread(step_svg, step, self._language)
        for each, view in self._views.items():
            view.choose(step_number if each == number else 0)
        self._drawer.clear()
        with self._drawer:
            ui.button(icon="close", on_click=self._close_step).props("flat round dense").classes("drawer-close")
            show_step(step_number, step, drawing, self._language)
        self._drawer.show()

    def _close_step(self) -> None:
        self._drawer.hide()
        for view in self._views.values():
            view.choose(0)


def _steps_in_order(node: RouteNode) -> Iterator[Proposal]:
    """The steps in the order they are done, as the picture numbers them."""
    for below in node.precursors:
        yield from _steps_in_order(below)
    if node.step:
        yield node.step
