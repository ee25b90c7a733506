"""What can be wrong with a study of real-world data, each a kind of its own; no cause ever quotes a patient's data."""

from __future__ import annotations

from bencao.kernel.errors import BencaoError, InputError


class ProtocolError(InputError):
    """A protocol that is no whole target trial; `where` names the file and the key in it."""


class TimeZeroError(InputError):
    """What is known only after time zero, used as if it were known at it; `where` names the variable."""


class StudyDataError(InputError):
    """Data that a study cannot use as they are; `where` names table, column or row."""


class NoEvents(StudyDataError):
    """An outcome that nobody has, or everybody: no effect can be estimated."""


class EmptyArm(StudyDataError):
    """A strategy that nobody follows."""


class PositivityError(BencaoError):
    """Persons with no counterpart in the other arm; the cause names the strata they are in."""


class SeparationError(BencaoError):
    """Covariates that tell the arms, or the outcomes, apart wholly: the model has no finite estimate."""


class EstimationError(BencaoError):
    """An estimate that does not settle, or is not finite."""


class DiagnosticsFailed(BencaoError):
    """Diagnostics that do not pass, so that results stay hidden until a reason is written into the ledger."""


class DisclosureError(BencaoError):
    """An answer that would tell of too few persons; nothing leaves the site."""


class MessageError(BencaoError):
    """A message between sites that is unsigned, altered, or of another study."""


class AnswerPending(BencaoError):
    """An answer of a site that has not come yet."""
