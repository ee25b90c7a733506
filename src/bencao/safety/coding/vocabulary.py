"""A vocabulary as names that each stand for a code, whatever file it was read from."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

Kind = Literal["reaction", "drug"]
_SIGNS = re.compile(r"[^\w]+")
_BRITISH = (
    (re.compile(r"haem"), "hem"),
    (re.compile(r"oede"), "ede"),
    (re.compile(r"oeso"), "eso"),
    (re.compile(r"aem(?=i)"), "em"),
    (re.compile(r"diarrhoea"), "diarrhea"),
    (re.compile(r"anaes"), "anes"),
    (re.compile(r"paed"), "ped"),
    (re.compile(r"tumour"), "tumor"),
    (re.compile(r"colour"), "color"),
    (re.compile(r"ae(?=[tg])"), "e"),
    (re.compile(r"oea\b"), "ea"),
    (re.compile(r"foet"), "fet"),
    (re.compile(r"leuc"), "leuk"),
)


@dataclass(frozen=True, slots=True)
class Name:
    """One of the names of a code.

    Attributes
    ----------
    text : str
        As the vocabulary writes it.
    code : str
        What a message carries: a MedDRA LLT, an HPO term, a drug.
    preferred, preferred_code : str
        The name and code that it is grouped under: MedDRA's PT; in an open vocabulary the term itself.
    current : bool
        False for what the vocabulary keeps but no longer allows in new reports.
    """

    text: str
    code: str
    preferred: str
    preferred_code: str
    current: bool = True


@dataclass(frozen=True)
class Vocabulary:
    """Names of reactions or of drugs.

    Attributes
    ----------
    title : str
        Such as ``MedDRA`` or ``HPO (open vocabulary)``.
    version : str
    kind : {"reaction", "drug"}
    names : tuple of Name
    licensed : bool
        Whether it is the user's own copy of what a licence forbids to ship; all else is an open vocabulary.
    """

    title: str
    version: str
    kind: Kind
    names: tuple[Name, ...] = field(repr=False)
    licensed: bool = False

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the names, so that what was made from them can be told from what was not."""
        lines = (f"{name.text}\t{name.code}\t{name.preferred_code}\t{name.current}\n" for name in self.names)
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    @cached_property
    def exact(self) -> dict[str, tuple[int, ...]]:
        """Places in `names` by folded text; current names before others."""
        places: dict[str, list[int]] = {}
        for place, name in enumerate(self.names):
            places.setdefault(folded(name.text), []).append(place)
        return {
            text: tuple(sorted(found, key=lambda place: (not self.names[place].current, place)))
            for text, found in places.items()
        }

    def joined(self, names: Iterable[Name]) -> Vocabulary:
        """The same with more names, such as those of another language."""
        return Vocabulary(self.title, self.version, self.kind, (*self.names, *names), self.licensed)


def folded(text: str) -> str:
    """A name without case, signs and accents, in American spelling; what two spellings of one name have in common.

    Examples
    --------
    >>> folded("Oedema, peripheral"), folded("Œdema peripheral")
    ('edema peripheral', 'edema peripheral')
    """
    # NFKC first: full-width letters of Chinese texts are letters; then accents go, and not the marks of other scripts.
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold().replace("œ", "oe"))
    plain = "".join(sign for sign in plain if not "\u0300" <= sign <= "\u036f").replace("'s", "")
    plain = _SIGNS.sub(" ", plain).replace("_", " ").strip()
    for british, american in _BRITISH:
        plain = british.sub(american, plain)
    return plain
