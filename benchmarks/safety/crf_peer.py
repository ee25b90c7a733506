"""The peer of the extraction model: a linear-chain CRF for each role on words, their shapes and their neighbours.

Features as usual for named entities (Tjong Kim Sang and De Meulder 2003; CRFsuite's own CoNLL tutorial), no word lists.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pycrfsuite

from bencao.safety.intake.extraction.corpus import ARGUMENTS, Mention, Sentence
from bencao.safety.intake.extraction.tagging import TAGS, spans_of, tags_of
from bencao.safety.intake.extraction.wordpiece import words_of

# The settings of CRFsuite's CoNLL example but for the L1 weight, which is CRFsuite's usual 0.1 in later ones.
SETTINGS = {"c1": 0.1, "c2": 0.1, "max_iterations": 100, "feature.possible_transitions": True}
_NEAR = (-2, -1, 0, 1, 2)


def features_of(text: str, words: Sequence[tuple[int, int]]) -> list[list[str]]:
    """Features of each word: itself, its ends, its shape, and those of two words on either side."""
    plain = [text[start:end] for start, end in words]
    own = [_own(word) for word in plain]
    rows = []
    for place in range(len(plain)):
        row = ["bias"]
        for step in _NEAR:
            at = place + step
            if 0 <= at < len(plain):
                row += [f"{step}:{feature}" for feature in (own[at] if abs(step) < 2 else own[at][:1])]
            else:
                row.append(f"{step}:none")
        for step in (-1, 0):
            if place + step >= 0 and place + step + 1 < len(plain):
                row.append(f"{step}:pair={plain[place + step].lower()}|{plain[place + step + 1].lower()}")
        rows.append(row)
    return rows


def _own(word: str) -> list[str]:
    lower = word.lower()
    shape = re.sub(r"(.)\1+", r"\1", re.sub("[a-z]", "x", re.sub("[A-Z]", "X", re.sub("[0-9]", "0", word))))
    return [
        f"w={lower}",
        f"s3={lower[-3:]}",
        f"s4={lower[-4:]}",
        f"p3={lower[:3]}",
        f"p4={lower[:4]}",
        f"shape={shape}",
    ]


def train_and_tag(train: Sequence[Sentence], test: Sequence[Sentence]) -> list[frozenset[Mention]]:
    """Train on some sentences and give the mentions that are found in others."""
    learnt = [(words_of(one.text), one) for one in train]
    rows = [features_of(one.text, words) for words, one in learnt]
    places = [words_of(one.text) for one in test]
    asked = [features_of(one.text, words) for words, one in zip(places, test, strict=True)]
    found: list[set[Mention]] = [set() for _ in test]
    with tempfile.TemporaryDirectory() as folder:
        for role in ARGUMENTS:
            trainer = pycrfsuite.Trainer(algorithm="lbfgs", params=SETTINGS, verbose=False)
            for row, (words, one) in zip(rows, learnt, strict=True):
                spans = [mention.offsets for mention in one.of(role)]
                trainer.append(row, [TAGS[tag] for tag in tags_of(words, spans)])
            path = str(Path(folder) / role)
            trainer.train(path)
            tagger = pycrfsuite.Tagger()
            tagger.open(path)
            for row, words, mentions in zip(asked, places, found, strict=True):
                tags = [TAGS.index(tag) for tag in tagger.tag(row)]
                mentions |= {Mention(role, offsets) for offsets in spans_of(words, tags)}
            tagger.close()
    return [frozenset(one) for one in found]
