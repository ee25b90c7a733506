"""What the workbench's page of the room asks: files and tasks on a shelf, targets with their pockets, hits, scenes."""

from bencao.discovery.browse.folds import FoldTask, FoldView, show_fold, show_fold_scene
from bencao.discovery.browse.screens import (
    Contact,
    HitView,
    draw_molecules,
    show_hit,
    show_hit_scene,
    show_screen,
)
from bencao.discovery.browse.shelf import Shelf
from bencao.discovery.browse.targets import OpenTargets, PocketRow, TargetView, show_target, show_target_scene

__all__ = [
    "Contact",
    "FoldTask",
    "FoldView",
    "HitView",
    "OpenTargets",
    "PocketRow",
    "Shelf",
    "TargetView",
    "draw_molecules",
    "show_fold",
    "show_fold_scene",
    "show_hit",
    "show_hit_scene",
    "show_screen",
    "show_target",
    "show_target_scene",
]
