"""A library read in a stream gets the batch that its surrogate would choose of it whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rdkit import Chem
from rdkit.Chem import Crippen

from bencao.discovery import LibraryRow, suggest_next
from bencao.discovery.active.large import PrintProcess, Prints, describe_row
from bencao.discovery.errors import LibraryError

HEADS = ["C", "CC", "c1ccccc1", "C1CCCCC1", "c1ccncc1", "C1CCOC1", "CC(C)", "C(F)(F)F", "C#C", "c1ccsc1"]
TAILS = ["O", "N", "F", "Cl", "Br", "C(=O)O", "C(=O)N", "S(=O)(=O)N", "N#CC", "OC", "N(C)C", "c1ccc(O)cc1"]
SMILES = [f"{tail}{link}{head}" for head in HEADS for link in ("", "CC", "C(=O)N", "OC") for tail in TAILS]
SCORES = np.array([-Crippen.MolLogP(Chem.MolFromSmiles(smiles)) for smiles in SMILES])


def _write(path: Path, scored: set[int]) -> Path:
    rows = [f"{one},{SCORES[n] if n in scored else ''}\n" for n, one in enumerate(SMILES)]
    path.write_text("smiles,score\n" + "nonsense,\n" + "".join(rows))
    return path


def test_the_stream_finds_what_is_promising(tmp_path: Path) -> None:
    scored = {int(one) for one in np.random.default_rng(3).permutation(len(SMILES))[:80]}
    path = _write(tmp_path / "library.csv", scored)
    batch = suggest_next(path, count=40, best=40, large=100)
    assert (batch.molecules, batch.scored, len(batch.unread)) == (len(SMILES), 80, 1)
    chosen = [SMILES.index(one.row.smiles) for one in batch.suggested]
    assert len(set(chosen)) == 40 and not scored & set(chosen)
    open_ = [n for n in range(len(SMILES)) if n not in scored]
    best = sorted(open_, key=lambda n: SCORES[n])[:40]
    assert len(set(chosen) & set(best)) > 20  # 4 at random
    assert batch.recovery is not None and 0 < batch.recovery < 1
    again = suggest_next(path, count=40, best=40, large=100, workers=2)
    assert again.suggested == batch.suggested


def test_a_prediction_is_that_of_the_whole_covariance() -> None:
    prints = Prints.of([describe_row(LibraryRow(n, one)) for n, one in enumerate(SMILES[:60])])
    process = PrintProcess(prints.of_places(slice(0, 40)), SCORES[:40])
    mean, deviation = process.predict(prints)
    each = [process.predict(prints.of_places([one])) for one in range(60)]
    assert mean == pytest.approx([one[0][0] for one in each], abs=1e-4)
    assert deviation == pytest.approx([one[1][0] for one in each], abs=1e-4)
    assert deviation[:40].max() < deviation[40:].max()
    assert np.corrcoef(mean[40:], SCORES[40:60])[0, 1] > 0.5
    assert len(process.left_out()) == 40


def test_without_scores_it_draws_and_a_bad_score_is_named(tmp_path: Path) -> None:
    batch = suggest_next(_write(tmp_path / "library.csv", set()), count=5, large=100)
    assert len(batch.suggested) == 5 and batch.recovery is None
    path = tmp_path / "bad.csv"
    path.write_text("smiles,score\nCCO,-1\nCCN,low\n")
    with pytest.raises(LibraryError, match="row 3"):
        suggest_next(path, large=1)
