"""Folding on the page: a sequence, the structure coloured by its confidence, and the confidence along the chain."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from nicegui import ui
from pydantic import ValidationError

from bencao.discovery.browse import FoldView, OpenTargets, show_fold
from bencao.kernel.errors import BencaoError
from bencao.kernel.workers import Failure
from bencao.synthesis.page import Language
from bencao.web.desk_page import show_fault
from bencao.web.desk_panel import DeskPanel
from bencao.web.discovery.board import Standing
from bencao.web.discovery.desk import DiscoveryDesk
from bencao.web.discovery.forms import FoldForm
from bencao.web.discovery.words import WORDS, view_words
from bencao.web.http.api import ROOT
from bencao.web.page.molecule_view import MoleculeView

_LOOK = 0.5  # seconds between looks


class FoldPanel(DeskPanel[OpenTargets]):
    """Where a protein is folded.

    Parameters
    ----------
    desk : DiscoveryDesk
    language : {"en", "zh"}
    remember : callable
    """

    def __init__(self, desk: DiscoveryDesk, language: Language, remember: Callable[..., None]) -> None:
        super().__init__(desk, language, remember)
        self._board, self._folds = desk.board, desk.folds
        self._client = ui.context.client
        self._words = words = WORDS[language]
        self._name = ""
        with ui.element("div").classes("setup-sides"):
            with ui.column().classes("gap-3 setup-form"):
                with ui.column().classes("card w-full gap-2"):
                    ui.label(words["sequence"]).classes("panel-title")
                    self._text = ui.textarea(words["sequence text"]).classes("w-full")
                    self._text.props('dense outlined rows=6 spellcheck=false input-class="smiles" data-part=sequence')
                    ui.label(words["fold limits"]).classes("hint amber")
                    with ui.row().classes("w-full items-center gap-3"):
                        ui.button(words["fold"], icon="gesture", on_click=self._start).props(
                            "no-caps unelevated data-part=fold"
                        )
                        self._fault = ui.label().classes("fault").props("data-part=fold-fault")
                self._state = ui.row().classes("card w-full items-center gap-3").props("data-part=fold-state")
                with self._state:
                    ui.spinner(size="1.4em")
                    self._said = ui.label().classes("hint")
                    ui.space()
                    ui.button(words["stop"], on_click=self._stop).props("outline dense no-caps padding='2px 12px'")
                self._told = ui.column().classes("w-full gap-2")
            with ui.column().classes("gap-2 setup-view"):
                self._view = MoleculeView(view_words(words, "fold view"))
                self._view.props("data-part=fold-view")
        self._state.set_visibility(False)

    async def _start(self) -> None:
        self._fault.set_text("")
        try:
            form = FoldForm.model_validate({"sequence": str(self._text.value or "")})
            name = self._folds.add(await asyncio.to_thread(form.read, self._folds))
            self._board.fold(name, f"page {self._client.id}")
        except BencaoError as error:
            self._fault.set_text(str(error))
            return
        except ValidationError as error:
            self._fault.set_text(error.errors()[0]["msg"])
            return
        await self.follow(name)

    def _stop(self) -> None:
        if self._board.standing_of_fold(self._name).state in ("waiting", "running"):
            self._board.cancel(self._name)

    async def follow(self, name: str) -> None:
        """Show how a fold goes on, and what came of it, unless another was started meanwhile."""
        words, self._name = self._words, name
        self._remember(fold=name)
        self._told.clear()
        self._view.show("")
        try:
            standing = self._board.standing_of_fold(name)
            while standing.state in ("waiting", "running"):
                self._state.set_visibility(True)
                elapsed = words["elapsed"].format(seconds=f"{standing.seconds:.0f}")
                said = fold_in_words(standing, words) if standing.state == "running" else words["waiting"]
                self._said.set_text(f"{said} · {elapsed}")
                await asyncio.sleep(_LOOK)
                if self._name != name or self._client.is_deleted:
                    return
                standing = self._board.standing_of_fold(name)
        except BencaoError:
            self._fault.set_text(words["gone"])
            return
        self._state.set_visibility(False)
        found: FoldView | Failure | None = standing.failure if standing.state == "failed" else None
        if standing.state == "done":
            found = await self._ask(show_fold, name)
        with self._told:
            if found is None:
                ui.label(words["fold stopped"]).classes("hint")
            elif isinstance(found, Failure):
                show_fault(found, self._language)
            else:
                self._show(found)

    def _show(self, view: FoldView) -> None:
        words, here = self._words, f"{ROOT}/discovery/folds/{self._name}"
        self._view.show(f"{here}/scene.mvsj")
        with ui.column().classes("card w-full gap-2"):
            sure = sum(value > 70 for value in view.confidence)
            told = {"name": view.name, "length": len(view.sequence), "trust": f"{view.trust:.0f}", "sure": sure}
            ui.label(words["folded"].format(**told)).classes("panel-title").props("data-part=folded")
            if not view.relatives:
                ui.label(words["alone"]).classes("hint amber")
            ui.echart(confidence_plot(view, words)).classes("chart small").props("data-part=confidence")
            ui.button(words["structure file"], icon="download").props(
                f'flat dense no-caps size=sm href="{here}/fold.pdb" download="fold.pdb" data-part=fold.pdb'
            )


def fold_in_words(standing: Standing, words: dict[str, str]) -> str:
    """How far a fold is."""
    return f"{words['folding']}: {words[standing.stage].format(done=standing.done, total=standing.total)}"


def confidence_plot(view: FoldView, words: dict[str, str]) -> dict[str, Any]:
    """Confidence along the chain, as options of ECharts."""
    return {
        "animation": False,
        "grid": {"left": 50, "right": 20, "top": 16, "bottom": 44},
        "tooltip": {"trigger": "axis"},
        "xAxis": {
            "type": "category",
            "name": words["residue"],
            "nameLocation": "middle",
            "nameGap": 26,
            "data": [f"{letter}{number}" for number, letter in enumerate(view.sequence, 1)],
        },
        "yAxis": {"type": "value", "min": 0, "max": 100},
        "series": [
            {
                "type": "line",
                "name": words["confidence"],
                "showSymbol": False,
                "lineStyle": {"color": "#2c6e54"},
                "itemStyle": {"color": "#2c6e54"},
                "markLine": {
                    "silent": True,
                    "symbol": "none",
                    "data": [{"yAxis": 70}],
                    "lineStyle": {"color": "#9aa5a0"},
                },
                "data": list(view.confidence),
            }
        ],
    }
