"""A model may reword a sentence; it sees no number, and what it does to their places is proved."""

from __future__ import annotations

from dataclasses import dataclass

from bencao.submission.errors import NumberWithoutSource
from bencao.submission.exchange.content import Content, text_of
from bencao.submission.quality.finding import Language
from bencao.submission.translation.engines.endpoint import Endpoint
from bencao.submission.translation.masking import mask, unmask

_INSTRUCTION = {
    "en": "Reword this sentence of a clinical document in clear, neutral English, with the same meaning and no more. "
    "Keep every placeholder such as ⟦1⟧ exactly once, and write no number. Answer with the sentence alone.",
    "zh": "请以清晰、中性的中文改写这句临床文件中的话，意思不变，不增不减。每个占位符（如⟦1⟧）必须恰好保留一次，"
    + "不得写出任何数字。只回答该句。",
}


@dataclass(frozen=True)
class Rephraser:
    """A model behind an OpenAI-compatible endpoint."""

    endpoint: Endpoint

    def reword(self, content: Content, language: Language) -> str:
        """A sentence in other words, with placeholders for its numbers and tags.

        Raises
        ------
        EngineUnavailable
            Where the endpoint does not answer.
        """
        return self.endpoint.ask([mask(content, language, language).text], _INSTRUCTION[language])[0]


def restored(content: Content, words: str, language: Language, where: str) -> Content:
    """A model's words with the sentence's numbers and tags in their places.

    Raises
    ------
    NumberWithoutSource
        Where a placeholder is missing, doubled or unknown.
    """
    masked = mask(content, language, language)
    told, wrong = unmask(words, masked)
    if wrong:
        lost = ", ".join(str(masked.slots[at - 1].source) for at in wrong if 0 < at <= len(masked.slots))
        raise _refused(f"lost, doubled or made up {lost or wrong}", words, where)
    if not text_of(told).strip():
        raise _refused("is empty", words, where)
    return told


def _refused(cause: str, words: str, where: str) -> NumberWithoutSource:
    return NumberWithoutSource(
        f"the model's wording {cause}: {words[:120]!r}", where=where, mend="try again, or keep the template's sentence"
    )
