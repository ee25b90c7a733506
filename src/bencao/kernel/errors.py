"""Errors that are answers: each says where, what was wrong, and how to mend it."""

from __future__ import annotations


class BencaoError(Exception):
    """Base of every error a user is meant to read.

    Parameters
    ----------
    cause : str
        What was found, and what was expected instead.
    where : str, optional
        File, row or field, e.g. ``targets.csv: row 7``.
    mend : str, optional
        What the user can do about it.

    Attributes
    ----------
    cause, where, mend : str
    """

    def __init__(self, cause: str, *, where: str = "", mend: str = "") -> None:
        super().__init__(cause, where, mend)
        self.cause = cause
        self.where = where
        self.mend = mend

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.cause, self.where, self.mend)

    def __str__(self) -> str:
        text = f"{self.where}: {self.cause}" if self.where else self.cause
        return f"{text}; {self.mend}" if self.mend else text

    @property
    def kind(self) -> str:
        """Name of the error's type, as it stands in JSON."""
        return type(self).__name__


def _rebuild(kind: type[BencaoError], cause: str, where: str, mend: str) -> BencaoError:
    return kind(cause, where=where, mend=mend)


class InputError(BencaoError):
    """An input file, row or argument that cannot be used."""


class FileChanged(InputError):
    """A file that is no longer what it was when the changes to it were begun."""


class ModelError(BencaoError):
    """A trained model that is absent, altered, or of another make than its card says."""


class LedgerError(BencaoError):
    """A ledger that cannot be opened, written or believed."""


class ComputeError(BencaoError):
    """A parallel job that could not be started or resumed."""


class EngineMissing(BencaoError):
    """An optional engine that is not installed; the mend names the install step."""
