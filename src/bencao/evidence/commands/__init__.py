"""The commands of the evidence room: one file a part of the work, each adds its verbs."""

from __future__ import annotations

from bencao.kernel.verbs import room_commands

# Each verb and the file that adds it to `app`.
VERBS = {
    "check": "protocol",
    "register": "protocol",
    "power": "planning",
    "study": "studying",
    "estimate": "estimating",
    "outcomes": "outcomes",
    "lasting": "lasting",
    "calibrate": "calibrating",
    "e-value": "biasing",
    "transport": "trials.transporting",
    "adam": "trials.borrowing",
    "borrow": "trials.borrowing",
    "watch": "trials.monitoring",
    "boundaries": "trials.monitoring",
    "key": "federated.https",
    "site": "federated.https",
    "federate": "federated.https",
    "ask": "federated.files",
    "answer": "federated.files",
    "combine": "federated.files",
}

app = room_commands(
    __name__,
    VERBS,
    "Real-world studies: protocol, cohort, estimate, diagnostics, calibration, transport, federation.",
)
