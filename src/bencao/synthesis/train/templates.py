"""Retro templates from mapped reactions: extraction with a time limit, and their canonical table."""

from __future__ import annotations

import hashlib
import re
import signal
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from types import FrameType

from rdchiral import extract_from_reaction
from rdkit import Chem

_SECONDS_A_REACTION = 10
_MAX_TEMPLATE_LENGTH = 500
_MAP = re.compile(r":(\d+)\]")
_MAPPED_ATOM = re.compile(r"\[(?P<atom>[^\[\]:]+):(?P<map>\d+)\]")
_ORGANIC = frozenset(["B", "C", "N", "O", "P", "S", "F", "Cl", "Br", "I", "b", "c", "n", "o", "s", "p"])


@dataclass(frozen=True)
class Template:
    """A retro template of the table.

    Attributes
    ----------
    smarts : str
        ``product>>reactants``.
    count : int
        Number of distinct reactions it was extracted from.
    reaction_class : int
        The commonest known class of those reactions; 0 where none is known.
    """

    smarts: str
    count: int
    reaction_class: int


class _TooSlow(Exception):
    pass


def _ring(signum: int, frame: FrameType | None) -> None:
    raise _TooSlow


def extract(mapped: str, general: bool = False) -> str:
    """Extract the retro template of a mapped reaction.

    Radius 1 around the changed atoms (Coley et al., J. Chem. Inf. Model. 2019, 59, 2529), by rdchiral-plus.

    Parameters
    ----------
    mapped : str
        ``reactants>>product`` with atom maps.
    general : bool
        Without the functional groups next to the changed atoms: fewer templates, each of which fits more.

    Returns
    -------
    str
        ``product>>reactants``, or ``!`` and the reason where there is none. Uses SIGALRM, so only in the
        main thread of a process.
    """
    reactants, _, product = mapped.partition(">>")
    signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, _SECONDS_A_REACTION)
    try:
        found = extract_from_reaction(
            {"reactants": reactants, "products": product, "_id": 0}, no_special_groups=general
        )
    except _TooSlow:
        return "!time limit"
    except Exception as error:  # the extractor raises many kinds; each is a row of the funnel
        return f"!extractor: {type(error).__name__}"
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    smarts = str(found["reaction_smarts"])
    if not smarts:
        return "!no template"
    if found["necessary_reagent"]:
        return "!product atoms without origin"
    if len(smarts) > _MAX_TEMPLATE_LENGTH:
        return "!template too long"
    return plain_leaving_atoms(smarts)


def plain_leaving_atoms(smarts: str) -> str:
    """Write the reactant atoms that are not in the product without map, hydrogens and degree.

    Some collections map leaving groups and some do not; without this each would have its own templates for the
    same change.
    """
    product, _, reactants = smarts.partition(">>")
    kept = set(_MAP.findall(product))

    def plain(match: re.Match[str]) -> str:
        if match["map"] in kept:
            return match[0]
        symbol = match["atom"].partition(";")[0].replace("@", "")
        if symbol == "nH":
            return "[nH]"
        symbol = re.sub(r"(?<=[A-Za-z])H\d*", "", symbol)
        return symbol if symbol in _ORGANIC else f"[{symbol}]"

    return f"{product}>>{_MAPPED_ATOM.sub(plain, reactants)}"


def canonical_key(smarts: str) -> str:
    """A text that two spellings of the same template share.

    The two sides are one graph, with the maps as edges; its atoms are refined by their neighbours
    (Weisfeiler and Leman, 1968) until the partition is stable. A template with stereo keeps its own spelling,
    because ``@`` means nothing without the order of the neighbours.

    Parameters
    ----------
    smarts : str
        ``product>>reactants``.
    """
    if any(mark in smarts for mark in "@/\\"):
        return smarts
    labels: list[str] = []
    edges: dict[int, list[tuple[str, int]]] = defaultdict(list)
    by_map: dict[str, int] = {}
    for side in smarts.split(">>"):
        pattern = Chem.MolFromSmarts(side)
        if pattern is None:
            return smarts
        first = len(labels)
        for atom in pattern.GetAtoms():
            number = atom.GetAtomMapNum()
            text = atom.GetSmarts().replace(f":{number}]", "]") if number else atom.GetSmarts()
            labels.append(text + ("m" if number else "") + ("r" if first else "p"))
            if number and first and str(number) in by_map:
                _join(edges, by_map[str(number)], len(labels) - 1, "map")
            elif number:
                by_map[str(number)] = len(labels) - 1
        for bond in pattern.GetBonds():
            kind = bond.GetSmarts() or "-"  # type: ignore[call-arg]  # the stubs miss the bound method
            _join(edges, first + bond.GetBeginAtomIdx(), first + bond.GetEndAtomIdx(), kind)
    for _ in range(min(len(labels), 12)):
        labels = [
            hashlib.blake2b(
                (label + "|" + "|".join(sorted(kind + labels[other] for kind, other in edges[index]))).encode(),
                digest_size=12,
            ).hexdigest()
            for index, label in enumerate(labels)
        ]
    return ".".join(sorted(labels))


def _join(edges: dict[int, list[tuple[str, int]]], one: int, other: int, kind: str) -> None:
    edges[one].append((kind, other))
    edges[other].append((kind, one))


def template_table(
    smarts: Iterable[str], classes: Iterable[int], minimum: int
) -> tuple[list[Template], dict[str, int]]:
    """Merge spellings and keep the templates seen often enough.

    Parameters
    ----------
    smarts, classes : iterables of equal length
        Template and class (0 where unknown) of each distinct reaction.
    minimum : int
        Smallest number of reactions of a template that is kept.

    Returns
    -------
    list of Template
        By falling count, then by text.
    dict
        From every spelling of a kept template to its place in that list.
    """
    spellings: dict[str, Counter[str]] = defaultdict(Counter)
    seen_classes: dict[str, Counter[int]] = defaultdict(Counter)
    keys: dict[str, str] = {}
    for text, number in zip(smarts, classes, strict=True):
        key = keys.get(text)
        if key is None:
            key = keys[text] = canonical_key(text)
        spellings[key][text] += 1
        if number:
            seen_classes[key][number] += 1
    table: list[tuple[Template, str]] = []
    for key, texts in spellings.items():
        if (count := texts.total()) >= minimum:
            best = min(texts, key=lambda text: (-texts[text], text))
            known = seen_classes[key]
            label = min(known, key=lambda number: (-known[number], number)) if known else 0
            table.append((Template(best, count, label), key))
    table.sort(key=lambda entry: (-entry[0].count, entry[0].smarts))
    place = {key: index for index, (_, key) in enumerate(table)}
    return [template for template, _ in table], {text: place[key] for text, key in keys.items() if key in place}
