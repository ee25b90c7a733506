"""Rules 1.x and 2.x: files and folders of a sequence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bencao.submission.ectd.application import INDEX, NUMBER, REGIONAL
from bencao.submission.ectd.region.assets import as_published
from bencao.submission.ectd.region.elements import cn_elements, ich_elements
from bencao.submission.ectd.region.naming import EXTENSIONS, LONGEST_NAME, LONGEST_PATH, NAME
from bencao.submission.ectd.region.pack import REGIONS, STF
from bencao.submission.ectd.validation.context import Context, check
from bencao.submission.ectd.validation.finding import Found, Missing, found

_MODULES = ("m1", "m2", "m3", "m4", "m5")
_AT_ROOT = frozenset([INDEX, "index-md5.txt"])
_LARGEST, _LARGEST_DATA = 500 << 20, 4 << 30


@check("1.1")
def file_count(context: Context) -> Iterator[Found]:
    yield found(context.sequence.name, count=len(context.sequence.files))


@check("1.2")
def total_size(context: Context) -> Iterator[Found]:
    yield found(context.sequence.name, bytes=f"{sum(context.sequence.files.values()):,}")


@check("1.3")
def empty_headings(context: Context) -> Iterator[Found]:
    regional = cn_elements() if context.sequence.region == "cn" else {}
    filled = {level.name for _, leaf in context.sequence.leaves() for level in leaf.place}
    for element in (*regional.values(), *ich_elements().values()):
        holder = element.parent
        if element.name not in filled and (not holder or holder in filled):
            yield found(element.number, heading=f"{element.english} {element.chinese}".strip())


@check("2.1")
def empty_folders(context: Context) -> Iterator[Found]:
    files = {path.rsplit("/", 1)[0] for path in context.sequence.files if "/" in path}
    filled = files | {folder.rsplit("/", depth)[0] for folder in files for depth in range(1, folder.count("/") + 1)}
    for folder in context.sequence.folders:
        if folder not in filled and not any(inner.startswith(folder + "/") for inner in context.sequence.folders):
            yield found(folder)


@check("2.2")
def too_large(context: Context) -> Iterator[Found]:
    for path, size in context.sequence.files.items():
        if size > (_LARGEST_DATA if path.endswith(".xpt") else _LARGEST):
            yield found(path, bytes=f"{size:,}")


@check("2.3")
def unreferenced(context: Context) -> Iterator[Found]:
    context.index()
    for path in context.sequence.files:
        if path.split("/")[0] in _MODULES and path not in context.referenced:
            yield found(path)


@check("2.4")
def extensions(context: Context) -> Iterator[Found]:
    for path in sorted(context.referenced):
        name = path.rsplit("/", 1)[-1]
        parts = name.split(".")[1:]
        if len(parts) != 1 or parts[0].lower() not in EXTENSIONS:
            yield found(path, found=".".join(parts) or "-", expected=" ".join(sorted(EXTENSIONS)))


@check("2.5")
def names(context: Context) -> Iterator[Found]:
    paths = [path for path in context.sequence.files if path.split("/")[0] in _MODULES]
    folders = [path for path in context.sequence.folders if path.split("/")[0] in _MODULES]
    for path in (*folders, *paths):
        name = path.rsplit("/", 1)[-1]
        stem = name.partition(".")[0] if path in context.sequence.files else name
        ending = name.partition(".")[2] if path in context.sequence.files else ""
        if not NAME.fullmatch(stem) or not re.fullmatch(r"[a-z0-9.]*", ending):
            yield found(path, found=name, expected="a-z 0-9 -")
        elif len(name) > LONGEST_NAME:
            yield found(path, count=len(name), expected=f"<= {LONGEST_NAME}")
        elif len(path) + 5 > LONGEST_PATH:
            yield found(path, count=len(path) + 5, expected=f"<= {LONGEST_PATH}")


@check("2.6")
def module_1(context: Context) -> Iterator[Found]:
    if "m1" not in context.sequence.folders:
        yield found("m1", missing="m1")
    for path in context.sequence.files:
        if re.fullmatch(r"m1/[^/]+", path):
            yield found(path)


@check("2.7")
def official_files(context: Context) -> Iterator[Found]:
    region = REGIONS.get(context.sequence.region, REGIONS["ich"])
    wanted = [f"util/{name}" for name in region.util]
    if context.studies:
        sheets = {study.stylesheet for study in context.studies if study.stylesheet}
        wanted += [f"util/{name}" for name in STF[:2]] + [f"util/style/{name}" for name in sorted(sheets)]
    unknown = []
    for path in wanted:
        name = path.rsplit("/", 1)[-1]
        here = path if path in context.sequence.files else _elsewhere(context, name)
        if here is None:
            yield found(path, missing=name)
            continue
        expected = context.assets.checksum(name)
        if expected is None:
            brought = context.assets.find(name)
            if brought is None:
                unknown.append(name)
                continue
            if brought.read_bytes() != context.sequence.bytes_of(here):
                yield found(here, found=context.sequence.md5(here), expected="= imported")
            unknown.append(f"{name} (MD5)")
        elif context.sequence.md5(here) != expected:
            if as_published(context.sequence.bytes_of(here), expected) is None:
                yield found(here, found=context.sequence.md5(here), expected=expected)
            else:  # copying may have changed them, here or on the way to the agency
                unknown.append(f"{name} (only its line ends are not as published)")
    if unknown:
        raise Missing("checksums.tsv: " + ", ".join(unknown))


def _elsewhere(context: Context, name: str) -> str | None:
    """Style sheets and definitions may lie in either folder of util, the valid values too."""
    return next(
        (path for path in context.sequence.files if re.fullmatch(rf"util/[a-z]+/{re.escape(name)}", path)), None
    )


@check("2.8")
def root_folder(context: Context) -> Iterator[Found]:
    for path in context.sequence.files:
        if "/" not in path and path not in _AT_ROOT:
            yield found(path)
    for folder in context.sequence.folders:
        if "/" not in folder and folder not in (*_MODULES, "util"):
            yield found(folder)


@check("2.9")
def folder_name(context: Context) -> Iterator[Found]:
    if not NUMBER.fullmatch(context.sequence.name):
        yield found(context.sequence.name, expected="0000")


@check("2.10")
def numbering(context: Context) -> Iterator[Found]:
    name = context.sequence.name
    if not NUMBER.fullmatch(name):
        return
    there = {one.name for one in context.application.sequences}
    missing = [f"{number:04d}" for number in range(int(name)) if f"{number:04d}" not in there]
    if missing:
        yield found(name, missing=" ".join(missing))


@check("4.1.23")
def module_1_folders(context: Context) -> Iterator[Found]:
    for path in context.sequence.files:
        if not path.startswith("m1/") or REGIONAL.fullmatch(path):
            continue
        if not re.fullmatch(r"m1/cn/(0\d|1[0-2])/.+", path):
            yield found(path, expected="m1/cn/00 … m1/cn/12")
            continue
        for _, leaf in context.referenced.get(path, ()):
            place = next((cn_elements()[one.name] for one in leaf.place if one.name in cn_elements()), None)
            if place is not None and not path.startswith(place.folder + "/"):
                yield found(path, expected=place.folder, heading=place.number)
