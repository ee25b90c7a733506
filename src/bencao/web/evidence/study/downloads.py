"""What a study can be downloaded as, each written into the workspace's ledger by its SHA-256."""

from __future__ import annotations

from bencao.evidence.browse.answer import StudyAnswer
from bencao.synthesis.page import Language
from bencao.web.downloads import record_download

DOWNLOADS = {"html": "text/html", "json": "application/json"}


def download(answer: StudyAnswer, form: str, language: Language) -> tuple[str, bytes]:
    """A study as a file, recorded.

    Parameters
    ----------
    answer : StudyAnswer
    form : {"html", "json"}
    language : {"en", "zh"}

    Returns
    -------
    name : str
    data : bytes

    Raises
    ------
    LedgerError
        It cannot be recorded, so it is not given.
    """
    name = f"{answer.study}.{form}"
    data = (answer.told[language].page if form == "html" else answer.json).encode()
    told = {"study": answer.study, "despite": answer.despite, "hidden": answer.hidden, "lang": language}
    record_download("serve evidence study", name, data, told)
    return name, data
