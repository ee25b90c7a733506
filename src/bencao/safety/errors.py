"""What can be wrong with reports, their messages and vocabularies, each a kind of its own."""

from __future__ import annotations

from bencao.kernel.errors import BencaoError, InputError


class MessageError(InputError):
    """A message that is not E2B, or is broken; `where` names file, line and column."""


class LicenceRequired(BencaoError):
    """An answer that needs a vocabulary whose licence forbids shipping it, and no copy of the user's was given."""


class RegionTableMissing(BencaoError):
    """A region whose elements and codes are not in the package: the user's table of them is needed."""


class ImplausibleValue(InputError):
    """A value of a report that cannot be true; `where` names the data element."""


class CountsError(InputError):
    """A table of reports or counts that cannot be counted; `where` names file, row and column."""


class PriorUndetermined(BencaoError):
    """Counts too few, or too alike, to say how reporting ratios vary: no empirical prior can be fitted."""


class FitDiverged(BencaoError):
    """A regression whose fit does not settle."""


class HierarchyError(InputError):
    """A hierarchy of events that is none; `where` names file and row."""


class RegisterError(InputError):
    """A decision that the signal register cannot take; `where` names drug and event."""
