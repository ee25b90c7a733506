"""Like molecules in a library: exactly those, with exactly the similarity, that RDKit gives."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rdkit import Chem, DataStructs
from rdkit.Chem import rdFingerprintGenerator

from bencao.discovery.errors import LibraryError
from bencao.discovery.similarity import index as indexing
from bencao.discovery.similarity.index import build_index, search
from bencao.discovery.similarity.tanimoto import WORDS, common_bits, fingerprint

RINGS = ["c1ccccc1", "c1ccncc1", "C1CCNCC1", "c1ccc2[nH]ccc2c1", "C1CCOC1", "c1cncnc1", "C1CC1", "c1ccsc1"]
LINKS = ["C(=O)N", "CC", "OC", "NC", "S(=O)(=O)N", "C(=O)O"]
SMILES = [f"{tail}{link}{ring}" for tail in ("CC", "FC", "OCC", "N#CC", "CCCC") for link in LINKS for ring in RINGS]
QUERY = "CCC(=O)Nc1ccccc1"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An index of several shards, each looked at in several steps."""
    monkeypatch.setattr(indexing, "_SHARD", 90)
    monkeypatch.setattr(indexing, "_STEP", 16)
    library = tmp_path / "library.smi"
    shuffled = random.Random(3).sample(SMILES, len(SMILES))
    library.write_text("".join(f"{smiles} m{n}\n" for n, smiles in enumerate(["nonsense", *shuffled])))
    assert build_index(library, tmp_path / "index", progress=False) == (len(SMILES), 1)
    return tmp_path / "index"


@pytest.mark.parametrize("count", [1, 7, 50, 1000])
def test_the_hits_are_those_of_rdkit(folder: Path, count: int) -> None:
    generator = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)
    query = generator.GetFingerprint(Chem.MolFromSmiles(QUERY))
    prints = [generator.GetFingerprint(Chem.MolFromSmiles(smiles)) for smiles in SMILES]
    expected = dict(zip(SMILES, DataStructs.BulkTanimotoSimilarity(query, prints), strict=True))
    hits = search(folder, fingerprint(Chem.MolFromSmiles(QUERY)), count)
    assert [hit.similarity for hit in hits] == sorted(expected.values(), reverse=True)[:count]
    assert all(expected[hit.smiles] == hit.similarity for hit in hits)
    assert [(-hit.similarity, hit.row) for hit in hits] == sorted((-hit.similarity, hit.row) for hit in hits)


def test_bits_are_counted_right_even_where_all_are_set() -> None:
    prints = np.random.default_rng(1).integers(0, 2**64, (9000, WORDS), dtype=np.uint64)
    prints[17] = np.uint64(2**64 - 1)
    assert (common_bits(prints, prints[17]) == np.bitwise_count(prints).sum(axis=1)).all()


def test_an_index_that_is_not_whole_is_refused(folder: Path) -> None:
    query = fingerprint(Chem.MolFromSmiles(QUERY))
    (folder / "0001.bits.npy").write_bytes(b"")
    with pytest.raises(LibraryError, match="no whole index"):
        search(folder, query)
    with pytest.raises(LibraryError, match="no whole index"):
        search(folder / "nowhere", query)


def test_the_commands_build_and_search(bencao: Callable[..., Any]) -> None:
    Path("library.smi").write_text("CCO ethanol\nnonsense x\nc1ccccc1O phenol\n")
    assert json.loads(bencao("discovery", "index", "library.smi", "-o", "index", "--json").out) == {
        "molecules": 2,
        "left_out": 1,
    }
    answer = bencao("discovery", "similar", "Oc1ccccc1", "index", "--json")
    assert [(hit["name"], hit["row"]) for hit in json.loads(answer.out)] == [("phenol", 3), ("ethanol", 1)]
    assert json.loads(answer.out)[0]["similarity"] == 1.0


@pytest.mark.parametrize("arguments", [("nonsense", "index"), ("CCO", "nowhere")])
def test_a_wrong_query_or_index_is_one_line(bencao: Callable[..., Any], arguments: tuple[str, str]) -> None:
    answer = bencao("discovery", "similar", *arguments)
    assert answer.code == 2
    assert len(answer.err.strip().splitlines()) == 1
