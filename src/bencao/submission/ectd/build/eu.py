"""The EU's module 1, built by the user's own eu-regional.dtd: its order, its envelope, its verdict."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from bencao.submission.ectd.application import Application, md5_of
from bencao.submission.ectd.backbone.definitions import dtd_errors
from bencao.submission.ectd.backbone.leaf import Leaf, Level, Place
from bencao.submission.ectd.build.manifest import LeafRow, Manifest
from bencao.submission.ectd.build.planning import Planned, find_target, leaf_id, slug, source_of
from bencao.submission.ectd.build.xml import leaf_element
from bencao.submission.ectd.lifecycle import Lifecycle
from bencao.submission.ectd.region.assets import Assets
from bencao.submission.ectd.region.pack import Region
from bencao.submission.errors import ManifestError, RegionFilesMissing

_SEGMENT = re.compile(r"([a-z][a-z0-9-]*)(?:\[([^\]]*)\])?")
_EU = "http://europa.eu.int"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_XLINK = "http://www.w3c.org/1999/xlink"


def plan_eu(
    manifest: Manifest, rows: tuple[LeafRow, ...], region: Region, earlier: Application | None, table: Path
) -> list[Planned]:
    """Leaves of the EU's module 1.

    A heading is ``m1-0-cover/specific[country=ema]``, a name ``10-cover/ema/cover.pdf``.

    Raises
    ------
    ManifestError
        Where a heading, a name or an operation is wrong.
    """
    lives = Lifecycle(earlier) if earlier is not None else None
    planned = []
    for row in rows:
        where = f"{table}: row {row.row}"
        place = _place(row.heading, where)
        target = find_target(row, lives, where)
        source = source_of(row, table, where)
        path, checksum = None, None
        if source is not None:
            name = row.name or slug(source.stem) + source.suffix.lower()
            if not re.fullmatch(r"[a-z0-9-]+(/[a-z0-9-]+)*\.[a-z0-9]+", name):
                raise ManifestError(f"file name {name!r}", where=where, mend="use a-z, 0-9, hyphens and / for folders")
            path, checksum = f"m1/eu/{name}", md5_of(source)
        leaf = Leaf(
            leaf_id(manifest, path or row.modifies, row.operation),
            row.operation,
            path,
            row.title,
            checksum,
            "MD5",
            str(target.key) if target is not None else None,
            row.language or None,
            place,
            row.row,
        )
        planned.append(Planned(leaf, source, region.backbone, row.row))
    return planned


def _place(heading: str, where: str) -> Place:
    levels = []
    for part in heading.split("/"):
        told = _SEGMENT.fullmatch(part.strip())
        if told is None:
            raise ManifestError(
                f"heading {heading!r}", where=where, mend="write it as m1-0-cover/specific[country=ema]"
            )
        pairs = [pair.partition("=") for pair in filter(None, re.split(r"\s*,\s*", told[2] or ""))]
        levels.append(Level(told[1], tuple(sorted((key.strip(), value.strip()) for key, _, value in pairs))))
    return tuple(levels)


def eu_regional_xml(planned: list[Planned], manifest: Manifest, assets: Assets, region: Region) -> bytes:
    """eu-regional.xml by the user's DTD.

    Raises
    ------
    RegionFilesMissing
        Where the user brought no eu-regional.dtd with its modules.
    ManifestError
        Where the DTD refuses what the manifest says.
    """
    files = {name: assets.find(name) for name in ("eu-regional.dtd", "eu-envelope.mod", "eu-leaf.mod")}
    missing = [name for name, path in files.items() if path is None]
    definition = files["eu-regional.dtd"]
    if missing or definition is None:
        raise RegionFilesMissing(
            f"the EU's official files are not at hand: {', '.join(missing)}",
            where=manifest.application,
            mend="bencao submission assets import FOLDER, with EMA's current module 1 package",
        )
    order = _order(definition)
    root = etree.Element(f"{{{_EU}}}eu-backbone", nsmap={"eu": _EU, "xlink": _XLINK})
    version = _fixed(definition, "eu-backbone", "dtd-version")
    if version:
        root.set("dtd-version", version)
    _envelope(etree.SubElement(root, "eu-envelope"), manifest.envelope)
    made: dict[Place, Any] = {(): etree.SubElement(root, "m1-eu")}
    for one in planned:
        holder = _holder(made, one.leaf.place, order)
        holder.append(leaf_element(one, region.backbone, _XLINK))
    etree.indent(root, "  ")
    data = b"\n".join(
        [
            b'<?xml version="1.0" encoding="UTF-8"?>',
            b'<!DOCTYPE eu:eu-backbone SYSTEM "../../util/dtd/eu-regional.dtd">',
            b'<?xml-stylesheet type="text/xsl" href="../../util/style/eu-regional.xsl"?>',
            etree.tostring(root, encoding="UTF-8"),
            b"",
        ]
    )
    for _, message in dtd_errors(definition, etree.fromstring(data)):
        raise ManifestError(
            f"the EU's DTD refuses it: {message}", where=manifest.application, mend="correct the manifest"
        )
    return data


def _holder(made: dict[Place, Any], place: Place, order: dict[str, list[str]]) -> Any:
    if place not in made:
        parent = _holder(made, place[:-1], order)
        level = place[-1]
        element = etree.Element(level.name)
        for key, value in level.attributes:
            element.set(_LANG if key == "xml:lang" else key, value)
        known = order.get(etree.QName(parent).localname, [])
        own = known.index(level.name) if level.name in known else len(known)
        later = [at for at, child in enumerate(parent) if child.tag in known and known.index(child.tag) > own]
        parent.insert(later[0] if later else len(parent), element)
        made[place] = element
    return made[place]


def _envelope(holder: Any, told: Any) -> None:
    """Elements by their names, attributes by names with ``@``, lists for what repeats."""
    for key, value in told.items():
        if key.startswith("@"):
            holder.set(key[1:], str(value))
        elif key == "#text":
            holder.text = str(value)
        else:
            for one in value if isinstance(value, list) else [value]:
                element = etree.SubElement(holder, key)
                if isinstance(one, dict):
                    _envelope(element, one)
                elif one is not None:
                    element.text = str(one)


def _order(definition: Path) -> dict[str, list[str]]:
    """Children of each element in the order of the DTD."""
    return {element.name: list(_names(element.content)) for element in etree.DTD(os.fspath(definition)).iterelements()}


def _names(content: Any) -> Iterator[str]:
    if content is None:
        return
    if content.type == "element":
        yield content.name
    yield from _names(content.left)
    yield from _names(content.right)


def _fixed(definition: Path, element: str, attribute: str) -> str:
    for one in etree.DTD(os.fspath(definition)).iterelements():
        if one.name == element:
            for told in one.iterattributes():
                if told.name == attribute:
                    return told.default_value or ""
    return ""
