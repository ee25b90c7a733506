"""Freeze a protocol in the ledger, and know its versions: what changes afterwards makes a new one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bencao.evidence.errors import ProtocolError
from bencao.evidence.protocol.protocol import Protocol
from bencao.evidence.protocol.reading import read_protocol
from bencao.kernel.ledger import Ledger, record, workspace_folder

COMMAND = "evidence register"


@dataclass(frozen=True)
class Version:
    """A protocol as it was frozen.

    Attributes
    ----------
    study : str
    number : int
        From 1.
    digest : str
        SHA-256 of its content.
    registered : str
        UTC, ISO 8601.
    reason : str
        Why it was changed; empty for the first.
    protocol : Protocol
    """

    study: str
    number: int
    digest: str
    registered: str
    reason: str
    protocol: Protocol


def registered_versions(study: str, workspace: str | os.PathLike[str] | None = None) -> tuple[Version, ...]:
    """The versions of a study in the ledger, first to last.

    Raises
    ------
    LedgerError
        Where the ledger cannot be read.
    """
    if not (workspace_folder(workspace) / "ledger.db").exists():
        return ()
    found = []
    with Ledger(workspace) as ledger:
        for _, entry in ledger.entries():
            told: Any = entry.parameters
            if entry.command == COMMAND and entry.status == "ok" and told["study"] == study:
                protocol = Protocol.model_validate(told["protocol"])
                found.append(Version(study, told["version"], told["digest"], entry.ended, told["reason"], protocol))
    return tuple(found)


def check_registered(protocol: Protocol, name: str, versions: tuple[Version, ...]) -> None:
    """Refuse to run a prospective study that is not registered as it stands.

    Parameters
    ----------
    protocol : Protocol
    name : str
        Of its file, for the error.
    versions : tuple of Version
        As `registered_versions` gives them.

    Raises
    ------
    ProtocolError
    """
    if protocol.design == "prospective" and protocol not in [one.protocol for one in versions[-1:]]:
        raise ProtocolError(
            "is prospective and not registered as it stands", where=name, mend="bencao evidence register it"
        )


def register_protocol(
    path: str | os.PathLike[str], *, reason: str = "", workspace: str | os.PathLike[str] | None = None
) -> Version:
    """Freeze a protocol in the workspace's ledger.

    Parameters
    ----------
    path : path-like
        The protocol.
    reason : str
        Why a registered protocol is changed; needed for every version but the first.
    workspace : path-like, optional
        See `bencao.kernel.ledger.workspace_folder`.

    Returns
    -------
    Version
        The one that is there already, where the content is the same.

    Raises
    ------
    ProtocolError
        A protocol that is amiss, or is changed without a reason.
    """
    protocol = read_protocol(path)
    earlier = registered_versions(protocol.study, workspace)
    if earlier and earlier[-1].protocol == protocol:
        return earlier[-1]
    if earlier and not reason.strip():
        raise ProtocolError(
            f"differs from version {earlier[-1].number}, registered {earlier[-1].registered[:10]}",
            where=Path(path).name,
            mend="give --reason, or restore the registered text",
        )
    told = {
        "study": protocol.study,
        "version": len(earlier) + 1,
        "digest": protocol.digest,
        "reason": reason,
        "protocol": protocol.model_dump(mode="json"),
    }
    with record(workspace, COMMAND, parameters=told) as job:
        job.used(path)
    return registered_versions(protocol.study, workspace)[-1]
