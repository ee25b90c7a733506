"""Measures of disproportion in a fourfold table, plain and stratified."""

from bencao.safety.signals.disproportionality.fourfold import Fourfold, Ratio, chi_squared, prr, ror, rrr
from bencao.safety.signals.disproportionality.information_component import Component, information_component
from bencao.safety.signals.disproportionality.mantel_haenszel import mantel_haenszel

__all__ = [
    "Component",
    "Fourfold",
    "Ratio",
    "chi_squared",
    "information_component",
    "mantel_haenszel",
    "prr",
    "ror",
    "rrr",
]
