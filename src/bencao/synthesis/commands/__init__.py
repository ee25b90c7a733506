"""The commands of the synthesis room: one file a part of the work, each adds its verbs."""

from __future__ import annotations

from bencao.kernel.verbs import room_commands

# Each verb and the file that adds it to `app`.
VERBS = {
    "expand": "expanding",
    "plan": "planning",
    "batch": "batches",
    "series": "series",
    "audit": "auditing",
    "train": "training",
    "index": "training",
    "stock": "stocking",
}

app = room_commands(__name__, VERBS, "Routes to make a molecule, each step checked.")
