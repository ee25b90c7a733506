"""What the viewer shows, as plain data."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from bencao.submission.ectd.application import INDEX, REGIONAL, Application, Sequence
from bencao.submission.ectd.backbone.leaf import EXTENSION, Level
from bencao.submission.ectd.lifecycle import Key, Life, Lifecycle
from bencao.submission.ectd.region.codes import cn_codes
from bencao.submission.ectd.region.elements import cn_elements, ich_elements


def view_data(application: Application, page: Path) -> dict[str, Any]:
    """An application for the viewer.

    Parameters
    ----------
    application : Application
    page : Path
        Where the page will lie; files are named relative to it.

    Returns
    -------
    dict
        ``application``, ``sequences`` (name, description, type), ``headings`` by element (number, en, zh, order) and
        ``leaves``: sequence, title, operation, file, place, what it modifies and what modified it.
    """
    lives = document_lives(Lifecycle(application))
    numbers = {life.key: at for at, life in enumerate(lives)}
    module_1, *others = ich_elements().values()
    known = [module_1, *cn_elements().values(), *others]
    folder = page.resolve().parent
    return {
        "application": application.name,
        "sequences": [_sequence(one) for one in application.sequences],
        "headings": {
            one.name: {"number": one.number, "en": one.english, "zh": one.chinese, "order": at}
            for at, one in enumerate(known)
        },
        "leaves": [_leaf(application, life, numbers, folder) for life in lives],
    }


def document_lives(lifecycle: Lifecycle) -> list[Life]:
    """The lives of documents, in the order of the viewer's leaves; backbones are none."""
    return [life for life in lifecycle.lives.values() if not _is_backbone(life)]


def _sequence(sequence: Sequence) -> dict[str, str]:
    envelope = sequence.regional.envelope if sequence.regional is not None else {}
    code = envelope.get("sequence-type", "")
    kind = cn_codes("sequence-type").get(code)
    return {
        "name": sequence.name,
        "description": envelope.get("sequence-description") or envelope.get("submission-description", ""),
        "en": kind.english if kind is not None else "",
        "zh": kind.chinese if kind is not None else "",
    }


def _leaf(application: Application, life: Life, numbers: dict[Key, int], folder: Path) -> dict[str, Any]:
    leaf = life.leaf
    told = life.target.key
    return {
        "sequence": life.key.sequence,
        "title": leaf.title or leaf.id,
        "operation": leaf.operation,
        "file": _file(application, life, folder),
        "place": [_level(one) for one in _place(life)],
        "target": numbers.get(told) if told is not None and not life.target.problem else None,
        "followers": [numbers[key] for key, _ in life.followers if key in numbers],
        "md5": leaf.checksum or "",
        "language": leaf.language or "",
    }


def _is_backbone(life: Life) -> bool:
    """Whether a leaf is a regional backbone, which is no document."""
    path = life.path
    return path is not None and REGIONAL.fullmatch(path) is not None


def _place(life: Life) -> tuple[Level, ...]:
    """Where a leaf stands; one of a regional backbone stands in module 1."""
    return life.leaf.place if life.key.backbone == INDEX else (Level(next(iter(ich_elements()))), *life.leaf.place)


def _level(level: Level) -> dict[str, str]:
    if level.name == EXTENSION:
        return {"name": EXTENSION, "told": dict(level.attributes).get("title", "")}
    return {"name": level.name, "told": "; ".join(value for _, value in level.attributes)}


def _file(application: Application, life: Life, folder: Path) -> str:
    """Path of a leaf's file from the page's folder, "" where there is none."""
    path = life.path
    sequence = application.sequence(life.key.sequence)
    if path is None or sequence is None or path not in sequence.files:
        return ""
    return Path(os.path.relpath(sequence.folder / path, folder)).as_posix()
