"""The template-relevance proposer: network, template table and pattern prescreen of one model folder."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import chain, islice, repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from bencao.kernel import models
from bencao.kernel.errors import ModelError
from bencao.synthesis.chemistry.features import feature_ids
from bencao.synthesis.chemistry.forward import forward_check
from bencao.synthesis.chemistry.screen import molecule_screen
from bencao.synthesis.chemistry.template import Outcome, PreparedMolecule, RetroTemplate, canonical
from bencao.synthesis.route import Proposal
from bencao.synthesis.seams import Batch, Unchecked

SHIPPED_MODEL = Path(__file__).parent / "models" / "templates"
MODEL_NAME = "template-relevance"
_COMPILED = 6_000  # templates kept compiled in a process: single steps use the same ones from molecule to molecule
# A search uses few templates again. Kept among what it makes and drops, they leave the memory in pieces, and every
# later search pays for that.
_COMPILED_IN_SEARCH = 100
_BATCHES = (2, 4, 8, 16, 50)  # new reactant sets a batch is made of, as far as the templates go
_FALL = 0.3  # a batch ends before a template that is so much less likely than its first
_CHECKED = 3  # templates by which a reactant set may pass the forward check


@dataclass(frozen=True)
class TemplateRow:
    """A template of a model's table.

    Attributes
    ----------
    smarts : str
        ``product>>reactants``.
    head : int
        0 specific (functional groups kept), 1 general (the changed atoms and their neighbours only).
    count : int
        Number of training reactions.
    reaction_class : int
    """

    smarts: str
    head: int
    count: int
    reaction_class: int


@dataclass(frozen=True)
class Weights:
    """How the answers of the heads are put together; tuned on the development products.

    Attributes
    ----------
    general : float
        Share of the general head in [0, 1].
    split : float
        Exponent with which a template's probability is shared among its outcomes: 0 each has all, 1 an even part.
    tried : int
        Number of templates tried at most, of each head.
    least : float
        Share of a head's probability under which no template is tried.
    """

    general: float = 0.5
    split: float = 1.0
    tried: int = 100
    least: float = 1e-4


class TemplateProposer:
    """One-step model: a network ranks templates, RDKit applies them, the forward check judges.

    Parameters
    ----------
    folder : Path
        Model folder with ``network.onnx``, ``templates.tsv.gz``, ``screen.npz``, ``settings.json`` and the card.
    weights : Weights, optional
        In place of those that the model was tuned to.

    Raises
    ------
    ModelError
        A file is absent or altered, or the folder is of another kind.
    """

    def __init__(self, folder: Path = SHIPPED_MODEL, weights: Weights | None = None) -> None:
        model = models.load(folder, MODEL_NAME)
        self._identity = model.identity
        self._session = models.session(model.path("network.onnx"))
        self.rows = read_templates(model.path("templates.tsv.gz"))
        settings = json.loads(model.path("settings.json").read_text(encoding="utf-8"))
        self._slots = int(settings["slots"])
        self._weights = weights or Weights(**settings["weights"])
        with np.load(model.path("screen.npz")) as packed:
            self._screen: NDArray[np.uint8] = packed["screen"]
        if len(self.rows) != len(self._screen):
            raise ModelError(
                f"{len(self.rows)} templates but {len(self._screen)} screens", where=str(folder), mend="train it again"
            )
        specific = sum(row.head == 0 for row in self.rows)
        if any(row.head != (place >= specific) for place, row in enumerate(self.rows)):
            raise ModelError(
                "the templates are not in the order of their heads", where=str(folder), mend="train it again"
            )
        self._heads = (slice(0, specific), slice(specific, len(self.rows)))
        self.compiled = lru_cache(maxsize=_COMPILED)(self._compile)
        self._compiled_in_search = lru_cache(maxsize=_COMPILED_IN_SEARCH)(self._compile)

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """Name and digest of the model."""
        return self._identity

    @property
    def shares(self) -> tuple[float, float]:
        """What of a template's probability counts, by its head."""
        return 1.0 - self._weights.general, self._weights.general

    def _compile(self, index: int) -> RetroTemplate:
        return RetroTemplate(self.rows[index].smarts)

    def applicable(self, molecule: Chem.Mol) -> list[tuple[int, float]]:
        """Templates worth trying with their weighted probability, by falling probability."""
        return self._fitting(molecule, self._likely(molecule))

    def _likely(self, molecule: Chem.Mol) -> list[tuple[int, float]]:
        """The likeliest templates of each head with their weighted probability, whether they fit or not."""
        logits: NDArray[np.float32] = self._session.run(["logits"], {"slots": feature_ids(molecule, self._slots)})[0]
        ranked: list[tuple[int, float]] = []
        for head, share in zip(self._heads, self.shares, strict=True):
            # Each head sums to 1. In single precision until few are left: reading long arrays is what takes time.
            parts = np.exp(logits[head] - logits[head].max(initial=-np.inf))
            total = float(parts.sum(dtype=np.float64))
            likely = np.flatnonzero(parts >= self._weights.least * total)
            best = likely[np.argsort(-parts[likely], kind="stable")[: 2 * self._weights.tried]]
            chances = parts[best].astype(np.float64) * (share / total)
            ranked += zip((head.start + best).tolist(), chances.tolist(), strict=True)
        ranked.sort(key=lambda entry: (-entry[1], entry[0]))
        return ranked

    def _fitting(self, molecule: Chem.Mol, ranked: list[tuple[int, float]]) -> list[tuple[int, float]]:
        """Those that the screen does not rule out, as many of each head as are tried."""
        numbers = np.array([index for index, _ in ranked], dtype=np.intp)
        fits = ~np.any(self._screen[numbers] & ~molecule_screen(molecule), axis=1)
        places = np.sort(
            np.concatenate(
                [
                    np.flatnonzero(fits & (numbers >= head.start) & (numbers < head.stop))[: self._weights.tried]
                    for head in self._heads
                ]
            )
        )
        return [ranked[place] for place in places.tolist()]

    def propose(self, smiles: str, top: int = 50) -> tuple[Proposal, ...]:
        """Rank ways to make a molecule; see `seams.Proposer.propose`.

        A reactant set's probability is the sum over the templates that give it. A set none of whose templates gives
        the product back when run forwards is left out.
        """
        product = PreparedMolecule(canonical(smiles) or smiles)
        found = _Found(self.compiled)
        for index, probability in self.applicable(product.molecule):
            self._apply(product, index, probability, found)
        checked = (self._checked(product, found, reactants, found.chance[reactants]) for reactants in found.ranked())
        return tuple(islice(filter(None, checked), top))

    def batches(self, smiles: str, top: int = 50) -> Iterator[Batch]:
        """Rank ways to make a molecule a few at a time; see `seams.Proposer.batches`."""
        # The text is canonical; only what is perceived of its stereo may change with one more reading.
        product = PreparedMolecule((canonical(smiles) or smiles) if any(mark in smiles for mark in "@/\\") else smiles)
        templates = self._likely(product.molecule)
        found, given = _Found(self._compiled_in_search), set[str]()
        bound, place = 1.0, 0
        for number, least in enumerate(chain(_BATCHES, repeat(_BATCHES[-1]))):
            if number == 1:  # the screen takes as long as trying the first few, which mostly fit and often suffice
                templates[place:] = self._fitting(product.molecule, templates[place:])
            fresh: set[str] = set()
            first = place
            while place < len(templates) and len(fresh) < least:
                if fresh and templates[place][1] < _FALL * templates[first][1]:
                    break
                fresh.update(self._apply(product, *templates[place], found) - given)
                place += 1
            ranked = [reactants for reactants in found.ranked() if reactants in fresh]
            some = []
            for reactants in ranked[: top - len(given)]:
                chance = min(found.chance[reactants], bound)
                some.append(Unchecked(reactants, chance, partial(self._checked, product, found, reactants, chance)))
            given.update(fresh)
            bound = min(bound, templates[place][1]) if place < len(templates) and len(given) < top else 0.0
            yield Batch(tuple(some), bound)
            if not bound:
                return

    def _apply(self, product: PreparedMolecule, index: int, probability: float, found: _Found) -> set[str]:
        """Add what a template gives to what was found; returns the reactant sets it gave."""
        outcomes = found.compiled(index).apply(product)
        share = probability / max(len(outcomes), 1) ** self._weights.split
        for outcome in outcomes:
            found.chance[outcome.reactants] = found.chance.get(outcome.reactants, 0.0) + share
            found.ways.setdefault(outcome.reactants, []).append((index, outcome))
        return {outcome.reactants for outcome in outcomes}

    def _checked(self, product: PreparedMolecule, found: _Found, reactants: str, chance: float) -> Proposal | None:
        """A reactant set by the likeliest template with which it passes the forward check; None if with none."""
        if reactants not in found.checked:
            found.checked[reactants] = None
            for index, outcome in found.ways[reactants][:_CHECKED]:
                verdict = forward_check(found.compiled(index), outcome, product)
                if verdict.ok:
                    row = self.rows[index]
                    found.checked[reactants] = Proposal(reactants, chance, row.smarts, row.reaction_class, verdict)
                    break
        return found.checked[reactants]


@dataclass
class _Found:
    """Reactant sets found so far: their probability, the templates that give them, likeliest first, and what passed."""

    compiled: Callable[[int], RetroTemplate]
    chance: dict[str, float] = field(default_factory=dict)
    ways: dict[str, list[tuple[int, Outcome]]] = field(default_factory=dict)
    checked: dict[str, Proposal | None] = field(default_factory=dict)

    def ranked(self) -> list[str]:
        return sorted(self.chance, key=lambda reactants: (-self.chance[reactants], reactants))


def read_templates(path: Path) -> list[TemplateRow]:
    """Read a template table: tab-separated, gzip, columns smarts, head, count, class."""
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="") as handle:
            return [
                TemplateRow(row["smarts"], int(row["head"]), int(row["count"]), int(row["class"]))
                for row in csv.DictReader(handle, delimiter="\t")
            ]
    except (OSError, KeyError, ValueError) as error:
        raise ModelError(f"not a template table: {error}", where=str(path), mend="restore the file") from error


@lru_cache(maxsize=4)
def load_proposer(folder: Path = SHIPPED_MODEL) -> TemplateProposer:
    """The proposer of a model folder, loaded once a process."""
    return TemplateProposer(folder)
