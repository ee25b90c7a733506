"""What ``/api/v1`` takes and gives, as pydantic models."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bencao.synthesis.compare import DEFAULT_ORDER, Order
from bencao.synthesis.constraints import Constraints, read_bond
from bencao.synthesis.search import Limits
from bencao.web.http.problem import problem, status_of_kind
from bencao.web.jobs import Job
from bencao.web.orders import ExpandOrder, PlanOrder

# A server does not let one request hold a worker for ever.
LONGEST, MOST_EXPANSIONS, MOST_ROUTES = 600.0, 20_000, 50

Smiles = Field(max_length=4000, description="One molecule as SMILES; a salt is taken as its neutral parent.")


class Form(BaseModel):
    """A form whose unknown fields are refused: a misspelt constraint must not be passed over."""

    model_config = ConfigDict(extra="forbid")


class ConstraintsForm(Form):
    """What routes must hold to; the names are those of ``bencao synthesis plan``."""

    freeze: list[str] = Field([], max_length=500, description="Bonds that no step breaks, such as 3-4.")
    require_break: str | None = Field(None, description="A bond that some step breaks, if any route can.")
    require_leaf: list[str] = Field([], max_length=50, description="SMILES of starting materials to use.")
    ban_leaf: list[str] = Field([], max_length=500, description="SMILES of what is no starting material.")
    ban_element: list[str] = Field([], max_length=120, description="Elements that no reactant holds.")
    ban: list[str] = Field([], max_length=500, description="SMILES of what is no reactant.")
    ban_pattern: list[str] = Field([], max_length=100, description="SMARTS that no reactant matches.")
    ban_class: list[int] = Field([], max_length=11, description="Reaction classes, 0 to 10, that no step is of.")
    hazard: float | None = Field(None, description="Highest hazard score (GHS), 0 to 1, of a reactant in the table.")
    max_steps: int | None = Field(None, description="Most reactions in all.")
    max_price: float | None = Field(None, description="Highest price of a starting material in the user's list.")

    def read(self) -> Constraints:
        """The constraints.

        Raises
        ------
        ConstraintError
        """
        return Constraints(
            frozen_bonds=tuple(map(read_bond, self.freeze)),
            required_break=read_bond(self.require_break) if self.require_break else None,
            required_leaves=tuple(self.require_leaf),
            banned_leaves=tuple(self.ban_leaf),
            banned_elements=tuple(self.ban_element),
            banned_molecules=tuple(self.ban),
            banned_patterns=tuple(self.ban_pattern),
            banned_classes=tuple(self.ban_class),
            highest_hazard=self.hazard,
            most_steps=self.max_steps,
            highest_price=self.max_price,
        )


class PlanForm(Form):
    """A plan to make."""

    smiles: str = Smiles
    name: str = Field("", max_length=200, description="What the target is called, for the page.")
    seconds: float | None = Field(
        None, gt=0, le=LONGEST, description="Seconds at most; 30 where no expansions are named either."
    )
    expansions: int | None = Field(
        None, ge=1, le=MOST_EXPANSIONS, description="Times the model is asked at most: the budget that reproduces."
    )
    depth: int = Field(8, description="Most reactions on a line.")
    routes: int = Field(5, ge=1, le=MOST_ROUTES, description="Number of routes at most.")
    sort: Order = Field(DEFAULT_ORDER, description="What the routes are sorted by.")
    diverse: bool = Field(True, description="The best route of each strategy before a second of any.")
    constraints: ConstraintsForm = ConstraintsForm.model_validate({})

    def read(self) -> PlanOrder:
        """The order.

        Raises
        ------
        InputError
            A limit or constraint that cannot be.
        """
        # Expansions alone may take as long as the server lets any job, and the plan then says that it ended there.
        seconds = self.seconds or (30.0 if self.expansions is None else LONGEST)
        limits = Limits(expansions=self.expansions, seconds=seconds, depth=self.depth)
        return PlanOrder(self.smiles, limits, self.routes, self.sort, self.diverse, self.constraints.read(), self.name)


class ExpandForm(Form):
    """Single steps to propose."""

    smiles: str = Smiles
    top: int = Field(50, ge=1, le=200, description="Number of proposals at most.")
    precedents: bool = Field(False, description="Look up reported reactions of each step, some 10 ms a step.")

    def read(self) -> ExpandOrder:
        """The order."""
        return ExpandOrder(self.smiles, self.top, self.precedents)


class Problem(BaseModel):
    """Why a request or a job failed (RFC 9457), with where, cause and mend."""

    type: str = "about:blank"
    title: str = Field(description="Kind of the error.")
    status: int
    detail: str
    where: str = Field("", description="Field, file or row.")
    cause: str = Field(description="What was found, and what was expected.")
    mend: str = Field("", description="What to do about it.")


class ProgressAnswer(BaseModel):
    """How far a search is."""

    expansions: int = Field(description="Times the model was asked.")
    routes: int = Field(description="Solved routes known so far.")
    best_cost: float | None = Field(description="Cost of the best of them: lower is better.")
    seconds: float = Field(description="How long it has run.")


class JobAnswer(BaseModel):
    """A job as it stands."""

    id: str
    status: Literal["waiting", "running", "done", "failed", "cancelled"]
    progress: ProgressAnswer
    plan: dict[str, Any] | None = Field(description="The plan, once done; its form is in docs/synthesis.md.")
    error: Problem | None = Field(description="Why it failed.")
    links: dict[str, str] = Field(description="Where to look again, to cancel, and to download from once it is done.")


class ExpandAnswer(BaseModel):
    """Proposed single steps."""

    smiles: str = Field(description="Canonical SMILES of what was expanded.")
    warnings: list[str]
    proposals: list[dict[str, Any]] = Field(description="By falling probability; the form is in docs/synthesis.md.")


class HealthAnswer(BaseModel):
    """How the server is."""

    status: Literal["ok"]
    version: str
    workers: int
    running: int = Field(description="Jobs at work.")
    waiting: int = Field(description="Jobs that wait for a worker.")
    provenance: dict[str, str] = Field(description="Model, stock and index by name, with version or digest.")


def job_answer(job: Job, root: str, formats: tuple[str, ...]) -> JobAnswer:
    """A job as the API gives it.

    Parameters
    ----------
    job : Job
    root : str
        Path that the API stands at.
    formats : tuple of str
        Names of the files that a plan can be downloaded as.
    """
    progress, here = job.progress, f"{root}/jobs/{job.id}"
    links = {"self": here}
    if not job.over:
        links["cancel"] = f"{here}/cancel"
    if job.status == "done":
        links |= {name: f"{here}/{name}" for name in formats}
    return JobAnswer(
        id=job.id,
        status=job.status,
        progress=ProgressAnswer(
            expansions=progress.expansions,
            routes=progress.routes,
            best_cost=progress.best_cost,
            seconds=round(job.seconds, 2),
        ),
        plan=job.plan.as_json() if job.status == "done" else None,
        error=Problem(**problem(job.failure, status_of_kind(job.failure.kind))) if job.failure else None,
        links=links,
    )
