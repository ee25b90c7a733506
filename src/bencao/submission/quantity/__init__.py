"""Numbers with their units in English and Chinese text, read by value and held against each other."""

from bencao.submission.quantity.chinese import read_chinese
from bencao.submission.quantity.english import read_english
from bencao.submission.quantity.matching import Difference, compare
from bencao.submission.quantity.quantity import Quantity

__all__ = ["Difference", "Quantity", "compare", "read_chinese", "read_english"]
