"""What the checks of one sequence look at: read once, shared by all."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping

from bencao.submission.ectd.application import INDEX, Application, Sequence, resolved
from bencao.submission.ectd.backbone.leaf import Leaf
from bencao.submission.ectd.backbone.reading import Backbone
from bencao.submission.ectd.backbone.study import StudyFile, is_study_file, read_study
from bencao.submission.ectd.lifecycle import Key, Life, Lifecycle
from bencao.submission.ectd.pdf.facts import PdfFacts
from bencao.submission.ectd.region.assets import Assets
from bencao.submission.ectd.region.elements import cn_elements, ich_elements
from bencao.submission.ectd.validation.finding import Found, Missing

Check = Callable[["Context"], Iterator[Found]]
CHECKS: dict[str, Check] = {}


class Context:
    """One sequence within its application.

    Parameters
    ----------
    application : Application
    sequence : Sequence
    assets : Assets
        Official files.
    pdfs : mapping of str to PdfFacts
        By path in the sequence.
    """

    def __init__(
        self, application: Application, sequence: Sequence, assets: Assets, pdfs: Mapping[str, PdfFacts]
    ) -> None:
        self.application = application
        self.sequence = sequence
        self.assets = assets
        self.pdfs = pdfs

    @functools.cached_property
    def lifecycle(self) -> Lifecycle:
        """Lives of the leaves up to this sequence."""
        return Lifecycle(self.application, self.sequence.name)

    @functools.cached_property
    def before(self) -> Lifecycle:
        """Lives of the leaves as they were before this sequence."""
        earlier = [one for one in self.application.sequences if one.name < self.sequence.name]
        return Lifecycle(Application(self.application.folder, tuple(earlier)))

    @property
    def number(self) -> str:
        """The sequence's number by its envelope, by its folder where that has none."""
        envelope = self.sequence.regional.envelope if self.sequence.regional is not None else {}
        return envelope.get("sequence-number") or envelope.get("sequence") or self.sequence.name

    @property
    def earlier(self) -> tuple[Sequence, ...]:
        """Sequences before this one."""
        return tuple(one for one in self.application.sequences if one.name < self.sequence.name)

    def index(self) -> Backbone:
        """index.xml.

        Raises
        ------
        Missing
            Where it is absent or cannot be read; rule 3.1 says so.
        """
        if self.sequence.index is None:
            raise Missing(INDEX)
        return self.sequence.index

    def regional(self) -> Backbone:
        """The regional backbone; raises as `index`."""
        if self.sequence.regional is None:
            raise Missing(f"m1/{self.sequence.region or 'cn'}/{self.sequence.region or 'cn'}-regional.xml")
        return self.sequence.regional

    def life(self, backbone: Backbone, leaf: Leaf) -> Life:
        """A leaf's life up to this sequence."""
        return self.lifecycle.lives[Key(self.sequence.name, backbone.path, leaf.id)]

    def target(self, backbone: Backbone, leaf: Leaf) -> Life | None:
        """The earlier leaf that this one modifies, as it stood before this sequence; None where there is none."""
        told = self.life(backbone, leaf).target
        return self.before.lives.get(told.key) if told.key is not None and not told.problem else None

    def path(self, backbone: Backbone, leaf: Leaf) -> str | None:
        """Path of a leaf's file in the sequence, None where the reference leaves it or there is none."""
        if not leaf.href:
            return None
        path = resolved(backbone.path, leaf.href)
        return None if path is None or path.startswith("../") else path

    def where(self, backbone: Backbone, leaf: Leaf) -> str:
        """Name of a leaf in a finding."""
        return f"{backbone.path}#{leaf.id}" if leaf.id else f"{backbone.path}: line {leaf.line}"

    @functools.cached_property
    def referenced(self) -> dict[str, list[tuple[Backbone, Leaf]]]:
        """Files of the sequence by the leaves that reference them."""
        files: dict[str, list[tuple[Backbone, Leaf]]] = {}
        for backbone, leaf in self.sequence.leaves():
            path = self.path(backbone, leaf)
            if path is not None:
                files.setdefault(path, []).append((backbone, leaf))
        return files

    @functools.cached_property
    def studies(self) -> tuple[StudyFile, ...]:
        """Study tagging files of the sequence, those that cannot be read among them."""
        return tuple(
            read_study(self.sequence, path, leaf)
            for path, uses in sorted(self.referenced.items())
            for _, leaf in uses[:1]
            if path in self.sequence.files and is_study_file(self.sequence, path, leaf)
        )


def number_of(leaf: Leaf) -> str:
    """Number of the heading that a leaf stands under, such as ``3.2.S.4.1``."""
    for level in reversed(leaf.place):
        element = ich_elements().get(level.name) or cn_elements().get(level.name)
        if element is not None:
            return element.number
    return ""


def check(*rules: str) -> Callable[[Check], Check]:
    """Enter a check under the rules it judges."""

    def enter(function: Check) -> Check:
        for rule in rules:
            CHECKS[rule] = function
        return function

    return enter


def check_both(index: str, regional: str) -> Callable[[Callable[[Context, Backbone], Iterator[Found]]], None]:
    """Enter a check that asks the same of index.xml and of the regional backbone."""

    def enter(function: Callable[[Context, Backbone], Iterator[Found]]) -> None:
        CHECKS[index] = lambda context: function(context, context.index())
        CHECKS[regional] = lambda context: function(context, context.regional())

    return enter
