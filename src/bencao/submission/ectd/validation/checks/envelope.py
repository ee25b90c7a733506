"""Rules 4.1.21, 4.1.22, 4.2.x and 4.3.x: China's envelope, and the headings that its types ask for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from bencao.submission.ectd.application import NUMBER
from bencao.submission.ectd.region.codes import cn_codes
from bencao.submission.ectd.region.vocabularies import codes_in, combinations_in
from bencao.submission.ectd.validation.context import Check, Context, check
from bencao.submission.ectd.validation.finding import Found, Missing, found

_FIRST, _REFORMAT = "cnsqt1", "cnsqt4"
_CONSTANT = ("application-id", "application-type", "product-type", "product-number")


def _elements(numbers: str) -> tuple[str, ...]:
    """Elements of module 1 by what follows ``cn-``."""
    return tuple(f"cn-{number}" for number in numbers.split())


_MARKETED = _elements("1-0 1-2 1-3 1-3-1 1-3-1-2 1-3-2 1-3-2-2 1-3-3 1-3-8 1-3-8-1 1-3-8-2 1-11")
_TRIAL = _elements(
    "1-0 1-2 1-3 1-3-1 1-3-1-1 1-3-2 1-3-2-1 1-3-3 1-3-4 1-3-4-1 1-3-4-2 1-3-4-3 1-3-8 1-3-8-1 1-3-8-2 1-11"
)
_TRIAL_ONLY = _elements("1-3-1-1 1-3-2-1 1-3-4 1-3-4-1 1-3-4-2 1-3-4-3")
_MARKETED_ONLY = _elements("1-3-1-2 1-3-2-2 1-3-5 1-3-6")
# The criteria's list breaks off after these in every copy at hand; a user may bring the whole one.
_ONE_LEAF = _elements(
    "1-1 1-3-2-1 1-3-2-2 1-3-8-8 1-4-1 1-4-2 1-4-3 1-4-4 1-4-5 1-4-6 1-4-7 1-6-1 1-6-3 1-10-1 1-10-2 1-10-3"
)


def _value(context: Context, name: str) -> str:
    return context.regional().envelope.get(name, "")


def _wrong(context: Context, name: str, expected: str) -> Found:
    return found(context.regional().path, heading=name, found=_value(context, name) or "-", expected=expected)


@check("4.1.21")
def application_folder(context: Context) -> Iterator[Found]:
    number = _value(context, "application-id")
    if context.application.name != number:
        yield found(context.application.name, expected=number or "-")


@check("4.1.22")
def sequence_folder(context: Context) -> Iterator[Found]:
    context.regional()
    if context.sequence.name != context.number:
        yield found(context.sequence.name, expected=context.number or "-")


@check("4.2.1")
def application_number(context: Context) -> Iterator[Found]:
    if not re.fullmatch(r"[xyls]\d{9}", _value(context, "application-id")):
        yield _wrong(context, "application-id", "[xyls] + 9 × 0-9")


@check("4.2.2")
def application_type(context: Context) -> Iterator[Found]:
    yield from _in_list(context, "application-type")


@check("4.2.3")
def product_type(context: Context) -> Iterator[Found]:
    yield from _in_list(context, "product-type")


@check("4.2.8")
def sequence_type(context: Context) -> Iterator[Found]:
    yield from _in_list(context, "sequence-type")


def _in_list(context: Context, name: str) -> Iterator[Found]:
    brought = context.assets.find(f"cv-{name}.xml")
    known = codes_in(brought) if brought is not None else frozenset(cn_codes(name))
    if _value(context, name) not in known:
        yield _wrong(context, name, " ".join(sorted(known)))


@check("4.2.4")
def product_number(context: Context) -> Iterator[Found]:
    if not _value(context, "product-number"):
        yield _wrong(context, "product-number", "…")


@check("4.2.5")
def related_sequence(context: Context) -> Iterator[Found]:
    related, own = _value(context, "related-sequence"), _value(context, "sequence-number")
    if not NUMBER.fullmatch(related) or related > own:
        yield _wrong(context, "related-sequence", f"<= {own}")


@check("4.2.6")
def activity_type(context: Context) -> Iterator[Found]:
    known = codes_in(_brought(context, "cv-regulatory-activity-type.xml"))
    if _value(context, "regulatory-activity-type") not in known:
        yield _wrong(context, "regulatory-activity-type", " ".join(sorted(known)))


@check("4.2.7")
def sequence_number(context: Context) -> Iterator[Found]:
    if not NUMBER.fullmatch(_value(context, "sequence-number")):
        yield _wrong(context, "sequence-number", "0000")


@check("4.2.9")
def description(context: Context) -> Iterator[Found]:
    text = _value(context, "sequence-description")
    if not text or len(text) > 120:
        yield found(context.regional().path, heading="sequence-description", count=len(text), expected="1-120")


@check("4.2.10")
def combination(context: Context) -> Iterator[Found]:
    known = combinations_in(_brought(context, "depend-apt-rat-sqt.xml"))
    names = ("application-type", "regulatory-activity-type", "sequence-type")
    told = tuple(_value(context, name) for name in names)
    if told not in known:
        yield found(context.regional().path, found=" + ".join(told))


def _brought(context: Context, name: str) -> Path:
    path = context.assets.find(name)
    if path is None:
        raise Missing(name)
    return path


@check("4.2.11")
def relates_to_earlier(context: Context) -> Iterator[Found]:
    if _value(context, "sequence-type") not in (_FIRST, _REFORMAT) and _is_own(context):
        yield _wrong(context, "related-sequence", "< " + _value(context, "sequence-number"))


@check("4.2.12")
def relates_to_itself(context: Context) -> Iterator[Found]:
    if _value(context, "sequence-type") in (_FIRST, _REFORMAT) and not _is_own(context):
        yield _wrong(context, "related-sequence", _value(context, "sequence-number"))


def _is_own(context: Context) -> bool:
    return _value(context, "related-sequence") == _value(context, "sequence-number")


@check("4.2.13")
def application_constant(context: Context) -> Iterator[Found]:
    first = next((one.regional for one in context.earlier if one.regional is not None), None)
    for name in _CONSTANT:
        if first is not None and first.envelope.get(name, "") != _value(context, name):
            yield _wrong(context, name, first.envelope.get(name, "") or "-")


@check("4.2.14")
def activity_constant(context: Context) -> Iterator[Found]:
    name = "regulatory-activity-type"
    for earlier in context.earlier:
        if earlier.regional is None:
            continue
        told = earlier.regional.envelope
        if told.get("related-sequence") == _value(context, "related-sequence") and told.get(name) != _value(
            context, name
        ):
            yield _wrong(context, name, f"{told.get(name, '-')} ({earlier.name})")
            return


def _first_of(context: Context, application: str, *activities: str) -> bool:
    return (
        _value(context, "application-type") == application
        and _value(context, "regulatory-activity-type") in activities
        and _value(context, "sequence-type") == _FIRST
    )


def _headings(context: Context) -> frozenset[str]:
    """Headings of module 1 that hold a leaf in this sequence."""
    return frozenset(node.place[-1].name for node in context.regional().nodes if node.leaves_below)


def _lacks(context: Context, wanted: tuple[str, ...]) -> Iterator[Found]:
    for name in wanted:
        if name not in _headings(context):
            yield found(context.regional().path, missing=name)


def _has(context: Context, unwanted: tuple[str, ...]) -> Iterator[Found]:
    there = {node.place[-1].name for node in context.regional().nodes}
    for name in unwanted:
        if name in there:
            yield found(context.regional().path, found=name)


_Ask = Callable[[Context, tuple[str, ...]], Iterator[Found]]
# Rule, application type, activity types, what is asked of the headings: all of a first submission.
_COMPLETENESS: tuple[tuple[str, str, tuple[str, ...], _Ask, tuple[str, ...]], ...] = (
    ("4.3.1", "cnapt2", ("cnrat1", "cnrat6"), _lacks, _MARKETED),
    ("4.3.2", "cnapt2", ("cnrat1", "cnrat6"), _has, _TRIAL_ONLY),
    ("4.3.3", "cnapt3", ("cnrat1", "cnrat6"), _lacks, _MARKETED),
    ("4.3.4", "cnapt3", ("cnrat1", "cnrat6"), _has, (*_TRIAL_ONLY, "cn-1-12")),
    ("4.3.5", "cnapt1", ("cnrat1", "cnrat5"), _lacks, _TRIAL),
    ("4.3.6", "cnapt1", ("cnrat1", "cnrat5"), _has, _MARKETED_ONLY),
)


def _complete(application: str, activities: tuple[str, ...], ask: _Ask, names: tuple[str, ...]) -> Check:
    def judged(context: Context) -> Iterator[Found]:
        if _first_of(context, application, *activities):
            yield from ask(context, names)

    return judged


for _rule, _application, _activities, _ask, _names in _COMPLETENESS:
    check(_rule)(_complete(_application, _activities, _ask, _names))


@check("4.3.7")
def safety_report_needs(context: Context) -> Iterator[Found]:
    if _first_of(context, "cnapt1", "cnrat7") and not {"cn-1-8-1", "cn-1-8-2"} & _headings(context):
        yield found(context.regional().path, missing="cn-1-8-1 | cn-1-8-2")


@check("4.3.8")
def safety_report_excludes(context: Context) -> Iterator[Found]:
    if _first_of(context, "cnapt1", "cnrat7") and {"cn-1-8-1", "cn-1-8-2"} <= _headings(context):
        yield found(context.regional().path, found="cn-1-8-1 + cn-1-8-2")


@check("4.3.9")
def one_leaf(context: Context) -> Iterator[Found]:
    brought = context.assets.find("cn-single-leaf-elements.txt")
    names = tuple(brought.read_text(encoding="utf-8").split()) if brought is not None else _ONE_LEAF
    for node in context.regional().nodes:
        if node.place[-1].name in names and node.leaves_below > 1:
            yield found(context.regional().path, heading=node.place[-1].name, count=node.leaves_below)
    if brought is None:
        raise Missing("cn-single-leaf-elements.txt")
