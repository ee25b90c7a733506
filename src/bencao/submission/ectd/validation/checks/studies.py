"""Rules 5.x: study tagging files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bencao.submission.ectd.application import INDEX, Sequence, resolved
from bencao.submission.ectd.backbone.definitions import dtd_errors
from bencao.submission.ectd.backbone.leaf import Leaf
from bencao.submission.ectd.backbone.study import StudyDocument, StudyFile, is_study_file, read_study
from bencao.submission.ectd.lifecycle import Key, Life
from bencao.submission.ectd.region.codes import tag_values
from bencao.submission.ectd.region.vocabularies import values_in
from bencao.submission.ectd.validation.checks.backbones import definition_of
from bencao.submission.ectd.validation.context import Context, check, number_of
from bencao.submission.ectd.validation.finding import Found, found

_WITH_STUDY = re.compile(r"4\.2(\.|$)|5\.3\.[1-5](\.|$)")
_WITH_CATEGORY = re.compile(r"(4\.2\.3\.1|4\.2\.3\.2|4\.2\.3\.4\.1|5\.3\.5\.1)(\.|$)")
_TABULATION = frozenset(["data-tabulation-dataset-legacy", "data-tabulation-dataset-sdtm"])
_ANALYSIS = frozenset(["analysis-dataset-adam", "analysis-dataset-legacy"])
_DEFINITIONS = frozenset(["data-tabulation-data-definition", "analysis-data-definition"])


def _read(context: Context) -> Iterator[StudyFile]:
    return (study for study in context.studies if study.error is None)


@check("5.1")
def valid(context: Context) -> Iterator[Found]:
    for study in context.studies:
        if study.error is not None:
            yield found(study.path, message=study.error)
            continue
        for line, message in dtd_errors(definition_of(context, "ich-stf-v2-2.dtd", trusted=True), study.root):
            yield found(study.path, line=line, message=message)


@check("5.2")
def references_exist(context: Context) -> Iterator[Found]:
    for study in _read(context):
        for document in study.documents:
            if "\\" not in document.href and _leaf_of(context, study, document) is None:
                yield found(study.path, target=document.href)


def _leaf_of(context: Context, study: StudyFile, document: StudyDocument) -> tuple[Sequence, Leaf] | None:
    """The leaf that a study's document means, in this sequence or an earlier one."""
    path = resolved(study.path, document.href)
    if path is None:
        return None
    sequence: Sequence | None = context.sequence
    if path.startswith("../"):
        name, _, path = path.removeprefix("../").partition("/")
        sequence = context.application.sequence(name)
    if sequence is None:
        return None
    backbone = next((one for one in sequence.backbones if one.path == path), None)
    leaf = backbone.by_id.get(document.href.partition("#")[2]) if backbone is not None else None
    return (sequence, leaf) if leaf is not None else None


@check("5.3")
def no_blocks(context: Context) -> Iterator[Found]:
    for study in _read(context):
        if study.has_blocks:
            yield found(study.path, found="content-block")


@check("5.4")
def no_backslash(context: Context) -> Iterator[Found]:
    for study in _read(context):
        for document in study.documents:
            if "\\" in document.href:
                yield found(study.path, found=document.href)


@check("5.5")
def category_given(context: Context) -> Iterator[Found]:
    for study in _read(context):
        for name, value in study.categories:
            if not value:
                yield found(study.path, missing=name)


@check("5.6")
def identifier_given(context: Context) -> Iterator[Found]:
    for study in _read(context):
        if not study.study_id:
            yield found(study.path, missing="study-id")


@check("5.7")
def title_matches(context: Context) -> Iterator[Found]:
    for study in _read(context):
        if study.title != (study.leaf.title or ""):
            yield found(study.path, found=study.title or "-", expected=study.leaf.title)


@check("5.8")
def known_values(context: Context) -> Iterator[Found]:
    brought = context.assets.find("valid-values.xml")
    known = values_in(brought) if brought is not None else tag_values()
    for study in _read(context):
        for name, value in study.categories:
            if value and ("category", name, value) not in known:
                yield found(study.path, found=f"{name}={value}")
        for document in study.documents:
            for name, _ in document.tags:
                if ("file-tag", "", name) not in known:
                    yield found(study.path, found=name)


@check("5.9")
def append_to_study(context: Context) -> Iterator[Found]:
    for study, target in _modified(context):
        if study.leaf.operation == "append" and not _is_study_life(context, target):
            yield found(study.path, target=target.key)


def _modified(context: Context) -> Iterator[tuple[StudyFile, Life]]:
    """Study files that modify an earlier leaf."""
    for study in context.studies:
        key = Key(context.sequence.name, INDEX, study.leaf.id)
        life = context.lifecycle.lives.get(key)
        target = life.target.key if life is not None else None
        if target is not None and target in context.before.lives:
            yield study, context.before.lives[target]


def _file_of(context: Context, life: Life) -> tuple[Sequence, str] | None:
    sequence = context.application.sequence(life.key.sequence)
    path = life.path
    return (sequence, path) if sequence is not None and path is not None and path in sequence.files else None


def _is_study_life(context: Context, life: Life) -> bool:
    file = _file_of(context, life)
    return is_study_file(*file, life.leaf) if file is not None else life.leaf.is_study_file


@check("5.10")
def category_needed(context: Context) -> Iterator[Found]:
    for study in _read(context):
        number = number_of(study.leaf)
        if _WITH_CATEGORY.match(number) and not study.categories:
            yield found(study.path, heading=number, missing="category")


@check("5.11")
def references_documents(context: Context) -> Iterator[Found]:
    for study in _read(context):
        for document in study.documents:
            target = _leaf_of(context, study, document)
            if target is None:
                continue
            sequence, leaf = target
            path = resolved(INDEX, leaf.href) if leaf.href else None
            if path is not None and path in sequence.files and is_study_file(sequence, path, leaf):
                yield found(study.path, target=document.href)


@check("5.12")
def references_something(context: Context) -> Iterator[Found]:
    for study in _read(context):
        if not study.documents:
            yield found(study.path, missing="doc-content")


@check("5.13")
def identifier_constant(context: Context) -> Iterator[Found]:
    for study, target in _modified(context):
        file = _file_of(context, target)
        if study.error is not None or file is None or not _is_study_life(context, target):
            continue
        earlier = read_study(file[0], file[1], target.leaf)
        if earlier.error is None and earlier.study_id != study.study_id:
            yield found(study.path, found=study.study_id, expected=earlier.study_id)


@check("5.14")
def study_places(context: Context) -> Iterator[Found]:
    for study in context.studies:
        number = number_of(study.leaf)
        if not _WITH_STUDY.match(number):
            yield found(study.path, heading=number or "-")


@check("5.15")
def one_tag(context: Context) -> Iterator[Found]:
    for study in _read(context):
        for document in study.documents:
            if len(document.tags) != 1:
                yield found(study.path, target=document.href, count=len(document.tags), expected=1)


@check("5.16")
def no_case_report_forms(context: Context) -> Iterator[Found]:
    if context.studies:
        for leaf in context.index().leaves:
            if number_of(leaf) == "5.3.7":
                yield found(context.where(context.index(), leaf), heading="5.3.7")


@check("5.17")
def all_in_studies(context: Context) -> Iterator[Found]:
    backbone = context.index()
    told = {
        target[1].id for study in _read(context) for one in study.documents if (target := _leaf_of(context, study, one))
    }
    files = {study.leaf.id for study in context.studies}
    for leaf in backbone.leaves:
        if leaf.operation == "delete" or leaf.id in files or leaf.id in told:
            continue
        if _WITH_STUDY.match(number_of(leaf)):
            yield found(context.where(backbone, leaf), heading=number_of(leaf))


def _data(context: Context) -> Iterator[tuple[StudyFile, StudyDocument, str]]:
    """Documents of studies in 5.3 with the name of their file in small letters."""
    for study in _read(context):
        if not number_of(study.leaf).startswith("5.3"):
            continue
        for document in study.documents:
            target = _leaf_of(context, study, document)
            if target is not None and target[1].href:
                yield study, document, target[1].href.rsplit("/", 1)[-1].lower()


@check("5.18")
def data_tags(context: Context) -> Iterator[Found]:
    for study, document, name in _data(context):
        tags = {tag for tag, _ in document.tags}
        if name.endswith(".xpt") and not tags & (_TABULATION | _ANALYSIS):
            yield found(study.path, target=name, found=" ".join(sorted(tags)) or "-")
        if name == "define.xml" and not tags & _DEFINITIONS:
            yield found(study.path, target=name, found=" ".join(sorted(tags)) or "-")


@check("5.19")
def data_complete(context: Context) -> Iterator[Found]:
    held: dict[str, set[tuple[str, str]]] = {}
    for study, document, name in _data(context):
        held.setdefault(study.path, set()).update((tag, name) for tag, _ in document.tags)
    for path, there in held.items():
        tags = {tag for tag, _ in there}
        for kinds, first, definition in (
            (_TABULATION, "dm.xpt", "data-tabulation-data-definition"),
            (_ANALYSIS, "adsl.xpt", "analysis-data-definition"),
        ):
            if not tags & kinds:
                continue
            if not any(tag in kinds and name == first for tag, name in there):
                yield found(path, missing=first)
            if definition not in tags:
                yield found(path, missing=definition)


@check("5.20")
def data_names(context: Context) -> Iterator[Found]:
    names: dict[str, Counter[str]] = {}
    for study, _, name in _data(context):
        if name.endswith(".xpt"):
            names.setdefault(study.study_id, Counter())[name] += 1
    for identifier, counted in names.items():
        for name, count in counted.items():
            if count > 1:
                yield found(name, study=identifier, count=count)
