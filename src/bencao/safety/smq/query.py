"""Standardised MedDRA Queries of the user's MedDRA: their terms by scope, and whether a case meets one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bencao.kernel.errors import InputError
from bencao.safety.smq.algorithm import Algorithm, parse_algorithm
from bencao.safety.smq.ascii import MEND, rows
from bencao.safety.smq.levels import Levels

Scope = Literal["narrow", "broad", "algorithm"]
# smq_list.asc: code, name, level, description, source, note, MedDRA version, status, algorithm (N: none).
# smq_content.asc: SMQ code, term code, term level (4 PT, 5 LLT, 0 a query below), scope (2 narrow, 1 broad), category,
# weight, status (A active). MedDRA Distribution File Format Document.
_CHILD, _NARROW, _BROAD = "0", "2", "1"


@dataclass(frozen=True)
class Query:
    """A query in one scope.

    Attributes
    ----------
    code, name, version : str
        Of the query, and of the MedDRA that it comes from.
    scope : {"narrow", "broad", "algorithm"}
    categories : dict of str to frozenset of str
        Of each term in scope, by its code (PT or LLT), the categories that it stands in.
    algorithm : callable or None
        Only in scope ``algorithm``.
    """

    code: str
    name: str
    version: str
    scope: Scope
    categories: dict[str, frozenset[str]]
    algorithm: Algorithm | None = None

    def holds(self, code: str, levels: Levels) -> frozenset[str]:
        """Categories of a reaction's code: its own, and those of its preferred term; none where it is not in scope."""
        preferred = levels.preferred.get(code, code)
        return self.categories.get(code, frozenset()) | self.categories.get(preferred, frozenset())

    def meets(self, codes: Iterable[str], levels: Levels) -> bool:
        """Whether a case with reactions of these codes is one of the query's."""
        found = frozenset[str]().union(*(self.holds(code, levels) for code in codes))
        return self.algorithm(found) if self.algorithm is not None else bool(found)


def read_query(folder: Path, wanted: str, scope: Scope = "narrow") -> Query:
    """Read a query with the queries below it.

    Parameters
    ----------
    folder : Path
        MedAscii of the user's MedDRA, with ``smq_list.asc`` and ``smq_content.asc``.
    wanted : str
        Code or name; ``(SMQ)`` at the name's end need not be given.
    scope : {"narrow", "broad", "algorithm"}
        Broad holds the narrow terms too; the algorithm looks at all terms with their categories.

    Raises
    ------
    InputError
        No such query, one without terms in the scope, or without an algorithm that can be evaluated.
    """
    path = folder / "smq_list.asc"
    listed = {fields[0]: fields for _, fields in rows(folder, "smq_list.asc", 9)}
    code = next((each for each, fields in listed.items() if wanted == each or _same(wanted, fields[1])), None)
    if code is None:
        raise InputError(f"no query {wanted!r} among {len(listed)}", where=str(path), mend="give a name or code of it")
    told = listed[code]
    algorithm = None
    if scope == "algorithm":
        if told[8] in ("", "N"):
            raise InputError(f"{told[1]} has no algorithm", where=str(path), mend="choose --scope narrow or broad")
        algorithm = parse_algorithm(told[8], f"{path}: {told[1]}")
    categories = _terms(folder, code, (_NARROW,) if scope == "narrow" else (_NARROW, _BROAD))
    if not categories:
        where = str(folder / "smq_content.asc")
        raise InputError(f"{told[1]} has no active terms of {scope} scope", where=where, mend=MEND)
    return Query(code, told[1], told[6], scope, categories, algorithm)


def _terms(folder: Path, code: str, scopes: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """Active terms of a query and of those below it."""
    content: dict[str, list[list[str]]] = {}
    for _, fields in rows(folder, "smq_content.asc", 7):
        content.setdefault(fields[0], []).append(fields)
    found: dict[str, set[str]] = {}
    waiting, seen = [code], set[str]()
    while waiting:
        query = waiting.pop()
        if query in seen:
            continue
        seen.add(query)
        for _, term, level, scope, category, _weight, status, *_ in content.get(query, []):
            if status != "A":
                continue
            if level == _CHILD:
                waiting.append(term)
            elif scope in scopes:
                found.setdefault(term, set()).add(category.upper())
    return {term: frozenset(categories) for term, categories in found.items()}


def _same(wanted: str, name: str) -> bool:
    one, other = (each.casefold().removesuffix("(smq)").strip() for each in (wanted, name))
    return one == other
