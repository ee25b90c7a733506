"""Where a reaction's code stands in the user's MedDRA: preferred term, high levels and primary system organ class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bencao.kernel.errors import InputError
from bencao.safety.smq.ascii import MEND, release, rows

Level = Literal["pt", "hlt", "hlgt", "soc"]
# Layout of mdhier.asc (MedDRA Distribution File Format Document): codes of PT, HLT, HLGT, SOC, their names, the SOC's
# abbreviation, an empty field, the primary SOC's code, and Y where this is the way through the primary SOC.
_PRIMARY = 11


@dataclass(frozen=True, slots=True)
class Placed:
    """A preferred term and what stands above it through its primary SOC: codes and names."""

    pt_code: str
    pt: str
    hlt: str
    hlgt: str
    soc_code: str
    soc: str


@dataclass(frozen=True)
class Levels:
    """A MedDRA hierarchy.

    Attributes
    ----------
    preferred : mapping of str to str
        Code of the preferred term by the code of a lowest level term; a preferred term's own code is among them.
    places : mapping of str to Placed
        By the code of the preferred term.
    order : mapping of str to int
        Place of a SOC in the internationally agreed order (``intl_ord.asc``), by its code; empty without that file.
    version : str
        What ``meddra_release.asc`` says; empty without that file.
    """

    preferred: Mapping[str, str]
    places: Mapping[str, Placed]
    order: Mapping[str, int]
    version: str = ""

    def of(self, code: str) -> Placed | None:
        """Where a code of a lowest level or preferred term stands; nothing where this MedDRA has it not."""
        return self.places.get(self.preferred.get(code, code))


def read_names(folder: Path) -> dict[str, str]:
    """Names of the lowest level terms (``llt.asc``) by code; raises as `read_levels`."""
    return {fields[0]: fields[1] for _, fields in rows(folder, "llt.asc", 3)}


def read_levels(folder: Path) -> Levels:
    """Read ``mdhier.asc`` and ``llt.asc``, and ``intl_ord.asc`` and ``meddra_release.asc`` where they are there.

    Raises
    ------
    InputError
        A file that is absent, or a line with too few fields.
    """
    places: dict[str, Placed] = {}
    for _, fields in rows(folder, "mdhier.asc", _PRIMARY + 1):
        if fields[_PRIMARY] == "Y":
            pt, _hlt, _hlgt, soc, pt_name, hlt_name, hlgt_name, soc_name = fields[:8]
            places[pt] = Placed(pt, pt_name, hlt_name, hlgt_name, soc, soc_name)
    preferred = {fields[0]: fields[2] for _, fields in rows(folder, "llt.asc", 3)}
    there = {each.name.lower() for each in folder.glob("*")}
    order: dict[str, int] = {}
    if "intl_ord.asc" in there:
        for where, fields in rows(folder, "intl_ord.asc", 2):
            if not fields[0].isdecimal():
                raise InputError(f"{fields[0]!r} is no place in an order", where=where, mend=MEND)
            order[fields[1]] = int(fields[0])
    return Levels(preferred, places, order, release(folder))
