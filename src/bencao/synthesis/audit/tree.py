"""A route as it was read from a file: molecules and the steps that make them, nothing checked yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from bencao.kernel.errors import InputError

Source = Literal["bencao", "aizynthfinder", "syntheseus", "retrocast"]


class UnknownFormat(InputError):
    """A file that is none of the route files that can be read."""


class UnreadableRoute(InputError):
    """One route of a file that is not a tree of molecules and steps; the others are read all the same."""


@dataclass(frozen=True)
class Molecule:
    """A molecule of a route.

    Attributes
    ----------
    smiles : str
        As it stands in the file.
    in_stock : bool or None
        What the file says of it; None where it says nothing.
    step : Step or None
        The step that makes it; None for a leaf.
    """

    smiles: str
    in_stock: bool | None = None
    step: Step | None = None

    def walk(self) -> Iterator[Molecule]:
        """This molecule and all below it, depth first."""
        yield self
        for reactant in self.step.reactants if self.step else ():
            yield from reactant.walk()


@dataclass(frozen=True)
class Step:
    """A step of a route.

    Attributes
    ----------
    reactants : tuple of Molecule
    template : str
        Retro template in SMARTS, ``product>>reactants``; empty where the file has none.
    mapped : str
        Atom-mapped reaction SMILES, in either direction; empty where the file has none.
    stated : str
        Reaction SMILES ``reactants>>product`` that the file gives beside the tree; empty where it gives none.
    """

    reactants: tuple[Molecule, ...]
    template: str = ""
    mapped: str = ""
    stated: str = ""


@dataclass(frozen=True)
class RouteTree:
    """A route of a file.

    Attributes
    ----------
    source : {"bencao", "aizynthfinder", "syntheseus", "retrocast"}
        Whose format it has.
    root : Molecule
        What the route makes.
    target : str
        SMILES of what it should make, where the file says so beside the route; else empty.
    loose : tuple of str
        Reaction SMILES of the file that lead nowhere on the way to the root.
    """

    source: Source
    root: Molecule
    target: str = ""
    loose: tuple[str, ...] = ()
