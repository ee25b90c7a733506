"""Words and pieces of a sentence, with their places."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bencao.safety.intake.extraction.wordpiece import encode, words_of

PIECES = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "rash", "cef", "##uro", "##xime", "after", "-", "naive")
VOCABULARY = {piece: number for number, piece in enumerate(PIECES)}


def test_a_word_is_cut_into_the_longest_pieces_of_the_vocabulary() -> None:
    pieces = encode("Rash after cefuroxime", VOCABULARY)
    assert [PIECES[one] for one in pieces.ids] == ["[CLS]", "rash", "after", "cef", "##uro", "##xime", "[SEP]"]
    assert pieces.words == ((0, 4), (5, 10), (11, 21))
    assert pieces.first == (1, 2, 3)


def test_a_word_with_an_unknown_part_is_unknown_as_a_whole() -> None:
    assert encode("cefzz", VOCABULARY).ids == (2, 1, 3)


def test_accents_and_case_are_left_out_and_places_kept() -> None:
    assert encode("Naïve", VOCABULARY).ids == (2, VOCABULARY["naive"], 3)


def test_a_word_without_end_is_unknown_and_not_searched() -> None:
    assert encode("a" * 5000, VOCABULARY).ids == (2, 1, 3)


@given(st.text(max_size=60))
def test_words_stand_in_order_hold_no_blank_and_leave_out_only_blanks(text: str) -> None:
    words = words_of(text)
    assert all(start < end for start, end in words)
    assert all(before[1] <= after[0] for before, after in pairwise(words))
    kept = "".join(text[start:end] for start, end in words)
    assert not any(one.isspace() for one in kept)
    assert sum(one.isalnum() for one in kept) == sum(one.isalnum() for one in text)
