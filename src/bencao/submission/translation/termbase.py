"""Terms and their translations, found in a text however they are inflected or in whichever characters they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bencao.submission.quality.finding import Finding
from bencao.submission.translation.languages import WORD, simplified, stem


@dataclass(frozen=True, slots=True)
class Term:
    """A term of one language with what it may be called in the other.

    Attributes
    ----------
    source : str
    targets : tuple of str
        Allowed translations, the preferred one first.
    forbidden : tuple of str
        Translations that may not be used.
    """

    source: str
    targets: tuple[str, ...]
    forbidden: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A term found in a text, with its place."""

    start: int
    end: int
    term: Term


class Termbase:
    """Terms from one language to the other.

    Parameters
    ----------
    terms : iterable of Term
        Where two have the same source, their translations are joined.
    source, target : str
        Languages, ``en`` or ``zh``.
    """

    def __init__(self, terms: Iterable[Term], source: str, target: str) -> None:
        self.source, self.target = source, target
        self._by_first: dict[str, list[tuple[tuple[str, ...], Term]]] = defaultdict(list)
        joined: dict[tuple[str, ...], Term] = {}
        for term in terms:
            key = self._key(term.source)
            if not key:
                continue
            old = joined.get(key)
            if old is not None:
                targets = tuple(dict.fromkeys([*old.targets, *term.targets]))
                term = Term(old.source, targets, (*old.forbidden, *term.forbidden))
            joined[key] = term
        for key, term in joined.items():
            self._by_first[key[0]].append((key, term))
        for entries in self._by_first.values():
            entries.sort(key=lambda entry: -len(entry[0]))
        self.size = len(joined)

    def _key(self, text: str) -> tuple[str, ...]:
        return tuple(token for token, _, _ in _tokens(text, self.source))

    def find(self, text: str) -> list[Occurrence]:
        """The terms of a text, the longest at each place, none within another."""
        tokens = _tokens(text, self.source)
        found, index = [], 0
        while index < len(tokens):
            for key, term in self._by_first.get(tokens[index][0], ()):
                last = index + len(key) - 1
                if last >= len(tokens) or any(
                    token[0] != part for token, part in zip(tokens[index : last + 1], key, strict=True)
                ):
                    continue
                written = text[tokens[index][1] : tokens[last][2]]
                if written == term.source or not _is_short(term.source):
                    found.append(Occurrence(tokens[index][1], tokens[last][2], term))
                    index = last
                    break
            index += 1
        return found

    def whole(self, text: str) -> Term | None:
        """The term that a text is, and nothing else."""
        key, found = self._key(text), self.find(text)
        return found[0].term if key and len(found) == 1 and self._key(found[0].term.source) == key else None

    def check(self, source: str, target: str) -> list[Finding]:
        """Terms of the source that the translation calls by no allowed name, or by a forbidden one."""
        said = _folded(target, self.target)
        findings = []
        for term in {occurrence.term for occurrence in self.find(source)}:
            for name in term.forbidden:
                if _folded(name, self.target) in said:
                    findings.append(Finding("term", "forbidden", term.source, name))
            if term.targets and not any(_folded(name, self.target) in said for name in term.targets):
                findings.append(Finding("term", "term", term.source, " / ".join(term.targets)))
        return sorted(findings, key=lambda found: source.find(found.source))


def _is_short(name: str) -> bool:
    """Whether a name is an abbreviation, which is another word in small letters: OR, ALL, AE."""
    return len(name) <= 6 and name.isascii() and any(map(str.isupper, name[1:]))


def _tokens(text: str, language: str) -> list[tuple[str, int, int]]:
    """What is compared, with its place: stems of English, single simplified characters of Chinese."""
    if language == "zh":
        text = simplified(text) if len(simplified(text)) == len(text) else text
    return [
        (stem(match.group()), match.start(), match.end()) for match in WORD.finditer(text) if match.group() not in "-‐‑"
    ]


def _folded(text: str, language: str) -> str:
    return " " + " ".join(token for token, _, _ in _tokens(text, language)) + " "
