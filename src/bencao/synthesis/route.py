"""What the planner returns: proposals, steps, routes and plans, and their JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Stereo = Literal["kept", "lost", "unspecified"]
StopReason = Literal["routes", "exhausted", "expansions", "time"]
EvidenceLevel = Literal["surroundings", "neighbours", "change", "bonds", "class", "all"]

# Schneider et al., J. Chem. Inf. Model. 2016, 56, 2336, table 1: the ten classes of USPTO-50k.
REACTION_CLASSES: dict[int, str] = {
    0: "unclassified",
    1: "heteroatom alkylation and arylation",
    2: "acylation and related processes",
    3: "C-C bond formation",
    4: "heterocycle formation",
    5: "protection",
    6: "deprotection",
    7: "reduction",
    8: "oxidation",
    9: "functional group interconversion",
    10: "functional group addition",
}


@dataclass(frozen=True)
class ForwardVerdict:
    """What the step does when its template is run forwards on the proposed reactants.

    Attributes
    ----------
    ok : bool
        The forward run gives the product, stereo included, and every heavy atom of the product comes
        from exactly one reactant atom of the same element.
    reason : str
        Empty where `ok`; else the first thing that failed.
    outcomes : int
        Number of different products the forward run gives: above 1 is a selectivity warning.
    stereo : {"kept", "lost", "unspecified"}
        Whether the stereo of the product is set by the step or carried through it.
    leaving : tuple of str
        Formulas of the reactant fragments that are not in the product, e.g. ``("Br", "CO2")``.
    mapped : str
        Atom-mapped reaction SMILES ``reactants>>product``; empty where the atoms could not be matched.
    """

    ok: bool
    reason: str = ""
    outcomes: int = 0
    stereo: Stereo = "unspecified"
    leaving: tuple[str, ...] = ()
    mapped: str = ""


@dataclass(frozen=True)
class Precedent:
    """A reported reaction with the centre of a proposed step and a like product.

    Attributes
    ----------
    source : str
        Collection that reports it.
    row : int
        Line of the table that the index was made from, the header being line 1.
    source_id : str
        What the collection calls it, e.g. a patent number; empty where the index keeps none.
    reactants, product : str
        SMILES; the reactants sorted, joined by ``.``.
    reaction_class : int
        Key of `REACTION_CLASSES`.
    similarity : float
        Tanimoto (ECFP4, 2048 bits) of its product to that of the step, in [0.4, 1].
    """

    source: str
    row: int
    source_id: str
    reactants: str
    product: str
    reaction_class: int
    similarity: float

    @property
    def reaction(self) -> str:
        """Reaction SMILES, ``reactants>>product``."""
        return f"{self.reactants}>>{self.product}"

    @property
    def origin(self) -> str:
        """Where it stands: collection, row, and the collection's own name for it."""
        return f"{self.source}, row {self.row}" + (f", {self.source_id}" if self.source_id else "")

    @property
    def in_words(self) -> str:
        """Origin, similarity and reaction in a line."""
        return f"{self.origin}, similarity {self.similarity:.2f}: {self.reaction}"

    def as_json(self) -> dict[str, Any]:
        """The precedent as it stands in a step."""
        return {
            "source": self.source,
            "row": self.row,
            "source_id": self.source_id,
            "reaction": self.reaction,
            "class": self.reaction_class,
            "class_name": REACTION_CLASSES[self.reaction_class],
            "similarity": round(self.similarity, 3),
        }


@dataclass(frozen=True)
class NamedChemical:
    """A chemical that a step is run with.

    Attributes
    ----------
    smiles : str
        Canonical SMILES, a salt with all its ions.
    en, zh : str
        Names; the SMILES where there is none.
    """

    smiles: str
    en: str
    zh: str

    def as_json(self) -> dict[str, str]:
        """The chemical by its field names."""
        return {"smiles": self.smiles, "en": self.en, "zh": self.zh}


@dataclass(frozen=True)
class ConditionSet:
    """What a step may be run with, as like steps were reported.

    Attributes
    ----------
    reagents, catalysts, solvents : tuple of NamedChemical
        Reagents and catalysts by name, any of the three empty where likely none is named; catalysts include ligands.
    other_solvents : tuple of NamedChemical
        At most 2 more solvents that like steps were run in with these reagents, each on its own likelier than the next.
    score : float
        Probability in (0, 1] that the model gives these reagents and catalysts: no yield.
    level : {"surroundings", "neighbours", "change", "bonds", "class", "all"}
        The narrowest group of reported reactions in which these reagents and catalysts were used: the same change with
        all within two bonds of it, within one, the same changed atoms with the same leaving groups, the same changed
        atoms, the same reaction class, or any reaction.
    reported : int
        Reactions of that group with just these reagents and catalysts.
    support : int
        Reactions of that group whose reagents are known.
    """

    reagents: tuple[NamedChemical, ...]
    catalysts: tuple[NamedChemical, ...]
    solvents: tuple[NamedChemical, ...]
    other_solvents: tuple[NamedChemical, ...]
    score: float
    level: EvidenceLevel
    reported: int
    support: int

    def as_json(self) -> dict[str, Any]:
        """The set as it stands in a step."""
        return {
            "reagents": [one.as_json() for one in self.reagents],
            "catalysts": [one.as_json() for one in self.catalysts],
            "solvents": [one.as_json() for one in self.solvents],
            "other_solvents": [one.as_json() for one in self.other_solvents],
            "score": round(self.score, 6),
            "level": self.level,
            "reported": self.reported,
            "support": self.support,
        }


@dataclass(frozen=True)
class Proposal:
    """One way to make a molecule in one step.

    Attributes
    ----------
    reactants : str
        Canonical SMILES of the reactants, sorted, joined by ``.``.
    probability : float
        Probability in (0, 1] that the model gives this reactant set, summed over its templates.
    template : str
        Retro template, ``product>>reactants`` in SMARTS.
    reaction_class : int
        Key of `REACTION_CLASSES`.
    forward : ForwardVerdict
    precedents : tuple of Precedent or None
        The nearest reported reactions, at most 3, most similar first; None where they were not looked up.
    conditions : tuple of ConditionSet or None
        What it may be run with, at most 3, likeliest first; None where it was not looked up.
    feasibility : float or None
        In (0, 1): 0.5 where a step like this stands as often among the reported ones as among those whose template
        fits and that nobody reported for that product. It knows the reactants and the change, not the other ways to
        the product. None where the model does not say.
    """

    reactants: str
    probability: float
    template: str
    reaction_class: int
    forward: ForwardVerdict
    precedents: tuple[Precedent, ...] | None = None
    conditions: tuple[ConditionSet, ...] | None = None
    feasibility: float | None = None

    def as_json(self) -> dict[str, Any]:
        """The proposal as it stands in the output of ``expand``."""
        return {
            "reactants": self.reactants,
            "probability": round(self.probability, 6),
            "feasibility": None if self.feasibility is None else round(self.feasibility, 4),
            "forward_ok": self.forward.ok,
            "forward_reason": self.forward.reason,
            "forward_outcomes": self.forward.outcomes,
            "stereo": self.forward.stereo,
            "leaving": list(self.forward.leaving),
            "template": self.template,
            "class": self.reaction_class,
            "class_name": REACTION_CLASSES[self.reaction_class],
            "mapped": self.forward.mapped,
            "precedents": None if self.precedents is None else [one.as_json() for one in self.precedents],
            "conditions": None if self.conditions is None else [one.as_json() for one in self.conditions],
        }


@dataclass(frozen=True)
class StockEntry:
    """Where a starting material is known from.

    Attributes
    ----------
    tier : str
        ``building-block``, ``commodity``, ``paroutes``, ``seen``, ``supplier`` or ``perhaps``.
    source : str
        What the tier was made from, in words fit to print beside the molecule.
    uses : int
        Number of distinct patent reactions it serves in; 0 where the tier does not say.
    price : float or None
        Price as given in the supplier's list, in that list's unit.
    """

    tier: str
    source: str
    uses: int = 0
    price: float | None = None

    def as_json(self) -> dict[str, Any]:
        """The entry as it stands in a leaf of the route tree."""
        return {"tier": self.tier, "source": self.source, "uses": self.uses, "price": self.price}


@dataclass(frozen=True)
class RouteNode:
    """A molecule of a route, with the step that makes it.

    Attributes
    ----------
    smiles : str
        Canonical SMILES.
    stock : StockEntry or None
        Stock entry of a leaf; None for what has to be made and for an unsolved leaf.
    step : Proposal or None
        The step that makes it; None for a leaf.
    precursors : tuple of RouteNode
        One per reactant of `step`, in the order of its SMILES.
    """

    smiles: str
    stock: StockEntry | None = None
    step: Proposal | None = None
    precursors: tuple[RouteNode, ...] = ()

    def walk(self) -> Iterator[RouteNode]:
        """This molecule and all below it, depth first."""
        yield self
        for node in self.precursors:
            yield from node.walk()

    def as_json(self) -> dict[str, Any]:
        """The tree below this molecule; its form is documented in ``docs/synthesis.md``."""
        tree: dict[str, Any] = {
            "type": "molecule",
            "smiles": self.smiles,
            "in_stock": self.stock is not None and self.stock.tier != "perhaps",
            "stock": self.stock.as_json() if self.stock else None,
            "step": None,
        }
        if self.step:
            step = self.step.as_json()
            step["precursors"] = [node.as_json() for node in self.precursors]
            tree["step"] = step
        return tree


@dataclass(frozen=True)
class ConstraintOutcome:
    """How a route stands to one thing that was asked of it.

    Attributes
    ----------
    constraint : str
        Name of the constraint, as the command line writes it: ``freeze``, ``require-break``, ``max-price``…
    asked : str
        What was asked: ``3-4``, a SMILES, a number.
    met : bool or None
        None where it is not known, as with a price of what has none.
    detail : str
        What the answer rests on, in words fit to print; may be empty.
    """

    constraint: str
    asked: str
    met: bool | None
    detail: str = ""

    def as_json(self) -> dict[str, Any]:
        """The outcome by its field names."""
        return {"constraint": self.constraint, "asked": self.asked, "met": self.met, "detail": self.detail}


@dataclass(frozen=True)
class RouteComparison:
    """How a route stands beside the others that were found.

    Attributes
    ----------
    route_score : float
        Weighted mean of the criteria, in (0, 1]; see `bencao.synthesis.compare.route_scores`. It ranks: no chance of
        success, no yield.
    feasibility : float or None
        Of the least feasible step; None where the model judges no feasibility.
    convergence : float
        Share of the reactions that stand beside the longest line: 0 for a linear route.
    stock : float
        Evidence, 0 to 1, that the least evidenced starting material can be had.
    hazard : float or None
        Highest hazard score among the molecules but the target; None where none of them is in the table.
    hazard_known, molecules : int
        Distinct molecules that are in the table of hazards, and in all, the target left out.
    price : float or None
        Sum of the list prices of the distinct starting materials; None where one has no price.
    strategy : int
        Number of its group: routes of one group make about the same bonds in about the same order.
    alike : int
        Number of other routes of the group that were found.
    """

    route_score: float
    feasibility: float | None
    convergence: float
    stock: float
    hazard: float | None
    hazard_known: int
    molecules: int
    price: float | None
    strategy: int
    alike: int

    def as_json(self) -> dict[str, Any]:
        """The comparison by its field names."""
        return {name: round(value, 6) if isinstance(value, float) else value for name, value in vars(self).items()}


@dataclass(frozen=True)
class Route:
    """One way from stock to the target.

    Attributes
    ----------
    root : RouteNode
        The target.
    solved : bool
        Every leaf is in the stock asked for, with its stereo.
    score : float
        Product of the probabilities of the steps: a rank, not a yield.
    constraints : tuple of ConstraintOutcome
        How it stands to each constraint of the plan.
    comparison : RouteComparison or None
        How it stands beside the other routes; None where it was not compared.
    """

    root: RouteNode
    solved: bool
    score: float
    constraints: tuple[ConstraintOutcome, ...] = ()
    comparison: RouteComparison | None = None

    @property
    def steps(self) -> int:
        """Number of reactions."""
        return sum(node.step is not None for node in self.root.walk())

    @property
    def longest_line(self) -> int:
        """Number of reactions on the longest linear sequence."""
        return _depth(self.root)

    @property
    def leaves(self) -> tuple[RouteNode, ...]:
        """Starting materials, in tree order."""
        return tuple(node for node in self.root.walk() if node.step is None)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from bencao.synthesis.page.notebook import route_html  # the page imports this module

        return route_html(self)

    def as_json(self) -> dict[str, Any]:
        """The route with its figures."""
        return {
            "solved": self.solved,
            "score": round(self.score, 9),
            "route_score": round(self.comparison.route_score, 6) if self.comparison else None,
            "steps": self.steps,
            "longest_line": self.longest_line,
            "comparison": self.comparison.as_json() if self.comparison else None,
            "constraints": [outcome.as_json() for outcome in self.constraints],
            "tree": self.root.as_json(),
        }


def _depth(node: RouteNode) -> int:
    return 0 if node.step is None else 1 + max(_depth(below) for below in node.precursors)


@dataclass(frozen=True)
class Plan:
    """The answer to "how do I make it?".

    Attributes
    ----------
    target : str
        Canonical SMILES of what was planned (the neutral parent, counter-ions stripped).
    given : str
        The SMILES as it was given.
    routes : tuple of Route
        Best first; unsolved routes only where no route is solved.
    stopped : {"routes", "exhausted", "expansions", "time"}
        Why the search ended: enough routes, nothing left to ask, or a limit.
    expansions : int
        Number of times the proposer was asked, each for a batch of proposals: a molecule may be asked about more than
        once.
    reproducible : bool
        False where the clock ended the search.
    warnings : tuple of str
        What was changed about the input.
    provenance : tuple of (str, str)
        Names of model, stock and settings with their versions or digests.
    """

    target: str
    given: str
    routes: tuple[Route, ...]
    stopped: StopReason
    expansions: int
    reproducible: bool
    warnings: tuple[str, ...] = ()
    provenance: tuple[tuple[str, str], ...] = ()

    @property
    def solved(self) -> bool:
        """Whether at least one route is solved."""
        return any(route.solved for route in self.routes)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from bencao.synthesis.page.notebook import plan_html  # the page imports this module

        return plan_html(self)

    def as_json(self) -> dict[str, Any]:
        """The plan; its form is documented in ``docs/synthesis.md``."""
        return {
            "target": self.target,
            "given": self.given,
            "solved": self.solved,
            "stopped": self.stopped,
            "expansions": self.expansions,
            "reproducible": self.reproducible,
            "warnings": list(self.warnings),
            "provenance": dict(self.provenance),
            "routes": [route.as_json() for route in self.routes],
        }
