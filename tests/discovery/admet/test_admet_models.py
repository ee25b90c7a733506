"""What a panel rests on: trees as fitted, parts without a common scaffold, intervals that hold as often as they say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rdkit import Chem
from rdkit.Chem import Crippen

from bencao.discovery.admet import learning
from bencao.discovery.admet.conformal import class_p, reach
from bencao.discovery.admet.estimating import estimates
from bencao.discovery.admet.learning import learn
from bencao.discovery.admet.measured import Measured, described, read_measured
from bencao.discovery.admet.panel import unpacked
from bencao.discovery.admet.scaffolds import scaffold_folds
from bencao.discovery.errors import LibraryError
from bencao.discovery.molecules.reading import LibraryRow
from bencao.kernel.errors import InputError

RINGS = ["c1ccccc1", "c1ccncc1", "C1CCCCC1", "c1ccoc1", "c1ccsc1", "C1CCNCC1", "c1ccc2ccccc2c1", "c1cc[nH]c1"]
TAILS = ["C", "CC", "CCC", "OC", "NC", "ClC", "FC", "OC(=O)", "NC(=O)", "OCC", "CO", "N#C", "CCCC", "BrC"]


@pytest.fixture(scope="module")
def logp(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    """112 molecules whose "measured" value is RDKit's logP."""
    smiles = [Chem.CanonSmiles(f"{tail}{ring}") for ring in RINGS for tail in TAILS]
    lines = [f"{one},{Crippen.MolLogP(Chem.MolFromSmiles(one)):.3f}" for one in smiles]  # type: ignore[attr-defined]
    path = tmp_path_factory.mktemp("logp") / "logp.csv"
    path.write_text("smiles,logP\n" + "\n".join(lines) + "\n")
    return read_measured(path, ["logP"])


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for told in (learning.VALUES, learning.CLASSES):
        monkeypatch.setitem(told, "max_iter", 25)
        monkeypatch.setitem(told, "min_samples_leaf", 4)


def test_the_trees_give_what_scikit_learn_gives() -> None:
    random = np.random.default_rng(1)
    table = random.normal(size=(150, 93)).astype(np.float32)
    table[:, 5] = np.round(table[:, 5])
    values = (table[:, 0] + table[:, 5] * table[:, 1]).astype(np.float32)
    from sklearn.ensemble import HistGradientBoostingRegressor

    model = HistGradientBoostingRegressor(max_iter=20, min_samples_leaf=5, random_state=1).fit(table, values)
    nodes = [one[0].nodes for one in model._predictors]
    forest = learning.forest_of([{"start": float(np.ravel(model._baseline_prediction)[0]), "nodes": nodes}] * 2)
    unseen = random.normal(size=(200, 93)).astype(np.float32)
    found = forest.outputs(unseen)
    assert found.shape == (200, 2)
    assert found[:, 0] == pytest.approx(model.predict(unseen), abs=1e-5)  # leaves are kept in single precision
    assert np.array_equal(found[:, 0], found[:, 1])


def test_no_scaffold_is_in_two_parts_and_parts_are_about_even(logp: Measured) -> None:
    fold = scaffold_folds(logp.scaffolds, 4, seed=3)
    assert all(len(set(fold[np.array(logp.scaffolds) == one])) == 1 for one in set(logp.scaffolds))
    assert set(fold.tolist()) == {0, 1, 2, 3}
    assert np.bincount(fold).tolist() == [28, 28, 28, 28]
    assert not np.array_equal(fold, scaffold_folds(logp.scaffolds, 4, seed=4))


def test_an_interval_reaches_as_far_as_the_level_asks() -> None:
    random = np.random.default_rng(2)
    held = [abs(random.normal()) <= reach(np.abs(random.normal(size=99)), 0.9) for _ in range(2000)]
    assert np.mean(held) == pytest.approx(0.9, abs=0.03)  # four standard errors
    assert reach(np.arange(9.0), 0.95) == np.inf


def test_each_class_is_held_as_often_as_the_level_asks() -> None:
    random = np.random.default_rng(3)
    for centre, active in ((1.0, True), (-1.0, False)):
        told = []
        for _ in range(1000):
            held = np.sort(random.normal(centre, size=99))
            told.append(class_p(random.normal(centre), held, active=active) > 0.1)
        assert np.mean(told) == pytest.approx(0.9, abs=0.04)
    assert class_p(-9.0, np.array([0.0, 1.0, 2.0]), active=True) == 0.25
    assert class_p(1.0, np.array([0.0, 1.0, 2.0]), active=False) == 0.75


def test_what_tells_twice_of_a_substance_is_one(tmp_path: Path) -> None:
    path = tmp_path / "tox.csv"
    rows = ["OC(=O)c1ccccc1,0,1", "[O-]C(=O)c1ccccc1.[Na+],1,1", "nonsense,0,0", "C[C@H](N)CC,1,", "C[C@@H](N)CC,1,0"]
    path.write_text("\n".join(["smiles,a,b", *rows]) + "\n")
    found = read_measured(path, ["a", "b"])
    assert (len(found.substances), found.refused, found.merged, found.classes) == (2, 1, 2, True)
    assert np.array_equal(found.values, [[np.nan, 1], [1, 0]], equal_nan=True)
    with pytest.raises(LibraryError, match="no column c"):
        read_measured(path, ["c"])
    path.write_text("smiles,a\nCCO,high\n")
    with pytest.raises(LibraryError, match="row 2, a: 'high' is no number"):
        read_measured(path, ["a"])


@pytest.mark.usefixtures("quick")
def test_a_panel_of_values_widens_with_distance_and_keeps_its_file(logp: Measured, tmp_path: Path) -> None:
    panel = learn(logp)
    (tmp_path / "logp.npz").write_bytes(panel.packed())
    again = unpacked(tmp_path / "logp.npz")
    assert again.packed() == panel.packed()
    near, far = (described(LibraryRow(1, one)) for one in ("CCCCc1ccncc1C", "FC(F)(F)S(=O)(=O)N1CC1P(C)(C)=O"))
    (like,), (unlike,) = estimates(again, near), estimates(again, far)
    assert like.near and not unlike.near
    assert like.low is not None and unlike.low is not None and like.high is not None and unlike.high is not None
    assert like.low < like.value < like.high
    assert unlike.high - unlike.low > 1.3 * (like.high - like.low)
    (known,) = estimates(again, logp.substances[0])
    assert (known.measured, known.low) == (True, None)
    assert known.value == pytest.approx(float(logp.values[0, 0]))


@pytest.mark.usefixtures("quick")
def test_a_panel_of_classes_tells_actives_from_inactives(logp: Measured) -> None:
    values = (logp.values > np.median(logp.values)).astype(np.float32)
    panel = learn(Measured(("greasy",), logp.substances, values))
    greasy, watery = (
        estimates(panel, described(LibraryRow(1, one)))[0] for one in ("CCCCCc1ccc2ccccc2c1", "OCCOC1CNCCN1")
    )
    assert greasy.active is not None and watery.active is not None
    assert greasy.active > 0.3 > watery.active
    assert (greasy.verdict, greasy.low) == ("active", None)
    with pytest.raises(InputError, match="greasy: 3 measured values"):
        learn(Measured(("greasy",), logp.substances, np.where(np.arange(112)[:, None] < 3, 1, 0).astype(np.float32)))
    told = zip(logp.substances, logp.scaffolds, strict=True)
    rings = [one for one, scaffold in told if scaffold == logp.scaffolds[0]]
    with pytest.raises(InputError, match=r"too few scaffolds \(1\)"):
        learn(Measured(("greasy",), tuple(rings), np.zeros((len(rings), 1), dtype=np.float32)))
