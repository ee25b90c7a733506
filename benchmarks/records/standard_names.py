"""How well diagnoses and laboratory tests get their codes: of the first answer, of five, and of what is accepted.

python benchmarks/records/standard_names.py KIND VOCABULARY TERMS [--accept P] [--json] [--predictions FILE]

KIND is diagnosis or laboratory; VOCABULARY as `bencao records normalise --vocabulary` takes it; TERMS a CSV with the
columns term, code and, for tests, unit and specimen, as `name_tables.py` writes them. An answer is right where its code
is the one of the file. The peers of the same run take the nearest name of the vocabulary: by the cosine of TF-IDF over
runs of one to three characters, and by rapidfuzz's ratio; they see no unit and no specimen. Nothing is trained.
"""

from __future__ import annotations

import argparse
import csv
import resource
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from figures import exact_interval, show
from rapidfuzz import fuzz, process

from bencao.records.normalisation.decisions import Term
from bencao.records.normalisation.laboratory import as_vocabulary, read_tests
from bencao.records.normalisation.normalising import ACCEPT, normalise_terms
from bencao.records.normalisation.ranking.memory import fit_views
from bencao.records.normalisation.ranking.phrases import plain
from bencao.records.normalisation.tables import read_terms
from bencao.records.normalisation.vocabulary import Vocabulary, open_vocabulary

Kind = Literal["diagnosis", "laboratory"]


def main() -> None:
    """Rank, score, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=("diagnosis", "laboratory"))
    parser.add_argument("vocabulary")
    parser.add_argument("terms", type=Path)
    parser.add_argument("--accept", type=float, default=ACCEPT)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    terms = read_terms(arguments.terms)
    with arguments.terms.open(encoding="utf-8-sig", newline="") as file:
        codes = [row["code"] for row in csv.DictReader(file)]
    figures, rows = measure(arguments.kind, arguments.vocabulary, terms, codes, arguments.accept)
    if arguments.predictions:
        with arguments.predictions.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("term", "code", "answer", "probability"), *rows])
    show(figures, arguments.json)


def measure(
    kind: Kind, vocabulary: str, terms: Sequence[Term], codes: Sequence[str], accept: float
) -> tuple[dict[str, Any], list[tuple[str, str, str, str]]]:
    """Figures of the ranker and of its peers, and what was scored."""
    start = time.process_time() + _children()
    found = normalise_terms(terms, kind, vocabulary=vocabulary, accept=accept)
    seconds = time.process_time() + _children() - start
    known = open_vocabulary(vocabulary) if kind == "diagnosis" else as_vocabulary(read_tests(Path(vocabulary)), "")
    first, five, category, chances = [], [], [], []
    for one, code in zip(found, codes, strict=True):
        every = [_codes_of(choice.codes, known) for choice in one.choices]
        first.append(bool(every) and code in every[0])
        five.append(any(code in some for some in every[:5]))
        category.append(bool(every) and code[:3] in {answer[:3] for answer in every[0]})
        chances.append(one.choices[0].probability if one.choices else 0.0)
    accepted = np.array([one.status == "accepted" for one in found])
    right = np.array(first)
    figures: dict[str, Any] = {"kind": kind, "n": len(terms), "names": len(known.names)}
    measures = [("acc1", right), ("acc5", np.array(five)), ("accepted", accepted), ("acc1_accepted", right[accepted])]
    if kind == "diagnosis":
        measures.append(("acc1_category", np.array(category)))
    measures += [(f"peer_{name}_acc1", hit) for name, hit in _peers([term.text for term in terms], codes, known)]
    for name, hits in measures:
        if len(hits):
            low, high = exact_interval(int(hits.sum()), len(hits))
            figures |= {name: float(hits.mean()), f"{name}_n": len(hits), f"{name}_interval": [low, high]}
    figures |= {"mean_probability": float(np.mean(chances)), "cpu_seconds": seconds}
    rows = [
        (term.text, code, ";".join(one.choices[0].codes) if one.choices else "", f"{chance:.4f}")
        for term, code, one, chance in zip(terms, codes, found, chances, strict=True)
    ]
    return figures, rows


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _codes_of(answer: Sequence[str], known: Vocabulary) -> set[str]:
    """All codes of the answer's names: a heading and its only child may have one name."""
    return {code for one in answer for code in known.codes[known.places[one]]}


def _peers(texts: Sequence[str], codes: Sequence[str], known: Vocabulary) -> list[tuple[str, np.ndarray]]:
    view, *_ = fit_views(known.names)
    own = view.vectors(known.names).T.tocsr()
    nearest = [int((view.vectors([text]) @ own).toarray().argmax()) for text in texts]
    plains = [plain(name) for name in known.names]
    closest = [process.extractOne(plain(text), plains, scorer=fuzz.ratio)[2] for text in texts]
    return [
        (name, np.array([code in known.codes[at] for code, at in zip(codes, found, strict=True)]))
        for name, found in (("tfidf", nearest), ("rapidfuzz", closest))
    ]


if __name__ == "__main__":
    main()
