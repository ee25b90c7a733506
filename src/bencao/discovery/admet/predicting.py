"""All that the shipped panels say of a molecule of a library."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from bencao.discovery.admet.estimating import LEVEL, Estimate, estimates
from bencao.discovery.admet.measured import described
from bencao.discovery.admet.panel import SHIPPED, shipped
from bencao.discovery.molecules.reading import LibraryRow


@dataclass(frozen=True)
class Admet:
    """What is predicted of a molecule, and what has been measured of it.

    Attributes
    ----------
    smiles : str
        The standard form, which is what was looked at.
    panels : tuple of (str, tuple of Estimate)
        ``solubility``: ``logS``, log10 of the solubility in water in mol/L. ``tox21``: twelve assays of nuclear
        receptors (NR) and stress responses (SR).
    """

    smiles: str
    panels: tuple[tuple[str, tuple[Estimate, ...]], ...]

    def as_json(self) -> dict[str, Any]:
        """Estimates by panel."""
        return {"smiles": self.smiles} | {name: [asdict(one) for one in told] for name, told in self.panels}

    def cells(self) -> dict[str, Any]:
        """The same as cells of a table, see `columns`."""
        found: dict[str, Any] = {"standard": self.smiles}
        for name, told in self.panels:
            for one in told:
                found[one.task] = round(one.value, 3)
                if one.verdict:
                    found[f"{one.task}_set"] = one.verdict
                else:
                    found[f"{one.task}_low"] = "" if one.low is None else round(one.low, 3)
                    found[f"{one.task}_high"] = "" if one.high is None else round(one.high, 3)
                found[f"{one.task}_from"] = "training set: measured" if one.measured else "predicted"
            found[f"{name}_similarity"] = round(told[0].similarity, 3)
            found[f"{name}_domain"] = "within" if told[0].near else "outside"
        return found


def columns() -> tuple[str, ...]:
    """Columns of `Admet.cells`: of each endpoint its value, interval or set, and whether it was measured."""
    found = ["standard"]
    for name in SHIPPED:
        panel = shipped(name)
        for task in panel.tasks:
            told = ("_set",) if panel.classes else ("_low", "_high")
            found += [task, *(f"{task}{one}" for one in told), f"{task}_from"]
        found += [f"{name}_similarity", f"{name}_domain"]
    return tuple(found)


def predict_admet(row: LibraryRow, level: float = LEVEL) -> Admet:
    """Predict a molecule's solubility and its activity in Tox21's assays.

    Parameters
    ----------
    row : LibraryRow
    level : float
        Share of truths that intervals and sets are to hold on new scaffolds.

    Returns
    -------
    Admet

    Raises
    ------
    MoleculeError
        No molecule, or none that can be standardised.
    ModelError
        Where the shipped panels are not what their card says.

    Examples
    --------
    >>> found = predict_admet(LibraryRow(1, "CCOc1ccc(NC(C)=O)cc1"))  # phenacetin
    >>> [(one.task, round(one.value, 2), one.measured) for one in dict(found.panels)["solubility"]]
    [('logS', -2.35, True)]
    """
    one = described(row)
    return Admet(one.smiles, tuple((name, estimates(shipped(name), one, level)) for name in SHIPPED))
