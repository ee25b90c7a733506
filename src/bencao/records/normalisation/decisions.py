"""What people decided of terms: read from review files, kept as the model that the next run starts from."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from bencao.records.errors import VocabularyError
from bencao.records.normalisation.vocabulary import read_table

Kind = Literal["surgery", "diagnosis", "laboratory"]
KINDS: tuple[Kind, ...] = ("surgery", "diagnosis", "laboratory")
FORMAT = "bencao-normalisation-1"
ACCEPTED, NONE = "accepted", "none"


@dataclass(frozen=True)
class Term:
    """A term to normalise.

    Attributes
    ----------
    text : str
    unit, specimen : str
        Of a laboratory test; else empty.
    """

    text: str
    unit: str = ""
    specimen: str = ""


@dataclass(frozen=True)
class Decision:
    """A term with the codes that a person gave it; none where nothing of the vocabulary is meant."""

    term: Term
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Decisions:
    """Decisions on terms of one kind."""

    kind: Kind
    decisions: tuple[Decision, ...]


def read_decisions(path: Path) -> Decisions:
    """Decisions of a review file (.csv), or those that `learned` wrote (.json).

    Raises
    ------
    VocabularyError
        It cannot be read, is of no kind or of several, or a term is decided in two ways.
    """
    if path.suffix == ".json":
        return _read_model(path)
    rows = read_table(path, ("kind", "term", "candidate_1", "decision"))
    if not rows:
        raise VocabularyError("holds no term", where=path.name, mend="nothing is left to decide: go on without it")
    kinds = {row["kind"] for row in rows}
    if len(kinds) != 1 or not kinds <= set(KINDS):
        raise VocabularyError("its column kind is not one kind throughout", where=path.name, mend=f"one of {KINDS}")
    found: dict[Term, tuple[str, ...]] = {}
    for row in rows:
        if not (said := row["decision"].strip()):
            continue
        where = f"{path.name}: line {row['']}"
        if said == ACCEPTED and not row["candidate_1"]:
            raise VocabularyError("accepts a candidate that is not there", where=where, mend="give a code, or none")
        text = row["candidate_1"] if said == ACCEPTED else said
        codes = () if said == NONE else tuple(code.strip() for code in text.split(";") if code.strip())
        term = Term(row["term"], row.get("unit", ""), row.get("specimen", ""))
        if found.setdefault(term, codes) != codes:
            raise VocabularyError("decides a term in another way than a line before", where=where)
    return Decisions(cast(Kind, kinds.pop()), tuple(Decision(term, codes) for term, codes in found.items()))


def joined(several: Iterable[Decisions]) -> Decisions:
    """Decisions of one kind together; of two on one term the later holds.

    Raises
    ------
    VocabularyError
        They are of several kinds.
    """
    every = list(several)
    kinds = {one.kind for one in every}
    if len(kinds) != 1:
        raise VocabularyError("the decisions are not of one kind", where=", ".join(sorted(kinds)))
    found = {decision.term: decision for one in every for decision in one.decisions}
    order = sorted(found, key=lambda term: (term.text, term.unit, term.specimen))
    return Decisions(kinds.pop(), tuple(found[term] for term in order))


def as_json(decisions: Decisions) -> str:
    """Decisions as the model that `read_decisions` reads."""
    rows: Sequence[object] = [
        {"term": one.term.text, "unit": one.term.unit, "specimen": one.term.specimen, "codes": list(one.codes)}
        for one in decisions.decisions
    ]
    head = {"format": FORMAT, "kind": decisions.kind, "decisions": rows}
    return json.dumps(head, ensure_ascii=False, indent=1) + "\n"


def _read_model(path: Path) -> Decisions:
    wrong = VocabularyError("is no model of decisions", where=path.name, mend="make it with `bencao records learn`")
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        if whole["format"] != FORMAT or whole["kind"] not in KINDS:
            raise wrong
        rows = whole["decisions"]
        decisions = [
            Decision(Term(str(row["term"]), str(row["unit"]), str(row["specimen"])), tuple(map(str, row["codes"])))
            for row in rows
        ]
    except (OSError, ValueError, KeyError, TypeError):
        raise wrong from None
    return Decisions(whole["kind"], tuple(decisions))
