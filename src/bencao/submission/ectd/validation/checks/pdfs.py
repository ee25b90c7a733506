"""Rules 6.x: PDF files. Literature references and documents in a foreign language are held to 6.1 and 6.21 alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from bencao.submission.ectd.application import resolved
from bencao.submission.ectd.pdf.facts import PdfFacts
from bencao.submission.ectd.pdf.links import Jump
from bencao.submission.ectd.validation.context import Context, check, number_of
from bencao.submission.ectd.validation.finding import Found, found

_LITERATURE = re.compile(r"(2\.7\.5|3\.3|4\.3|5\.4)(\.|$)")
_OUTSIDE = re.compile(r"(https?|ftp|mailto):", re.IGNORECASE)
_ABSOLUTE = re.compile(r"[A-Za-z]:|/|\\|file:")
_VERSIONS = frozenset(["1.4", "1.5", "1.6", "1.7"])


def _held(context: Context) -> Iterator[tuple[str, PdfFacts]]:
    """PDFs that the rules are for, readable ones."""
    for path, facts in context.pdfs.items():
        if not facts.unreadable and not _exempt(context, path):
            yield path, facts


def _exempt(context: Context, path: str) -> bool:
    uses = context.referenced.get(path, [])
    return bool(uses) and all(
        _LITERATURE.match(number_of(leaf)) or not (leaf.language or "zh").lower().startswith("zh") for _, leaf in uses
    )


@check("6.1")
def readable(context: Context) -> Iterator[Found]:
    for path, facts in context.pdfs.items():
        if facts.unreadable and not facts.needs_password:
            yield found(path, message=facts.unreadable)
        elif not facts.unreadable and facts.pages == 0:
            yield found(path, count=0, heading="pages")


@check("6.21")
def no_password(context: Context) -> Iterator[Found]:
    for path, facts in context.pdfs.items():
        if facts.needs_password:
            yield found(path, message=facts.unreadable)


def _jumps(bookmark: str, link: str) -> Callable[[Callable[[Context, str, Jump], str | None]], None]:
    """Enter a check of one jump under the rule for bookmarks and the one for links; it answers what is wrong."""

    def enter(judge: Callable[[Context, str, Jump], str | None]) -> None:
        def over(context: Context, kind: str) -> Iterator[Found]:
            for path, facts in _held(context):
                for jump in getattr(facts, kind):
                    wrong = judge(context, path, jump)
                    if wrong is not None:
                        yield found(path, label=jump.label or "-", found=wrong or "-")

        check(bookmark)(lambda context: over(context, "bookmarks"))
        check(link)(lambda context: over(context, "links"))

    return enter


@_jumps("6.2", "6.9")
def absolute(context: Context, path: str, jump: Jump) -> str | None:
    return jump.target if jump.action == "file" and _ABSOLUTE.match(jump.target) else None


@_jumps("6.3", "6.10")
def outside(context: Context, path: str, jump: Jump) -> str | None:
    return jump.target if jump.action == "uri" or _OUTSIDE.match(jump.target) else None


@_jumps("6.4", "6.11")
def unknown_action(context: Context, path: str, jump: Jump) -> str | None:
    return jump.kind if jump.action == "other" else None


@_jumps("6.5", "6.12")
def inactive(context: Context, path: str, jump: Jump) -> str | None:
    return "" if jump.action == "none" else None


@_jumps("6.6", "6.13")
def broken(context: Context, path: str, jump: Jump) -> str | None:
    if jump.action == "goto":
        return None if jump.page else "GoTo"
    if jump.action != "file" or _ABSOLUTE.match(jump.target) or _OUTSIDE.match(jump.target):
        return None
    target = resolved(path, jump.target.replace("\\", "/"))
    if target is None or not jump.target:
        return jump.target
    sequence = context.sequence
    if target.startswith("../"):
        name, _, target = target.removeprefix("../").partition("/")
        other = context.application.sequence(name)
        if other is None:
            return jump.target
        sequence = other
    return None if str(PurePosixPath(target)) in sequence.files else jump.target


@_jumps("6.7", "6.14")
def many_actions(context: Context, path: str, jump: Jump) -> str | None:
    return str(jump.actions) if jump.actions > 1 else None


@_jumps("6.8", "6.15")
def zoom(context: Context, path: str, jump: Jump) -> str | None:
    return jump.kind if not jump.inherits_zoom else None


@check("A.1")
def page_size(context: Context) -> Iterator[Found]:
    for path, facts in _held(context):
        for number, size in facts.odd_pages[:20]:
            yield found(path, page=number, found=f"{size} pt")


@check("6.16")
def version(context: Context) -> Iterator[Found]:
    for path, facts in _held(context):
        if facts.version not in _VERSIONS and facts.archive not in ("1", "2"):
            yield found(path, found=facts.version, expected="1.4-1.7")


@check("6.17")
def attachments(context: Context) -> Iterator[Found]:
    for path, facts in _held(context):
        for name in facts.attachments:
            yield found(path, found=name)


@check("6.18")
def other_annotations(context: Context) -> Iterator[Found]:
    for path, facts in _held(context):
        if facts.annotations:
            yield found(path, found=" ".join(facts.annotations))


@check("6.19")
def security(context: Context) -> Iterator[Found]:
    for path, facts in _held(context):
        if facts.restricted:
            yield found(path)


@check("6.20")
def initial_view(context: Context) -> Iterator[Found]:
    for path, facts in _held(context):
        if facts.bookmarks and not facts.shows_bookmarks:
            yield found(path, expected="/UseOutlines")
        elif not facts.default_view:
            yield found(path, found="/OpenAction, /PageLayout")


@check("6.22")
def fast_web_view(context: Context) -> Iterator[Found]:
    for path, facts in _held(context):
        if not facts.linearized:
            yield found(path)


@check("6.23")
def long_has_bookmarks(context: Context) -> Iterator[Found]:
    for path, facts in _held(context):
        form = any(level.name == "cn-1-2" for _, leaf in context.referenced.get(path, ()) for level in leaf.place)
        if facts.pages > 5 and not facts.bookmarks and not form:
            yield found(path, count=facts.pages)


@check("6.24")
def moving(context: Context) -> Iterator[Found]:
    for path, facts in _held(context):
        if facts.moving:
            yield found(path, found=" ".join(facts.moving))


@check("6.25")
def searchable(context: Context) -> Iterator[Found]:
    for path, facts in _held(context):
        if facts.bare_pages:
            yield found(path, page=", ".join(map(str, facts.bare_pages[:20])))


@check("6.26")
def fonts(context: Context) -> Iterator[Found]:
    for path, facts in _held(context):
        for name in facts.loose_fonts:
            yield found(path, font=name)
