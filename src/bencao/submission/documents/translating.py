"""A document translated, or taken apart into a bilingual file and put together from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bencao.submission.documents.document import Document, document_bytes
from bencao.submission.documents.segments import Sentence, joined, sentences_of
from bencao.submission.errors import TagLost
from bencao.submission.exchange.content import Content
from bencao.submission.exchange.xliff import NEEDS_TRANSLATION, Segment, Xliff, build_xliff
from bencao.submission.quality.tags import check_tags
from bencao.submission.translation.engines.engine import Engine
from bencao.submission.translation.memory.recall import Recall
from bencao.submission.translation.pipeline import Outcome, Translated, translate_segments
from bencao.submission.translation.termbase import Termbase

_STATES = {"translated": ("translated", ""), "review": ("translated", "bencao:review")}


@dataclass(frozen=True)
class TranslatedDocument:
    """A translated document: its bytes, and what became of each sentence, by its id."""

    data: bytes
    sentences: tuple[Sentence, ...]
    outcome: Outcome

    def xliff(self, source: str, target: str, original: str) -> Xliff:
        """The sentences as a bilingual document, to review or to finish."""
        return build_xliff(
            [_segment(one, told) for one, told in zip(self.sentences, self.outcome.segments, strict=True)],
            source,
            target,
            original=original,
        )


def sentences_in(document: Document, language: str) -> dict[str, list[Sentence]]:
    """The sentences of each paragraph of a document."""
    return {key: sentences_of(key, one.content, language) for key, one in document.paragraphs.items()}


def translate_document(
    document: Document, recall: Recall, terms: Termbase, engine: Engine | None = None
) -> TranslatedDocument:
    """Translate a document; a sentence that nothing could translate stays as it is, and is told.

    The document is used up.
    """
    by_paragraph = sentences_in(document, recall.source)
    sentences = [sentence for listed in by_paragraph.values() for sentence in listed]
    outcome = translate_segments([sentence.core for sentence in sentences], recall, terms, engine)
    targets = {
        sentence.id: told.target for sentence, told in zip(sentences, outcome.segments, strict=True) if told.target
    }
    return TranslatedDocument(merged(document, by_paragraph, targets, recall.target), tuple(sentences), outcome)


def merged(
    document: Document, by_paragraph: Mapping[str, list[Sentence]], targets: Mapping[str, Content], language: str
) -> bytes:
    """The document with the translations of its sentences.

    Raises
    ------
    TagLost
        Where a translation lacks a tag of its sentence, or has one that the sentence has not.
    """
    translations: dict[str, Content] = {}
    for key, sentences in by_paragraph.items():
        for sentence in sentences:
            wrong = check_tags(sentence.core, targets.get(sentence.id, sentence.core))
            if wrong:
                raise TagLost(
                    wrong[0].in_words(),
                    where=f"{document.package.path}: {sentence.id}",
                    mend="put the source's tags into the translation, each once",
                )
        if any(sentence.id in targets for sentence in sentences):
            cores = [targets.get(sentence.id, sentence.core) for sentence in sentences]
            translations[key] = joined(sentences, cores, language)
    return document_bytes(document, translations)


def extract(document: Document, source: str, target: str) -> Xliff:
    """The sentences of a document as a bilingual document without translations."""
    sentences = [one for listed in sentences_in(document, source).values() for one in listed]
    return build_xliff(
        [Segment(one.id, one.core, None, "initial", NEEDS_TRANSLATION) for one in sentences],
        source,
        target,
        original=document.package.path.rpartition("/")[2],
    )


def _segment(sentence: Sentence, told: Translated) -> Segment:
    state, more = _STATES.get(told.status, ("initial", NEEDS_TRANSLATION))
    return Segment(sentence.id, sentence.core, told.target, state, more)
