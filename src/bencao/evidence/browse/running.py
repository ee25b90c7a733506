"""Run a protocol of a folder over data of it, with an entry in the ledger."""

from __future__ import annotations

from bencao.evidence.browse.answer import StudyAnswer
from bencao.evidence.browse.answering import answer_of
from bencao.evidence.browse.folder import StudyFolder, digest_of
from bencao.evidence.protocol.reading import read_protocol
from bencao.evidence.protocol.registering import check_registered, registered_versions
from bencao.evidence.study.opening import files_of, open_study_data
from bencao.evidence.study.running import run_study
from bencao.evidence.study.steps import Tell, tell_nobody
from bencao.kernel.errors import FileChanged
from bencao.kernel.ledger import record


def run_protocol(
    opened: StudyFolder, protocol: str, digest: str, data: str, *, despite: str = "", tell: Tell = tell_nobody
) -> StudyAnswer:
    """Run a study; a reason to show results that diagnostics keep back goes into the ledger.

    Parameters
    ----------
    opened : StudyFolder
    protocol, data : str
        Names in it.
    digest : str
        SHA-256 of the protocol's file as the user saw it; empty where it does not matter.
    despite : str
        Why results are to be shown though diagnostics do not pass.
    tell : callable
        See `bencao.evidence.study.steps.Steps`.

    Returns
    -------
    StudyAnswer

    Raises
    ------
    FileChanged
        A protocol that is another one by now.
    ProtocolError
        One that is amiss, or prospective and not registered as it stands.
    BencaoError
        As `run_study` and `open_study_data`.
    """
    place, (source, _) = opened.protocol(protocol), opened.known_data(data)
    whole = read_protocol(place)
    if digest and digest_of(place.read_text(encoding="utf-8")) != digest:
        raise FileChanged("was changed meanwhile", where=protocol, mend="look at it, and run it again")
    versions = registered_versions(whole.study, opened.workspace)
    check_registered(whole, protocol, versions)
    told = {"study": whole.study, "digest": whole.digest, "despite": despite}
    with record(opened.workspace, "evidence study", parameters=told, public=()) as job:
        for path in (place, *files_of(source)):
            job.used(path)
        with open_study_data(whole.data, source) as rows:
            found = run_study(whole, rows, despite=despite.strip(), tell=tell)
    return answer_of(found, versions, protocol, data)
