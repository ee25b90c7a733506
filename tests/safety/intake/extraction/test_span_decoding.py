"""Spans and their probabilities, against every way through the tags that there is."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise, product

import numpy as np
import pytest

from bencao.safety.intake.extraction.decoding import best_tags, spans_with_probability
from bencao.safety.intake.extraction.tagging import MAY_FOLLOW, MAY_START, spans_of

WORDS = 6
PLACES = [(place, place + 1) for place in range(WORDS)]


def every_way(scores: np.ndarray, moves: np.ndarray) -> dict[tuple[int, ...], float]:
    """Score of each allowed way through one role's layer."""
    ways = {}
    for tags in product(range(4), repeat=len(scores)):
        if MAY_START[tags[0]] and all(MAY_FOLLOW[a][b] for a, b in pairwise(tags)):
            steps = sum(moves[a, b] for a, b in pairwise(tags))
            ways[tags] = float(sum(scores[at, tag] for at, tag in enumerate(tags)) + steps)
    return ways


@pytest.mark.parametrize("seed", range(4))
def test_a_span_has_the_probability_of_all_ways_that_have_it(seed: int) -> None:
    random = np.random.default_rng(seed)
    scores, moves = 2 * random.normal(size=(WORDS, 2, 4)), random.normal(size=(2, 4, 4))
    tags, found = best_tags(scores, moves), spans_with_probability(scores, moves, 0.02)
    for role in range(2):
        ways = every_way(scores[:, role], moves[role])
        assert tuple(tags[:, role]) == max(ways, key=lambda way: ways[way])
        total = np.logaddexp.reduce(list(ways.values()))
        counted: dict[object, float] = defaultdict(float)
        for way, score in ways.items():
            for span in spans_of(PLACES, way):
                counted[span] += float(np.exp(score - total))
        assert found[role]
        for span, probability in found[role]:
            assert probability == pytest.approx(counted[span], abs=1e-9)
        best_single = max((chance, span) for span, chance in counted.items() if len(span) == 1)
        assert found[role][0][1] >= best_single[0] - 1e-9


def test_a_span_of_several_pieces_on_the_best_way_is_found() -> None:
    scores = np.full((5, 1, 4), -6.0)
    for place, tag in enumerate((1, 2, 0, 3, 0)):
        scores[place, 0, tag] = 6.0
    ((found,),) = spans_with_probability(scores, np.zeros((1, 4, 4)), 0.5)
    assert found[0] == ((0, 2), (3, 4))
    assert found[1] > 0.99


def test_spans_of_a_role_do_not_overlap_and_reach_the_least_probability() -> None:
    random = np.random.default_rng(5)
    scores, moves = random.normal(size=(12, 3, 4)), random.normal(size=(3, 4, 4))
    for spans in spans_with_probability(scores, moves, 0.1):
        words = [word for span, _ in spans for start, stop in span for word in range(start, stop)]
        assert len(words) == len(set(words))
        assert all(probability >= 0.1 for _, probability in spans)


def test_one_word_is_enough() -> None:
    scores = np.zeros((1, 1, 4))
    scores[0, 0, 1] = 3.0
    ((found,),) = spans_with_probability(scores, np.zeros((1, 4, 4)), 0.5)
    assert found == (((0, 1),), pytest.approx(np.exp(3) / (1 + np.exp(3))))
