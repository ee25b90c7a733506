"""What became of each leaf: which one replaced, appended to or deleted it, over the sequences of an application."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from bencao.submission.ectd.application import Application, Sequence, resolved
from bencao.submission.ectd.backbone.leaf import Leaf
from bencao.submission.ectd.backbone.reading import Backbone

Problem = Literal["", "none", "outside", "no-sequence", "not-earlier", "no-backbone", "no-leaf"]


@dataclass(frozen=True)
class Key:
    """A leaf anywhere in the application."""

    sequence: str
    backbone: str
    id: str

    def __str__(self) -> str:
        return f"{self.sequence}/{self.backbone}#{self.id}"


@dataclass(frozen=True)
class Target:
    """What a leaf's modified-file means."""

    problem: Problem
    key: Key | None = None


@dataclass
class Life:
    """A leaf and what came after it.

    Parameters
    ----------
    key : Key
    leaf : Leaf
    target : Target
        What it modifies.
    followers : list of (Key, str)
        Leaves that modify it, with their operation, in the order of the sequences.
    """

    key: Key
    leaf: Leaf
    target: Target
    followers: list[tuple[Key, str]] = field(default_factory=list)

    @property
    def path(self) -> str | None:
        """Its file's path, relative to its sequence's folder; None without a file, or outside the application."""
        return resolved(self.key.backbone, self.leaf.href) if self.leaf.href else None

    @property
    def status(self) -> Literal["current", "replaced", "deleted", "deletion"]:
        """What it is at the end; ``deletion`` is a leaf that deletes another and has no file."""
        if self.leaf.operation == "delete":
            return "deletion"
        done = [operation for _, operation in self.followers]
        return "deleted" if "delete" in done else "replaced" if "replace" in done else "current"


class Lifecycle:
    """The lives of an application's leaves, up to a sequence.

    Parameters
    ----------
    application : Application
    up_to : str, optional
        Name of the last sequence to look at; all without it.
    """

    def __init__(self, application: Application, up_to: str | None = None) -> None:
        self.lives: dict[Key, Life] = {}
        self.repeats: list[Key] = []
        for sequence in application.sequences:
            if up_to is not None and sequence.name > up_to:
                break
            for backbone, leaf in sequence.leaves():
                self._live(application, sequence, backbone, leaf)

    def _live(self, application: Application, sequence: Sequence, backbone: Backbone, leaf: Leaf) -> None:
        key = Key(sequence.name, backbone.path, leaf.id)
        target = target_of(application, sequence, backbone, leaf)
        if key in self.lives:
            self.repeats.append(key)
        self.lives[key] = Life(key, leaf, target)
        if target.key is not None and not target.problem and target.key in self.lives:
            self.lives[target.key].followers.append((key, leaf.operation))

    def current(self) -> Iterator[Life]:
        """Leaves whose file stands at the end."""
        return (life for life in self.lives.values() if life.status == "current")

    def before(self, key: Key) -> Life | None:
        """The leaf that this one modifies."""
        target = self.lives[key].target.key
        return self.lives.get(target) if target is not None else None

    def history(self, key: Key) -> list[Life]:
        """A leaf with all that came before and after it, oldest first."""
        first = key
        seen = {first}
        while (earlier := self.before(first)) is not None and earlier.key not in seen:
            first = earlier.key
            seen.add(first)
        found: list[Life] = []
        left = [first]
        while left:
            life = self.lives[left.pop(0)]
            if life not in found:
                found.append(life)
                left.extend(follower for follower, _ in life.followers)
        return found


def target_of(application: Application, sequence: Sequence, backbone: Backbone, leaf: Leaf) -> Target:
    """The leaf that a modified-file means, or why it means none."""
    reference = leaf.modified_file
    if not reference:
        return Target("none")
    path = resolved(backbone.path, reference)
    if path is None:
        return Target("outside")
    name, inner = sequence.name, path
    if path.startswith("../"):
        name, _, inner = path.removeprefix("../").partition("/")
    key = Key(name, inner, reference.partition("#")[2])
    earlier = application.sequence(name)
    if earlier is None:
        return Target("no-sequence", key)
    there = next((one for one in earlier.backbones if one.path == inner), None)
    if there is None:
        return Target("no-backbone", key)
    if key.id not in there.by_id:
        return Target("no-leaf", key)
    return Target("not-earlier" if name >= sequence.name else "", key)
