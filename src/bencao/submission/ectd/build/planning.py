"""From rows of the manifest to leaves: where each stands, where its file goes, and what it modifies."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from bencao.submission.ectd.application import INDEX, Application, md5_of
from bencao.submission.ectd.backbone.leaf import EXTENSION, Leaf, Level, Place
from bencao.submission.ectd.build.manifest import LeafRow, Manifest, Study, inside
from bencao.submission.ectd.build.types import check_type
from bencao.submission.ectd.lifecycle import Key, Life, Lifecycle
from bencao.submission.ectd.region.elements import Element, chain, element_at
from bencao.submission.ectd.region.naming import LONGEST_NAME, LONGEST_PATH, NAME
from bencao.submission.ectd.region.pack import Region
from bencao.submission.errors import ManifestError

# Folders that take the value of an attribute, and which values make them.
_SLOTS = {
    "{substance}": ("substance", "manufacturer"),
    "{product}": ("product-name", "dosageform", "manufacturer"),
    "{indication}": ("indication",),
}


@dataclass(frozen=True)
class Planned:
    """One leaf to write.

    Parameters
    ----------
    leaf : Leaf
        With its path in the sequence as `href`; the writer makes it relative.
    source : Path or None
        The user's file; None for a deletion, and for a file that the build writes.
    backbone : str
        Path of the backbone it goes to.
    row : int
    study, tag : str
    """

    leaf: Leaf
    source: Path | None
    backbone: str
    row: int = 0
    study: str = ""
    tag: str = ""


def plan_leaves(
    manifest: Manifest, rows: tuple[LeafRow, ...], region: Region, earlier: Application | None, table: Path
) -> list[Planned]:
    """Work out every leaf of the table.

    Raises
    ------
    ManifestError
        Where a heading, an attribute, a name, a file's type or an operation is wrong.
    UnsafeFile
        Where a file lies outside the manifest's folder.
    """
    lives = Lifecycle(earlier) if earlier is not None else None
    studies = {study.id: study for study in manifest.studies}
    planned: list[Planned] = []
    paths: dict[str, int] = {}
    modified: dict[Key, int] = {}
    for row in rows:
        where = f"{table}: row {row.row}"
        one = _planned(manifest, row, region, lives, studies, table, where)
        if one.leaf.href:
            if one.leaf.href in paths:
                raise ManifestError(
                    f"{one.leaf.href} is also the file of row {paths[one.leaf.href]}", where=where, mend="give name"
                )
            paths[one.leaf.href] = row.row
        target = one.leaf.modified_file
        if target is not None:
            key = Key(*_split(target))
            if key in modified:
                raise ManifestError(
                    f"modifies what row {modified[key]} modifies", where=where, mend="keep one of the two operations"
                )
            modified[key] = row.row
        planned.append(one)
    return planned


def _planned(
    manifest: Manifest,
    row: LeafRow,
    region: Region,
    lives: Lifecycle | None,
    studies: dict[str, Study],
    table: Path,
    where: str,
) -> Planned:
    element = element_at(row.heading, region.elements, where)
    in_module_1 = element.name in region.elements
    if not element.holds_leaves:
        raise ManifestError(f"{row.heading} holds headings, no documents", where=where, mend="name a heading below it")
    if element.number == "1":
        raise ManifestError("module 1 is the region's", where=where, mend="name a heading of the region's module 1")
    study = _study(row, studies, where)
    place = _place(element, {**(study.attributes if study else {}), **row.attributes}, row.extension, where)
    target = find_target(row, lives, where)
    if target is not None:
        _check_target(target, place, row, region.backbone if in_module_1 else INDEX, where)
    source = source_of(row, table, where)
    path, checksum = None, None
    if source is not None:
        path = _path(element, place, row, study, source, where)
        checksum = md5_of(source)
        if target is not None and row.operation != "delete" and target.leaf.checksum == checksum:
            raise ManifestError(
                f"{row.operation} with the same content",
                where=where,
                mend="leave the row out, or give the changed file",
            )
    leaf = Leaf(
        id=leaf_id(manifest, path or row.modifies, row.operation),
        operation=row.operation,
        href=path,
        title=row.title,
        checksum=checksum,
        checksum_type="MD5",
        modified_file=str(target.key) if target is not None else None,
        language=row.language or None,
        place=place,
        line=row.row,
    )
    return Planned(leaf, source, region.backbone if in_module_1 else INDEX, row.row, row.study, row.tag)


def source_of(row: LeafRow, table: Path, where: str) -> Path | None:
    """The file of a row, None for a deletion.

    Raises
    ------
    ManifestError, DocumentError, UnsafeFile
        Where it is not there, not what its name says, or outside the manifest's folder.
    """
    if not row.file:
        return None
    source = inside(table.parent, row.file, where)
    if not source.is_file():
        raise ManifestError(f"there is no file {row.file!r}", where=where, mend="check the column file")
    check_type(source, where)
    return source


def leaf_id(manifest: Manifest, *what: str) -> str:
    """An ID that is the same whenever the same leaf is built."""
    told = "/".join((manifest.application, manifest.sequence, *what))
    return "id-" + hashlib.sha256(told.encode()).hexdigest()[:24]


def _study(row: LeafRow, studies: dict[str, Study], where: str) -> Study | None:
    if not row.study:
        if row.tag:
            raise ManifestError("a tag without a study", where=where, mend="name the study")
        return None
    if row.study not in studies:
        raise ManifestError(
            f"no study {row.study!r} in the manifest", where=where, mend="add it under studies, or correct the column"
        )
    if not row.tag and row.operation != "delete":
        raise ManifestError("a study's document without a tag", where=where, mend="give tag, such as study-report-body")
    return studies[row.study]


def _place(element: Element, attributes: dict[str, str], extension: str, where: str) -> Place:
    left = dict(attributes)
    levels = []
    for one in chain(element):
        told = {key: left.pop(key) for key in (*one.required, *one.optional) if key in left}
        for key in one.required:
            if not told.get(key, "").strip():
                raise ManifestError(f"{one.number} needs {key}", where=where, mend=f"give attributes, such as {key}=…")
        levels.append(Level(one.name, tuple(sorted(told.items()))))
    if left:
        raise ManifestError(
            f"{element.number} has no attribute {', '.join(left)}",
            where=where,
            mend="remove it, or correct the heading",
        )
    if extension:
        if not element.extension or element.name.startswith("cn-"):
            raise ManifestError(f"{element.number} takes no node extension", where=where, mend="leave extension empty")
        levels.append(Level(EXTENSION, (("title", extension),)))
    return tuple(levels)


def _path(element: Element, place: Place, row: LeafRow, study: Study | None, source: Path, where: str) -> str:
    folder = element.folder
    values = {key: value for level in place for key, value in level.attributes}
    for slot, keys in _SLOTS.items():
        if slot in folder:
            told = slug("-".join(values[key] for key in keys if values.get(key)))
            folder = folder.replace(slot, told) if told else folder.replace("/" + slot, "")
    if study is not None:
        folder = f"{folder}/{slug(study.id)}"
    name = row.name or slug(source.stem) + source.suffix.lower()
    stem, _, ending = name.partition(".")
    if not NAME.fullmatch(stem) or not re.fullmatch(r"[a-z0-9]+", ending):
        raise ManifestError(
            f"file name {name!r}", where=where, mend="use a-z, 0-9 and hyphens and one extension; give name"
        )
    if len(name) > LONGEST_NAME:
        raise ManifestError(
            f"a file name of {len(name)} characters", where=where, mend=f"at most {LONGEST_NAME}; give name"
        )
    path = f"{folder}/{name}"
    if len(path) + 5 > LONGEST_PATH:
        raise ManifestError(
            f"a path of {len(path) + 5} characters", where=where, mend=f"at most {LONGEST_PATH}; give name"
        )
    return path


def slug(text: str) -> str:
    """A name that rule 2.5 allows: small letters, digits and hyphens; "" where nothing is left."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:40].strip("-")


def find_target(row: LeafRow, lives: Lifecycle | None, where: str) -> Life | None:
    """The leaf that a row modifies: by ``0000/path/of/file`` or ``0000/index.xml#ID``."""
    if not row.modifies:
        return None
    if lives is None:
        raise ManifestError("there is no earlier sequence", where=where, mend="say new, or give --application FOLDER")
    sequence, path, identifier = _split(row.modifies)
    for key, life in lives.lives.items():
        if key.sequence != sequence:
            continue
        if identifier:
            if key.backbone == path and key.id == identifier:
                return life
        elif life.path == path:
            return life
    raise ManifestError(f"no leaf {row.modifies!r} in the application", where=where, mend="name sequence and path")


def _split(reference: str) -> tuple[str, str, str]:
    path, _, identifier = reference.partition("#")
    sequence, _, inner = path.partition("/")
    return sequence, inner, identifier


def _check_target(target: Life, place: Place, row: LeafRow, backbone: str, where: str) -> None:
    if target.status in ("deleted", "deletion"):
        raise ManifestError(f"{row.modifies} was deleted", where=where, mend="send the file as new")
    if target.status == "replaced":
        last = next(str(key) for key, operation in reversed(target.followers) if operation == "replace")
        raise ManifestError(f"{row.modifies} was replaced by {last}", where=where, mend=f"modify {last}")
    if target.key.backbone != backbone or target.leaf.place != place:
        told = " / ".join(map(str, target.leaf.place))
        raise ManifestError(
            f"{row.modifies} stands at {told}", where=where, mend="modify it at its own heading, with its attributes"
        )
    if row.operation == "append" and target.leaf.operation == "append":
        raise ManifestError(
            f"{row.modifies} is an addition itself", where=where, mend="append to the first, or replace"
        )
    if row.operation == "delete" and row.title != target.leaf.title:
        raise ManifestError(
            f"a deletion with the title {row.title!r}", where=where, mend=f"repeat the title {target.leaf.title!r}"
        )
    if row.operation == "replace" and (row.language or None) != target.leaf.language:
        raise ManifestError("changes the language", where=where, mend=f"language {target.leaf.language or 'empty'}")


def relative(path: str, backbone: str) -> str:
    """A path in the sequence as its backbone writes it."""
    return os.path.relpath(path, Path(backbone).parent).replace(os.sep, "/")


def relative_target(key: str, backbone: str) -> str:
    """``0000/index.xml#ID`` as a backbone of a later sequence writes it."""
    sequence, path, identifier = _split(key)
    ups = "../" * (backbone.count("/") + 1)
    return f"{ups}{sequence}/{path}#{identifier}"


def with_id(planned: Planned, identifier: str) -> Planned:
    """The same leaf under another ID."""
    return replace(planned, leaf=replace(planned.leaf, id=identifier))
