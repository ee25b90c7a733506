"""What a worker is told to do, what it loads once, and the slate on which it writes how far it is."""

from __future__ import annotations

import mmap
import struct
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Any, Protocol

from bencao.synthesis.compare import DEFAULT_ORDER
from bencao.synthesis.compare import Order as RouteOrder
from bencao.synthesis.constraints import Constraints
from bencao.synthesis.planner import INTERACTIVE, expand, plan
from bencao.synthesis.precedents import PrecedentIndex, load_precedents
from bencao.synthesis.route import Plan, Proposal
from bencao.synthesis.seams import Proposer, Stock
from bencao.synthesis.search import Limits
from bencao.web.errors import Stopped

Load = Callable[[], tuple[Proposer, Stock]]
Figures = tuple[float, float, float]


class Order(Protocol):
    """What a worker can be told to do."""

    def carry_out(self, tools: Any) -> Any:
        """Do it, with what the worker loaded."""
        ...


_FORM = struct.Struct("=ddd")
_STOP = struct.Struct("=d")


@dataclass(frozen=True)
class Progress:
    """How far a search is.

    Attributes
    ----------
    expansions : int
        Times the model was asked.
    routes : int
        Solved routes known; a few more are looked for than are asked for.
    best_cost : float or None
        Cost of the best of them, see `bencao.synthesis.search.search`; None while there is none.
    """

    expansions: int = 0
    routes: int = 0
    best_cost: float | None = None

    @classmethod
    def of(cls, figures: Figures) -> Progress:
        """What a search wrote on a slate."""
        expansions, routes, cost = figures
        return cls(int(expansions), int(routes), cost if routes else None)


class Slate:
    """Some numbers that a worker and the server both see, in a file mapped into both.

    Parameters
    ----------
    path : Path
        Of a file made by `Slate.new`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("r+b") as stream:
            self._memory = mmap.mmap(stream.fileno(), _FORM.size + _STOP.size)

    @classmethod
    def new(cls) -> Slate:
        """A slate of its own file, wiped."""
        with tempfile.NamedTemporaryFile(prefix="bencao-", suffix=".slate", delete=False) as stream:
            stream.write(bytes(_FORM.size + _STOP.size))
        return cls(Path(stream.name))

    def wipe(self) -> None:
        """Make it ready for another order."""
        self._memory[:] = bytes(_FORM.size + _STOP.size)

    def read(self) -> Figures:
        """What the worker wrote last."""
        first, second, third = _FORM.unpack_from(self._memory)
        return first, second, third

    def ask_to_stop(self) -> None:
        """Have the worker stop at its next expansion."""
        _STOP.pack_into(self._memory, _FORM.size, 1.0)

    def write(self, first: float, second: float, third: float) -> None:
        """Write how far the job is: a search its expansions, routes and cost, after each expansion.

        Raises
        ------
        Stopped
            Where the job was cancelled meanwhile.
        """
        _FORM.pack_into(self._memory, 0, first, second, 0.0 if third == inf else third)
        if _STOP.unpack_from(self._memory, _FORM.size)[0]:
            raise Stopped("the job was cancelled")

    def remove(self) -> None:
        """Delete the file; what is mapped stays readable."""
        self.path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Tools:
    """What a worker loads once."""

    proposer: Proposer
    stock: Stock
    precedents: PrecedentIndex
    slate: Slate

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """Names and digests of all of them."""
        return (*self.proposer.identity, *self.stock.identity, *self.precedents.identity)


@dataclass(frozen=True)
class PlanOrder:
    """A plan to make; the fields are those of `bencao.synthesis.plan`.

    Attributes
    ----------
    name : str
        What the target is called.
    """

    smiles: str
    limits: Limits = INTERACTIVE
    routes: int = 5
    order: RouteOrder = DEFAULT_ORDER
    diverse: bool = True
    constraints: Constraints = field(default_factory=Constraints)
    name: str = ""

    def carry_out(self, tools: Tools) -> Plan:
        """Plan it."""
        return plan(
            self.smiles,
            proposer=tools.proposer,
            stock=tools.stock,
            limits=self.limits,
            routes=self.routes,
            order=self.order,
            diverse=self.diverse,
            progress=tools.slate.write,
            constraints=self.constraints,
            precedents=tools.precedents,
        )


@dataclass(frozen=True)
class ExpandOrder:
    """Single steps to propose; the fields are those of `bencao.synthesis.expand`."""

    smiles: str
    top: int = 50
    precedents: bool = False

    def carry_out(self, tools: Tools) -> tuple[Proposal, ...]:
        """Propose them."""
        index = tools.precedents if self.precedents else None
        return expand(self.smiles, proposer=tools.proposer, top=self.top, precedents=index)


@dataclass(frozen=True)
class IdentityOrder:
    """What the worker works with, for the health of the server."""

    def carry_out(self, tools: Tools) -> tuple[tuple[str, str], ...]:
        """Names and digests of model, stock and index."""
        return tools.identity


def load_worker(load: Load, index: Path, slate: Path) -> Tools:
    """Load what a worker needs."""
    return Tools(*load(), load_precedents(index), Slate(slate))


def carry_out(tools: Any, order: Order) -> Any:
    """Do what was ordered."""
    return order.carry_out(tools)
