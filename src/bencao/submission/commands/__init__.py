"""The commands of the submission room: one file a part of the work, each adds its verbs."""

from __future__ import annotations

from bencao.kernel.verbs import room_commands

# Each verb and the file that adds it to `app`.
VERBS = {
    "translate": "translate",
    "extract": "translate",
    "merge": "translate",
    "qa": "qa",
    "remember": "remember",
    "assets": "assets",
    "build": "dossier",
    "validate": "dossier",
    "view": "dossier",
    "rules": "dossier",
    "write": "grounding",
    "impact": "grounding",
    "rebuild": "grounding",
    "pdf": "grounding",
}

app = room_commands(__name__, VERBS, "The dossier: translation with its checks, documents, eCTD.")
