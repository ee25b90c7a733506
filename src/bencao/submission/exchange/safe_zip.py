"""ZIP files looked at before they are unpacked: nothing outside, nothing twice, nothing without end."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass

from bencao.submission.errors import UnsafeFile

_RATIO, _RATIO_FROM = 300, 16 << 20  # no honest member of this size packs so well


@dataclass(frozen=True)
class Limits:
    """How much a file may hold: members, and bytes when unpacked."""

    members: int
    bytes: int


def checked_members(
    archive: zipfile.ZipFile, where: str, limits: Limits, name_of: Callable[[zipfile.ZipInfo], str]
) -> list[zipfile.ZipInfo]:
    """Members of a ZIP file that are no folders.

    Parameters
    ----------
    archive : ZipFile
    where : str
        What an error names.
    limits : Limits
    name_of : callable
        The name a member is unpacked under, with ``/``.

    Raises
    ------
    UnsafeFile
        Where a member would lie outside, is a link, has the name of another, or unpacks without end.
    """
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > limits.members:
        raise UnsafeFile(f"{len(infos):,} files", where=where, mend=f"none has more than {limits.members:,}")
    seen: set[str] = set()
    for info in infos:
        name = name_of(info)
        if name.startswith("/") or ":" in name or "\0" in name or ".." in name.split("/"):
            raise UnsafeFile(f"a part lies outside it: {name!r}", where=where, mend="do not use this file")
        if (info.external_attr >> 16) & 0o170000 == 0o120000:
            raise UnsafeFile(f"{name!r} is a link", where=where, mend="pack the files themselves")
        if name in seen:
            raise UnsafeFile(f"two parts of one name: {name!r}", where=where, mend="pack it again")
        seen.add(name)
        if info.file_size > _RATIO_FROM and info.file_size > _RATIO * max(1, info.compress_size):
            raise UnsafeFile(f"{name!r} unpacks to {info.file_size:,} bytes", where=where, mend="do not use this file")
    total = sum(info.file_size for info in infos)
    if total > limits.bytes:
        raise UnsafeFile(f"unpacks to {total:,} bytes", where=where, mend=f"split it below {limits.bytes:,} bytes")
    return infos
