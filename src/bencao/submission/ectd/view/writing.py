"""The viewer's page: data, script and style in one file that loads nothing but the dossier's own documents."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from importlib import resources
from pathlib import Path

import jinja2
from markupsafe import Markup

from bencao.kernel.files import write_text
from bencao.submission.ectd.application import Application
from bencao.submission.ectd.view.data import view_data
from bencao.submission.quality.finding import Language


def write_viewer(application: Application, path: str | os.PathLike[str], lang: Language = "en") -> int:
    """Write the page of an application; the same dossier gives the same bytes.

    Parameters
    ----------
    application : Application
    path : path-like
        The page; documents are opened from where they lie, relative to it.
    lang : {"en", "zh"}
        What it opens in; both are on the page.

    Returns
    -------
    int
        Leaves on it.

    Raises
    ------
    InputError
        Where the file cannot be written.
    """
    data = view_data(application, Path(path))
    here = resources.files(__package__)
    script = (here / "viewer.js").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    template = environment.from_string((here / "viewer.html").read_text(encoding="utf-8"))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    # "<" is written so that no text of a dossier can end the element that holds the data.
    told = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    page = template.render(
        application=data["application"],
        lang=lang,
        digest=digest,
        data=Markup(told),
        script=Markup(script),
        style=Markup((here / "viewer.css").read_text(encoding="utf-8")),
    )
    write_text(path, page)
    return len(data["leaves"])
