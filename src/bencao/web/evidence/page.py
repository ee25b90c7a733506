"""The page of the evidence room: a protocol that is written and frozen, and the study that runs it."""

from __future__ import annotations

from nicegui import ui

from bencao.evidence.browse import StudyFolder
from bencao.synthesis.page import Language
from bencao.web.desk_page import DeskPage
from bencao.web.evidence.desk import EvidenceDesk
from bencao.web.evidence.protocol.panel import ProtocolPanel
from bencao.web.evidence.study.panel import StudyPanel
from bencao.web.evidence.words import WORDS

TABS = ("protocol", "study")


class EvidencePage(DeskPage[StudyFolder]):
    """One reader's page.

    Parameters
    ----------
    desk : EvidenceDesk
    language : {"en", "zh"}
    """

    def __init__(self, desk: EvidenceDesk, language: Language) -> None:
        words = WORDS[language]
        super().__init__("evidence", desk, language, {name: words[f"tab {name}"] for name in TABS}, self._go)
        self._protocol = ProtocolPanel(desk, language, self._remember)
        self._study = StudyPanel(desk, language, self._remember)

    async def open(self, at: dict[str, str]) -> None:
        """Show the part that the address names."""
        self._at = {name: value for name, value in at.items() if value}
        await ui.context.client.connected()  # a page is to be built at once, and a study may take longer
        self._open_tab(TABS)

    async def _go(self, tab: str) -> None:
        asked = {name: value for name, value in self._at.items() if name not in ("tab", "lang")}
        self._remember(tab=tab, **asked)
        self._wait.set_visibility(True)
        with self._cleared():
            await (self._protocol if tab == "protocol" else self._study).open(asked)
        self._wait.set_visibility(False)
