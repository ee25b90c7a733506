"""Records of SAS transport files: headers and variable descriptors, packed and unpacked (SAS TS-140)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

RECORD = 80
NAMESTR = 140

# Names of the header records, by version.
LIBRARY = {5: "LIBRARY", 8: "LIBV8"}
MEMBER = {5: "MEMBER", 8: "MEMBV8"}
DESCRIPTOR = {5: "DSCRPTR", 8: "DSCPTV8"}
VARIABLES = {5: "NAMESTR", 8: "NAMSTV8"}
OBSERVATIONS = {5: "OBS", 8: "OBSV8"}
# Labels over 40 bytes, and formats whose name is over 8 (version 8 only).
LONG_LABELS, LONG_FORMATS = "LABELV8", "LABELV9"

_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
# Type, hash, length, number, name, label; format, width, decimals, justification, fill; informat, width, decimals;
# position; long name, length of the label, rest.
_NAMESTR = struct.Struct(">hhhh8s40s8shhh2s8shhl32sh18s")
# TS-140 and, in version 8, the number of observations in 15 columns, as SAS 9.4 writes it.
_ZEROS = "0" * 30


@dataclass(frozen=True)
class Descriptor:
    """A variable as the file describes it.

    Attributes
    ----------
    numeric : bool
    length : int
        Bytes of a value.
    number : int
        From 1.
    name, label : bytes
    format : (name in bytes, width, decimals)
    position : int
        Of the value in a record.
    """

    numeric: bool
    length: int
    number: int
    name: bytes
    label: bytes
    format: tuple[bytes, int, int]
    position: int

    def pack(self, version: Literal[5, 8]) -> bytes:
        """140 bytes; what version 8 has of a longer label or format goes into a section of its own."""
        name, width, decimals = self.format
        longer = (self.name.ljust(32), len(self.label)) if version == 8 else (b"\0" * 32, 0)
        return _NAMESTR.pack(
            *(1 if self.numeric else 2, 0, self.length, self.number),
            *(self.name[:8].ljust(8), self.label[:40].ljust(40)),
            *(name[:8].ljust(8), width, decimals, 0, b"\0\0"),
            *(b" " * 8, 0, 0, self.position, *longer, b"\0" * 18),
        )


def unpack(raw: bytes, version: Literal[5, 8]) -> Descriptor:
    """Descriptor of 140 bytes, or of the 136 that VMS wrote."""
    (kind, _, length, number, name, label, form, width, decimals, _, _, _, _, _, position, long_name, _, _) = (
        _NAMESTR.unpack(raw.ljust(NAMESTR, b"\0"))
    )
    return Descriptor(
        numeric=kind == 1,
        length=length,
        number=number,
        name=(long_name if version == 8 and long_name.strip(b"\0 ") else name).rstrip(b"\0 "),
        label=label.rstrip(b"\0 "),
        format=(form.rstrip(b"\0 "), width, decimals),
        position=position,
    )


def header(name: str, content: str = _ZEROS) -> bytes:
    """One of the records that begin a section."""
    return f"HEADER RECORD*******{name:<8}HEADER RECORD!!!!!!!{content}".ljust(RECORD).encode("ascii")


def padded(section: bytes) -> bytes:
    """Fill up with blanks to whole records."""
    return section + b" " * (-len(section) % RECORD)


def timestamp(moment: datetime) -> bytes:
    """16 bytes such as ``01JAN60:00:00:00``, in no one's language."""
    return f"{moment.day:02}{_MONTHS[moment.month - 1]}{moment:%y:%H:%M:%S}".encode("ascii")
