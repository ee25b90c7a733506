"""Rules 3.23 to 3.36 and 4.1.24 to 4.1.31: what may be done to a leaf after what was done before."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bencao.submission.ectd.application import resolved
from bencao.submission.ectd.backbone.leaf import Leaf
from bencao.submission.ectd.backbone.reading import Backbone
from bencao.submission.ectd.backbone.study import is_study_file
from bencao.submission.ectd.lifecycle import Life
from bencao.submission.ectd.validation.checks.backbones import leaves
from bencao.submission.ectd.validation.context import Context, check, check_both
from bencao.submission.ectd.validation.finding import Found, found


def _targets(context: Context, backbone: Backbone, *operations: str) -> Iterator[tuple[str, Leaf, Life]]:
    """Leaves that do one of some operations to an earlier leaf, as that stood before this sequence."""
    for where, leaf in leaves(context, backbone):
        target = context.target(backbone, leaf) if leaf.operation in operations else None
        if target is not None:
            yield where, leaf, target


def _is_study(context: Context, backbone: Backbone, leaf: Leaf) -> bool:
    path = context.path(backbone, leaf)
    if path is None or path not in context.sequence.files:
        return leaf.is_study_file
    return is_study_file(context.sequence, path, leaf)


@check("3.23")
def append_for_studies(context: Context) -> Iterator[Found]:
    backbone = context.index()
    for where, leaf in leaves(context, backbone):
        if leaf.operation == "append" and not _is_study(context, backbone, leaf):
            yield found(where, found="append")


@check("4.1.30")
def append_in_module_1(context: Context) -> Iterator[Found]:
    for where, leaf in leaves(context, context.regional()):
        if leaf.operation == "append":
            yield found(where, found="append")


@check("3.24")
def same_place(context: Context) -> Iterator[Found]:
    backbone = context.index()
    for where, leaf, target in _targets(context, backbone, "replace", "append", "delete"):
        if leaf.place != target.leaf.place:
            yield found(
                where,
                found=" / ".join(map(str, leaf.place)),
                expected=" / ".join(map(str, target.leaf.place)),
            )


@check_both("3.29", "4.1.24")
def own_application(context: Context, backbone: Backbone) -> Iterator[Found]:
    for where, leaf in leaves(context, backbone):
        for reference in (leaf.href, leaf.modified_file):
            if not reference or "\\" in reference or re.match(r"/|[A-Za-z][A-Za-z0-9+.-]*:", reference):
                continue  # rule 3.12
            path = resolved(backbone.path, reference)
            if path is None:
                yield found(where, target=reference)
            elif path.startswith("../"):
                name = path.split("/")[1]
                if not re.fullmatch(r"\d{4}", name) or name > context.number:
                    yield found(where, target=reference)
            elif reference == leaf.modified_file:
                yield found(where, target=reference, expected="< " + context.sequence.name)


@check_both("3.30", "4.1.25")
def append_to_replaced(context: Context, backbone: Backbone) -> Iterator[Found]:
    for where, leaf, target in _targets(context, backbone, "append"):
        if target.status == "replaced" and not _is_study(context, backbone, leaf):
            yield _after(where, target)


@check_both("3.31", "4.1.26")
def delete_replaced(context: Context, backbone: Backbone) -> Iterator[Found]:
    for where, _, target in _targets(context, backbone, "delete"):
        if target.status == "replaced":
            yield _after(where, target)


@check_both("3.32", "4.1.27")
def replace_replaced(context: Context, backbone: Backbone) -> Iterator[Found]:
    for where, _, target in _targets(context, backbone, "replace"):
        if target.status == "replaced":
            yield _after(where, target)


@check_both("3.33", "4.1.28")
def deleted_is_over(context: Context, backbone: Backbone) -> Iterator[Found]:
    for where, _, target in _targets(context, backbone, "replace", "append", "delete"):
        if target.status in ("deleted", "deletion"):
            yield _after(where, target)


@check_both("3.34", "4.1.29")
def append_to_addition(context: Context, backbone: Backbone) -> Iterator[Found]:
    for where, leaf, target in _targets(context, backbone, "append"):
        if target.leaf.operation == "append" and not _is_study(context, backbone, leaf):
            yield found(where, target=target.key)


@check("3.35")
def append_to_latest(context: Context) -> Iterator[Found]:
    backbone = context.index()
    for where, leaf, target in _targets(context, backbone, "append"):
        if _is_study(context, backbone, leaf) and target.followers:
            yield _after(where, target)


@check_both("3.36", "4.1.31")
def same_language(context: Context, backbone: Backbone) -> Iterator[Found]:
    for where, leaf, target in _targets(context, backbone, "replace"):
        if (leaf.language or "") != (target.leaf.language or ""):
            yield found(where, found=leaf.language or "-", expected=target.leaf.language or "-")


def _after(where: str, target: Life) -> Found:
    before = ", ".join(f"{key} ({operation})" for key, operation in target.followers)
    return found(where, target=target.key, earlier=before or target.leaf.operation)
