"""Algorithms of Standardised MedDRA Queries: ``A or (B and C)`` over the categories that a case's terms stand in."""

from __future__ import annotations

import re
from collections.abc import Callable

from bencao.kernel.errors import InputError

Algorithm = Callable[[frozenset[str]], bool]
_TOKEN = re.compile(r"\s*(\(|\)|and\b|or\b|[A-Z]\b)", re.IGNORECASE)


def parse_algorithm(text: str, where: str) -> Algorithm:
    """Read an algorithm.

    Parameters
    ----------
    text : str
        Categories (one letter) joined by *and*, *or* and brackets; *and* binds closer.
    where : str
        Query and file, for errors.

    Returns
    -------
    callable
        Whether a set of categories meets it.

    Raises
    ------
    InputError
        Anything else, such as a sum of weights: the query's own note tells how it is meant.
    """
    tokens: list[str] = []
    at = 0
    while at < len(text.rstrip()):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _unclear(text, where)
        tokens.append(found[1].lower() if len(found[1]) > 1 else found[1].upper())
        at = found.end()
    algorithm, left = _either(tokens, text, where)
    if left:
        raise _unclear(text, where)
    return algorithm


def _either(tokens: list[str], text: str, where: str) -> tuple[Algorithm, list[str]]:
    first, tokens = _both(tokens, text, where)
    parts = [first]
    while tokens[:1] == ["or"]:
        part, tokens = _both(tokens[1:], text, where)
        parts.append(part)
    return (lambda categories: any(part(categories) for part in parts)), tokens


def _both(tokens: list[str], text: str, where: str) -> tuple[Algorithm, list[str]]:
    first, tokens = _one(tokens, text, where)
    parts = [first]
    while tokens[:1] == ["and"]:
        part, tokens = _one(tokens[1:], text, where)
        parts.append(part)
    return (lambda categories: all(part(categories) for part in parts)), tokens


def _one(tokens: list[str], text: str, where: str) -> tuple[Algorithm, list[str]]:
    if tokens[:1] == ["("]:
        inner, tokens = _either(tokens[1:], text, where)
        if tokens[:1] != [")"]:
            raise _unclear(text, where)
        return inner, tokens[1:]
    if not tokens or len(tokens[0]) != 1 or not tokens[0].isalpha():
        raise _unclear(text, where)
    letter = tokens[0]
    return (lambda categories: letter in categories), tokens[1:]


def _unclear(text: str, where: str) -> InputError:
    mend = "categories joined by and, or and brackets can be evaluated; choose --scope narrow or broad"
    return InputError(f"an algorithm that is not understood: {text!r}", where=where, mend=mend)
