"""Coding: the words of reports to terms of a vocabulary, open or the user's own, with the probability of each."""

from bencao.safety.coding.applying import Uncoded, uncoded, with_codes
from bencao.safety.coding.coding import Candidate, Coded, Coder
from bencao.safety.coding.embedding import meanings_of, read_sentence_encoder
from bencao.safety.coding.vocabulary import Name, Vocabulary

__all__ = [
    "Candidate",
    "Coded",
    "Coder",
    "Name",
    "Uncoded",
    "Vocabulary",
    "meanings_of",
    "read_sentence_encoder",
    "uncoded",
    "with_codes",
]
