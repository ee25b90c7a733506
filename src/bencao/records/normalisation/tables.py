"""Terms read from a table; results written as OMOP's SOURCE_TO_CONCEPT_MAP and as a file for review."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from bencao.records.normalisation.decisions import Kind, Term
from bencao.records.normalisation.normalising import SHOWN, Normalised
from bencao.records.normalisation.vocabulary import read_table

MAP_COLUMNS = (
    *("source_code", "source_concept_id", "source_vocabulary_id", "source_code_description", "target_concept_id"),
    *("target_vocabulary_id", "valid_start_date", "valid_end_date", "invalid_reason"),
    *("target_code", "target_name", "probability", "status", "reason", "unit", "specimen", "count"),
)
_CANDIDATES = tuple(f"{part}_{place}" for place in range(1, SHOWN + 1) for part in ("candidate", "name", "probability"))
REVIEW_COLUMNS = ("kind", "term", "unit", "specimen", "count", *_CANDIDATES, "decision")
_TARGETS: dict[Kind, str] = {"surgery": "ICD9Proc", "diagnosis": "ICD10", "laboratory": "LOINC"}
_ALWAYS = ("1970-01-01", "2099-12-31")


def read_terms(path: Path) -> list[Term]:
    """Terms of a CSV with the column term and, for laboratory tests, unit and specimen.

    Raises
    ------
    VocabularyError
        It cannot be read as that.
    """
    return [Term(row["term"], row.get("unit", ""), row.get("specimen", "")) for row in read_table(path, ("term",))]


def source_to_concept_map(found: Sequence[Normalised], kind: Kind) -> str:
    """SOURCE_TO_CONCEPT_MAP as CSV, with code, name, probability and count beside OMOP's own columns.

    A term stands once, with a row for each name it was given; one that was given none has a row with concept 0.
    The concept is 0 throughout: the loader knows the codes' concepts from the user's vocabulary files.
    """
    counts = Counter(one.term for one in found)
    rows = []
    for one in {one.term: one for one in found}.values():
        taken = one.choices[0] if one.status in ("accepted", "decided") and one.choices else None
        pairs = list(zip(taken.codes, taken.names, strict=True)) if taken else [("", "")]
        chance = f"{taken.probability:.4f}" if taken else ""
        for code, name in pairs:
            rows.append(
                (
                    *(source_code(one.term), 0, f"bencao_{kind}", one.term.text[:255], 0, _TARGETS[kind], *_ALWAYS, ""),
                    *(code, name, chance, one.status, one.reason, one.term.unit, one.term.specimen, counts[one.term]),
                )
            )
    return _csv(MAP_COLUMNS, rows)


def source_code(term: Term) -> str:
    """A code of at most 50 characters, as OMOP wants it, that stands for a term."""
    return sha256("\x1f".join((term.text, term.unit, term.specimen)).encode()).hexdigest()[:16]


def review_file(found: Sequence[Normalised], kind: Kind) -> str:
    """CSV of the terms that a person must decide, the most frequent first; several codes are parted by ``;``."""
    counts = Counter(one.term for one in found)
    to_review = [one for one in {one.term: one for one in found}.values() if one.status == "review"]
    rows = []
    for one in sorted(to_review, key=lambda one: -counts[one.term]):
        cells: list[str] = []
        for choice in one.choices[:SHOWN]:
            cells += [";".join(choice.codes), "##".join(choice.names), f"{choice.probability:.4f}"]
        cells += [""] * (len(_CANDIDATES) - len(cells))
        rows.append((kind, one.term.text, one.term.unit, one.term.specimen, counts[one.term], *cells, ""))
    return _csv(REVIEW_COLUMNS, rows)


def _csv(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([columns, *rows])
    return stream.getvalue()
