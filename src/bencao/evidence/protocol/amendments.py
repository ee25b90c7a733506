"""What a version of a protocol changed of the one before."""

from __future__ import annotations

import json
from typing import Any

from bencao.evidence.protocol.protocol import Protocol

Change = tuple[str, str, str]  # key, before, after; a dash where it was or is not there


def changes(before: Protocol, after: Protocol) -> tuple[Change, ...]:
    """Keys whose values differ, in the order of the protocol.

    Parameters
    ----------
    before, after : Protocol

    Returns
    -------
    tuple of (str, str, str)
        Key, such as ``follow_up.days``, and its value in either.
    """
    old, new = (_flat(one.model_dump(mode="json")) for one in (before, after))
    return tuple((key, old.get(key, "–"), new.get(key, "–")) for key in {**old, **new} if old.get(key) != new.get(key))


def _flat(told: dict[str, Any], above: str = "") -> dict[str, str]:
    """Each value under its whole key; members of a list of named things under their names."""
    found: dict[str, str] = {}
    for key, value in told.items():
        if isinstance(value, dict):
            found |= _flat(value, f"{above}{key}.")
        elif isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            for one in value:
                name = one.get("name") or one["events"]["name"]
                found[f"{above}{key}: {name}"] = json.dumps(one, ensure_ascii=False, sort_keys=True)
        else:
            found[f"{above}{key}"] = json.dumps(value, ensure_ascii=False)
    return found
