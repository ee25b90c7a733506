"""The outline of an E2B(R3) message: which element and attribute holds which data element."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from bencao.safety.e2b.roots import XSI, expanded

_LAYOUT = Path(__file__).parent / "r3.layout"
TEXT = ""  # stands for an element's text among the names of its attributes
LINKS = ("drug", "reaction")


@dataclass(frozen=True, slots=True)
class Binding:
    """An attribute, or the text, that holds a data element.

    Attributes
    ----------
    attribute : str
        Its name as lxml writes it; `TEXT` for the text.
    element : str
        Number of the data element.
    default : str
        Written where the report has none; not read as a value.
    prefix : str
        What the value follows, e.g. ``tel:``.
    """

    attribute: str
    element: str
    default: str = ""
    prefix: str = ""


@dataclass(slots=True, eq=False)
class Node:
    """An element of the outline.

    Attributes
    ----------
    name : str
    fixed : dict of str
        Attributes with their value.
    keys : dict of str
        Those of `fixed` by which the element is told from others of its name.
    bindings : list of Binding
    codec, arguments : str, list of str
        Function that reads and writes the element, and the data elements it holds; empty for most.
    links : list of (str, tuple of str)
        Ids of a drug or reaction below: which, and the path of names to it.
    repeats, required, holds_place : bool
    children : list of Node
    """

    name: str
    fixed: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    bindings: list[Binding] = field(default_factory=list)
    codec: str = ""
    arguments: list[str] = field(default_factory=list)
    links: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    repeats: bool = False
    required: bool = False
    holds_place: bool = False
    children: list[Node] = field(default_factory=list)
    elements: frozenset[str] = frozenset()

    def closed(self) -> Node:
        """The node with `elements`, all data elements in it and below."""
        own = {binding.element for binding in self.bindings} | set(self.arguments)
        self.elements = frozenset(own.union(*(child.closed().elements for child in self.children)))
        return self


@lru_cache(maxsize=1)
def layout() -> Node:
    """The outline of a batch, read once."""
    return read_layout(_LAYOUT.read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def message_layout() -> Node:
    """The outline of one message of a batch."""
    return next(child for child in layout().children if child.name == "PORR_IN049016UV")


def read_layout(text: str) -> Node:
    """Read an outline; its notation stands at its top."""
    root: Node | None = None
    above: list[Node] = []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        depth = (len(line) - len(line.lstrip())) // 2
        del above[depth:]
        words = shlex.split(line)
        if words[0] == "%stands":
            above[-1].arguments.append(words[1])
            continue
        if words[0].startswith("%"):
            above[-1].links.append((words[0][1:], tuple(words[1].split("/"))))
            continue
        node = _node(words)
        if above:
            above[-1].children.append(node)
        else:
            root = node
        above.append(node)
    if root is None:
        raise ValueError("the outline is empty")
    return root.closed()


def _node(words: list[str]) -> Node:
    node = Node(words[0])
    for place, word in enumerate(words[1:], 1):
        if word in ("*", "!", "&"):
            node.repeats |= word == "*"
            node.required |= word == "!"
            node.holds_place |= word == "&"
        elif word.startswith("%"):
            node.codec, node.arguments = word[1:], words[place + 1 :]
            break
        elif word.startswith(("@", "text:")):
            node.bindings.append(_binding(word))
        else:
            name, _, value = word.partition("=")
            node.fixed[_attribute(name)] = expanded(value.removeprefix("="))
            if value.startswith("="):
                node.keys[_attribute(name)] = expanded(value[1:])
    return node


def _binding(word: str) -> Binding:
    name, _, rest = word.partition(":")
    rest, _, default = rest.partition("|")
    element, _, prefix = rest.partition("^")
    return Binding(TEXT if name == "text" else _attribute(name[1:]), element, expanded(default), prefix)


def _attribute(name: str) -> str:
    return f"{{{XSI}}}{name[4:]}" if name.startswith("xsi:") else name
