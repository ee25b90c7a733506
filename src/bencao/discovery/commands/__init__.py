"""The commands of the discovery room: one file a part of the work, each adds its verbs."""

from __future__ import annotations

from bencao.kernel.verbs import room_commands

# Each verb and the file that adds it to `app`.
VERBS = {
    "screen": "screen",
    "standardise": "molecules",
    "ligands": "ligands",
    "properties": "properties",
    "admet": "admet",
    "index": "similarity",
    "similar": "similarity",
    "shape": "shape",
    "next": "active",
    "receptor": "receptors",
    "pockets": "receptors",
    "dock": "docking",
    "fold": "folding",
    "sequences": "sequences",
    "design": "design",
}

app = room_commands(__name__, VERBS, "Finding the molecule: fold, dock, screen, predict, design.")
