"""Lines of MedDRA's ASCII files: fields end with a dollar sign."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bencao.kernel.errors import InputError

MEND = "give the folder MedAscii of your MedDRA distribution"


def rows(folder: Path, name: str, least: int) -> Iterator[tuple[str, list[str]]]:
    """Fields of every line, with file and line.

    Parameters
    ----------
    folder : Path
    name : str
        ``llt.asc`` and so on; capitals in the file's name do not count.
    least : int
        Fewest fields of a line.

    Raises
    ------
    InputError
        A file that is absent, in no known encoding, or with too few fields.
    """
    path = next((each for each in sorted(folder.glob("*")) if each.name.lower() == name), folder / name)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path), mend=MEND) from None
    for number, line in enumerate(_text(data, path).splitlines(), 1):
        if not line.strip():
            continue
        fields = [cell.strip() for cell in line.split("$")]
        where = f"{path}: line {number}"
        if len(fields) < least or not fields[0]:
            raise InputError(f"{len(fields)} fields, {least} or more are due", where=where, mend=MEND)
        yield where, fields


def release(folder: Path) -> str:
    """The version that ``meddra_release.asc`` says; empty without that file."""
    if not any(each.name.lower() == "meddra_release.asc" for each in folder.glob("*")):
        return ""
    return next((fields[0] for _, fields in rows(folder, "meddra_release.asc", 1)), "")


def _text(data: bytes, path: Path) -> str:
    for encoding in ("utf-8-sig", "gb18030", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError("neither UTF-8, GB18030 nor Windows-1252", where=str(path), mend=MEND)
