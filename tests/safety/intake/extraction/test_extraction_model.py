"""The shipped extraction model, on sentences that it was not trained on."""

from __future__ import annotations

from pathlib import Path

import pytest

from bencao.safety.intake import Extractor, load_extractor
from bencao.safety.intake.extraction.corpus import ARGUMENTS, Mention, read_sentences
from bencao.safety.intake.extraction.model import MODELS


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return load_extractor()


def found(extractor: Extractor, text: str, role: str) -> list[str]:
    return [text[one.offsets[0][0] : one.offsets[-1][1]] for one in extractor.find(text) if one.role == role]


def test_drug_effect_and_patient_of_a_sentence_are_found(extractor: Extractor) -> None:
    text = "A 34-year-old woman developed agranulocytosis during treatment with clozapine."
    assert found(extractor, text, "Subject") == ["A 34-year-old woman"]
    assert found(extractor, text, "Treatment.Drug") == ["clozapine"]
    assert found(extractor, text, "Effect") == ["agranulocytosis"]


def test_each_span_has_a_probability_over_the_least(extractor: Extractor) -> None:
    told = extractor.find("Two patients had severe hepatitis after taking high doses of an herbal remedy.")
    assert told
    assert all(extractor.least <= one.probability <= 1 for one in told)


def test_strict_f1_on_development_sentences_is_over_the_bar(extractor: Extractor, shared_data: Path) -> None:
    """250 sentences: their interval is ten points wide, so the bar is set where chance would hardly fail it."""
    sentences = read_sentences(shared_data / "safety" / "phee" / "dev.json")[:250]
    right = given = wanted = 0
    for sentence in sentences:
        gold = sentence.of(*ARGUMENTS)
        said = {Mention(one.role, one.offsets) for one in extractor.find(sentence.text) if one.role in ARGUMENTS}
        right, given, wanted = right + len(gold & said), given + len(said), wanted + len(gold)
    assert 2 * right / (given + wanted) > 0.62


def test_a_sentence_longer_than_the_encoder_reads_is_read_in_stretches(extractor: Extractor) -> None:
    text = "She took aspirin and had a rash " * 100 + "after clozapine."
    last = max(one.offsets[-1][1] for one in extractor.find(text))
    assert last > 3000


@pytest.mark.parametrize("text", ["", " ", "。", "????", "1 2 3", "a" * 10000, "\u200b\u0301"])
def test_odd_texts_are_read_without_a_fault(extractor: Extractor, text: str) -> None:
    assert isinstance(extractor.find(text), list)


def test_the_model_is_small() -> None:
    assert sum(path.stat().st_size for path in MODELS.iterdir()) < 8_000_000
