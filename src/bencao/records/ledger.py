"""How the room writes itself into the ledger: files by their content, never by a name that a patient may have given."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from bencao.kernel.ledger import Job, record
from bencao.records.cdm.definition import cdm_tables

# What the room itself calls its files; all others are the user's names.
_OURS = frozenset(
    {
        *("quarantine", "_lineage", "_rejected", "_findings", "unmapped"),
        *("pairs", "review", "person_map", "card"),
        *("achilles_results", "achilles_results_dist", "achilles_analysis"),
    }
)


def record_privately(
    command: str, *, parameters: Mapping[str, Any] | None = None, versions: Mapping[str, str] | None = None
) -> AbstractContextManager[Job]:
    """Write one ledger entry for what happens inside the ``with`` statement, without the names of files.

    A hospital's file may bear a patient's name. It is known by its SHA-256 and a label that the workspace's key gives
    its path; only names of the common data model and of the room's own files stand as they are.

    Parameters
    ----------
    command : str
        E.g. ``records load``.
    parameters, versions : mapping, optional
        As `bencao.kernel.ledger.record` has them; no path among them.

    Returns
    -------
    context manager of Job

    Raises
    ------
    LedgerError, InputError
        As `bencao.kernel.ledger.record`.
    """
    return record(None, command, parameters=parameters, versions=versions, public=_OURS | cdm_tables().keys())
