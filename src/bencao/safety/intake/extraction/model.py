"""Mentions in English sentences by the shipped model: load it, ask it."""

from __future__ import annotations

import functools
import json
import os
from dataclasses import dataclass
from pathlib import Path

from bencao.kernel.errors import ModelError
from bencao.kernel.models import load
from bencao.safety.intake.extraction.corpus import Offsets
from bencao.safety.intake.extraction.decoding import spans_with_probability
from bencao.safety.intake.extraction.encoder import Encoder, read_encoder
from bencao.safety.intake.extraction.wordpiece import Pieces, encode, words_of

NAME = "safety-extraction"
WEIGHTS, SETTINGS, VOCABULARY = "encoder.npz", "settings.json", "vocabulary.txt"
MODELS = Path(__file__).resolve().parents[2] / "models" / "extraction"


@dataclass(frozen=True, slots=True)
class Found:
    """A mention that the model reads.

    Attributes
    ----------
    role : str
        An argument of PHEE, or its part: ``Treatment``, ``Treatment.Drug``, ``Effect``, ``Subject.Age``.
    offsets : tuple of (int, int)
        Places in the sentence, in characters.
    probability : float
        That this is a span of the role, neither longer nor shorter.
    """

    role: str
    offsets: Offsets
    probability: float


@dataclass(frozen=True)
class Extractor:
    """The model, ready to be asked."""

    encoder: Encoder
    vocabulary: dict[str, int]
    roles: tuple[str, ...]
    least: float
    identity: str

    def find(self, sentence: str) -> list[Found]:
        """Mentions of a sentence, in the order of roles and places.

        One longer than the encoder reads is read in stretches that do not overlap.
        """
        found = []
        for pieces in self._stretches(sentence):
            scores = self.encoder.scores(pieces.ids, pieces.first)
            by_role = spans_with_probability(scores, self.encoder.arrays["moves"], self.least)
            for role, spans in zip(self.roles, by_role, strict=True):
                for span, probability in sorted(spans):
                    offsets = tuple((pieces.words[start][0], pieces.words[stop - 1][1]) for start, stop in span)
                    found.append(Found(role, offsets, round(probability, 4)))
        return found

    def _stretches(self, sentence: str) -> list[Pieces]:
        words = words_of(sentence)
        stretches = []
        while words:
            pieces = encode(sentence, self.vocabulary, words)
            taken = len(words)
            while len(pieces.ids) > self.encoder.longest:
                taken = max(1, taken * self.encoder.longest // (len(pieces.ids) + 1))
                pieces = encode(sentence, self.vocabulary, words[:taken])
            stretches.append(pieces)
            words = words[taken:]
        return stretches


def load_extractor(folder: str | os.PathLike[str] | None = None) -> Extractor:
    """Load the shipped model, or one of the same make in another folder, once per process.

    Raises
    ------
    ModelError
        As `bencao.kernel.models.load`, or where the settings are not an extraction model's.
    """
    return _load(Path(MODELS if folder is None else folder).resolve())


@functools.cache
def _load(folder: Path) -> Extractor:
    model = load(folder, NAME)
    settings = model.path(SETTINGS)
    try:
        told = json.loads(settings.read_text(encoding="utf-8"))
        roles, least = tuple(map(str, told["roles"])), float(told["least_probability"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"no settings: {error!r}", where=str(settings), mend="install the package again") from error
    pieces = model.path(VOCABULARY).read_text(encoding="utf-8").split("\n")
    vocabulary = {piece: number for number, piece in enumerate(pieces) if piece}
    card = model.card
    return Extractor(read_encoder(model.path(WEIGHTS)), vocabulary, roles, least, f"{card.name} {card.version}")
