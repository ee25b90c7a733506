"""What can be wrong with documents, translations and dossiers, each a kind of its own."""

from __future__ import annotations

from bencao.kernel.errors import BencaoError, InputError


class DocumentError(InputError):
    """A document that is broken, locked, or not the type its name says; `where` names the file and the part in it."""


class UnsafeFile(InputError):
    """A file that would reach outside its folder, fetch from elsewhere, or unpack without end."""


class EngineUnavailable(BencaoError):
    """An engine that cannot be reached, or that answers with an error; `where` names it."""


class TagLost(InputError):
    """A translation that lost, doubled or crossed a tag, so that formatting or a field would be lost with it."""


class RegionFilesMissing(InputError):
    """A region whose official files or rules the user must supply; the cause names them."""


class ManifestError(InputError):
    """A manifest, a table of leaves or a lifecycle operation that cannot be built; `where` names file and row."""


class GroundingError(InputError):
    """A document's declaration, slot or fact that cannot be used; `where` names it."""


class NumberWithoutSource(GroundingError):
    """A number in a sentence that no fact and no constant states, or a fact's number that was changed or lost."""


class FactsDiffer(GroundingError):
    """Two languages of a document that do not state the same facts in the same paragraph."""
