"""One hit on the page: its pose in the pocket, its contacts, what it is, and how to make it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from nicegui import ui

from bencao.discovery.browse import HitView, OpenTargets, show_hit
from bencao.discovery.funnel.outlook import active_in_words, solubility_in_words, state_in_words
from bencao.discovery.funnel.words import NAMES
from bencao.kernel.svg import embedded
from bencao.kernel.workers import Failure
from bencao.synthesis.page import Language
from bencao.web.desk import Desk
from bencao.web.desk_page import show_fault
from bencao.web.desk_panel import DeskPanel
from bencao.web.discovery.words import WORDS, view_words
from bencao.web.http.api import ROOT
from bencao.web.page.data_table import DataTable
from bencao.web.page.molecule_view import MoleculeView
from bencao.web.page.step import show_facts

_PROPERTIES = ("weight", "logp", "tpsa", "donors", "acceptors", "rotatable", "qed")


def route_in_words(route: dict[str, Any] | None, language: Language) -> str:
    """How a hit can be made: steps and tiers of what it starts from, or that no route was found."""
    words, names = WORDS[language], NAMES[language]
    if route is None:
        return f"{words['route']}: {words['not asked']}"
    if not route["solved"]:
        return words["no route"]
    tiers = ", ".join(names.get(tier, tier) for tier in route["tiers"])
    steps = route["steps"]
    if not steps:
        return f"{words['in stock']}: {tiers}"
    return words["from"].format(steps=words["step" if steps == 1 else "steps"].format(steps=steps), tiers=tiers)


class HitPanel(DeskPanel[OpenTargets]):
    """The hit that is open; its viewer stays from one to the next.

    Parameters
    ----------
    desk : Desk
    language : {"en", "zh"}
    screen : str
    """

    def __init__(self, desk: Desk[OpenTargets], language: Language, screen: str) -> None:
        super().__init__(desk, language, lambda **at: None)
        self._words = words = WORDS[language]
        self._screen, self._rank = screen, 0
        with ui.column().classes("card gap-2 hit-side").props("data-part=hit"):
            self._title = ui.column().classes("w-full gap-0")
            self._view = MoleculeView(view_words(words, "pose in 3-D"))
            self._view.props("data-part=pose-view")
            self._told = ui.column().classes("w-full gap-2")

    async def show(self, rank: int) -> None:
        """Open another hit."""
        self._rank = rank
        found = await self._ask(show_hit, self._screen, str(rank), self._language)
        if rank != self._rank:
            return
        self._title.clear()
        self._told.clear()
        if isinstance(found, Failure):
            with self._told:
                show_fault(found, self._language)
            return
        self._view.show(f"{ROOT}/discovery/screens/{self._screen}/hits/{rank}/scene.mvsj")
        with self._title:
            self._name(found.hit)
        with self._told:
            self._contacts(found)
            show_facts(self._facts(found.hit))
            ui.link(self._words["plan"], self._plan_address(found.hit), new_tab=True).classes("top-link")

    def _plan_address(self, hit: dict[str, Any]) -> str:
        return "/?" + urlencode({"lang": self._language, "smiles": hit["smiles"]})

    def _name(self, hit: dict[str, Any]) -> None:
        words = self._words
        with ui.row().classes("w-full items-baseline justify-between no-wrap"):
            name = hit["name"] or words["row"].format(row=hit["row"])
            ui.label(f"{hit['rank']}. {name}").classes("panel-title").props("data-part=hit-title")
            ui.label(f"{hit['score']:.2f} {words['unit']}").classes("hit-score")
        ui.label(hit["smiles"]).classes("smiles-text")

    def _contacts(self, view: HitView) -> None:
        words, names = self._words, NAMES[self._language]
        ui.label(words["contacts"]).classes("panel-subtitle")
        drawing = embedded(view.diagram, "contacts")
        ui.html(drawing, sanitize=False).classes("precedent-picture").props("data-part=diagram")
        if not view.contacts:
            ui.label(words["no contacts"]).classes("hint")
            return
        head = [[(words[name], 1) for name in ("residue", "contact", "atom", "distance")]]
        rows = [[one.residue, names.get(one.kind, one.kind), one.atom, f"{one.distance:.1f}"] for one in view.contacts]
        DataTable(head, rows, numbers_from=3).props("data-part=contacts")

    def _facts(self, hit: dict[str, Any]) -> list[tuple[str, str]]:
        words, route = self._words, hit["route"]
        alerts = [*hit["alerts"]["pains"], *hit["alerts"]["brenk"]]
        facts = [
            (words["docked"], state_in_words(hit, self._language)),
            (words["checks"], ", ".join(hit["failed_checks"]) or words["passes"]),
            (words["alerts"], "; ".join(alerts) or words["no alerts"]),
        ]
        facts += [(words[name], f"{hit['properties'][name]:g}") for name in _PROPERTIES]
        if near := hit["nearest_active"]:
            facts.append((words["nearest active"], f"{near['name']} ({near['similarity']:.2f})"))
        if admet := hit.get("admet"):  # a screen kept from before has none
            facts.append((words["solubility"], solubility_in_words(admet, self._language) or ""))
            facts.append((words["tox21"], active_in_words(admet) or words["no assay"]))
        made = route_in_words(route, self._language)
        if route and not route["solved"]:
            made = words["no route text"].format(reason=route["reason"])
        facts.append((words["route"], made))
        if route and route["price"] is not None:
            facts.append((words["price"], f"{route['price']:g}"))
        return facts
