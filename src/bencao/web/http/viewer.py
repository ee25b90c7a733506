"""Mol*, served once: the MolViewSpec widget of ipymolstar as a static module, in a page of its own."""

from __future__ import annotations

from fastapi import APIRouter

from bencao.web.http.packaged import as_it_is, packaged_router


def viewer_router() -> APIRouter:
    """The viewer's page at ``/viewer`` and its files below.

    Raises
    ------
    EngineMissing
        Where it is not installed.
    """
    files = {"molviewspec.js": as_it_is, "molviewspec.css": as_it_is}
    return packaged_router("viewer", "ipymolstar", "molecule viewer", files)
