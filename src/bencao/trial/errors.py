"""What can be wrong with trial data, specifications and rules, each a kind of its own."""

from __future__ import annotations

from bencao.kernel.errors import BencaoError, EngineMissing, InputError


class SpecificationError(InputError):
    """A study specification that cannot be used; `where` names the file and line."""


class DuplicateKeyError(InputError):
    """Records of a data set that share their keys; the cause names them."""


class DateParseError(InputError):
    """A date that is none; `where` names the record."""


class CodelistError(InputError):
    """A value outside a codelist that is not extensible."""


class RelationshipError(InputError):
    """Records that RELREC shall relate and cannot identify."""


class XptLimitError(InputError):
    """Data that a SAS transport file of the version asked for cannot hold."""


class RuleError(InputError):
    """A conformance rule that cannot be read; `where` names its file."""


class UnsupportedRule(EngineMissing):
    """A conformance rule that the engine cannot run; it is counted and never taken for passed."""


class TraceError(BencaoError):
    """A cell that cannot be traced to the records behind it."""


class EstimationError(InputError):
    """An estimate or test that the data at hand do not allow; the cause says what they lack."""
