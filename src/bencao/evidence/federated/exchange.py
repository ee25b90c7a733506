"""The coordinator by signed files: a question a round, an answer a site, until the study is solved."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bencao.evidence.errors import AnswerPending, MessageError
from bencao.evidence.federated.answering import read_answer, refusal
from bencao.evidence.federated.curves import Curve
from bencao.evidence.federated.messages import digest, opened, public_key, sign
from bencao.evidence.federated.solving import Federated, federate
from bencao.evidence.federated.study import FederatedStudy
from bencao.evidence.federated.sums import Point, Stage, Sums
from bencao.kernel.errors import InputError
from bencao.kernel.files import make_folder, write_bytes

_LARGEST = 1 << 24  # bytes of a file


@dataclass(frozen=True)
class Exchange:
    """A folder of questions (``round-01.question.json``) and answers (``round-01.SITE.json``), which is all its state.

    Attributes
    ----------
    folder : Path
    study : FederatedStudy
    key : Ed25519PrivateKey
        The coordinator's.
    sites : mapping of str to str
        Each site's public key.
    """

    folder: Path
    study: FederatedStudy
    key: Ed25519PrivateKey
    sites: Mapping[str, str]

    def question(self, number: int) -> Path:
        """Where a round's question is, rounds counted from 1."""
        return self.folder / f"round-{number:02}.question.json"

    def answer(self, number: int, site: str) -> Path:
        """Where a site's answer is put."""
        return self.folder / f"round-{number:02}.{site}.json"

    def files(self) -> list[Path]:
        """All that lies there by now, in order."""
        return sorted(self.folder.glob("round-*.json"))


@dataclass(frozen=True)
class Question:
    """A question that was written.

    Attributes
    ----------
    number : int
        Of the round.
    path : Path
    sites : tuple of str
        Who is asked.
    """

    number: int
    path: Path
    sites: tuple[str, ...]


def begin(exchange: Exchange) -> Question:
    """Write the first question.

    Raises
    ------
    InputError
        Where the folder has one already, or cannot be written.
    """
    if exchange.question(1).exists():
        raise InputError(
            "has a first question", where=str(exchange.folder), mend="combine its answers, or give another"
        )
    make_folder(exchange.folder)
    found = combine(exchange)
    assert isinstance(found, Question)
    return found


def combine(exchange: Exchange) -> Question | Federated:
    """Read all answers that came, and write the next question or tell the result.

    The fits are solved from the start with the answers at hand, as over HTTPS, so that both give the same numbers.

    Parameters
    ----------
    exchange : Exchange

    Returns
    -------
    Question or Federated

    Raises
    ------
    MessageError
        A file that is unsigned, altered, signed by another key, of another study, round or question.
    AnswerPending
        Sites whose answer to the last question has not come.
    DisclosureError, SeparationError, EstimationError
        What a site refused with, or the fit.
    """
    known: dict[tuple[str, Point], Sums | Curve] = {}
    number = 0
    while exchange.question(number + 1).exists():
        number += 1
        known |= _answers(exchange, number)
    wanted: dict[str, dict[Point, None]] = {}

    def ask(site: str, stage: Stage, beta: Sequence[float], treatment: Sequence[float]) -> Sums | Curve:
        point = Point(stage, tuple(beta), tuple(treatment))
        if (site, point) not in known:
            wanted.setdefault(site, {})[point] = None
            raise AnswerPending("is not asked yet", where=site)
        return known[site, point]

    try:
        return federate(exchange.study, list(exchange.sites), ask)
    except AnswerPending:
        asked = {site: [asdict(point) for point in points] for site, points in wanted.items()}
    body = {"study": exchange.study.digest, "round": number + 1, "number": secrets.token_hex(16), "asked": asked}
    path = exchange.question(number + 1)
    write_bytes(path, sign(body, exchange.key))
    return Question(number + 1, path, tuple(asked))


def _answers(exchange: Exchange, number: int) -> dict[tuple[str, Point], Sums | Curve]:
    """A round's answers by site and point."""
    expected = {"study": exchange.study.digest, "round": number}
    path = exchange.question(number)
    question = opened(read_message(path), public_key(exchange.key), expected, path.name)
    absent = [site for site in question["asked"] if not exchange.answer(number, site).exists()]
    if absent:
        raise AnswerPending(
            f"round {number} is not answered by {', '.join(absent)}", where=str(exchange.folder),
            mend=f"put round-{number:02}.SITE.json there",
        )  # fmt: skip
    found: dict[tuple[str, Point], Sums | Curve] = {}
    for site, asked in question["asked"].items():
        file = exchange.answer(number, site)
        told = {"study": exchange.study.digest, "site": site, "request": digest(question)}
        if site not in exchange.sites:
            raise MessageError("a site was asked that is not named now", where=site, mend="give the same sites")
        body = opened(read_message(file), exchange.sites[site], told, file.name)
        if "refused" in body:
            raise refusal(body["refused"], site)
        answers = zip(map(_point, asked), body["sums"], strict=True)
        found |= {(site, point): read_answer(point.stage, sums) for point, sums in answers}
    return found


def read_message(path: Path) -> bytes:
    """Bytes of a file that was sent; InputError where it cannot be read or is too large."""
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError("is too large for a message", where=str(path), mend="give the file that was sent")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path), mend="check the path") from None


def _point(told: Mapping[str, Any]) -> Point:
    return Point(told["stage"], tuple(told["beta"]), tuple(told["treatment"]))
