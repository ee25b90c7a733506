"""What the page and the table say of a hit's ADMET, in either language."""

from __future__ import annotations

import csv

import pytest

from bencao.discovery.admet.predicting import predict_admet
from bencao.discovery.docking.docking import Docked, Pose
from bencao.discovery.docking.results import Judged
from bencao.discovery.funnel.hits import Hit
from bencao.discovery.funnel.outlook import active_in_words, solubility_in_words
from bencao.discovery.funnel.page import _assays, _row
from bencao.discovery.funnel.results import _hits_table
from bencao.discovery.funnel.sieve import Candidate
from bencao.discovery.molecules.properties import molecule_properties
from bencao.discovery.molecules.reading import LibraryRow


def hit(smiles: str, *, described: bool = True) -> Hit:
    row = LibraryRow(1, smiles, "one")
    docked = Docked("one", smiles, 1, (Pose(-7.0, 0, ""),))
    one = Candidate(1, "one", smiles, smiles)
    return Hit(
        1, one, molecule_properties(row), docked, Judged(docked), None, predict_admet(row) if described else None
    )


@pytest.mark.parametrize(("lang", "said"), [("en", "in training set: measured value"), ("zh", "在训练集中：实测值")])
def test_a_measured_value_is_marked_and_a_predicted_one_has_an_interval(lang: str, said: str) -> None:
    known, new = hit("CCOc1ccc(NC(C)=O)cc1"), hit("CC(=O)Oc1ccc(F)cc1C(=O)NC")
    told = [solubility_in_words(one.as_json()["admet"], lang) or "" for one in (known, new)]
    assert told[0].startswith("-2.35") and said in told[0]
    assert "[" in told[1] and said not in told[1]
    (assays,) = _assays(new, lang)
    assert len(assays.rows) == 12
    cells = list(csv.DictReader(_hits_table([new]).splitlines()))
    assert float(cells[0]["logS_low"]) < float(cells[0]["logS"]) < float(cells[0]["logS_high"])


def test_a_hit_that_cannot_be_described_is_still_shown() -> None:
    one = hit("CCOc1ccc(NC(C)=O)cc1", described=False)
    assert len(_row(one, "en")) == len(_row(hit("CCOc1ccc(NC(C)=O)cc1"), "en"))
    assert (_assays(one, "en"), solubility_in_words(None, "en"), active_in_words(None)) == ([], None, None)
    assert one.as_json()["admet"] is None
