"""What can be wrong with hospital records, each a kind of its own; no cause ever quotes a patient's data."""

from __future__ import annotations

from bencao.kernel.errors import BencaoError, InputError


class SourceError(InputError):
    """A source file or database that cannot be read as what it claims to be; `where` names file and row."""


class MappingError(InputError):
    """A mapping that cannot be used; `where` names the file and the key in it."""


class SchemaError(InputError):
    """A table that is not as the common data model has it; `where` names the table."""


class VocabularyError(InputError):
    """A vocabulary file that cannot be used; `where` names file and row."""


class LinkageError(InputError):
    """Tables of patients that cannot be linked, or a merge that cannot be undone."""


class ReleaseRefused(BencaoError):
    """An extract that may not leave the house as asked for; the cause says which rule it breaks."""


class VocabularyRequired(BencaoError):
    """A vocabulary that is not shipped, for want of a licence to do so; its user must install or give it."""
