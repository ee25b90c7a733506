"""The next sequence of every application whose documents changed: each changed leaf replaced, and nothing else."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bencao.submission.ectd.application import Application, read_application
from bencao.submission.ectd.backbone.study import StudyFile
from bencao.submission.ectd.build.building import Built, build_sequence
from bencao.submission.ectd.region.assets import Assets
from bencao.submission.errors import ManifestError, RegionFilesMissing
from bencao.submission.exchange.safe_xml import local
from bencao.submission.grounding.impact import Replacement, replacements_in, studies_in
from bencao.submission.grounding.rephrasing import Rephraser
from bencao.submission.grounding.statements import Statement, read_statements
from bencao.submission.grounding.writing import write_document

_COLUMNS = ("heading", "attributes", "file", "title", "operation", "modifies", "name", "language", "study", "tag")
_COVERS = ("cn-1-0", "m1-0-cover")


@dataclass(frozen=True)
class Rebuilt:
    """What changed, and the sequences that say so."""

    changed: tuple[Statement, ...]
    replaced: tuple[Replacement, ...]
    sequences: tuple[Built, ...]


def rebuild(
    documents: Sequence[tuple[Path, Path]],
    applications: Sequence[Path],
    work: Path,
    *,
    description: str,
    cover: Path | None = None,
    assets: Assets | None = None,
    rephraser: Rephraser | None = None,
) -> Rebuilt:
    """Write documents again, and build each application's next sequence from those that changed.

    Parameters
    ----------
    documents : sequence of (declaration, folder)
    applications : sequence of Path
        Folders of applications; the next sequence is built beside the others.
    work : Path
        Where the manifests are left, to be read and built again.
    description : str
        Of the sequence, for its envelope.
    cover : Path, optional
        The cover letter's PDF; China's module 1 must have one.
    assets, rephraser : optional

    Returns
    -------
    Rebuilt
        Without sequences where no filed document changed.

    Raises
    ------
    ManifestError
        Where a cover letter is needed.
    """
    changed: list[Statement] = []
    files: dict[str, Path] = {}
    for declaration, out in documents:
        pdf = any(path.suffix == ".pdf" for path in out.iterdir()) if out.is_dir() else False
        written = write_document(declaration, out, rephraser, pdf=pdf)
        changed += written.changed
        files.update({name: out / name for name in written.statements.files})
    filed = {digest: name for _, out in documents for digest, name in _superseded(out)}
    replaced: list[Replacement] = []
    built: list[Built] = []
    for folder in applications:
        application = read_application(folder)
        found = list(replacements_in(application, filed))
        if found:
            built.append(_next(application, found, files, work, description, cover, assets))
            replaced += found
    return Rebuilt(tuple(changed), tuple(replaced), tuple(built))


def _superseded(out: Path) -> Iterator[tuple[str, str]]:
    """Each MD5 that a written file had and has no more, with the file's name."""
    for path in sorted(out.glob("*.statements.json")):
        told = read_statements(path)
        for name, digests in told.earlier.items():
            yield from ((digest, name) for digest in digests if digest != told.files.get(name))


def _next(
    application: Application,
    found: Sequence[Replacement],
    files: dict[str, Path],
    work: Path,
    description: str,
    cover: Path | None,
    assets: Assets | None,
) -> Built:
    last = application.sequences[-1]
    number = f"{int(last.name) + 1:04d}"
    folder = work / f"{application.name}-{number}"
    region = last.region or "ich"
    rows = [_row(one, files[one.file]) for one in found]
    copied = {files[one.file].name: files[one.file] for one in found}
    if region != "ich":
        letter, row = _cover(application, cover)
        rows.insert(0, row)
        copied[row["file"]] = letter
    manifest = {
        "application": application.name,
        "region": region,
        "sequence": number,
        "envelope": _envelope(application, number, description),
        "studies": [_study(application, name) for name in sorted({one.study for one in found if one.study})],
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, file in copied.items():
        shutil.copyfile(file, folder / name)
    (folder / "submission.yaml").write_text(
        yaml.safe_dump(manifest, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    with (folder / "leaves.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, _COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return build_sequence(folder / "submission.yaml", application.folder.parent, assets=assets)


def _cover(application: Application, cover: Path | None) -> tuple[Path, dict[str, str]]:
    """The cover letter and its row, at the heading and under the title of the last one."""
    last = application.sequences[-1].regional
    before = (
        next((leaf for leaf in last.leaves if leaf.place and leaf.place[0].name in _COVERS), None)
        if last is not None
        else None
    )
    if cover is None or before is None:
        raise ManifestError("each sequence needs a cover letter", where=application.name, mend="give --cover FILE.pdf")
    row = {"heading": before.place[0].name, "file": "cover-letter.pdf", "title": before.title or "", "operation": "new"}
    if before.place[0].name.startswith("m1-"):
        row["heading"] = "/".join(
            level.name
            + (f"[{', '.join(f'{key}={value}' for key, value in level.attributes)}]" if level.attributes else "")
            for level in before.place
        )
        row["name"] = before.href or ""
    return cover, row


def _row(one: Replacement, file: Path) -> dict[str, str]:
    own = one.life.leaf.place[-1]
    attributes = [f"{key}={value}" for level in one.life.leaf.place for key, value in level.attributes]
    return {
        "heading": own.name,
        "attributes": "; ".join(attributes),
        "file": file.name,
        "title": one.title,
        "operation": "replace",
        "modifies": str(one.life.key),
        "name": one.path.rsplit("/", 1)[-1],
        "language": one.life.leaf.language or "",
        "study": one.study,
        "tag": one.tag,
    }


def _study(application: Application, name: str) -> dict[str, Any]:
    """A study as its first tagging file tells it."""
    told: StudyFile = next(
        study for sequence in application.sequences for study in studies_in(sequence) if study.study_id == name
    )
    attributes = {key: value for level in told.leaf.place for key, value in level.attributes}
    return {
        "id": name,
        "heading": told.leaf.place[-1].name,
        "title": told.title,
        "attributes": attributes,
        "categories": dict(told.categories),
        "stylesheet": told.stylesheet or "ich-stf-stylesheet-2-3.xsl",
    }


def _envelope(application: Application, number: str, description: str) -> dict[str, Any]:
    """The last sequence's envelope for the next one, which answers in the same activity."""
    last = application.sequences[-1]
    if last.regional is None:
        return {}
    told = last.regional.envelope
    if last.region == "cn":
        contact = {key: told.get(key, "") for key in ("name", "phone", "email")}
        kept = ("application-type", "product-type", "product-number", "regulatory-activity-type")
        return {
            **{key: told[key] for key in kept},
            "related-sequence": told["related-sequence"],
            "sequence-type": "cnsqt2",
            "description": description,
            "contact": contact,
        }
    if last.region == "eu":
        holder = next(one for one in last.regional.root if local(one) == "eu-envelope")
        nested: dict[str, Any] = _nested(holder)
        envelopes = nested["envelope"] if isinstance(nested["envelope"], list) else [nested["envelope"]]
        for envelope in envelopes:
            envelope["sequence"] = number
            envelope["submission-description"] = description
        return nested
    raise RegionFilesMissing(
        f"the envelope of {last.region}", where=application.name, mend="build the sequence by a manifest of your own"
    )


def _nested(element: Any) -> Any:
    """An envelope's element as a manifest writes it: attributes by ``@``, what repeats as a list."""
    told: dict[str, Any] = {f"@{key}": value for key, value in element.attrib.items()}
    for child in element:
        if not local(child):
            continue
        value = _nested(child)
        held = told.get(local(child))
        if held is None:
            told[local(child)] = value
        else:
            told[local(child)] = [*(held if isinstance(held, list) else [held]), value]
    text = (element.text or "").strip()
    if not told:
        return text or None
    if text:
        told["#text"] = text
    return told
