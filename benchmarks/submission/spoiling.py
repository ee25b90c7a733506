"""A sequence opened for spoiling: its XML changed in place, and its checksums made right again."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lxml import etree

from bencao.submission.ectd.application import INDEX, resolved

REGIONAL = "m1/cn/cn-regional.xml"
_HREF = ("{http://www.w3.org/1999/xlink}href", "{http://www.w3c.org/1999/xlink}href")


class Package:
    """One sequence of an application on the disk.

    Parameters
    ----------
    folder : Path
        The application's.
    number : str
        The sequence's.
    draw : random.Random
        Chooses what is spoiled.
    """

    def __init__(self, folder: Path, number: str, draw: random.Random) -> None:
        self.application = folder
        self.folder = folder / number
        self.draw = draw
        self.sealed = True

    def edit(self, path: str, change: Callable[[Any], None]) -> None:
        """Change an XML file's tree; what stands before it stays as it is."""
        file = self.folder / path
        data = file.read_bytes()
        root = etree.fromstring(data, etree.XMLParser(load_dtd=False, no_network=True))
        change(root)
        before = re.match(rb"(?:\s*<[?!][^>]*>)*\s*", data)
        assert before is not None
        file.write_bytes(
            before[0] + etree.tostring(root, encoding="UTF-8", xml_declaration=False).split(b"?>")[-1].lstrip()
        )

    def text(self, path: str, old: str, new: str) -> None:
        """Change a text in a file, once; it must be there."""
        file = self.folder / path
        text = file.read_text(encoding="utf-8")
        assert re.search(old, text), (path, old)
        file.write_text(re.sub(old, lambda _: new, text, count=1), encoding="utf-8")

    def leaves(self, root: Any, *operations: str, pdf: bool = True) -> list[Any]:
        """Leaves of a tree, other than backbones and study files."""
        found = [one for one in root.iter() if isinstance(one.tag, str) and etree.QName(one).localname == "leaf"]
        return [
            one
            for one in found
            if (not operations or one.get("operation") in operations)
            and (not pdf or href(one) == "" or href(one).endswith(".pdf"))
        ]

    def leaf(self, root: Any, *operations: str) -> Any:
        """One of them."""
        return self.draw.choice(self.leaves(root, *operations))

    def files(self, pattern: str) -> list[Path]:
        """Files of the sequence by a pattern."""
        return sorted(self.folder.glob(pattern))

    def pdf(self, exempt: bool = False) -> Path:
        """A PDF that the rules for PDFs are for, one page long."""
        there = [path for path in self.files("m*/**/*.pdf") if "references" not in path.name]
        short = [
            one for one in there if "report" not in one.name and "overview" not in one.name and "form" not in one.name
        ]
        return self.draw.choice(short)

    def study(self) -> str:
        """A study tagging file of 5.3 where there is one."""
        found = self.files("m5/**/stf-*.xml") or self.files("m4/**/stf-*.xml")
        return found[0].relative_to(self.folder).as_posix()

    def reseal(self) -> None:
        """State the checksums as they are: of the leaves, of the backbones, of the index."""
        if not self.sealed:
            return
        for path in (REGIONAL, INDEX):
            if (self.folder / path).exists():
                self.edit(path, lambda root, path=path: self._checksums(root, path))  # type: ignore[misc]
        index = self.folder / INDEX
        if index.exists():
            digest = hashlib.md5(index.read_bytes(), usedforsecurity=False).hexdigest()
            (self.folder / "index-md5.txt").write_text(digest)

    def _checksums(self, root: Any, path: str) -> None:
        for leaf in self.leaves(root, pdf=False):
            target = resolved(path, href(leaf)) if href(leaf) else None
            if target is not None and (self.folder / target).is_file():
                data = (self.folder / target).read_bytes()
                leaf.set("checksum", hashlib.md5(data, usedforsecurity=False).hexdigest())


def href(leaf: Any) -> str:
    """Reference of a leaf, "" where it has none."""
    return next((leaf.get(name) for name in _HREF if leaf.get(name) is not None), "")


def set_href(leaf: Any, value: str | None) -> None:
    """Set the reference of a leaf in the namespace of its file, or take it off."""
    name = next((one for one in _HREF if leaf.get(one) is not None), None)
    if name is None:
        xlink = next(value for key, value in leaf.nsmap.items() if key == "xlink")
        name = f"{{{xlink}}}href"
    if value is None:
        leaf.attrib.pop(name, None)
    else:
        leaf.set(name, value)


def title(leaf: Any) -> Any:
    """Title element of a leaf."""
    return next(one for one in leaf if etree.QName(one).localname == "title")


def heading(root: Any, name: str) -> Any:
    """First element of a name, in any namespace."""
    return next(one for one in root.iter() if isinstance(one.tag, str) and etree.QName(one).localname == name)
