"""How a sentence is cut for the network that reads about a finding, and what the network makes of it."""

from __future__ import annotations

import numpy as np
import pytest

from bencao.records.extraction.context.reading.model import opened, readers
from bencao.records.extraction.context.reading.reader import LAYERS, LENGTH, batch_of
from bencao.records.extraction.context.reading.tokens import STATIC, tokens_of, vectors
from bencao.records.extraction.context.reading.window import CLAUSES, PLACES, SIDE, sentence_of, window_of

KNOWN = frozenset(("没有", "小时候", "发烧", "有发"))


def test_han_is_cut_into_the_longest_known_words_and_numbers_are_alike() -> None:
    words = [word for _, _, word in tokens_of("小时候没有CT，38.5度，2015年？", KNOWN)]
    assert words == ["小时候", "没有", "ct", ",", "0", "度", ",", "2000", "年", "?"]


def test_a_word_that_runs_into_the_finding_is_cut_before_it() -> None:
    sentence = sentence_of("没有发烧了", [(0, 2, 1)], 3, KNOWN)
    window = window_of(sentence, 2, 4, KNOWN)
    assert window.words == ["没有", "发烧", "了"]
    assert window.finding == 1
    assert window.marks[:, 1].tolist() == [True, False, False]
    crossed = window_of(sentence_of("没有发烧", [], 3, frozenset(("没有发",))), 2, 4, frozenset(("没有发",)))
    assert crossed.words == ["没", "有", "发烧"]


def test_clauses_are_counted_from_that_of_the_finding() -> None:
    window = window_of(sentence_of("无热，咳嗽，喘。", [], 3, KNOWN), 3, 5, KNOWN)
    middle = CLAUSES // 2
    assert dict(zip(window.words, window.clauses.tolist(), strict=True))["无"] == middle - 1
    assert window.clauses[window.finding] == middle
    assert window.clauses[-2] == middle + 1


def test_a_window_is_no_longer_than_what_the_network_sees() -> None:
    text = "痛" * 50 + "咳嗽" + "痒" * 50
    window = window_of(sentence_of(text, [], 3, KNOWN), 50, 52, KNOWN)
    assert len(window.words) == LENGTH
    assert window.finding == SIDE
    assert window.places.max() < PLACES


def test_words_that_mean_alike_have_like_vectors() -> None:
    found = {word: vectors().of(word) for word in ("mother", "father", "seizure", "去年", "以前", "如果")}
    assert all(len(one) == STATIC for one in found.values())

    def likeness(one: str, other: str) -> float:
        return float(found[one] @ found[other] / np.linalg.norm(found[one]) / np.linalg.norm(found[other]))

    assert likeness("mother", "father") > likeness("mother", "seizure")
    assert likeness("去年", "以前") > likeness("去年", "如果")


def test_windows_read_together_do_not_see_each_other() -> None:
    windows = [
        window_of(sentence_of(text, [], readers()[0].marks.shape[0], vectors().words), start, end, vectors().words)
        for text, start, end in (("否认高血压", 2, 5), ("Possible pneumonia.", 9, 18), ("咳", 0, 1))
    ]
    told = [3, 2, 5]
    for reader in readers():
        together = reader.answers(batch_of(windows, told))
        for place, window in enumerate(windows):
            alone = reader.answers(batch_of([window], [told[place]]))
            assert together[place] == pytest.approx(alone[0], abs=1e-4)


def test_weights_are_opened_in_the_steps_they_are_kept_in() -> None:
    reader = readers()[0]
    weights = {
        name: getattr(reader, name) for name in ("own", "static", "bias", "places", "clauses", "marks", "finding")
    }
    weights |= {name: getattr(reader, name) for name in ("inward", "inward_bias", "answer", "answer_bias")}
    for number in range(LAYERS):
        layer = reader.layers[number]
        weights |= {f"{part}{number}": getattr(layer, part) for part in ("weights", "bias", "scale", "shift")}
    kept = weights | {
        "own": np.ones_like(reader.own, np.int8),
        "own_step": np.float32(0.5),
        "words": np.array("没有 no"),
    }
    assert (opened(kept).own == 0.5).all()
    assert opened(kept).known == {"没有": 1, "no": 2}
