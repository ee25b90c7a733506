"""The commands of the trial room: one file a part of the work, each adds its verbs."""

from __future__ import annotations

from bencao.kernel.verbs import room_commands

# Each verb and the file that adds it to `app`.
VERBS = {
    "convert": "exchange",
    "define": "specifying",
    "workbook": "specifying",
    "check-define": "specifying",
    "suggest": "mapping",
    "build": "building",
    "tables": "displaying",
    "listings": "displaying",
    "figures": "displaying",
    "check": "conforming",
    "trace": "tracing",
}

app = room_commands(__name__, VERBS, "Trial data: raw to SDTM, ADaM and tables, each number traced.")
