"""A document as a PDF that a dossier accepts: made by LibreOffice, then set as the rules ask."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pikepdf
from pikepdf import Name

from bencao.kernel.errors import EngineMissing, InputError
from bencao.kernel.files import write_bytes

_SECONDS = 180


def make_pdf(document: str | os.PathLike[str], out: str | os.PathLike[str]) -> None:
    """Make a PDF of a .docx, .xlsx or .pptx.

    Its headings are bookmarks, which it opens with and which inherit the zoom; its fonts are embedded; it is version
    1.7, linearized, and the same document gives the same bytes.

    Parameters
    ----------
    document, out : path-like

    Raises
    ------
    EngineMissing
        Where LibreOffice is not installed.
    InputError
        Where it cannot convert the document.
    """
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        raise EngineMissing("LibreOffice makes the PDF and is not here", mend="install libreoffice-writer")
    with tempfile.TemporaryDirectory(prefix="bencao-pdf-") as work:
        command = [
            office,
            f"-env:UserInstallation=file://{work}/profile",
            "--headless",
            "--convert-to",
            'pdf:writer_pdf_Export:{"ExportBookmarks":{"type":"boolean","value":"true"}}',
            "--outdir",
            work,
            os.fspath(document),
        ]
        try:
            ended = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise InputError(
                "took too long to convert", where=os.fspath(document), mend="open it and save it again"
            ) from None
        made = Path(work) / (Path(document).stem + ".pdf")
        if not made.is_file():
            raise InputError(
                f"could not be converted: {(ended.stderr or ended.stdout).strip()[:200]}",
                where=os.fspath(document),
                mend="open it in an office program and save it again",
            )
        write_bytes(out, _set(made))


def _set(path: Path) -> bytes:
    with pikepdf.open(path) as document:
        root = document.Root
        for key in ("/OpenAction", "/PageLayout", "/ViewerPreferences", "/Metadata", "/AA"):
            if key in root:
                del root[key]
        if "/Outlines" in root:
            root.PageMode = Name.UseOutlines
            _inherit_zoom(document)
        for key in ("/Info", "/ID", "/DocChecksum"):
            if key in document.trailer:
                del document.trailer[key]
        stream = io.BytesIO()
        document.remove_unreferenced_resources()
        document.save(stream, linearize=True, force_version="1.7", deterministic_id=True)
        return stream.getvalue()


def _inherit_zoom(document: pikepdf.Pdf) -> None:
    """Let every bookmark and link leave the magnification as it is (NMPA rules 6.8 and 6.15)."""
    for item in document.objects:
        if not isinstance(item, pikepdf.Dictionary):
            continue
        for holder, key in ((item, "/Dest"), (item.get("/A"), "/D"), (item, "/D")):
            if not isinstance(holder, pikepdf.Dictionary):
                continue
            place = holder.get(key)
            if isinstance(place, pikepdf.Array) and len(place) >= 2 and isinstance(place[0], pikepdf.Dictionary):
                holder[key] = pikepdf.Array([place[0], Name.XYZ, None, None, None])
