"""An application on the disk: its sequences, their files and their backbones."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from bencao.kernel.errors import BencaoError, InputError
from bencao.submission.ectd.backbone.leaf import Leaf
from bencao.submission.ectd.backbone.reading import Backbone, read_backbone
from bencao.submission.errors import UnsafeFile

INDEX = "index.xml"
REGIONAL = re.compile(r"m1/([a-z]{2})/\1-regional\.xml")
NUMBER = re.compile(r"\d{4}")


class Sequence:
    """One sequence folder.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    InputError
        Where it is no folder.
    UnsafeFile
        Where a link in it leads out of it.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise InputError("is no folder", where=str(folder), mend="give the folder of a sequence, such as 0000")
        self.folder = folder
        self.name = folder.name
        self.files, self.folders = _inventory(folder)
        self.unread: dict[str, BencaoError] = {}
        self._md5: dict[str, str] = {}
        self.index = self._backbone(INDEX)
        regional = next((path for path in self.files if REGIONAL.fullmatch(path)), "")
        self.region = regional.split("/")[1] if regional else ""
        self.regional = self._backbone(regional) if regional else None

    @property
    def backbones(self) -> tuple[Backbone, ...]:
        """Those that can be read: index.xml first."""
        return tuple(one for one in (self.index, self.regional) if one is not None)

    def leaves(self) -> Iterator[tuple[Backbone, Leaf]]:
        """Every leaf with its backbone."""
        for backbone in self.backbones:
            for leaf in backbone.leaves:
                yield backbone, leaf

    def bytes_of(self, path: str) -> bytes:
        """Content of a file of the sequence.

        Raises
        ------
        InputError
            Where it cannot be read.
        """
        try:
            return (self.folder / path).read_bytes()
        except OSError as error:
            raise InputError(
                f"cannot be read: {error.strerror}", where=f"{self.name}/{path}", mend="check the file"
            ) from error

    def md5(self, path: str) -> str:
        """MD5 of a file, 32 hexadecimal digits in small letters."""
        if path not in self._md5:
            self._md5[path] = md5_of(self.folder / path)
        return self._md5[path]

    def _backbone(self, path: str) -> Backbone | None:
        if path not in self.files:
            return None
        try:
            return read_backbone(self.bytes_of(path), path, f"{self.name}/{path}")
        except BencaoError as error:
            self.unread[path] = error
            return None


@dataclass(frozen=True)
class Application:
    """The sequences of one application, in their order."""

    folder: Path
    sequences: tuple[Sequence, ...]

    @property
    def name(self) -> str:
        """Name of its folder, which is the application's number."""
        return self.folder.name

    def sequence(self, name: str) -> Sequence | None:
        """The sequence of a folder name."""
        return next((one for one in self.sequences if one.name == name), None)


def read_application(folder: str | os.PathLike[str]) -> Application:
    """Read every sequence of an application.

    Parameters
    ----------
    folder : path-like
        The application's folder, whose folders are its sequences; or one sequence's folder, alone.

    Raises
    ------
    InputError
        Where there is no sequence in it.
    UnsafeFile
        Where a link in it leads out of it.
    """
    path = Path(folder).resolve()
    if not path.is_dir():
        raise InputError("is no folder", where=str(folder), mend="give the folder of an application or of a sequence")
    if (path / INDEX).exists() or NUMBER.fullmatch(path.name):
        return Application(path.parent, (Sequence(path),))
    inner = sorted(one for one in path.iterdir() if one.is_dir() and not one.name.startswith("."))
    found = [one for one in inner if NUMBER.fullmatch(one.name) or (one / INDEX).exists() or (one / "m1").exists()]
    if not found:
        raise InputError(
            "holds no sequence", where=str(folder), mend="a sequence is a folder such as 0000 with an index.xml in it"
        )
    return Application(path, tuple(Sequence(one) for one in found))


def resolved(backbone: str, reference: str) -> str | None:
    """Path that a reference means, relative to its sequence's folder; None where it leaves the application.

    Parameters
    ----------
    backbone : str
        Path of the file that has the reference, in its sequence.
    reference : str
        With ``/``; a ``#`` and what follows is no part of it.

    Returns
    -------
    str or None
        ``m2/23-qos/drug-substance.pdf`` in the same sequence, ``../0000/index.xml`` in another.
    """
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", reference) or reference.startswith("/") or "\\" in reference:
        return None
    parts: list[str] = list(PurePosixPath(backbone).parent.parts)
    ups = 0
    for part in reference.partition("#")[0].split("/"):
        if part in ("", "."):
            continue
        if part != "..":
            parts.append(part)
        elif parts:
            parts.pop()
        else:
            ups += 1
    if ups > 1:
        return None
    return "/".join([".."] * ups + parts)


def md5_of(path: Path) -> str:
    """MD5 of a file, 32 hexadecimal digits in small letters."""
    digest = hashlib.md5(usedforsecurity=False)
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _inventory(folder: Path) -> tuple[dict[str, int], tuple[str, ...]]:
    """Files with their sizes, and folders, as paths in the sequence."""
    files: dict[str, int] = {}
    folders: list[str] = []
    root = folder.resolve()
    for here, inner, names in os.walk(folder):
        inner.sort()
        for name in (*inner, *sorted(names)):
            path = Path(here) / name
            if path.is_symlink() and root not in path.resolve().parents:
                raise UnsafeFile("is a link that leads out of its sequence", where=str(path), mend="put the file there")
        at = Path(here).relative_to(folder).as_posix()
        if at != ".":
            folders.append(at)
        for name in sorted(names):
            path = Path(here) / name
            files[path.relative_to(folder).as_posix()] = path.stat().st_size if path.exists() else 0
    return files, tuple(folders)
