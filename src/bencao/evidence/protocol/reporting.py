"""What the report of such a study must tell: the items of RECORD-PE and of STaRT-RWE, named in our own words."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).parent / "reporting.csv"


@dataclass(frozen=True)
class Item:
    """One thing to report.

    Attributes
    ----------
    guideline : {"RECORD-PE", "STaRT-RWE"}
    item : str
        Its number with the statement that asks for it (STROBE, RECORD, RECORD-PE); of STaRT-RWE our own
        name for a part of its tables.
    part : str
    titles : dict of str
        By language.
    told : str
        What of a study answers it; empty where only a person can.
    """

    guideline: str
    item: str
    part: str
    titles: dict[str, str]
    told: str


@cache
def reporting_items() -> tuple[Item, ...]:
    """All items in the order of their guidelines.

    References
    ----------
    Langan SM, Schmidt SA, Wing K, et al. (2018). The reporting of studies conducted using observational routinely
    collected health data statement for pharmacoepidemiology (RECORD-PE). BMJ 363, k3532.
    Wang SV, Pinheiro S, Hua W, et al. (2021). STaRT-RWE: structured template for planning and reporting on the
    implementation of real world evidence studies. BMJ 372, m4856.
    """
    with _TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Item(row["guideline"], row["item"], row["part"], {"en": row["en"], "zh": row["zh"]}, row["told"])
            for row in csv.DictReader(file)
        )
