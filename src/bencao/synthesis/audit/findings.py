"""What an audit says: its findings, and the routes, steps and leaves they are about."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from bencao.synthesis.audit.replay import Kind, MappedBy, RunBy, Severity
from bencao.synthesis.audit.tree import RouteTree
from bencao.synthesis.route import ForwardVerdict, StockEntry

NO_INDEX = "no index"
NO_PRECEDENT = "no precedent"


@dataclass(frozen=True)
class Finding:
    """Something about a route that does not hold, or should be looked at.

    Attributes
    ----------
    route : int
        Number of the route in the file, from 1.
    step : int
        Number of the step, from the target down, depth first, from 1; 0 for the route as a whole.
    where : str
        The molecule, or the reaction, as SMILES.
    kind : str
        Stable for programs; each is explained in ``docs/synthesis.md``.
    severity : {"error", "warning"}
        With an error the route is not to be believed as it stands; a warning is for the chemist to weigh.
    cause, mend : str
    """

    route: int
    step: int
    where: str
    kind: Kind
    severity: Severity
    cause: str
    mend: str

    def as_json(self) -> dict[str, Any]:
        """The finding by its field names."""
        return asdict(self)


@dataclass(frozen=True)
class AuditedStep:
    """A step that was replayed.

    Attributes
    ----------
    number : int
        From the target down, depth first, from 1.
    product, reactants : str
        Canonical SMILES without atom maps.
    mapped_by : {"mapping", "template", "common substructure"}
    run_by : {"template", "extracted", "not run"}
    template : str
        Retro template that it was run with.
    forward : ForwardVerdict
    bonds_changed : int
        Bonds between heavy atoms made or broken.
    precedent : str
        A reported reaction in words; ``no precedent``; ``no index`` where none was asked.
    """

    number: int
    product: str
    reactants: str
    mapped_by: MappedBy
    run_by: RunBy
    template: str
    forward: ForwardVerdict
    bonds_changed: int
    precedent: str = NO_INDEX

    def as_json(self) -> dict[str, Any]:
        """The step as it stands in the audit's JSON."""
        return {
            "step": self.number,
            "product": self.product,
            "reactants": self.reactants,
            "mapped_by": self.mapped_by,
            "run_by": self.run_by,
            "template": self.template,
            "forward_ok": self.forward.ok,
            "forward_outcomes": self.forward.outcomes,
            "stereo": self.forward.stereo,
            "leaving": list(self.forward.leaving),
            "bonds_changed": self.bonds_changed,
            "mapped": self.forward.mapped,
            "precedent": self.precedent,
        }


@dataclass(frozen=True)
class AuditedLeaf:
    """A starting material of a route: what our stock says of it, and what the file said."""

    smiles: str
    stock: StockEntry | None
    said_in_stock: bool | None

    def as_json(self) -> dict[str, Any]:
        """The leaf as it stands in the audit's JSON."""
        entry = self.stock.as_json() if self.stock else None
        return {"smiles": self.smiles, "stock": entry, "said_in_stock": self.said_in_stock}


@dataclass(frozen=True)
class AuditedRoute:
    """A route with all that was found.

    Attributes
    ----------
    number : int
        In the file, from 1.
    tree : RouteTree or None
        As it was read; None where it was no tree.
    target : str
        Canonical SMILES of what it makes; empty where that does not parse.
    steps : tuple of AuditedStep
        Those that could be replayed.
    leaves : tuple of AuditedLeaf
    findings : tuple of Finding
    """

    number: int
    tree: RouteTree | None
    target: str
    steps: tuple[AuditedStep, ...]
    leaves: tuple[AuditedLeaf, ...]
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether there is no finding of severity error."""
        return not any(finding.severity == "error" for finding in self.findings)

    def step_passed(self, number: int) -> bool:
        """Whether a step has no finding of severity error."""
        return not any(finding.severity == "error" for finding in self.findings if finding.step == number)

    def as_json(self) -> dict[str, Any]:
        """The route as it stands in the audit's JSON."""
        return {
            "route": self.number,
            "source": self.tree.source if self.tree else "",
            "target": self.target,
            "passed": self.passed,
            "steps": [{**step.as_json(), "passed": self.step_passed(step.number)} for step in self.steps],
            "leaves": [leaf.as_json() for leaf in self.leaves],
        }


@dataclass(frozen=True)
class Audit:
    """The audit of a file's routes.

    Attributes
    ----------
    routes : tuple of AuditedRoute
    provenance : tuple of (str, str)
        Names and digests of the stock's tiers.
    """

    routes: tuple[AuditedRoute, ...]
    provenance: tuple[tuple[str, str], ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, in the order of the routes."""
        return tuple(finding for route in self.routes for finding in route.findings)

    @property
    def errors(self) -> int:
        """Number of findings of severity error."""
        return sum(finding.severity == "error" for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """The audit; its form is documented in ``docs/synthesis.md``."""
        return {
            "passed": not self.errors,
            "errors": self.errors,
            "warnings": len(self.findings) - self.errors,
            "provenance": dict(self.provenance),
            "routes": [route.as_json() for route in self.routes],
            "findings": [finding.as_json() for finding in self.findings],
        }
