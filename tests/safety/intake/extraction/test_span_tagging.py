"""Spans as tags, and back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bencao.safety.intake.extraction.tagging import AGAIN, BEGIN, INSIDE, OUTSIDE, spans_of, tags_of

WORDS = [(4 * place, 4 * place + 3) for place in range(12)]


def test_a_discontinuous_span_is_one_span() -> None:
    span = ((0, 7), (16, 19))
    tags = tags_of(WORDS[:6], [span])
    assert tags == [BEGIN, INSIDE, OUTSIDE, OUTSIDE, AGAIN, OUTSIDE]
    assert spans_of(WORDS[:6], tags) == [span]


def test_two_spans_that_touch_stay_two() -> None:
    spans = [((0, 3),), ((4, 11),)]
    assert spans_of(WORDS[:3], tags_of(WORDS[:3], spans)) == spans


def test_of_spans_that_overlap_the_longest_stays() -> None:
    assert spans_of(WORDS[:4], tags_of(WORDS[:4], [((0, 3),), ((0, 11),)])) == [((0, 11),)]


@given(st.lists(st.sampled_from((OUTSIDE, BEGIN, INSIDE, AGAIN)), min_size=12, max_size=12))
def test_reading_what_was_written_gives_the_same_spans(tags: list[int]) -> None:
    spans = spans_of(WORDS, tags)
    assert spans_of(WORDS, tags_of(WORDS, spans)) == spans
