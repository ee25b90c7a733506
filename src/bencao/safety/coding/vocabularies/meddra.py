"""The user's MedDRA, from the ASCII files of its distribution."""

# Layout: MedDRA Distribution File Format Document (MSSO): fields end with "$".
#   llt.asc    llt_code, llt_name, pt_code, seven codes of older systems, llt_currency (Y or N), harts codes
#   pt.asc     pt_code, pt_name, null, pt_soc_code, ...

from __future__ import annotations

from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.safety.coding.vocabulary import Name, Vocabulary
from bencao.safety.smq.ascii import MEND, release, rows

_CURRENCY = 9


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
    preferred = {fields[0]: fields[1] for _, fields in rows(folder, "pt.asc", 2)}
    names = []
    for where, fields in rows(folder, "llt.asc", 3):
        code, text, pt = fields[:3]
        if pt not in preferred:
            raise InputError(f"LLT {code} names PT {pt}, which pt.asc has not", where=where, mend=MEND)
        current = len(fields) <= _CURRENCY or fields[_CURRENCY] != "N"
        names.append(Name(text, code, preferred[pt], pt, current))
    if not names:
        raise InputError("no terms", where=str(folder / "llt.asc"), mend=MEND)
    told = version or release(folder)
    if not told:
        raise InputError("the version is not told", where=str(folder), mend="give --meddra-version, such as 27.1")
    return Vocabulary("MedDRA", told, "reaction", tuple(names), licensed=True)
