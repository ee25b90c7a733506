"""Fit how many Chinese characters the words of an English text make, for the check of a translation's length.

python training/submission_length.py FILE.tmx

FILE.tmx is the TICO-19 development set (CC0); of its pairs only the half is used that ``benchmarks/submission/qa.py``
calls ``tune``. Prints the constants of ``bencao.submission.quality.completeness``.
"""

from __future__ import annotations

import argparse
import hashlib
from itertools import pairwise
from pathlib import Path

import numpy as np

from bencao.submission.exchange import read_tmx, text_of
from bencao.submission.quality.completeness import count_words

_SPLIT_SEED = 6
_FOLDS = 5


def main() -> None:
    """Read, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    rows, characters = [], []
    for unit in read_tmx(parser.parse_args().file).units:
        english, chinese = unit.variant("en"), unit.variant("zh")
        if english is None or chinese is None:
            continue
        one, two = text_of(english.content), text_of(chinese.content)
        if hashlib.sha256(f"{_SPLIT_SEED}\0{one}\0{two}".encode()).digest()[0] % 2 == 0:
            counts, actual = count_words(one, two)
            rows.append(counts)
            characters.append(actual)
    features, actual_characters = np.array(rows, float), np.array(characters, float)
    weights = fit(features, actual_characters)
    print("per", [round(float(weight), 3) for weight in weights], "n", len(rows))
    print_spread(features, actual_characters)


def fit(features: np.ndarray, characters: np.ndarray) -> np.ndarray:
    """Least squares, each text weighted by what it is expected to have (reweighted ten times)."""
    weight = 1 / np.sqrt(characters + 3)
    for _ in range(10):
        solution = np.linalg.lstsq(features * weight[:, None], characters * weight, rcond=None)[0]
        weight = 1 / np.maximum(features @ solution, 3)
    return solution


def print_spread(features: np.ndarray, characters: np.ndarray) -> None:
    """Standard deviation of the logarithm of actual over expected, out of fold, by expected characters."""
    order = np.random.default_rng(0).permutation(len(features))
    deviation, expected = np.zeros(len(features)), np.zeros(len(features))
    for fold in range(_FOLDS):
        left_out = order[fold::_FOLDS]
        kept = np.setdiff1d(order, left_out)
        expected[left_out] = np.maximum(features[left_out] @ fit(features[kept], characters[kept]), 0)
    deviation = np.log((characters + 3) / (expected + 3))
    limits = [0, 12, 25, 45, 80, np.inf]
    for low, high in pairwise(limits):
        chosen = (expected >= low) & (expected < high)
        print(f"expected {low:g} to {high:g}: n {chosen.sum()}, spread {deviation[chosen].std():.3f}")


if __name__ == "__main__":
    main()
