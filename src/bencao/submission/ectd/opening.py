"""An application given as a folder or as a ZIP file, unpacked without trusting it."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from bencao.submission.errors import DocumentError, UnsafeFile

_MOST_FILES = 200_000
_MOST_BYTES = 64 << 30
_RATIO, _RATIO_FROM = 300, 16 << 20  # no honest document of this size packs so well


@contextlib.contextmanager
def opened(path: str | os.PathLike[str]) -> Iterator[Path]:
    """The folder of an application or a sequence; of a ZIP file, while the ``with`` statement lasts.

    Raises
    ------
    UnsafeFile
        Where a ZIP file names a place outside itself, a link, the same file twice, or unpacks without end. Nothing is
        then left behind.
    DocumentError
        Where it is no whole ZIP file, or locked.
    """
    given = Path(path)
    if given.suffix.lower() != ".zip" or not given.is_file():
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="bencao-ectd-") as folder:
        _unpack(given, Path(folder))
        yield _inner(Path(folder))


def _unpack(path: Path, folder: Path) -> None:
    where = str(path)
    try:
        with zipfile.ZipFile(path) as archive:
            files = _checked(archive, where)
            for info in files:
                target = folder / _name(info)
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(info) as source, target.open("wb") as sink:
                    shutil.copyfileobj(source, sink, 1 << 20)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error, UnicodeError) as error:
        raise DocumentError(
            f"is no whole ZIP file: {error}", where=where, mend="pack it again, without a password"
        ) from None


def _checked(archive: zipfile.ZipFile, where: str) -> list[zipfile.ZipInfo]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > _MOST_FILES:
        raise UnsafeFile(f"{len(infos):,} files", where=where, mend=f"no application has more than {_MOST_FILES:,}")
    seen: set[str] = set()
    for info in infos:
        name = _name(info)
        if name.startswith("/") or ":" in name or ".." in name.split("/") or "\0" in name:
            raise UnsafeFile(f"a file lies outside it: {name!r}", where=where, mend="do not use this file")
        if (info.external_attr >> 16) & 0o170000 == 0o120000:
            raise UnsafeFile(f"{name!r} is a link", where=where, mend="pack the files themselves")
        if name in seen:
            raise UnsafeFile(f"two files of one name: {name!r}", where=where, mend="pack it again")
        seen.add(name)
        if info.file_size > _RATIO_FROM and info.file_size > _RATIO * max(1, info.compress_size):
            raise UnsafeFile(f"{name!r} unpacks to {info.file_size:,} bytes", where=where, mend="do not use this file")
    total = sum(info.file_size for info in infos)
    if total > _MOST_BYTES:
        raise UnsafeFile(f"unpacks to {total:,} bytes", where=where, mend=f"split it below {_MOST_BYTES:,} bytes")
    return infos


def _name(info: zipfile.ZipInfo) -> str:
    """Name of a member; one without the UTF-8 flag is GB18030 where that reads, as Chinese programs write it."""
    name = info.filename
    if not info.flag_bits & 0x800:
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("gb18030")
    return name.replace("\\", "/")


def _inner(folder: Path) -> Path:
    """The application's folder, where the ZIP file holds one folder that holds it."""
    inside = [one for one in folder.iterdir() if one.name != "__MACOSX"]
    if (
        len(inside) == 1
        and inside[0].is_dir()
        and not (inside[0] / "index.xml").exists()
        and not inside[0].name.isdigit()
    ):
        return inside[0]
    return folder
