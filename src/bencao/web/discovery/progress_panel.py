"""How far a screen is, on the page: the stage it is at, how much of it is done, and how to stop it or go on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import ui

from bencao.discovery.funnel.watching import STAGES
from bencao.kernel.workers import Failure
from bencao.synthesis.page import Language
from bencao.web.desk_page import show_fault
from bencao.web.discovery.board import Standing
from bencao.web.discovery.words import WORDS


class ProgressPanel:
    """A screen that is not done.

    Parameters
    ----------
    language : {"en", "zh"}
    on_stop, on_resume : callable
    """

    def __init__(
        self, language: Language, on_stop: Callable[[], None], on_resume: Callable[[], Awaitable[None]]
    ) -> None:
        self._language: Language = language
        self._words = words = WORDS[language]
        self._card = ui.column().classes("card w-full gap-2").props("data-part=progress")
        with self._card:
            self._state = ui.label().classes("panel-title").props("data-part=state")
            with ui.row().classes("stage-row"):
                self._stages = {stage: ui.label(words[f"stage {stage}"]).classes("stage-step") for stage in STAGES}
            self._bar = ui.linear_progress(0, show_value=False).props("rounded size=8px")
            with ui.row().classes("w-full items-center gap-4"):
                self._count = ui.label().classes("hint").props("data-part=count")
                self._elapsed = ui.label().classes("hint")
                ui.space()
                self._stop = ui.button(words["stop"], on_click=on_stop).props(
                    "outline dense no-caps padding='2px 12px'"
                )
                self._stop.props("data-part=stop")
                self._resume = ui.button(words["resume"], icon="play_arrow", on_click=on_resume)
                self._resume.props("unelevated dense no-caps padding='2px 12px' data-part=resume")
            ui.label(words["stays"]).classes("hint")
        self._fault = ui.column().classes("w-full")
        self.hide()

    def hide(self) -> None:
        """Show nothing."""
        self._card.set_visibility(False)
        self._fault.clear()
        self._fault.set_visibility(False)

    def show(self, standing: Standing) -> None:
        """Show a screen as it stands."""
        words, state = self._words, standing.state
        self._card.set_visibility(True)
        self._fault.clear()
        at_work = state in ("waiting", "running")
        self._state.set_text(words[state])
        self._stop.set_visibility(at_work)
        self._resume.set_visibility(not at_work)
        place = STAGES.index(standing.stage)
        for number, label in enumerate(self._stages.values()):
            current = state == "running" and number == place
            over = state == "running" and number < place
            label.classes(
                add="current" if current else "over" if over else "",
                remove="over" if current else "current" if over else "current over",
            )
        share = standing.done / standing.total if standing.total else 0.0
        self._bar.set_value(min(1.0, share))
        self._bar.set_visibility(state == "running" and standing.total > 0)
        said = words["of" if standing.total else "so far"].format(
            done=f"{standing.done:,}", total=f"{standing.total:,}"
        )
        self._count.set_text(said if state == "running" else "")
        self._elapsed.set_text(words["elapsed"].format(seconds=f"{standing.seconds:.0f}") if at_work else "")
        self._fault.set_visibility(state == "failed")
        if state == "failed":
            with self._fault:
                show_fault(standing.failure or Failure("ComputeError", "", ""), self._language)
