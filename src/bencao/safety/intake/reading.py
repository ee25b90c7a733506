"""Everything that a text says, as findings: rules, the user's terms and the trained model over each sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from bencao.safety.intake.extraction.corpus import Offsets
from bencao.safety.intake.extraction.model import Extractor
from bencao.safety.intake.finding import Finding, without_overlap, words_at
from bencao.safety.intake.lexicon import Lexicon
from bencao.safety.intake.rules.dates import find_dates
from bencao.safety.intake.rules.doses import find_doses
from bencao.safety.intake.rules.forms import find_fields
from bencao.safety.intake.rules.negation import about_of, denials_of
from bencao.safety.intake.rules.people import find_ages, find_sexes
from bencao.safety.intake.rules.phrases import find_phrases, group_of
from bencao.safety.intake.sentences import Piece, sentences_of

_KIND_OF_ROLE = {
    "Treatment": "treatment", "Treatment.Drug": "drug", "Treatment.Disorder": "indication", "Treatment.Route": "route",
    "Treatment.Dosage": "dose", "Effect": "reaction", "Subject": "patient", "Subject.Age": "age",
}  # fmt: skip
_PHRASES = ("seriousness", "outcome", "action", "dechallenge", "rechallenge", "reporter", "route")
# Kinds whose rules know a value: where a rule and the model read the same words, the rule's reading stays.
_MAKERS = ("lexicon", "rule", "model")
# What a denial turns round; a phrase such as "did not resolve" has its denial within.
_DENIED = frozenset({"drug", "reaction", "indication", "seriousness", "rechallenge", "treatment", "action"})
_ENGLISH = re.compile(r"[A-Za-z]{2,}")
_LEADING_DENIAL = re.compile(r"(?:no|without|not)\s+", re.IGNORECASE)
_IDEOGRAPH = re.compile(r"[\u3400-\u9fff]")


def read_findings(
    text: str, *, extractor: Extractor | None, lexicons: Iterable[Lexicon] = (), latest: date | None = None
) -> list[Finding]:
    """Read a text.

    Parameters
    ----------
    text : str
        English or Chinese, or both.
    extractor : Extractor or None
        The model that reads English sentences; rules and terms alone where None.
    lexicons : iterable of Lexicon
        The user's terms, for either language.
    latest : date or None
        Day that the text was received: a later date is said to be a problem.

    Returns
    -------
    list of Finding
        By place; no two of a kind overlap.
    """
    lexicons = tuple(lexicons)
    found = list(find_fields(text))
    for piece in sentences_of(text):
        said = _of_sentence(piece, extractor, lexicons)
        about, denials = about_of(piece.text), denials_of(piece.text)
        for one in said:
            denied = one.kind in _DENIED and denials.covers(one.start, one.end)
            found.append(_moved(replace(one, about=about, negated=denied), piece.start))
    kept = _with_years(sorted(_kept(found), key=lambda one: (one.start, one.end, one.kind)))
    return kept if latest is None else [_dated(one, latest) for one in kept]


def _of_sentence(piece: Piece, extractor: Extractor | None, lexicons: tuple[Lexicon, ...]) -> Iterator[Finding]:
    sentence = piece.text
    yield from find_dates(sentence)
    yield from find_doses(sentence)
    yield from find_ages(sentence)
    yield from find_sexes(sentence)
    yield from find_phrases(sentence, *_PHRASES)
    for lexicon in lexicons:
        yield from lexicon.find(sentence)
    if extractor is not None and is_english(sentence):
        yield from _by_model(sentence, extractor)


def is_english(sentence: str) -> bool:
    """Whether the English model reads a sentence: three words at least, and hardly a Chinese character.

    Examples
    --------
    >>> is_english("She developed a rash."), is_english("患者服用 aspirin 后出现皮疹。")
    (True, False)
    """
    letters = sum(len(word) for word in _ENGLISH.findall(sentence))
    return len(_ENGLISH.findall(sentence)) >= 3 and len(_IDEOGRAPH.findall(sentence)) * 10 < letters


def _by_model(sentence: str, extractor: Extractor) -> Iterator[Finding]:
    by = f"model:{extractor.identity}"
    for one in extractor.find(sentence):
        kind = _KIND_OF_ROLE.get(one.role)
        if kind is not None:
            offsets = _without_denial(sentence, one.offsets) if kind in _DENIED else one.offsets
            yield Finding(kind, offsets, words_at(sentence, offsets), by=by, probability=one.probability)


def _without_denial(sentence: str, offsets: Offsets) -> Offsets:
    """A span without the "no" that it begins with: the denial is told of the finding, and is no part of its words."""
    (start, end), *rest = offsets
    cue = _LEADING_DENIAL.match(sentence, start, end)
    return ((cue.end(), end), *rest) if cue else offsets


def _moved(finding: Finding, by: int) -> Finding:
    return replace(finding, offsets=tuple((start + by, end + by) for start, end in finding.offsets))


def _with_years(findings: list[Finding]) -> list[Finding]:
    """Give a date without its year that of the last date before it, and say so."""
    year = ""
    told = []
    for one in findings:
        if one.kind == "date" and one.value.startswith("--") and year:
            one = replace(one, value=year + one.value[1:], by=f"{one.by}+year_before").with_detail(
                year_from="date before"
            )
        elif one.kind == "date" and one.value and not one.value.startswith("-"):
            year = one.value[:4]
        told.append(one)
    return told


def _dated(finding: Finding, latest: date) -> Finding:
    if finding.kind != "date" or finding.value[:10] <= latest.isoformat()[: len(finding.value)]:
        return finding
    if finding.value.startswith("-"):
        return finding
    return replace(finding, value="").with_detail(problem=f"later than {latest.isoformat()}, when it was received")


def _kept(findings: list[Finding]) -> list[Finding]:
    """Of findings of a kind that overlap, those of terms before those of rules before those of the model."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for one in sorted(
        findings, key=lambda one: (_MAKERS.index(one.by.partition(":")[0]), one.start - one.end, one.start)
    ):
        groups.setdefault(group_of(one.kind, one.value), []).append(one)
    return [one for several in groups.values() for one in without_overlap(several)]
