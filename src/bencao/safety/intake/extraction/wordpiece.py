"""WordPiece for the extraction model: a text's words with their places, and the pieces that stand for them.

The uncased scheme of BERT (Devlin et al. 2019, doi:10.18653/v1/N19-1423)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

PADDING, UNKNOWN, START, END = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
_LONGEST_WORD = 100


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text as the model reads it.

    Attributes
    ----------
    ids : tuple of int
        Pieces, the mark of the start first and that of the end last.
    words : tuple of (int, int)
        Start and end of each word in the text, in characters.
    first : tuple of int
        Place in `ids` of each word's first piece.
    """

    ids: tuple[int, ...]
    words: tuple[tuple[int, int], ...]
    first: tuple[int, ...]


def words_of(text: str) -> list[tuple[int, int]]:
    """Split a text into words: start and end of each, in characters.

    Examples
    --------
    >>> text = "Insulin-induced rash."
    >>> [text[start:end] for start, end in words_of(text)]
    ['Insulin', '-', 'induced', 'rash', '.']
    """
    words: list[tuple[int, int]] = []
    start = -1
    for place, character in enumerate(text):
        alone = _stands_alone(character)
        if (alone or _is_blank(character)) and start >= 0:
            words.append((start, place))
            start = -1
        if alone:
            words.append((place, place + 1))
        elif start < 0 and not _is_blank(character):
            start = place
    if start >= 0:
        words.append((start, len(text)))
    return words


def encode(text: str, vocabulary: Mapping[str, int], words: list[tuple[int, int]] | None = None) -> Pieces:
    """Cut a text into pieces: lower case without accents, each word into the longest pieces that there are.

    Parameters
    ----------
    text : str
    vocabulary : mapping of str to int
        Pieces with their numbers; those that continue a word begin with ``##``.
    words : list of (int, int), optional
        The words to cut, where not all of the text's are wanted.
    """
    ids = [vocabulary[START]]
    first = []
    places = words_of(text) if words is None else words
    for start, end in places:
        first.append(len(ids))
        ids.extend(_cut(_plain(text[start:end]), vocabulary))
    return Pieces((*ids, vocabulary[END]), tuple(places), tuple(first))


def _cut(word: str, vocabulary: Mapping[str, int]) -> list[int]:
    """Longest pieces from the left; the whole word is unknown where one part is."""
    if not word or len(word) > _LONGEST_WORD:
        return [vocabulary[UNKNOWN]]
    pieces = []
    start = 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = vocabulary.get(("##" if start else "") + word[start:end])
            if piece is not None:
                pieces.append(piece)
                start = end
                break
        else:
            return [vocabulary[UNKNOWN]]
    return pieces


def _plain(word: str) -> str:
    """Lower case without accents and without characters that are not seen."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    return "".join(one for one in decomposed if unicodedata.category(one) not in ("Mn", "Cc", "Cf"))


def _is_blank(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in ("Cc", "Zs", "Zl", "Zp")


def _stands_alone(character: str) -> bool:
    """Punctuation, an ASCII sign, or a Chinese character."""
    if character.isascii():
        return 33 <= ord(character) < 127 and not character.isalnum()
    return unicodedata.category(character).startswith("P") or _is_ideograph(character)


def _is_ideograph(character: str) -> bool:
    return 0x3400 <= ord(character) <= 0x9FFF or 0x20000 <= ord(character) <= 0x2FA1F
