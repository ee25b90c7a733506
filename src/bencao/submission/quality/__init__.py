"""Checks of a translation: numbers by value, units, dates, negations, completeness, tags and terms."""

from bencao.submission.quality.checking import check_texts
from bencao.submission.quality.finding import Finding

__all__ = ["Finding", "check_texts"]
