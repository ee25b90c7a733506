"""Texts and names as SQL writes them."""

from __future__ import annotations


def literal(text: object) -> str:
    """A text or path between single quotes, its own doubled."""
    return "'" + str(text).replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name of a table or column between double quotes, its own doubled."""
    return '"' + name.replace('"', '""') + '"'
