"""Verdicts of a DTD or a schema, read from local files only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from bencao.submission.errors import DocumentError, UnsafeFile

_MOST = 200  # errors told of one file
_LARGEST = 4 << 20  # bytes of a definition; the largest official one has a fiftieth
_EXTERNAL = re.compile(r"<!ENTITY\s+(%\s+)?[\w.-]+\s+(?:SYSTEM|PUBLIC\s+(?:\"[^\"]*\"|'[^']*'))\s+(\"[^\"]*\"|'[^']*')")
_MODULE = re.compile(r"[A-Za-z0-9._-]+\.(?:mod|dtd|ent)")


def dtd_errors(definition: Path, root: Any) -> Iterator[tuple[int, str]]:
    """Lines and messages of what a DTD forbids.

    Raises
    ------
    UnsafeFile
        Where the definition would read outside its folder, or is larger than any honest one.
    DocumentError
        Where it cannot be read.
    """
    _guard(definition, set())
    try:
        dtd = etree.DTD(str(definition))
    except etree.DTDParseError as error:
        raise DocumentError(f"is no DTD: {error}", where=str(definition), mend="put the official file there") from None
    if not dtd.validate(root):
        for told in list(dtd.error_log)[:_MOST]:
            yield told.line, told.message


def xsd_errors(definition: Path, root: Any) -> Iterator[tuple[int, str]]:
    """Lines and messages of what a schema forbids; its imports are read from its own folder alone."""
    _sized(definition)
    parser = etree.XMLParser(no_network=True, resolve_entities=False, load_dtd=False)
    parser.resolvers.add(_Beside(definition.parent))
    try:
        schema = etree.XMLSchema(etree.parse(str(definition), parser))
    except (etree.XMLSchemaParseError, etree.XMLSyntaxError, UnsafeFile) as error:
        raise DocumentError(
            f"is no whole schema: {error}", where=str(definition), mend="put it beside the files that it imports"
        ) from None
    if not schema.validate(root):
        for told in list(schema.error_log)[:_MOST]:
            yield told.line, told.message


class _Beside(etree.Resolver):  # type: ignore[misc]
    """Lets a schema import what lies in its folder, and nothing else."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder.resolve()

    def resolve(self, url: str, public: str | None, context: Any) -> Any:
        """The file's content, or nothing."""
        path = Path(url.removeprefix("file://"))
        if path.resolve().parent == self.folder and path.is_file():
            return self.resolve_filename(str(path), context)
        return self.resolve_empty(context)


def _guard(definition: Path, seen: set[Path]) -> None:
    """Follow the modules of a DTD within its folder; anything else it would read is refused."""
    text = _sized(definition)
    seen.add(definition)
    for told in _EXTERNAL.finditer(re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)):
        name = told[2][1:-1]
        if not told[1] or not _MODULE.fullmatch(name):
            raise UnsafeFile(f"would read {name!r}", where=str(definition), mend="put the official file there")
        module = definition.parent / name
        if module.is_symlink():
            raise UnsafeFile("is a link", where=str(module), mend="put the official file there")
        if module.is_file() and module not in seen:
            _guard(module, seen)


def _sized(definition: Path) -> str:
    if definition.stat().st_size > _LARGEST:
        raise UnsafeFile(
            f"{definition.stat().st_size:,} bytes of definition", where=str(definition), mend="use the official"
        )
    return definition.read_bytes().decode("utf-8", "replace")
