"""What can be wrong in discovery, each a kind of its own."""

from __future__ import annotations

from bencao.kernel.errors import InputError


class LibraryError(InputError):
    """A file of molecules that cannot be read as what it claims to be; `where` names file and row."""


class MoleculeError(InputError):
    """A row whose molecule cannot be used; `where` names the row."""


class StructureError(InputError):
    """A protein structure that cannot be used; `where` names file and residue."""


class LigandError(InputError):
    """A ligand that cannot be prepared or docked; `where` names the row."""


class BoxError(InputError):
    """A search box that lies outside the receptor, or is no box."""


class SequenceError(InputError):
    """A sequence or alignment that cannot be folded; `where` names file and residue or row."""


class ObjectiveError(InputError):
    """Objectives of a design that cannot be used; `where` names file and objective."""
