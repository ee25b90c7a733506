"""Open what a regulatory-affairs writer looks at: an application, a bilingual file under review."""

from __future__ import annotations

import functools
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bencao.kernel.errors import InputError
from bencao.submission.ectd.application import Application, read_application
from bencao.submission.ectd.lifecycle import Life, Lifecycle
from bencao.submission.ectd.region.assets import Assets
from bencao.submission.ectd.validation.checking import Report, check_sequences
from bencao.submission.ectd.view.data import document_lives, view_data
from bencao.submission.exchange.safe_xml import parse_bytes
from bencao.submission.exchange.xliff import Xliff, xliff_of
from bencao.submission.quality.checking import language_of
from bencao.submission.quality.finding import Finding, Language
from bencao.submission.quality.pairs import Pair, check_pairs
from bencao.submission.translation.memory.embedded import embedded_memory, embedded_terms, terms_between
from bencao.submission.translation.memory.recall import Recall
from bencao.submission.translation.termbase import Termbase


@dataclass(frozen=True)
class DossierPlaces:
    """What a reader may look at; nothing else is read.

    Attributes
    ----------
    folder : Path
        Of an application, or of one sequence.
    assets : Path or None
        Folder of the official files; the workspace's own without it.
    """

    folder: Path
    assets: Path | None = None


@dataclass(frozen=True)
class OpenDossier:
    """An application that was read; it is checked when that is first asked for.

    Attributes
    ----------
    application : Application
    assets : Assets
    lifecycle : Lifecycle
    lives : tuple of Life
        Of the leaves, in the order of `data`.
    data : dict
        See `bencao.submission.ectd.view.data.view_data`.
    """

    application: Application
    assets: Assets
    lifecycle: Lifecycle
    lives: tuple[Life, ...]
    data: dict[str, Any]

    @functools.cached_property
    def report(self) -> Report:
        """The check of all its sequences."""
        return check_sequences(self.application, self.assets, progress=False)


def open_dossier(places: DossierPlaces) -> OpenDossier:
    """Read an application.

    Raises
    ------
    InputError, UnsafeFile
        As `bencao.submission.ectd.application.read_application`.
    """
    if places.assets is not None and not places.assets.is_dir():
        raise InputError("is no folder", where=str(places.assets), mend="give the folder of the official files")
    application = read_application(places.folder)
    lifecycle = Lifecycle(application)
    data = view_data(application, application.folder / "index.html")
    return OpenDossier(application, Assets(places.assets), lifecycle, tuple(document_lives(lifecycle)), data)


@dataclass(frozen=True)
class ReviewFile:
    """A bilingual file as it is on the disk, with what the checks find in each segment.

    Attributes
    ----------
    digest : str
        SHA-256 of the file.
    document : Xliff
    findings : tuple of tuple of Finding
    """

    digest: str
    document: Xliff
    findings: tuple[tuple[Finding, ...], ...]


@dataclass
class OpenReview:
    """A bilingual file under review, read anew whenever it has changed.

    Attributes
    ----------
    path : Path
    source, target : {"en", "zh"}
    recall : Recall
        What the package itself knows.
    termbase : Termbase
        Of the terms in the package.
    """

    path: Path
    source: Language
    target: Language
    recall: Recall
    termbase: Termbase
    _known: ReviewFile | None = field(default=None, repr=False)

    def read(self) -> ReviewFile:
        """The file as it is now.

        Raises
        ------
        InputError, DocumentError, UnsafeFile
            Where it cannot be read.
        """
        data = _bytes_of(self.path)
        digest = hashlib.sha256(data).hexdigest()
        if self._known is None or self._known.digest != digest:
            document = xliff_of(parse_bytes(data, self.path.name), self.path.name)
            pairs = [Pair(one.id, one.source, one.target or ()) for one in document.segments]
            checked = check_pairs(pairs, self.source, self.target, self.termbase.check)
            self._known = ReviewFile(digest, document, tuple(one.findings for one in checked))
        return self._known


def open_review(path: Path) -> OpenReview:
    """Open a bilingual file.

    Parameters
    ----------
    path : Path
        XLIFF 2.0 or 2.1, from English to Chinese or from Chinese to English.

    Raises
    ------
    InputError, DocumentError, UnsafeFile
        Where it cannot be read, is no XLIFF 2, or its languages are others.
    """
    document = xliff_of(parse_bytes(_bytes_of(path), path.name), path.name)
    source = language_of(document.source_language)
    other: Language = "zh" if source == "en" else "en"
    target = language_of(document.target_language or other)
    if source == target:
        raise InputError(
            f"from {document.source_language} to {document.target_language}",
            where=path.name,
            mend="one language must be English, one Chinese",
        )
    terms = terms_between(embedded_terms(), source, target)
    opened = OpenReview(
        path, source, target, Recall([embedded_memory()], source, target), Termbase(terms, source, target)
    )
    opened.read()
    return opened


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path), mend="check the path") from error
