"""Rules 3.x and 4.1.x: the backbones, their leaves and their references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bencao.submission.ectd.application import INDEX, resolved
from bencao.submission.ectd.backbone.definitions import dtd_errors, xsd_errors
from bencao.submission.ectd.backbone.leaf import EXTENSION, Leaf
from bencao.submission.ectd.backbone.reading import Backbone
from bencao.submission.ectd.region.codes import extension_titles
from bencao.submission.ectd.region.pack import REGIONS
from bencao.submission.ectd.validation.context import Context, check, check_both
from bencao.submission.ectd.validation.finding import Found, Missing, found

MODULE_1 = "m1-administrative-information-and-prescribing-information"
_WITH_FILE = ("new", "replace", "append")
_MODIFYING = ("replace", "append", "delete")
_R = "m3-2-r-regional-information"


def leaves(context: Context, backbone: Backbone) -> Iterator[tuple[str, Leaf]]:
    """Leaves of a backbone with their names in findings."""
    for leaf in backbone.leaves:
        yield context.where(backbone, leaf), leaf


@check("3.1")
def index_exists(context: Context) -> Iterator[Found]:
    if context.sequence.index is None:
        yield from _absent(context, INDEX)


@check("4.1.1")
def regional_exists(context: Context) -> Iterator[Found]:
    if context.sequence.regional is None:
        region = context.sequence.region or "cn"
        yield from _absent(context, f"m1/{region}/{region}-regional.xml")


def _absent(context: Context, path: str) -> Iterator[Found]:
    error = context.sequence.unread.get(path)
    yield found(path, message=str(error)) if error is not None else found(path, missing=path)


@check("3.2")
def index_names_definition(context: Context) -> Iterator[Found]:
    backbone = context.index()
    if backbone.system != "util/dtd/ich-ectd-3-2.dtd":
        yield found(INDEX, found=backbone.system or "-", expected="util/dtd/ich-ectd-3-2.dtd")


@check("4.1.2")
def regional_names_definition(context: Context) -> Iterator[Found]:
    backbone = context.regional()
    path = resolved(backbone.path, backbone.system) if backbone.system else None
    name = REGIONS[context.sequence.region].definition if context.sequence.region in REGIONS else ""
    if path is None or not path.startswith("util/dtd/") or (name and not path.endswith("/" + name)):
        yield found(backbone.path, found=backbone.system or "-", expected=f"../../util/dtd/{name}")


@check("3.3")
def index_valid(context: Context) -> Iterator[Found]:
    backbone = context.index()
    definition = definition_of(context, "ich-ectd-3-2.dtd", trusted=True)
    for line, message in dtd_errors(definition, backbone.root):
        yield found(INDEX, line=line, message=message)


@check("4.1.3")
def regional_valid(context: Context) -> Iterator[Found]:
    backbone = context.regional()
    name = REGIONS[context.sequence.region].definition if context.sequence.region in REGIONS else "?"
    definition = definition_of(context, name, trusted=name.endswith(".xsd"))
    errors = xsd_errors if name.endswith(".xsd") else dtd_errors
    for line, message in errors(definition, backbone.root):
        yield found(backbone.path, line=line, message=message)


def definition_of(context: Context, name: str, *, trusted: bool) -> Path:
    """The official definition that was brought, else the one in the sequence; see `definitions` for its guard."""
    brought = context.assets.find(name)
    if brought is not None and (trusted or context.assets.find("eu-leaf.mod") is not None):
        return brought
    if f"util/dtd/{name}" in context.sequence.files:
        return context.sequence.folder / "util/dtd" / name
    raise Missing(name)


@check_both("3.4", "4.1.5")
def file_exists(context: Context, backbone: Backbone) -> Iterator[Found]:
    for where, leaf in leaves(context, backbone):
        if not leaf.href or leaf.operation == "delete":
            continue
        path = resolved(backbone.path, leaf.href)
        if path is not None and path.startswith("../"):
            name, _, inner = path.removeprefix("../").partition("/")
            there = context.application.sequence(name)
            if there is None or inner not in there.files:
                yield found(where, target=leaf.href)
        elif path is not None and path not in context.sequence.files:
            yield found(where, target=leaf.href)


@check_both("3.5", "4.1.6")
def modified_once(context: Context, backbone: Backbone) -> Iterator[Found]:
    first: dict[str, str] = {}
    for where, leaf in leaves(context, backbone):
        if not leaf.modified_file:
            continue
        target = context.life(backbone, leaf).target.key
        name = str(target) if target is not None else leaf.modified_file
        if name in first:
            yield found(where, target=leaf.modified_file, first=first[name])
        first.setdefault(name, where)


@check_both("3.6", "4.1.7")
def content_differs(context: Context, backbone: Backbone) -> Iterator[Found]:
    for where, leaf in leaves(context, backbone):
        target = context.target(backbone, leaf) if leaf.operation in ("replace", "append") else None
        if target is not None and leaf.checksum and leaf.checksum.lower() == (target.leaf.checksum or "").lower():
            yield found(where, target=target.key, found=leaf.checksum)


@check_both("3.7", "4.1.8")
def names_file(context: Context, backbone: Backbone) -> Iterator[Found]:
    for where, leaf in leaves(context, backbone):
        if leaf.operation in _WITH_FILE and not (leaf.href or "").strip():
            yield found(where, missing="xlink:href")


@check_both("3.8", "4.1.9")
def deletion_names_no_file(context: Context, backbone: Backbone) -> Iterator[Found]:
    for where, leaf in leaves(context, backbone):
        if leaf.operation == "delete" and leaf.href:
            yield found(where, found=leaf.href)


@check_both("3.9", "4.1.10")
def names_target(context: Context, backbone: Backbone) -> Iterator[Found]:
    for where, leaf in leaves(context, backbone):
        if leaf.operation in _MODIFYING and not (leaf.modified_file or "").strip():
            yield found(where, missing="modified-file")


@check_both("3.10", "4.1.11")
def first_is_new(context: Context, backbone: Backbone) -> Iterator[Found]:
    if context.number == "0000":
        for where, leaf in leaves(context, backbone):
            if leaf.operation != "new":
                yield found(where, found=leaf.operation, expected="new")


@check("3.11")
def target_exists(context: Context) -> Iterator[Found]:
    context.index()
    for backbone in context.sequence.backbones:
        for where, leaf in leaves(context, backbone):
            told = context.life(backbone, leaf).target
            if told.problem in ("no-sequence", "no-backbone", "no-leaf"):
                yield found(where, target=leaf.modified_file, missing=told.problem.removeprefix("no-"))


@check("3.12")
def relative_references(context: Context) -> Iterator[Found]:
    context.index()
    for backbone in context.sequence.backbones:
        for where, leaf in leaves(context, backbone):
            for reference in (leaf.href, leaf.modified_file):
                if reference and (
                    "\\" in reference or reference.startswith("/") or re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", reference)
                ):
                    yield found(where, found=reference)


@check_both("3.13", "4.1.12")
def checksum_type(context: Context, backbone: Backbone) -> Iterator[Found]:
    for where, leaf in leaves(context, backbone):
        if leaf.operation == "delete" and not leaf.checksum_type:
            continue
        if leaf.checksum_type not in ("md5", "MD5"):
            yield found(where, found=leaf.checksum_type or "-", expected="MD5")


@check_both("3.14", "4.1.13")
def checksum(context: Context, backbone: Backbone) -> Iterator[Found]:
    for where, leaf in leaves(context, backbone):
        path = context.path(backbone, leaf)
        if path is None or path not in context.sequence.files or leaf.operation == "delete":
            continue
        actual = context.sequence.md5(path)
        if (leaf.checksum or "").lower() != actual:
            yield found(where, target=path, found=actual, expected=leaf.checksum or "-")


@check("3.15")
def index_checksum(context: Context) -> Iterator[Found]:
    if INDEX not in context.sequence.files:
        raise Missing(INDEX)
    if "index-md5.txt" not in context.sequence.files:
        yield found("index-md5.txt", missing="index-md5.txt")
        return
    stated = context.sequence.bytes_of("index-md5.txt")[:200].decode("ascii", "replace").split()
    if not stated or stated[0].lower() != context.sequence.md5(INDEX):
        yield found("index-md5.txt", found=" ".join(stated)[:64] or "-", expected=context.sequence.md5(INDEX))


@check("3.16")
def extensions_placed(context: Context) -> Iterator[Found]:
    backbone = context.index()
    biologic = context.sequence.regional is not None and context.regional().envelope.get("product-type") == "cnprt2"
    for node in backbone.nodes:
        if node.place[-1].name == EXTENSION and not (biologic and any(one.name == _R for one in node.place)):
            yield found(
                INDEX, line=node.line, heading=node.place[-2].name, title=dict(node.place[-1].attributes)["title"]
            )
    if biologic:
        for where, leaf in leaves(context, backbone):
            if leaf.place and leaf.place[-1].name == _R:
                yield found(where, heading="3.2.R", missing=EXTENSION)


@check("3.17")
def extension_names(context: Context) -> Iterator[Found]:
    for node in context.index().nodes:
        inside = [one.name for one in node.place]
        if inside[-1] == EXTENSION and _R in inside and inside.count(EXTENSION) == 1:
            title = dict(node.place[-1].attributes)["title"]
            if re.sub(r"\s", "", title) not in extension_titles():
                yield found(INDEX, line=node.line, title=title, expected=" | ".join(extension_titles()))


@check_both("3.18", "4.1.17")
def has_title(context: Context, backbone: Backbone) -> Iterator[Found]:
    for where, leaf in leaves(context, backbone):
        if not (leaf.title or "").strip():
            yield found(where, missing="title")


@check_both("3.19", "4.1.18")
def deletion_title(context: Context, backbone: Backbone) -> Iterator[Found]:
    for where, leaf in leaves(context, backbone):
        target = context.target(backbone, leaf) if leaf.operation == "delete" else None
        if target is not None and leaf.title != target.leaf.title:
            yield found(where, found=leaf.title, expected=target.leaf.title)


@check_both("3.20", "4.1.19")
def title_spaces(context: Context, backbone: Backbone) -> Iterator[Found]:
    for where, leaf in leaves(context, backbone):
        if leaf.title and leaf.title.strip() and leaf.title != leaf.title.strip():
            yield found(where, title=repr(leaf.title))


@check("3.21")
def headings_have_leaves(context: Context) -> Iterator[Found]:
    yield from _empty(context.index(), r"m\d")


@check("4.1.20")
def regional_headings_have_leaves(context: Context) -> Iterator[Found]:
    yield from _empty(context.regional(), "cn-1")


def _empty(backbone: Backbone, prefix: str) -> Iterator[Found]:
    for node in backbone.nodes:
        if not node.leaves_below and re.match(prefix, node.place[-1].name):
            yield found(backbone.path, line=node.line, heading=node.place[-1].name)


@check("3.22")
def has_module_1(context: Context) -> Iterator[Found]:
    if not any(node.place[0].name == MODULE_1 for node in context.index().nodes):
        yield found(INDEX, missing=MODULE_1)


@check("3.25")
def indication(context: Context) -> Iterator[Found]:
    yield from _attribute(
        context, "indication", "m2-7-3-summary-of-clinical-efficacy", "m5-3-5-reports-of-efficacy-and-safety-studies"
    )


@check("3.26")
def manufacturer(context: Context) -> Iterator[Found]:
    yield from _attribute(context, "manufacturer", "m2-3-s-drug-substance", "m3-2-s-drug-substance")


@check("3.27")
def substance(context: Context) -> Iterator[Found]:
    yield from _attribute(context, "substance", "m2-3-s-drug-substance", "m3-2-s-drug-substance")


def _attribute(context: Context, name: str, *elements: str) -> Iterator[Found]:
    for node in context.index().nodes:
        if node.place[-1].name in elements and not dict(node.attributes).get(name, "").strip():
            yield found(INDEX, line=node.line, heading=node.place[-1].name, missing=name)


@check("3.28")
def attribute_spaces(context: Context) -> Iterator[Found]:
    for node in context.index().nodes:
        for key, value in node.attributes:
            if value != value.strip():
                yield found(INDEX, line=node.line, heading=node.place[-1].name, found=f"{key}={value!r}")


@check("4.1.4")
def schema_version(context: Context) -> Iterator[Found]:
    now = _version(context.regional().version)
    for earlier in context.earlier:
        if earlier.regional is not None and _version(earlier.regional.version) > now:
            yield found(
                context.regional().path,
                found=context.regional().version,
                earlier=f"{earlier.name}: {earlier.regional.version}",
            )
            return


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text))


@check("4.1.14")
def cover_letter_new(context: Context) -> Iterator[Found]:
    yield from _always_new(context, "cn-1-0")


@check("4.1.15")
def form_new(context: Context) -> Iterator[Found]:
    if context.regional().envelope.get("sequence-type") == "cnsqt1":
        yield from _always_new(context, "cn-1-2")


def _always_new(context: Context, heading: str) -> Iterator[Found]:
    for where, leaf in leaves(context, context.regional()):
        if any(level.name == heading for level in leaf.place) and leaf.operation != "new":
            yield found(where, found=leaf.operation, expected="new")


@check("4.1.16")
def no_regional_extension(context: Context) -> Iterator[Found]:
    for node in context.regional().nodes:
        if node.place[-1].name == EXTENSION:
            yield found(context.regional().path, line=node.line, title=dict(node.place[-1].attributes)["title"])
