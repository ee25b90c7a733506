"""A site: it answers signed requests of one coordinator for one study, from its own rows and within its guard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bencao.evidence import errors
from bencao.evidence.errors import EstimationError, MessageError
from bencao.evidence.federated.curves import Curve, site_curve
from bencao.evidence.federated.guard.guarding import BUDGET, Guard
from bencao.evidence.federated.guard.persons import Persons, fingerprints
from bencao.evidence.federated.messages import digest, log_number, opened, sign
from bencao.evidence.federated.study import FederatedStudy, Table
from bencao.evidence.federated.sums import Point, Sums, require_counts, site_sums
from bencao.kernel.errors import BencaoError


@dataclass(frozen=True)
class Site:
    """What a site needs to answer.

    Attributes
    ----------
    name : str
    study : FederatedStudy
    table : dict of str to array
        Its rows.
    key : Ed25519PrivateKey
        Its own.
    coordinator : str
        Public key of the one whom it answers.
    log : Path
        Every number that leaves is written here first; of whom it was told is remembered beside it (``.db``), so keep
        one log for all studies over the same persons.
    persons : ndarray of uint64, shape (n,), optional
        From `read_persons`; without them the columns of the study tell the persons apart.
    budget : int
        Different coefficients at which it tells sums of the same persons.
    """

    name: str
    study: FederatedStudy
    table: Table
    key: Ed25519PrivateKey
    coordinator: str
    log: Path
    persons: Persons | None = None
    budget: int = BUDGET

    @cached_property
    def guard(self) -> Guard:
        """What it has told already."""
        persons = self.persons
        if persons is None:
            rows = np.column_stack([self.table[name] for name in self.study.columns]).tolist()
            persons = fingerprints(map(repr, rows), self.key.private_bytes_raw())
        least, memory = self.study.minimum_count, self.log.with_suffix(".db")
        return Guard(memory, self.name, persons, budget=self.budget, least=least)

    def answer(self, message: bytes) -> bytes:
        """Answer a signed request; a refusal is a signed answer too, and tells a kind and cause, no number.

        Raises
        ------
        MessageError
            Where the request is not the coordinator's, or of another study.
        """
        request = opened(message, self.coordinator, {"study": self.study.digest}, "coordinator")
        body: dict[str, Any] = {"study": self.study.digest, "site": self.name, "request": request}
        told, points = self._told([request]), _points([request])
        body |= {"sums": told["sums"][0]} if "sums" in told else told
        if "sums" in told:
            self.guard.keep(self.study.digest, points)
        log_number(self.log, body)
        return sign(body, self.key)

    def answer_question(self, message: bytes) -> tuple[bytes, dict[str, Any]]:
        """Answer a signed question of a round, once.

        Parameters
        ----------
        message : bytes
            From `bencao.evidence.federated.exchange`.

        Returns
        -------
        bytes
            The signed answer, or refusal.
        dict
            Its body.

        Raises
        ------
        MessageError
            Where the question is not the coordinator's, of another study, asks nothing here, or was answered before.
        """
        question = opened(message, self.coordinator, {"study": self.study.digest}, "coordinator")
        own = digest(question)
        self.guard.refuse_answered(own)
        asked = question.get("asked")
        if not isinstance(asked, Mapping) or not asked.get(self.name):
            raise MessageError("the question asks nothing of this site", where=self.name, mend="check the site's name")
        body: dict[str, Any] = {"study": self.study.digest, "site": self.name, "request": own}
        body |= self._told(asked[self.name])
        if "sums" in body:
            self.guard.keep(self.study.digest, _points(asked[self.name]), own)
        log_number(self.log, body)
        return sign(body, self.key), body

    def _told(self, asked: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        points = _points(asked)
        try:
            self.guard.check(self.study.digest, points)
            sums = [self._answered(point).as_json() for point in points]
        except BencaoError as error:
            return {"refused": {"kind": error.kind, "cause": error.cause, "mend": error.mend}}
        except (KeyError, ValueError, TypeError):
            raise MessageError("the request is not of the study's form", where="coordinator") from None
        return {"sums": sums}

    def _answered(self, point: Point) -> Sums | Curve:
        if point.stage == "curve":
            if not self.study.horizons:
                raise ValueError("no curve is agreed on")
            require_counts(self.study, self.table, self.name)
            return site_curve(self.study, self.table)
        return site_sums(self.study, self.table, point.stage, point.beta, point.treatment, site=self.name)


def read_answer(stage: str, told: Mapping[str, Any]) -> Sums | Curve:
    """A site's answer from its plain values."""
    return Curve(**told) if stage == "curve" else Sums(**told)


def refusal(told: Mapping[str, Any], site: str) -> BencaoError:
    """The error that a site's refusal tells."""
    kind = getattr(errors, str(told["kind"]), EstimationError)
    found: BencaoError = kind(str(told["cause"]), where=site, mend=str(told["mend"]))
    return found


def _points(asked: Any) -> list[Point]:
    try:
        return [
            Point(one["stage"], tuple(map(float, one["beta"])), tuple(map(float, one["treatment"]))) for one in asked
        ]
    except (KeyError, ValueError, TypeError):
        raise MessageError("the request is not of the study's form", where="coordinator") from None
