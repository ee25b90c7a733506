"""The user's MedDRA, from the ASCII files of its distribution."""

# Layout: MedDRA Distribution File Format Document (MSSO): fields end with "$".
#   llt.asc    llt_code, llt_name, pt_code, seven codes of older systems, llt_currency (Y or N), harts codes
#   pt.asc     pt_code, pt_name, null, pt_soc_code, ...
#   mdhier.asc pt_code, hlt_code, hlgt_code, soc_code, pt_name, hlt_name, hlgt_name, soc_name, soc_abbrev, null,
#              pt_soc_code, primary_soc_fg (Y or N)

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.safety.coding.vocabulary import Name, Vocabulary

_CURRENCY = 9
_MEND = "give the folder MedAscii of your MedDRA distribution"
_ENCODINGS = ("utf-8-sig", "gb18030", "cp1252")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a preferred term stands in the hierarchy.

    Attributes
    ----------
    pt, hlt, hlgt, soc : (str, str)
        Code and name of each level.
    primary : bool
        Whether this is the way through its primary SOC.
    """

    pt: tuple[str, str]
    hlt: tuple[str, str]
    hlgt: tuple[str, str]
    soc: tuple[str, str]
    primary: bool


def read_meddra(folder: Path, version: str = "") -> Vocabulary:
    """Read the lowest level terms with their preferred terms.

    Parameters
    ----------
    folder : Path
        Holds ``llt.asc`` and ``pt.asc``; the Chinese edition's files are read alike.
    version : str
        As a message carries it, such as ``27.1``; else what ``meddra_release.asc`` says.

    Returns
    -------
    Vocabulary
        Licensed; the codes are those of LLTs, which E2B(R3) asks for.

    Raises
    ------
    InputError
        A file that is absent, or a line of it that is not as its layout says.
    """
    preferred = {fields[0]: fields[1] for _, fields in _lines(folder / "pt.asc", 2)}
    names = []
    for where, fields in _lines(folder / "llt.asc", 3):
        code, text, pt = fields[:3]
        if pt not in preferred:
            raise InputError(f"LLT {code} names PT {pt}, which pt.asc has not", where=where, mend=_MEND)
        current = len(fields) <= _CURRENCY or fields[_CURRENCY] != "N"
        names.append(Name(text, code, preferred[pt], pt, current))
    if not names:
        raise InputError("no terms", where=str(folder / "llt.asc"), mend=_MEND)
    return Vocabulary("MedDRA", version or _version(folder), "reaction", tuple(names), licensed=True)


def read_hierarchy(folder: Path) -> dict[str, tuple[Place, ...]]:
    """Read where each preferred term stands, by its code; the primary way first.

    Raises
    ------
    InputError
    """
    places: dict[str, list[Place]] = {}
    for _, fields in _lines(folder / "mdhier.asc", 12):
        pt, hlt, hlgt, soc = ((fields[level], fields[level + 4]) for level in range(4))
        places.setdefault(pt[0], []).append(Place(pt, hlt, hlgt, soc, fields[11] == "Y"))
    return {code: tuple(sorted(found, key=lambda one: not one.primary)) for code, found in places.items()}


def _version(folder: Path) -> str:
    path = folder / "meddra_release.asc"
    if path.is_file():
        for _, fields in _lines(path, 1):
            return fields[0]
    raise InputError("the version is not told", where=str(folder), mend="give --meddra-version, such as 27.1")


def _lines(path: Path, least: int) -> Iterator[tuple[str, list[str]]]:
    """Fields of every line, with file and line."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path), mend=_MEND) from None
    for number, line in enumerate(_decoded(raw, path).splitlines(), 1):
        if not line.strip():
            continue
        fields = [cell.strip() for cell in line.split("$")]
        where = f"{path}: line {number}"
        if len(fields) < least or not fields[0]:
            raise InputError(f"{len(fields)} fields, {least} or more are due", where=where, mend=_MEND)
        yield where, fields


def _decoded(raw: bytes, path: Path) -> str:
    for encoding in _ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError("neither UTF-8, GB18030 nor Windows-1252", where=str(path), mend=_MEND)
