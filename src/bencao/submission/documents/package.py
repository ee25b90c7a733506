"""Office packages (ZIP with XML parts): opened without trusting them, and written again part for part."""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.submission.errors import DocumentError
from bencao.submission.exchange.safe_zip import Limits, checked_members

_LIMITS = Limits(members=20_000, bytes=1 << 30)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MAIN = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".pptx": "ppt/presentation.xml"}


@dataclass(frozen=True)
class Package:
    """The parts of a package by name, in their order."""

    path: str
    parts: dict[str, bytes]


def read_package(path: str | os.PathLike[str]) -> Package:
    """Read a .docx, .xlsx or .pptx.

    Raises
    ------
    InputError
        Where it cannot be read.
    DocumentError
        Where it is encrypted, broken, or not the type its name says.
    UnsafeFile
        Where a part would lie outside it, or it unpacks without end.
    """
    where = os.fspath(path)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=where, mend="check the path") from error
    if data.startswith(_OLE):
        raise DocumentError(
            "is encrypted or in the format before 2007",
            where=where,
            mend="open it, remove the password, and save it as .docx, .xlsx or .pptx",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = checked_members(archive, where, _LIMITS, lambda info: info.filename.replace("\\", "/"))
            parts = {info.filename: archive.read(info) for info in members}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise DocumentError(f"is no whole package: {error}", where=where, mend="save it again") from None
    main = _MAIN.get(Path(path).suffix.lower(), "[Content_Types].xml")
    if main not in parts or "[Content_Types].xml" not in parts:
        raise DocumentError(f"has no part {main}", where=where, mend="give a file that is what its name says")
    return Package(where, parts)


def package_bytes(package: Package) -> bytes:
    """The package as the bytes of its file; the same parts give the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in package.parts.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return stream.getvalue()
