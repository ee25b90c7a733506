"""The shipped table of hazard scores, from classifications under GHS/CLP."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bencao.kernel import models
from bencao.synthesis.chemistry.molecule import inchikey

HAZARD_TABLE = Path(__file__).parents[1] / "models" / "hazard"
TABLE_NAME = "ghs-hazard"


@dataclass(frozen=True)
class Hazard:
    """How hazardous a molecule is classified.

    Attributes
    ----------
    score : float
        Sum of the severities of its independent hazard classes over the greatest sum possible: 0 for no hazard class,
        1 for the most severe in each.
    source : str
        ``A`` for the harmonised classification of Annex VI of the CLP Regulation, ``B`` for notified classifications
        and safety data sheets that agree.
    """

    score: float
    source: str


def hazard_of(smiles: str) -> Hazard | None:
    """The hazard of a molecule, or None where it is not in the table.

    Parameters
    ----------
    smiles : str
        One molecule or a salt.

    Raises
    ------
    ModelError
        The shipped table is absent or altered.

    Examples
    --------
    >>> hazard_of("Nc1ccccc1")
    Hazard(score=0.3506, source='A')
    """
    return _table().get(inchikey(smiles))


@lru_cache(maxsize=1)
def _table() -> dict[str, Hazard]:
    path = models.load(HAZARD_TABLE, TABLE_NAME).path("ghs.tsv")
    with path.open(encoding="utf-8", newline="") as handle:
        return {
            row["inchikey"]: Hazard(float(row["score"]), row["source"])
            for row in csv.DictReader(handle, delimiter="\t")
        }
