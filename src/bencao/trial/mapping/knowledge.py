"""What is known of SDTM variables: their names on forms, how they are asked for, their codelists and kinds."""

from __future__ import annotations

import json
import lzma
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from bencao.trial.mapping.similarity import Vectors, name_grams, phrase_grams

Kind = Literal["date", "number", "codelist", "yesno", "text", "identifier", "not submitted"]
KINDS: tuple[Kind, ...] = ("date", "number", "codelist", "yesno", "text", "identifier", "not submitted")

Places = npt.NDArray[np.int64]
NOT_SUBMITTED = "NOT SUBMITTED"


@dataclass(frozen=True)
class Target:
    """What a column may be mapped to.

    Attributes
    ----------
    domain : str
        Empty for a variable of every domain, such as VISIT, and for what is not submitted.
    variable : str
    test : str
        Short name of the test, where a column holds the results of one test; else empty.
    names : tuple of str
        Of the variable in SDTM, and of its fields on standard forms.
    codelists : tuple of str
        NCI concepts, the most frequent first.
    kind : Kind
    share : float
        Of the domain's standard forms that ask for it.
    """

    domain: str
    variable: str
    test: str
    names: tuple[str, ...]
    codelists: tuple[str, ...]
    kind: Kind
    share: float

    @property
    def stem(self) -> str:
        """The variable without its domain: ``--STDTC``."""
        own = self.domain and self.variable.startswith(self.domain) and len(self.variable) > len(self.domain)
        return f"--{self.variable[len(self.domain) :]}" if own else self.variable


@dataclass(frozen=True)
class Knowledge:
    """Targets, and the phrases that ask for them.

    Attributes
    ----------
    targets : tuple of Target
    phrases : tuple of str
    links : tuple of (phrase, target, domain, form)
        Places of a phrase and of a target that it asks for, in order of the targets, and the form that it stands on.
    domains : dict of str to str
        Code to name.
    """

    targets: tuple[Target, ...]
    phrases: tuple[str, ...]
    links: tuple[tuple[int, int, str, str], ...]
    domains: dict[str, str]

    @cached_property
    def phrase_vectors(self) -> Vectors:
        """The phrases by their words."""
        return Vectors([phrase_grams(phrase) for phrase in self.phrases])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of all targets, each once."""
        return tuple(sorted({name for target in self.targets for name in target.names}))

    @cached_property
    def name_vectors(self) -> Vectors:
        """The names by their letters."""
        return Vectors([name_grams(name) for name in self.names])

    @cached_property
    def tail_vectors(self) -> Vectors:
        """The names by their letters, without the two of the domain."""
        return Vectors([name_grams(name[2:]) for name in self.names])

    @cached_property
    def name_links(self) -> tuple[Places, Places]:
        """Place of a name and place of its target, in order of the targets."""
        places = {name: place for place, name in enumerate(self.names)}
        pairs = [(places[name], index) for index, target in enumerate(self.targets) for name in target.names]
        return np.array([one for one, _ in pairs]), np.array([other for _, other in pairs])

    @cached_property
    def stems(self) -> Places:
        """Number of each target's stem."""
        numbers: dict[str, int] = {}
        return np.array([numbers.setdefault(target.stem, len(numbers)) for target in self.targets])


def read_knowledge(path: Path) -> Knowledge:
    """Read the knowledge of the package.

    Parameters
    ----------
    path : Path
        ``.json.xz``, as training/trial_mapping.py writes it.

    Returns
    -------
    Knowledge
    """
    told = json.loads(lzma.decompress(path.read_bytes()))
    targets = tuple(
        Target(domain, variable, test, tuple(names), tuple(codelists), kind, share)
        for domain, variable, test, names, codelists, kind, share in told["targets"]
    )
    links = tuple((phrase, target, domain, form) for phrase, target, domain, form in told["links"])
    return Knowledge(targets, tuple(told["phrases"]), links, told["domains"])
