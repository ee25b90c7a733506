"""Words that stand for each other in names of one term: kidney and renal, raised and increased."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path

from bencao.kernel.errors import ModelError
from bencao.safety.coding.words import stems

_MOST = 3  # words by which two names may differ, each way, to teach something
_LEAST_COUNT = 1.5
_LEAST_STRENGTH = 0.04
_REWRITTEN = 0.15


@dataclass(frozen=True)
class Associations:
    """How often a word of one name answers to a word of another name of the same term.

    Attributes
    ----------
    strengths : mapping of str to mapping of str to float
        By word, the words it answers to with the share of times, in (0, 1].
    """

    strengths: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def best(self, word: str, others: Iterable[str]) -> float:
        """The strongest association of a word with one of others; 0 where there is none."""
        known = self.strengths.get(word)
        return max((known.get(other, 0.0) for other in others), default=0.0) if known else 0.0

    def rewritten(self, text: str) -> str:
        """A folded text with each word that has a strong association replaced by it."""
        words = []
        for word in text.split():
            (stem,) = stems(word) if len(stems(word)) == 1 else ("",)
            known = self.strengths.get(stem)
            best = min(known.items(), key=lambda pair: (-pair[1], pair[0])) if known else ("", 0.0)
            words.append(best[0] if best[1] >= _REWRITTEN else word)
        return " ".join(words)


def learn(terms: Iterable[Sequence[str]]) -> Associations:
    """Learn from terms, each with its folded names.

    The words by which two names of a term differ share one count; a pair's strength is its count over the word's.
    """
    counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for names in terms:
        for one, other in permutations(dict.fromkeys(stems(name) for name in names), 2):
            left, right = one - other, other - one
            if 0 < len(left) <= _MOST and 0 < len(right) <= _MOST:
                for word in left:
                    for answer in right:
                        counts[word][answer] += 1 / (len(left) * len(right))
    strengths = {}
    for word, answers in counts.items():
        total = sum(answers[answer] for answer in sorted(answers))
        kept = {
            answer: count / total
            for answer, count in sorted(answers.items())
            if count >= _LEAST_COUNT and count / total >= _LEAST_STRENGTH
        }
        if kept:
            strengths[word] = kept
    return Associations(strengths)


def lines_of(associations: Associations) -> Iterator[str]:
    """The table that `read_associations` reads."""
    yield "word\tanswer\tstrength\n"
    for word, answers in sorted(associations.strengths.items()):
        for answer, strength in sorted(answers.items()):
            yield f"{word}\t{answer}\t{strength:.3f}\n"


def read_associations(path: Path) -> Associations:
    """Read a table: TSV with the columns word, answer, strength.

    Raises
    ------
    ModelError
    """
    strengths: dict[str, dict[str, float]] = defaultdict(dict)
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE):
                strengths[row["word"]][row["answer"]] = float(row["strength"])
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"not a table of words: {error}", where=str(path), mend="install the package again") from error
    return Associations(dict(strengths))
