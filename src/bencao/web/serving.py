"""Put the workbench together and serve it: pages, API and structure editor behind the guard."""

from __future__ import annotations

import secrets
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from fastapi import FastAPI
from nicegui import ui

from bencao.kernel.errors import InputError
from bencao.synthesis.page import Language
from bencao.synthesis.precedents import SHIPPED_INDEX
from bencao.web.discovery.entry import add_discovery_page, add_discovery_questions
from bencao.web.evidence.entry import add_evidence_page, add_evidence_questions
from bencao.web.http.api import ROOT, create_api
from bencao.web.http.editor import editor_router
from bencao.web.http.guard import Guard, check_token, is_loopback
from bencao.web.http.viewer import viewer_router
from bencao.web.jobs import Capacity, JobBoard
from bencao.web.orders import Load
from bencao.web.page import add_page
from bencao.web.records.entry import add_records_page, add_records_questions
from bencao.web.safety.entry import add_safety_page, add_safety_questions
from bencao.web.submission.entry import add_submission_page, add_submission_questions
from bencao.web.trial.entry import add_trial_page, add_trial_questions

if TYPE_CHECKING:
    from bencao.web.discovery.desk import DiscoveryDesk
    from bencao.web.evidence.desk import EvidenceDesk
    from bencao.web.records.desk import RecordsDesks
    from bencao.web.safety.desk import SafetyDesk
    from bencao.web.submission.desk import SubmissionDesks
    from bencao.web.trial.desk import StudyDesk

PORT = 8741


def create_app(
    board: JobBoard,
    *,
    token: str = "",
    language: Language | None = None,
    desk: StudyDesk | None = None,
    safety: SafetyDesk | None = None,
    submission: SubmissionDesks | None = None,
    records: RecordsDesks | None = None,
    discovery: DiscoveryDesk | None = None,
    evidence: EvidenceDesk | None = None,
) -> Guard:
    """The whole workbench as one ASGI application; one a process, as NiceGUI keeps one set of pages.

    Parameters
    ----------
    board : JobBoard
        Started.
    token : str
        See `Guard`.
    language : {"en", "zh"}, optional
        Of the page where its address names none; the browser's setting decides where not given.
    desk : StudyDesk, optional
        The study of the trial room, see `open_desk`.
    safety : SafetyDesk, optional
        The cases of the safety room, see `open_safety_desk`.
    submission : SubmissionDesks, optional
        Dossier and translation of the submission room, see `open_submission_desks`.
    records : RecordsDesks, optional
        Quality, mapping and notes of the records room, see `open_records_desks`.
    discovery : DiscoveryDesk, optional
        Screens of the discovery room, see `open_discovery_desk`.
    evidence : EvidenceDesk, optional
        The folder of the evidence room, see `open_evidence_desk`.

    Returns
    -------
    ASGI application

    Raises
    ------
    EngineMissing
        The structure editor or the molecule viewer is not installed.
    """
    app = FastAPI(title="Bencao workbench", openapi_url=None)
    rooms = (
        partial(add_trial_questions, desk=desk),
        partial(add_safety_questions, desk=safety),
        partial(add_submission_questions, desks=submission),
        partial(add_records_questions, desks=records),
        partial(add_discovery_questions, desk=discovery),
        partial(add_evidence_questions, desk=evidence),
    )
    app.mount(ROOT, create_api(board, rooms))
    app.include_router(editor_router())
    app.include_router(viewer_router())
    add_page(board, language)
    add_trial_page(desk, language)
    add_safety_page(safety, language)
    add_submission_page(submission, language)
    add_records_page(records, language)
    add_discovery_page(discovery, language)
    add_evidence_page(evidence, language)
    ui.run_with(app, title="Bencao 本草", favicon=_FAVICON, show_welcome_message=False, reconnect_timeout=_PATIENCE)
    return Guard(app, token)


def serve(
    load: Load,
    *,
    host: str = "127.0.0.1",
    port: int = PORT,
    token: str | None = None,
    language: Language | None = None,
    index: Path = SHIPPED_INDEX,
    capacity: Capacity | None = None,
    desk: StudyDesk | None = None,
    safety: SafetyDesk | None = None,
    submission: SubmissionDesks | None = None,
    records: RecordsDesks | None = None,
    discovery: DiscoveryDesk | None = None,
    evidence: EvidenceDesk | None = None,
    report: Callable[[str], None] = lambda line: print(line, file=sys.stderr, flush=True),
) -> None:
    """Serve the workbench until it is interrupted.

    Parameters
    ----------
    load : callable
        See `JobBoard`.
    host : str
        Address to listen at. Beyond loopback every request must carry a token.
    port : int
        0 for any that is free.
    token : str, optional
        Made where it is not given and `host` is beyond loopback.
    language : {"en", "zh"}, optional
        See `create_app`.
    index : Path
        Index of precedents.
    capacity : Capacity, optional
    desk, safety, submission, records, discovery, evidence : optional
        See `create_app`; closed at the end.
    report : callable
        Told the address, once the first worker has loaded the model.

    Raises
    ------
    InputError
        An address that cannot be listened at, or a token that is too short.
    ModelError, EngineMissing
        What cannot be loaded.
    """
    beyond = not is_loopback(host)
    token = check_token(token) if token is not None else secrets.token_urlsafe(24) if beyond else ""
    listening = _listen(host, port)
    board = JobBoard(load, index=index, capacity=capacity)
    try:
        app = create_app(
            board,
            token=token,
            language=language,
            desk=desk,
            safety=safety,
            submission=submission,
            records=records,
            discovery=discovery,
            evidence=evidence,
        )
        board.start()
        listening.listen()  # who comes before the server is up waits a moment
        report(f"Bencao is at {_address(listening, host)}/" + (f"?token={token}" if token else ""))
        if beyond:
            report("warning: without a proxy that speaks HTTPS, token and molecules cross the network as plain text")
        # uvicorn shuts down in good order at SIGTERM, then raises it again: the workers are to be closed as well.
        signal.signal(signal.SIGTERM, _end)
        config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2, server_header=False)
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        for each in (desk, safety, submission, records, discovery, evidence):
            if each:
                each.close()
        board.close()
        listening.close()


def _end(number: int, frame: object) -> None:
    raise SystemExit(128 + number)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except (OSError, OverflowError) as error:
        listening.close()
        cause = f"cannot be listened at ({getattr(error, 'strerror', None) or error})"
        raise InputError(cause, where=f"{host}:{port}", mend="give another --port or --host") from None
    return listening


def _address(listening: socket.socket, host: str) -> str:
    named = socket.gethostname() if host in ("0.0.0.0", "::") else host
    return f"http://{f'[{named}]' if ':' in named else named}:{listening.getsockname()[1]}"


# Seconds for which a page whose browser is silent is kept. One that draws molecules on a busy machine may be silent for
# long; were its page given up meanwhile, what the reader clicked would be lost.
_PATIENCE = 120.0
_FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#2c6e54"/>'
    '<path d="M16 27V11M16 17C9 17 7 12 7 7c6 0 9 4 9 10ZM16 15c0-5 3-8 9-9 0 6-3 9-9 9Z" fill="none" stroke="#fff"'
    ' stroke-width="2.4" stroke-linejoin="round"/></svg>'
)
