"""The protocols of a folder: which there are, what one says, how it is saved and registered, and its versions."""

from __future__ import annotations

from dataclasses import dataclass

from bencao.evidence.browse.folder import StudyFolder, digest_of
from bencao.evidence.errors import ProtocolError
from bencao.evidence.protocol.amendments import Change, changes
from bencao.evidence.protocol.editing.checking import Amiss, check_text
from bencao.evidence.protocol.editing.words import Language
from bencao.evidence.protocol.registering import Version, register_protocol, registered_versions
from bencao.kernel.errors import FileChanged
from bencao.kernel.files import write_text
from bencao.kernel.ledger import record

_LONGEST = 500_000  # letters of a protocol


@dataclass(frozen=True)
class ProtocolRow:
    """A protocol in the list.

    Attributes
    ----------
    name : str
        Of its file.
    study, title : str
        As far as they can be told.
    amiss : int
        Things that are amiss.
    registered : int
        Number of the version that it is word for word; 0 where it is none.
    versions : int
        Registered versions of its study.
    """

    name: str
    study: str
    title: str
    amiss: int
    registered: int
    versions: int


@dataclass(frozen=True)
class VersionRow:
    """A registered version.

    Attributes
    ----------
    number : int
    registered : str
        UTC, ISO 8601.
    reason : str
        Why it was changed.
    sha256 : str
        Of its content.
    changes : tuple of (str, str, str)
        Keys that it changed of the version before: key, before, after.
    """

    number: int
    registered: str
    reason: str
    sha256: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class ProtocolView:
    """A protocol to be worked on.

    Attributes
    ----------
    name, text : str
    digest : str
        SHA-256 of the file, to be given back when it is saved.
    amiss : tuple of Amiss
    sha256 : str
        Of its content, whatever its spelling; empty while something is amiss.
    versions : tuple of VersionRow
        As registered, first to last.
    pending : tuple of (str, str, str)
        Keys in which it differs from the last of them.
    """

    name: str
    text: str
    digest: str
    amiss: tuple[Amiss, ...]
    sha256: str
    versions: tuple[VersionRow, ...]
    pending: tuple[Change, ...]


def show_protocols(opened: StudyFolder) -> tuple[ProtocolRow, ...]:
    """The protocols of the folder, by name."""
    return tuple(_row(opened, one.name) for one in opened.protocols())


def show_protocol(opened: StudyFolder, name: str, language: Language = "en") -> ProtocolView:
    """A protocol, with what is amiss and its registered versions.

    Raises
    ------
    InputError, ProtocolError
        What is not there or cannot be read.
    """
    text = _read(opened, name)
    return ProtocolView(name, text, digest_of(text), *_standing(opened, text, language))


def save_protocol(opened: StudyFolder, name: str, text: str, digest: str) -> str:
    """Write a protocol, whole or amiss, with an entry in the ledger.

    Parameters
    ----------
    opened : StudyFolder
    name, text : str
    digest : str
        SHA-256 of the file that the changes were made from; empty for a new one.

    Returns
    -------
    str
        SHA-256 of the file as it is now.

    Raises
    ------
    FileChanged
        Where somebody else saved it meanwhile.
    InputError, ProtocolError
    """
    place = opened.protocol(name)
    if len(text) > _LONGEST:
        raise ProtocolError(f"over {_LONGEST:,} letters", where=name, mend="a protocol is shorter")
    there = digest_of(_read(opened, name)) if place.exists() else ""
    if there == digest_of(text):
        return there
    if there != digest:
        raise FileChanged("was changed by somebody else meanwhile", where=name, mend="load it again, and enter it anew")
    with record(opened.workspace, "evidence draft", parameters={"name": name}) as job:
        write_text(place, text)
        job.generated(place)
    return digest_of(text)


def freeze_protocol(
    opened: StudyFolder, name: str, reason: str, digest: str, language: Language = "en"
) -> ProtocolView:
    """Register a protocol as it was saved; see `register_protocol`.

    Raises
    ------
    FileChanged
        Where it is no longer the file of that digest.
    ProtocolError
        A protocol that is amiss, or one that was registered and is changed without a reason.
    """
    if digest_of(_read(opened, name)) != digest:
        raise FileChanged("was changed by somebody else meanwhile", where=name, mend="load it again")
    register_protocol(opened.protocol(name), reason=reason, workspace=opened.workspace)
    return show_protocol(opened, name, language)


def _standing(
    opened: StudyFolder, text: str, language: Language
) -> tuple[tuple[Amiss, ...], str, tuple[VersionRow, ...], tuple[Change, ...]]:
    checked = check_text(text, language)
    study = (checked.told or {}).get("study")
    versions = registered_versions(study, opened.workspace) if isinstance(study, str) else ()
    now = checked.protocol
    pending = changes(versions[-1].protocol, now) if versions and now else ()
    return checked.amiss, now.digest if now else "", _version_rows(versions), pending


def _version_rows(versions: tuple[Version, ...]) -> tuple[VersionRow, ...]:
    before = (None, *versions)
    return tuple(
        VersionRow(
            one.number, one.registered, one.reason, one.digest, changes(old.protocol, one.protocol) if old else ()
        )
        for old, one in zip(before, versions, strict=False)
    )


def _row(opened: StudyFolder, name: str) -> ProtocolRow:
    checked = check_text(_read(opened, name))
    told = checked.told or {}
    study, title = (str(told.get(key) or "") for key in ("study", "title"))
    versions = registered_versions(study, opened.workspace) if study else ()
    same = [one.number for one in versions if checked.protocol == one.protocol]
    return ProtocolRow(name, study, title, len(checked.amiss), same[-1] if same else 0, len(versions))


def _read(opened: StudyFolder, name: str) -> str:
    place = opened.protocol(name)
    try:
        return place.read_bytes().decode("utf-8")
    except OSError as error:
        raise ProtocolError(f"cannot be read: {error.strerror}", where=name, mend="choose one that is listed") from None
    except UnicodeDecodeError:
        raise ProtocolError("is no UTF-8", where=name, mend="save it in UTF-8") from None
