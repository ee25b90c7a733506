"""A company trains on its own reactions and uses the model everywhere."""

from __future__ import annotations

import json
import lzma
from datetime import date
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the training extra is not installed")
pytest.importorskip("onnx", reason="the training extra is not installed")

from bencao.kernel.errors import InputError, ModelError
from bencao.synthesis.proposer import TemplateProposer
from bencao.synthesis.train.network import NetworkSettings
from bencao.synthesis.train.pipeline import TrainingSettings, train

SMALL = TrainingSettings(
    development=10,
    minimum=(2, 2),
    network=NetworkSettings(slots=1_024, wide=32, narrow=32, batch=64, epochs=12, dropout=0.0, rate=0.01),
    workers=1,
)


@pytest.fixture(scope="module")
def table(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """600 mapped patent reactions."""
    path = tmp_path_factory.mktemp("train") / "reactions.tsv"
    with lzma.open(shared_data / "synthesis" / "reactions.tsv.xz", "rt") as handle:
        header = next(handle)
        rows = [line for line in handle if line.startswith("uspto50k-class1.2.1") and "\t1\t0\t" in line][:600]
    path.write_text(header + "".join(rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def model(table: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder trained on the table."""
    out = tmp_path_factory.mktemp("model") / "own"
    return train(table, out, settings=SMALL, made=date(2026, 1, 1), report=lambda line: None)


def test_a_trained_folder_proposes_what_it_has_learned(model: Path) -> None:
    proposals = TemplateProposer(model).propose("O=C(NCc1ccccc1)c1ccc(CN2CCCC2)cc1", top=10)
    assert proposals
    assert all(proposal.forward.ok for proposal in proposals)


def test_the_card_says_what_the_model_was_made_from(model: Path) -> None:
    card = json.loads((model / "template-relevance.card.json").read_text(encoding="utf-8"))
    assert card["trained_on"][0]["rows"] > 100
    assert "10 development products" in card["split"]


def test_a_killed_training_goes_on_from_its_last_epoch(table: Path, tmp_path: Path) -> None:
    said: list[str] = []

    def die(line: str) -> None:
        said.append(line)
        if line.startswith("epoch 3/"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(table, tmp_path / "own", settings=SMALL, report=die)
    assert not (tmp_path / "own").exists()
    said.clear()
    train(table, tmp_path / "own", settings=SMALL, report=said.append)
    assert next(line for line in said if line.startswith("epoch")).startswith("epoch 3/")


def test_an_altered_network_is_refused(model: Path, tmp_path: Path) -> None:
    copy = tmp_path / "altered"
    copy.mkdir()
    for file in model.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    network = copy / "network.onnx"
    network.write_bytes(network.read_bytes()[:-1] + b"\x00")
    with pytest.raises(ModelError, match=r"network\.onnx"):
        TemplateProposer(copy)


def test_a_table_without_reactions_says_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "wrong.tsv"
    path.write_text("smiles\nCCO\n", encoding="utf-8")
    with pytest.raises(InputError, match="column 'reaction'"):
        train(path, tmp_path / "own", settings=SMALL, report=lambda line: None)
