"""The commands of the records room: one file a part of the work, each adds its verbs."""

from __future__ import annotations

from bencao.kernel.verbs import room_commands

# Each verb and the file that adds it to `app`.
VERBS = {
    "stage": "sources",
    "profile": "sources",
    "suggest": "loading",
    "load": "loading",
    "trace": "loading",
    "model": "model",
    "link": "linkage",
    "merge": "linkage",
    "unmerge": "linkage",
    "quality": "quality",
    "checks": "quality",
    "characterise": "quality",
    "deidentify": "deidentify",
    "extract": "extraction",
    "train": "extraction",
    "normalise": "normalisation",
    "learn": "normalisation",
    "release": "release",
}

app = room_commands(
    __name__, VERBS, "Hospital records: ingest, linkage, quality, de-identification, extraction, release."
)
