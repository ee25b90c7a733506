"""The commands of the safety room: one file a part of the work, each adds its verbs."""

from __future__ import annotations

from bencao.kernel.verbs import room_commands

# Each verb and the file that adds it to `app`.
VERBS = {
    "convert": "exchange",
    "diff": "exchange",
    "intake": "intake",
    "code": "coding",
    "count": "surveillance.count",
    "signals": "surveillance.signals",
    "validate": "checking",
    "complete": "completing",
    "acknowledge": "acknowledging",
    "duplicates": "surveillance.duplicates",
    "triage": "triage",
    "trends": "scans.trends",
    "narrate": "narrative",
    "listings": "listings",
    "masking": "scans.masking",
    "treescan": "scans.treescan",
    "reports": "surveillance.reports",
    "evaluate": "surveillance.evaluate",
    "register": "surveillance.register",
}

app = room_commands(
    __name__, VERBS, "Drug safety: cases taken in, coded, matched, checked and sent, and signals among many."
)
