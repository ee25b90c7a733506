"""Errors as HTTP answers: problem details (RFC 9457) with where, cause and mend."""

from __future__ import annotations

from typing import Any

from bencao.kernel.errors import BencaoError
from bencao.kernel.workers import Failure

_STATUS = {
    "NotAllowed": 401,
    "NothingOpen": 404,
    "TooLarge": 413,
    "UnknownJob": 404,
    "NotFinished": 409,
    "FileChanged": 409,
    "Busy": 429,
    "ComputeError": 500,
    "EngineMissing": 500,
    "LedgerError": 500,
    "ModelError": 500,
}


def status_of_kind(kind: str) -> int:
    """HTTP status of an error by its kind; 422, wrong input, for what is none of the server's."""
    return _STATUS.get(kind, 422)


def problem(error: BencaoError | Failure, status: int) -> dict[str, Any]:
    """The body of the answer to what failed."""
    return {
        "type": "about:blank",
        "title": error.kind,
        "status": status,
        "detail": error.cause + (f"; {error.mend}" if error.mend else ""),
        "where": error.where,
        "cause": error.cause,
        "mend": error.mend,
    }
