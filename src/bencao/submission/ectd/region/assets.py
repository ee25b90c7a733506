"""The official files that a user brings once: definitions, schemas, style sheets, vocabularies."""

from __future__ import annotations

import csv
import functools
import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_bytes
from bencao.kernel.ledger.store import workspace_folder
from bencao.submission.ectd.region.elements import table

# Name, and what it is for: the folder of `util`, or a vocabulary for the checks.
NAMES: Mapping[str, str] = {
    "ich-ectd-3-2.dtd": "dtd",
    "ich-stf-v2-2.dtd": "dtd",
    "valid-values.xml": "dtd",
    "cn-regional-1-0.xsd": "dtd",
    "xlink.xsd": "dtd",
    "xml.xsd": "dtd",
    "eu-regional.dtd": "dtd",
    "eu-envelope.mod": "dtd",
    "eu-leaf.mod": "dtd",
    "ectd-2-0.xsl": "style",
    "cn-regional-1-0.xsl": "style",
    "cn-regional-1-1.xsl": "style",
    "eu-regional.xsl": "style",
    "ich-stf-stylesheet-2-2a.xsl": "style",
    "ich-stf-stylesheet-2-3.xsl": "style",
    "cv-application-type.xml": "vocabulary",
    "cv-product-type.xml": "vocabulary",
    "cv-regulatory-activity-type.xml": "vocabulary",
    "cv-sequence-type.xml": "vocabulary",
    "depend-apt-rat-sqt.xml": "vocabulary",
    "cn-single-leaf-elements.txt": "vocabulary",
    "checksums.tsv": "checksums",
}
_MOST = 16 << 20  # bytes; the largest official file has a hundredth of it
Verdict = Literal["as published", "line ends restored", "differs from the published", "no checksum published"]


@dataclass(frozen=True)
class Imported:
    """One official file taken over.

    Parameters
    ----------
    name : str
    md5 : str
        Of what was kept.
    verdict : str
        ``as published``; ``line ends restored``, where it was so after them; ``differs from the published``; or ``no
        checksum published``, where the package knows none and the user brought none.
    """

    name: str
    md5: str
    verdict: Verdict


class Assets:
    """The official files at hand.

    Parameters
    ----------
    folder : path-like, optional
        Where `import_assets` put them; without it the workspace's own folder.
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        self.folder = Path(folder) if folder is not None else default_folder()

    def find(self, name: str) -> Path | None:
        """The file of a name, None where it was not brought."""
        path = self.folder / name
        return path if path.is_file() else None

    def need(self, name: str) -> Path:
        """The file of a name.

        Raises
        ------
        InputError
            Where it was not brought.
        """
        path = self.find(name)
        if path is None:
            raise InputError(
                "the official file is not at hand",
                where=name,
                mend="bencao submission assets import FOLDER, with the files that the agency publishes",
            )
        return path

    def checksum(self, name: str) -> str | None:
        """The published MD5 of a file, None where none is known."""
        return {**published_checksums(), **_own_checksums(self.find("checksums.tsv"))}.get(name)


def default_folder() -> Path:
    """Where the workspace keeps official files."""
    return workspace_folder() / "ectd"


@functools.cache
def published_checksums() -> Mapping[str, str]:
    """MD5 by file name, as agencies publish them."""
    return {row["file"]: row["md5"] for row in table("checksums.tsv")}


def import_assets(folder: str | os.PathLike[str], to: str | os.PathLike[str] | None = None) -> tuple[Imported, ...]:
    """Take over the official files in a folder, at any depth.

    Parameters
    ----------
    folder : path-like
        Searched for files of known names; others are left alone.
    to : path-like, optional
        Where to keep them; the workspace's own folder without it.

    Returns
    -------
    tuple of Imported
        By name.

    Raises
    ------
    InputError
        Where there is none, or two of one name differ.
    """
    if not Path(folder).is_dir():
        raise InputError("is no folder", where=os.fspath(folder), mend="give the folder with the official files")
    found: dict[str, tuple[Path, bytes]] = {}
    for path in _known(Path(folder)):
        data = path.read_bytes()
        other = found.get(path.name)
        if other is not None and other[1] != data:
            raise InputError(f"differs from {other[0]}", where=str(path), mend="leave the one that is current")
        found.setdefault(path.name, (path, data))
    if not found:
        raise InputError(
            "holds no official file", where=os.fspath(folder), mend=f"names looked for: {', '.join(sorted(NAMES))}"
        )
    sums = {**published_checksums(), **_own_checksums(found["checksums.tsv"][0] if "checksums.tsv" in found else None)}
    target = Path(to) if to is not None else default_folder()
    target.mkdir(parents=True, exist_ok=True)
    taken = []
    for name in sorted(found):
        data, verdict = _held_against(found[name][1], sums.get(name))
        write_bytes(target / name, data)
        taken.append(Imported(name, hashlib.md5(data, usedforsecurity=False).hexdigest(), verdict))
    return tuple(taken)


def _known(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.name in NAMES and path.is_file() and not path.is_symlink() and path.stat().st_size <= _MOST:
            yield path


def _held_against(data: bytes, published: str | None) -> tuple[bytes, Verdict]:
    if published is None:
        return data, "no checksum published"
    form = as_published(data, published)
    if form is None:
        return data, "differs from the published"
    return form, "as published" if form == data else "line ends restored"


def as_published(data: bytes, published: str) -> bytes | None:
    """The content with the line ends that give the published MD5; None where no line ends do."""
    plain = data.replace(b"\r\n", b"\n")
    for form in (data, plain.replace(b"\n", b"\r\n"), plain):
        if hashlib.md5(form, usedforsecurity=False).hexdigest() == published:
            return form
    return None


def _own_checksums(path: Path | None) -> dict[str, str]:
    """A user's table: file and md5."""
    if path is None:
        return {}
    rows = csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines(), delimiter="\t")
    return {row["file"]: row["md5"].lower() for row in rows if row.get("file") and row.get("md5")}
