"""A computed table as RTF, DOCX, HTML and the JSON of CDISC's Analysis Results Standard."""

from __future__ import annotations

import json

from bencao.trial.display.declaration import Displays
from bencao.trial.display.render.ars import reporting_event
from bencao.trial.display.render.docx import docx_of
from bencao.trial.display.render.html import html_of
from bencao.trial.display.render.rtf import rtf_of
from bencao.trial.display.table import Table

# What a listing can be written as: the Analysis Results Standard is about results.
LISTING_FORMS = ("rtf", "docx", "html")
# What a table can be written as, by the suffix of its file.
FORMS = ("rtf", "docx", "html", "json")

__all__ = ["FORMS", "LISTING_FORMS", "docx_of", "html_of", "rendered", "reporting_event", "rtf_of"]


def rendered(table: Table, displays: Displays, form: str) -> bytes:
    """A table as the bytes of a file.

    Parameters
    ----------
    table : Table
    displays : Displays
        Those that it was computed from.
    form : str
        One of ``FORMS``; ``json`` is the Analysis Results Standard's, which has none for listings.
    """
    if form == "docx":
        return docx_of(table)
    if form == "json":
        return (json.dumps(reporting_event(table, displays), ensure_ascii=False, indent=1) + "\n").encode()
    return (rtf_of(table) if form == "rtf" else html_of(table)).encode()
