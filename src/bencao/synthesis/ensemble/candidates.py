"""What the one-step models say of each reactant set of a molecule, side by side."""

from __future__ import annotations

from dataclasses import dataclass, field

from bencao.synthesis.chemistry.forward import forward_check
from bencao.synthesis.chemistry.template import Outcome, PreparedMolecule, RetroTemplate
from bencao.synthesis.ensemble.sites import SiteModel
from bencao.synthesis.proposer import TemplateProposer, TemplateRow
from bencao.synthesis.route import ForwardVerdict

_CHECKED = 3  # templates by which a reactant set may pass the forward check
_LOOKED_AT = 64  # reactant sets that are run forwards


@dataclass(frozen=True)
class Candidate:
    """A reactant set that passed the forward check, with what the models say of it.

    Attributes
    ----------
    reactants : str
        Canonical SMILES, sorted, joined by ``.``.
    specific, general, local : float
        Sum of the probabilities of the templates of each kind that give the set, each shared among its outcomes.
    whole : float
        Sum over the specific and general templates, not shared.
    templates : int
        Number of templates that give the set, of all kinds.
    row : TemplateRow
        The template by which it passed.
    verdict : ForwardVerdict
    """

    reactants: str
    specific: float
    general: float
    local: float
    whole: float
    templates: int
    row: TemplateRow
    verdict: ForwardVerdict

    @property
    def chance(self) -> float:
        """Mean probability of the three kinds: the order before the ranker."""
        return (self.specific + self.general + self.local) / 3


@dataclass(frozen=True)
class _Way:
    """A template that gives a reactant set; a local one is run forwards in its place only."""

    template: RetroTemplate
    row: TemplateRow
    outcome: Outcome
    anywhere: bool


@dataclass
class _Gathered:
    """The same before the check, while templates are applied."""

    chances: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    whole: float = 0.0
    ways: list[_Way] = field(default_factory=list)


def candidates(
    product: PreparedMolecule, templates: TemplateProposer, sites: SiteModel, looked_at: int = _LOOKED_AT
) -> list[Candidate]:
    """Reactant sets of a molecule by all models, run forwards.

    Parameters
    ----------
    product : PreparedMolecule
    templates : TemplateProposer
    sites : SiteModel
    looked_at : int
        Number of sets that are run forwards at most, the likeliest first.

    Returns
    -------
    list of Candidate
        By falling `Candidate.chance`; sets that fail the forward check are left out.
    """
    gathered: dict[str, _Gathered] = {}
    for index, probability in templates.applicable(product.molecule):
        row, template = templates.rows[index], templates.compiled(index)
        outcomes = template.apply(product)
        for outcome in outcomes:
            known = gathered.setdefault(outcome.reactants, _Gathered())
            alone = probability / templates.shares[row.head]  # here the heads stand apart
            known.chances[row.head] += alone / len(outcomes)
            known.whole += alone
            known.ways.append(_Way(template, row, outcome, anywhere=True))
    for index, probability, sets, outcome in sites.outcomes(product):
        known = gathered.setdefault(outcome.reactants, _Gathered())
        known.chances[2] += probability / sets
        known.ways.append(_Way(sites.compiled(index), sites.rows[index], outcome, anywhere=False))
    ranked = sorted(gathered, key=lambda reactants: (-sum(gathered[reactants].chances), reactants))
    found = (_checked(product, reactants, gathered[reactants]) for reactants in ranked[:looked_at])
    return [candidate for candidate in found if candidate]


def _checked(product: PreparedMolecule, reactants: str, known: _Gathered) -> Candidate | None:
    for way in known.ways[:_CHECKED]:
        verdict = forward_check(way.template, way.outcome, product, way.anywhere)
        if verdict.ok:
            specific, general, local = known.chances
            return Candidate(reactants, specific, general, local, known.whole, len(known.ways), way.row, verdict)
    return None
