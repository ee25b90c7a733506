"""What the network finds in running text is added to what rules find, and takes nothing away that is sure."""

from __future__ import annotations

import numpy as np
import pytest

from bencao.records.deidentify import deidentify_text, find_spans
from bencao.records.deidentify.finding.form import plain
from bencao.records.deidentify.finding.known import Patient
from bencao.records.deidentify.finding.lexicon import pair_levels
from bencao.records.deidentify.finding.running import deciding
from bencao.records.deidentify.finding.running.tagger import tagger
from bencao.records.deidentify.finding.running.tokens import CLASSES, Tokens, tokens_of
from bencao.records.deidentify.finding.search.starts import code_points
from bencao.records.deidentify.rules import ruled_each
from bencao.records.deidentify.span import DEFAULT_CATEGORIES, Span

TEXTS = (
    "昨晚楼下水果店的翠兰姐陪他来,说前两天还好好的,血压150/90mmHg,给了布洛芬。",
    "Spoke with the neighbour, Oyelaran, who drives him to dialysis; BP 150/90, continue ramipril 5 mg.",
    "MRN 00412233 王小明 seen 3 May 2021. 复查 CT 未见明显异常。\n\n",
    "",
    " ",
)


def ruled(texts):
    return ruled_each([plain(text) for text in texts], [None] * len(texts), frozenset(DEFAULT_CATEGORIES))


def test_tokens_are_the_letters_digits_and_signs_of_the_text_each_in_its_place() -> None:
    for text, one in zip(TEXTS, ruled(TEXTS), strict=True):
        tokens = tokens_of(one.seen, one.names, one.words, one.spans)
        seen = plain(text)
        cut = [seen[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]
        assert cut == tokens.words
        assert "".join(cut) == "".join(sign for sign in seen if not sign.isspace() or sign == "\n")


def test_a_text_is_tagged_alike_alone_with_others_and_across_the_edge_of_what_is_worked_at_once() -> None:
    long = "\n".join(TEXTS[:3]) * 60
    texts = [tokens_of(one.seen, one.names, one.words, one.spans) for one in ruled([*TEXTS, long])]
    together = tagger().probabilities_of_each(texts)
    for text, answers in zip(texts, together, strict=True):
        assert answers.shape == (len(text.words), len(CLASSES))
        np.testing.assert_allclose(answers, tagger().probabilities_of_each([text])[0], atol=1e-4)  # float32 sums
    assert len(together[-1]) > 4096  # more than is worked at once
    period = len(together[-1]) // 60
    np.testing.assert_allclose(together[-1][period : 2 * period], together[-1][-2 * period : -period], atol=1e-4)


def believing_nothing(text: str, spans: list[Span]) -> tuple[Tokens, np.ndarray]:
    """Tokens of a text, and an answer that holds each of them for none."""
    one = ruled([text])[0]
    tokens = tokens_of(one.seen, one.names, one.words, spans)
    return tokens, np.eye(len(CLASSES), dtype=np.float32)[np.zeros(len(tokens.words), int)]


def settled(text: str, likely: dict[str, tuple[str, float]], spans: list[Span]) -> list[Span]:
    """What is decided where the network would say a class with a probability of some words and `other` of the rest."""
    tokens, answers = believing_nothing(text, spans)
    for place, word in enumerate(tokens.words):
        if word in likely:
            name, chance = likely[word]
            answers[place] = 0
            answers[place, [0, CLASSES.index(name)]] = 1 - chance, chance
    return deciding.settled(text, tokens, answers, spans)


def test_words_side_by_side_of_one_class_become_a_span_that_overlaps_none_of_a_rule() -> None:
    text = "Ada Okonjo lives at 12 Elm Row."
    rule = Span(20, 22, "number", "number.digits", 0.95)
    likely = dict.fromkeys(("12", "Elm", "Row"), ("address", 0.99)) | {
        "Ada": ("name", 0.99),
        "Okonjo": ("name", 0.9),
    }
    found = settled(text, likely, [rule])
    assert [(text[one.start : one.end], one.category) for one in found] == [
        ("Ada Okonjo", "name"),
        ("12", "number"),
        ("Elm Row", "address"),
    ]


def test_what_stands_beside_a_find_or_is_a_word_of_a_found_name_needs_less() -> None:
    text = "Ada Okonjo came, Okonjo slept, Elm grew."
    tokens, answers = believing_nothing(text, [])
    answers[0, :2] = 0.02, 0.98  # Ada
    for place in (1, 4, 7):  # Okonjo beside her, Okonjo alone, and a word that nothing tells
        answers[place, :2] = 0.7, 0.3
    assert tokens.words[4] == "Okonjo" and tokens.words[7] == "Elm"
    found = deciding.settled(text, tokens, answers, [])
    assert [text[one.start : one.end] for one in found] == ["Ada Okonjo", "Okonjo"]


@pytest.mark.parametrize(
    ("text", "word", "kind"),
    [
        ("考虑吉兰巴雷综合征待排", "兰", "name"),
        ("Seen: Charcot joint was noted", "Charcot", "name"),
        ("Lactate 8.9 and alpha wave", "alpha", "age"),
    ],
)
def test_who_gave_his_name_to_a_disease_and_what_is_no_age_stay(text: str, word: str, kind: str) -> None:
    assert settled(text, {word: (kind, 0.99)}, []) == []


def test_pairs_of_characters_in_words_are_told_from_others() -> None:
    levels = pair_levels(code_points("患者张建a高"))
    assert levels[0] > 0.5 and levels[[1, 2, 3, 4]].max() == 0


def test_a_name_found_for_sure_is_found_again_where_the_network_overlooks_it() -> None:
    text = "Zubiri said so. I told Zubiri, and Zubirian is a word."
    tokens, answers = believing_nothing(text, [])
    answers[0, :2] = 0.01, 0.99
    found = deciding.settled(text, tokens, answers, [])
    assert [(one.start, text[one.start : one.end]) for one in found] == [(0, "Zubiri"), (23, "Zubiri")]


@pytest.mark.parametrize(("score", "left"), [(0.7, 0), (0.95, 1), (1.0, 1)])
def test_only_what_a_rule_is_not_sure_of_may_be_refused(score: float, left: int) -> None:
    span = Span(0, 4, "name", "name.model", score)
    assert len(settled("Wilm tumour was not seen.", {}, [span])) == left


def test_what_the_tables_know_of_a_patient_goes_whatever_the_network_says() -> None:
    patient = Patient("1", (("name", "Row"), ("number", "4471")))
    found = find_spans("The row 4471 of sutures held.", patient=patient)
    assert {(one.start, one.end) for one in found} >= {(4, 7), (8, 12)}


def test_only_the_categories_asked_for_are_replaced() -> None:
    for text in TEXTS:
        done = deidentify_text([text], style="tag", categories=["phone"])[0]
        assert {one.category for one in done.spans} <= {"phone"}
