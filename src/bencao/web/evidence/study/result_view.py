"""What a study gave on the page: its design first, and its results behind a lock until the design holds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from nicegui import run, ui

from bencao.evidence.browse.answer import StudyAnswer
from bencao.kernel.errors import BencaoError
from bencao.synthesis.page import Language
from bencao.web.evidence.study.downloads import DOWNLOADS, download
from bencao.web.evidence.words import WORDS
from bencao.web.page.report_parts import show_section


class ResultView:
    """A study that was run.

    Parameters
    ----------
    language : {"en", "zh"}
    run_despite : callable
        Told the reason to show what diagnostics keep back.
    """

    def __init__(self, language: Language, run_despite: Callable[[str], Awaitable[None]]) -> None:
        self._language: Language = language
        self._words, self._run_despite = WORDS[language], run_despite
        self._stage = ui.column().classes("w-full gap-3").props("data-part=result")

    def clear(self) -> None:
        """Take it off the page."""
        self._stage.clear()

    def show(self, answer: StudyAnswer) -> None:
        """Show diagnostics, then results or why they are kept back."""
        words, told = self._words, answer.told[self._language]
        self._stage.clear()
        with self._stage:
            with ui.row().classes("items-center gap-3 w-full"):
                verdict = "fails" if answer.failed else "passes"
                ui.label(words[f"design {verdict}"]).classes(f"verdict {verdict}").props("data-part=verdict")
                ui.label(f"{answer.protocol} · {answer.data}").classes("hint grow")
                for form in DOWNLOADS:
                    ui.button(
                        words[f"get {form}"], icon="download", on_click=lambda form=form: self._give(answer, form)
                    ).props(f"outline no-caps dense padding='2px 10px' data-part=get-{form}")
            show_section(told.design[0], "diagnostics", self._language)
            if answer.hidden:
                self._lock()
            for place, section in enumerate(told.results):
                show_section(section, f"result-{place}", self._language)
            for place, section in enumerate(told.design[1:]):
                show_section(section, f"asked-{place}", self._language)

    def _lock(self) -> None:
        words = self._words
        with ui.column().classes("card lock-card w-full gap-2").props("data-part=lock"):
            with ui.row().classes("items-center gap-2"):
                ui.icon("lock").classes("amber").props("size=1.3em")
                ui.label(words["locked"]).classes("panel-title")
            ui.label(words["locked hint"]).classes("hint")
            reason = ui.input(words["despite"]).props("outlined dense data-part=despite").classes("w-full")
            button = ui.button(words["show despite"], on_click=lambda: self._run_despite(str(reason.value))).props(
                "no-caps outline data-part=show-despite"
            )
            button.bind_enabled_from(reason, "value", lambda value: bool((value or "").strip()))

    async def _give(self, answer: StudyAnswer, form: str) -> None:
        try:
            given = await run.io_bound(download, answer, form, self._language)
        except BencaoError as error:  # what cannot be recorded is not given
            ui.notify(str(error), type="negative")
            return
        if given:  # else the server ends
            ui.download.content(given[1], given[0])
