"""Finding the molecule: fold, dock, screen, predict, design."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from bencao.discovery.molecules.reading import LibraryRow, read_library

if TYPE_CHECKING:
    from bencao.discovery.active.screening import Budget, screen_actively
    from bencao.discovery.active.suggesting import suggest_next
    from bencao.discovery.design.generator import Effort, Scored, design_molecules
    from bencao.discovery.docking.docking import Docked, Pose, dock
    from bencao.discovery.folding.folding import Fold, fold
    from bencao.discovery.funnel.plan import Plan
    from bencao.discovery.funnel.screening import Screened, screen
    from bencao.discovery.ligands.preparing import Preparation, Prepared, prepare_ligand
    from bencao.discovery.receptor.box import Box
    from bencao.discovery.receptor.pockets import Pocket, find_pockets
    from bencao.discovery.receptor.preparing import Receptor, prepare_receptor
    from bencao.discovery.routes import RouteAnswer

__all__ = [
    "Box",
    "Budget",
    "Docked",
    "Effort",
    "Fold",
    "LibraryRow",
    "Plan",
    "Pocket",
    "Pose",
    "Preparation",
    "Prepared",
    "Receptor",
    "RouteAnswer",
    "Scored",
    "Screened",
    "design_molecules",
    "dock",
    "find_pockets",
    "fold",
    "prepare_ligand",
    "prepare_receptor",
    "read_library",
    "screen",
    "screen_actively",
    "suggest_next",
]

_WHERE = {
    "design_molecules": "design.generator",
    "Effort": "design.generator",
    "Scored": "design.generator",
    "Box": "receptor.box",
    "dock": "docking.docking",
    "Docked": "docking.docking",
    "find_pockets": "receptor.pockets",
    "Fold": "folding.folding",
    "fold": "folding.folding",
    "Pocket": "receptor.pockets",
    "Pose": "docking.docking",
    "prepare_receptor": "receptor.preparing",
    "Receptor": "receptor.preparing",
    "Budget": "active.screening",
    "screen_actively": "active.screening",
    "suggest_next": "active.suggesting",
    "RouteAnswer": "routes",
    "Plan": "funnel.plan",
    "screen": "funnel.screening",
    "Screened": "funnel.screening",
    "prepare_ligand": "ligands.preparing",
    "Preparation": "ligands.preparing",
    "Prepared": "ligands.preparing",
}


def __getattr__(name: str) -> Any:
    """Load a part of the room when it is asked for: together they take seconds."""
    if name in _WHERE:
        return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
