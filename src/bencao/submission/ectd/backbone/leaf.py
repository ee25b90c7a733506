"""A leaf of a backbone, and the place in the dossier where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Operation = Literal["new", "append", "replace", "delete"]
OPERATIONS = ("new", "append", "replace", "delete")
EXTENSION = "node-extension"


@dataclass(frozen=True)
class Level:
    """One element on the way to a leaf: its name, and the attributes that tell it from its like.

    Parameters
    ----------
    name : str
    attributes : tuple of (str, str)
        Sorted by name; ``ID`` and ``xml:lang`` are no part of a place. A node extension has its title here.
    """

    name: str
    attributes: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        inner = ", ".join(f"{key}={value}" for key, value in self.attributes)
        return f"{self.name}[{inner}]" if inner else self.name


Place = tuple[Level, ...]


@dataclass(frozen=True)
class Leaf:
    """One leaf as its backbone states it; what is absent is None.

    Parameters
    ----------
    id : str
    operation : str
        As written, so that a wrong one can be told.
    href : str or None
        Relative to the backbone's folder.
    title : str or None
        None where there is no title element.
    checksum, checksum_type, modified_file, language : str or None
    place : Place
    line : int
        In the backbone.
    is_study_file : bool
        Whether the leaf is a study tagging file (its version names the definition, or its name begins with ``stf-``).
    """

    id: str
    operation: str
    href: str | None
    title: str | None
    checksum: str | None
    checksum_type: str | None
    modified_file: str | None
    language: str | None
    place: Place
    line: int
    is_study_file: bool = False
