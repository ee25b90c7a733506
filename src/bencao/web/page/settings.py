"""Limits and constraints on the page, read into the same form as the API's."""

from __future__ import annotations

from typing import Any

from nicegui import ui
from pydantic import ValidationError

from bencao.kernel.errors import InputError
from bencao.synthesis.compare import DEFAULT_ORDER, Order
from bencao.synthesis.page import Language
from bencao.synthesis.page.words import CLASSES_ZH
from bencao.synthesis.page.words import WORDS as TOLD
from bencao.synthesis.route import REACTION_CLASSES
from bencao.web.http.forms import LONGEST, MOST_EXPANSIONS, MOST_ROUTES, ConstraintsForm, PlanForm
from bencao.web.orders import PlanOrder
from bencao.web.page.target import TargetPanel
from bencao.web.page.words import WORDS

# What the room's reports call each order.
_ORDERS: dict[Order, str] = {
    "route-score": "route score",
    "probability": "probability",
    "steps": "steps",
    "longest-line": "longest line",
    "convergence": "convergence",
    "stock": "stock evidence",
    "hazard": "highest hazard",
    "price": "leaves price",
}
_LISTS = ("require_leaf", "ban_leaf", "ban", "ban_pattern")


class SettingsPanel:
    """Where limits and constraints are set.

    Parameters
    ----------
    language : {"en", "zh"}
    """

    def __init__(self, language: Language) -> None:
        words, told = WORDS[language], TOLD[language]
        with ui.expansion(words["search"], icon="tune").classes("panel-fold").props("dense default-opened"):
            with ui.grid(columns=2).classes("w-full gap-2"):
                self._seconds = _number(words["seconds"], 30, 1, LONGEST)
                self._expansions = _number(words["expansions"], None, 1, MOST_EXPANSIONS)
                self._routes = _number(words["routes"], 5, 1, MOST_ROUTES)
                self._depth = _number(words["depth"], 8, 1, 50)
            self._order = ui.select(
                {order: told[key] for order, key in _ORDERS.items()}, value=DEFAULT_ORDER, label=words["sort"]
            ).props("dense outlined")
            self._order.classes("w-full")
            self._diverse = ui.checkbox(words["diverse"], value=True).props("dense")
            ui.label(words["budget hint"]).classes("hint")
        with ui.expansion(words["constraints"], icon="rule").classes("panel-fold").props("dense"):
            with ui.grid(columns=2).classes("w-full gap-2"):
                self._max_steps = _number(words["max_steps"], None, 1, 100)
                self._hazard = _number(words["hazard"], None, 0, 1).props("step=0.1")
                self._max_price = _number(words["max_price"], None, 0, None)
                self._elements = ui.input(words["ban_element"], placeholder=words["ban_element hint"]).props(
                    "dense outlined"
                )
            names = REACTION_CLASSES if language == "en" else CLASSES_ZH
            self._classes = ui.select(dict(names), label=words["ban_class"], multiple=True).props(
                "dense outlined use-chips"
            )
            self._classes.classes("w-full")
            self._lists = {
                name: ui.textarea(words[name], placeholder=words["one a line"])
                .props("autogrow dense outlined rows=1 spellcheck=false")
                .classes("w-full")
                for name in _LISTS
            }

    def read(self, target: TargetPanel) -> PlanOrder:
        """The order that target and settings make.

        Raises
        ------
        InputError
        """
        whole: dict[str, Any] = {
            "max_steps": _integer(self._max_steps.value),
            "hazard": self._hazard.value,
            "max_price": self._max_price.value,
            "ban_element": str(self._elements.value or "").replace(",", " ").split(),
            "ban_class": self._classes.value or [],
            "freeze": target.locked,
            "require_break": target.broken or None,
        }
        whole |= {name: str(field.value or "").split() for name, field in self._lists.items()}
        limits = {
            "seconds": self._seconds.value,
            "expansions": _integer(self._expansions.value),
            "depth": _integer(self._depth.value) or 8,
            "routes": _integer(self._routes.value) or 5,
            "sort": self._order.value,
            "diverse": self._diverse.value,
        }
        if limits["expansions"]:
            limits["seconds"] = None
        try:
            form = PlanForm(
                smiles=target.smiles, name=target.name.value or "", constraints=ConstraintsForm(**whole), **limits
            )
        except ValidationError as error:
            first = error.errors()[0]
            raise InputError(first["msg"], where=".".join(map(str, first["loc"]))) from None
        return form.read()

    def restore(self, order: PlanOrder) -> None:
        """Show the settings of a plan."""
        limits, asked = order.limits, order.constraints
        self._seconds.set_value(limits.seconds if limits.expansions is None else 30)
        self._expansions.set_value(limits.expansions)
        self._routes.set_value(order.routes)
        self._depth.set_value(limits.depth)
        self._order.set_value(order.order)
        self._diverse.set_value(order.diverse)
        self._max_steps.set_value(asked.most_steps)
        self._hazard.set_value(asked.highest_hazard)
        self._max_price.set_value(asked.highest_price)
        self._elements.set_value(", ".join(asked.banned_elements))
        self._classes.set_value(list(asked.banned_classes))
        told = (asked.required_leaves, asked.banned_leaves, asked.banned_molecules, asked.banned_patterns)
        for name, values in zip(_LISTS, told, strict=True):
            self._lists[name].set_value("\n".join(values))


def _number(label: str, value: float | None, least: float, most: float | None) -> ui.number:
    return ui.number(label, value=value, min=least, max=most).props("dense outlined")


def _integer(value: float | None) -> int | None:
    return None if value is None else int(value)
