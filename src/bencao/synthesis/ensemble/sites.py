"""The site model: a graph network says on which atom a molecule is cut, and by which local template."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bencao.kernel import models
from bencao.synthesis.chemistry.graph import MolecularGraph, molecular_graph
from bencao.synthesis.chemistry.template import Outcome, PreparedMolecule, RetroTemplate
from bencao.synthesis.proposer import TemplateRow, read_templates

SHIPPED_SITES = Path(__file__).parents[1] / "models" / "sites"
MODEL_NAME = "site-templates"
_TRIED = 100  # pairs of atom and template
_LEAST = 1e-4  # probability under which no pair is tried
_MOST_ATOMS = 255
_COMPILED = 1_000


class SiteModel:
    """Local templates laid where a graph network expects the change.

    The division in place and template is that of LocalRetro (Chen and Jung, JACS Au 2021, 1, 1612).

    Parameters
    ----------
    folder : Path
        Model folder with ``network.onnx``, ``templates.tsv.gz`` and the card.

    Raises
    ------
    ModelError
        A file is absent or altered, or the folder is of another kind.
    """

    def __init__(self, folder: Path = SHIPPED_SITES) -> None:
        model = models.load(folder, MODEL_NAME)
        self.identity = model.identity
        self.rows: list[TemplateRow] = read_templates(model.path("templates.tsv.gz"))
        self._session = models.session(model.path("network.onnx"))
        self.compiled = lru_cache(maxsize=_COMPILED)(self._compile)

    def _compile(self, index: int) -> RetroTemplate:
        return RetroTemplate(self.rows[index].smarts)

    def likely(self, graph: MolecularGraph) -> list[tuple[int, int, float]]:
        """Atoms and templates worth trying: (atom, template, probability), by falling probability."""
        source, target = graph.ends.astype(np.int64)
        into = np.zeros((len(graph.atoms), len(source)), dtype=np.float32)
        into[target, np.arange(len(source))] = 1.0
        given = {
            "atoms": graph.atoms.astype(np.int64),
            "bonds": graph.bonds.astype(np.int64),
            "source": source,
            "into": into,
        }
        sites, templates = self._session.run(["sites", "templates"], given)
        place = _softmax(sites)
        atoms = np.flatnonzero(place >= _LEAST)
        chances = place[atoms, None] * _softmax(templates[atoms])
        flat = np.flatnonzero(chances >= _LEAST)
        best = flat[np.argsort(-chances.ravel()[flat], kind="stable")[:_TRIED]]
        rows, columns = np.unravel_index(best, chances.shape)
        return [
            (int(atoms[row]), int(column), float(chances[row, column]))
            for row, column in zip(rows, columns, strict=True)
        ]

    def outcomes(self, product: PreparedMolecule) -> Iterator[tuple[int, float, int, Outcome]]:
        """Reactant sets for a molecule: template, probability of its place, sets that it gives there, and the set."""
        if product.molecule.GetNumAtoms() > _MOST_ATOMS:
            return
        by_template: dict[int, dict[int, float]] = defaultdict(dict)
        for atom, template, chance in self.likely(molecular_graph(product.molecule)):
            by_template[template][atom] = chance
        for template, places in by_template.items():
            laid = self.compiled(template).apply_at(product, frozenset(places))
            at = {atom: len({one.reactants for place, one in laid if place == atom}) for atom in places}
            for atom, outcome in {(atom, one.reactants): (atom, one) for atom, one in laid}.values():
                yield template, places[atom], at[atom], outcome


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    shifted = np.exp(logits.astype(np.float64) - logits.max(axis=-1, keepdims=True))
    chances: NDArray[np.float64] = shifted / shifted.sum(axis=-1, keepdims=True)
    return chances
