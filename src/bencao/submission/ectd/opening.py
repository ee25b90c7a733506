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

from bencao.submission.errors import DocumentError
from bencao.submission.exchange.safe_zip import Limits, checked_members

_LIMITS = Limits(members=200_000, bytes=64 << 30)


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
            files = checked_members(archive, where, _LIMITS, _name)
            for info in files:
                target = folder / _name(info)
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(info) as source, target.open("wb") as sink:
                    shutil.copyfileobj(source, sink, 1 << 20)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error, UnicodeError) as error:
        raise DocumentError(
            f"is no whole ZIP file: {error}", where=where, mend="pack it again, without a password"
        ) from None


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
