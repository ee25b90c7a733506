"""What rules and the models of names find in texts, before the whole of it is weighed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bencao.records.deidentify.finding import ages, dates, known, latin_words, numbers
from bencao.records.deidentify.finding.known import Patient
from bencao.records.deidentify.finding.names import chinese as chinese_names
from bencao.records.deidentify.finding.names import latin as latin_names
from bencao.records.deidentify.finding.names.model import name_model
from bencao.records.deidentify.finding.places import chinese as chinese_places
from bencao.records.deidentify.finding.places import latin as latin_places
from bencao.records.deidentify.finding.search.starts import Searched, code_points, searched
from bencao.records.deidentify.span import Span, without_overlap


@dataclass(frozen=True)
class Ruled:
    """A text with what rules found in it.

    Attributes
    ----------
    seen : Searched
    names : tuple of arrays, optional
        What `NameModel.scores` says of it, where it has Han characters.
    words : Read
        What is known of its words in Latin letters.
    spans : list of Span
        In order, without overlap.
    days : dict of (int, int) to Written
        Dates by their place, with the parts they are written in.
    """

    seen: Searched
    names: tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]] | None
    words: latin_words.Read
    spans: list[Span]
    days: dict[tuple[int, int], dates.Written]


def ruled_each(texts: Sequence[str], patients: Sequence[Patient | None], categories: frozenset[str]) -> list[Ruled]:
    """Look for all that identifies in several texts at once.

    Parameters
    ----------
    texts : sequence of str
        In `plain` form.
    patients : sequence of Patient or None
        Whose each text is.
    categories : frozenset of str
        What is sought.

    Returns
    -------
    list of Ruled
    """
    codes = [code_points(text) for text in texts]
    looked = searched(texts, codes)
    chinese = [place for place, one in enumerate(codes) if len(one) and int(one.max()) >= 0x4E00]
    scores = dict(zip(chinese, name_model().scores_of_each([codes[place] for place in chinese]), strict=True))
    words = latin_words.find_each(texts)
    found = []
    for place, (seen, patient) in enumerate(zip(looked, patients, strict=True)):
        days: dict[tuple[int, int], dates.Written] = {}
        for one in dates.find(seen):
            days.setdefault((one.span.start, one.span.end), one)
        read = words[place]
        spans = [*numbers.find(seen), *ages.find(seen), *latin_places.find(seen), *read.spans]
        spans += latin_names.find(seen, read.maybe)
        if place in scores:
            spans += [*chinese_names.find(seen, *scores[place]), *chinese_places.find(seen, categories)]
        if patient is not None:
            spans += known.find(seen.text, patient)
        spans += [one.span for one in days.values()]
        kept = without_overlap(span for span in spans if span.category in categories)
        found.append(Ruled(seen, scores.get(place), read, kept, days))
    return found
