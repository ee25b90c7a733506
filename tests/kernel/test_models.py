"""A model is loaded only when it is the one its card describes."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bencao.kernel import models
from bencao.kernel.errors import InputError, ModelError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    np.savez(tmp_path / "weights.npz", weights=np.arange(4.0))
    (tmp_path / "templates.txt").write_text("[C:1]>>[C:1]\n")
    models.write_card(
        tmp_path,
        "slope",
        version="1",
        task="a number in, a number out",
        files=["weights.npz", "templates.txt"],
        trained_on=[models.TrainingSource(source="made up", licence="CC0-1.0", rows=4)],
        split="every fifth row by hash",
        figures={
            "top1": models.ModelFigure(value=52.5, n=400, interval=(47.6, 57.3)),
            "size": models.ModelFigure(value=1),
        },
        script="training/slope.py",
        made=date(2026, 11, 23),
        limits="A test.",
    )
    return tmp_path


def test_a_model_is_loaded_with_its_card(folder):
    model = models.load(folder, "slope")
    assert np.load(model.path("weights.npz"))["weights"].tolist() == [0, 1, 2, 3]
    assert model.card.figures["top1"].interval == (47.6, 57.3)
    assert model.card.trained_on[0].licence == "CC0-1.0"
    assert model.card.made == date(2026, 11, 23)


def test_the_card_is_json_that_anyone_can_read(folder):
    card = json.loads((folder / "slope.card.json").read_text())
    assert card["figures"] == {"top1": {"value": 52.5, "n": 400, "interval": [47.6, 57.3]}, "size": {"value": 1.0}}
    assert [(file["name"], file["bytes"]) for file in card["files"]][1] == ("templates.txt", 13)


def test_the_identity_names_version_and_digests(folder):
    identity = dict(models.load(folder, "slope").identity)
    assert identity["slope"] == "1"
    assert identity["templates.txt"].startswith("sha256:")


def test_an_altered_file_is_refused_with_both_digests(folder):
    with (folder / "weights.npz").open("r+b") as stream:
        stream.write(b"Q")
    with pytest.raises(ModelError, match=r"weights\.npz: .*expected SHA-256 [0-9a-f]{64}, found [0-9a-f]{64}; install"):
        models.load(folder, "slope")


def test_an_absent_file_is_refused(folder):
    (folder / "templates.txt").unlink()
    with pytest.raises(ModelError, match=r"templates\.txt: the file is not there, expected SHA-256"):
        models.load(folder, "slope")


def test_an_absent_card_is_refused(tmp_path):
    with pytest.raises(ModelError, match=r"slope\.card\.json: the card cannot be read"):
        models.load(tmp_path, "slope")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("version", None, "wrong at version"),
        ("extra", 1, "wrong at extra"),
        ("name", "other", "the card is of other"),
        ("files", [{"name": "../weights.npz", "sha256": "0" * 64, "bytes": 1}], "wrong at files.0.name"),
    ],
)
def test_a_wrong_card_is_refused_at_its_field(folder, field, value, words):
    path = folder / "slope.card.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {field: value}))
    with pytest.raises(ModelError, match=words):
        models.load(folder, "slope")


def test_a_card_that_is_no_json_is_refused(folder):
    (folder / "slope.card.json").write_text("name: slope")
    with pytest.raises(ModelError, match="wrong at its start"):
        models.load(folder, "slope")


def test_only_files_of_the_card_are_given(folder):
    with pytest.raises(ModelError, match="no file other"):
        models.load(folder, "slope").path("other")


def test_measured_figures_are_entered_into_a_finished_card(folder):
    before = models.load(folder, "slope").card
    models.add_figures(folder, "slope", {"top3": models.ModelFigure(value=74.4, n=400, interval=(70.1, 78.7))})
    models.add_figures(folder, "slope", {"top5": models.ModelFigure(value=80.1, n=400, interval=(76.0, 83.9))})
    written = json.loads((folder / "slope.card.json").read_text(encoding="utf-8"))
    assert written["figures"]["top3"] == {"value": 74.4, "n": 400, "interval": [70.1, 78.7]}
    assert set(written["figures"]) == {*before.figures, "top3", "top5"}
    assert [file["sha256"] for file in written["files"]] == [file.sha256 for file in before.files]


def test_files_are_checked_once_a_process(folder):
    assert models.load(folder, "slope") is models.load(str(folder), "slope")


def test_a_card_of_files_that_are_not_there_is_not_written(folder):
    with pytest.raises(InputError, match="absent"):
        models.write_card(
            folder,
            "new",
            version="1",
            task="",
            files=["absent"],
            trained_on=[],
            split="",
            figures={},
            script="",
            made=date(2026, 11, 23),
            limits="",
        )
    assert not (folder / "new.card.json").exists()


def test_an_onnx_model_runs_on_one_thread_and_is_opened_once(tmp_path):
    onnx = pytest.importorskip("onnx", reason="cannot run here: onnx is in the train extra")
    node = onnx.helper.make_node("Add", ["x", "x"], ["y"])
    float_32 = onnx.TensorProto.FLOAT
    x, y = (onnx.helper.make_tensor_value_info(name, float_32, [None]) for name in "xy")
    graph = onnx.helper.make_graph([node], "twice", [x], [y])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=9)
    onnx.save(model, tmp_path / "twice.onnx")

    session = models.session(tmp_path / "twice.onnx")
    (doubled,) = session.run(None, {"x": np.array([1.5, 2.0], dtype=np.float32)})
    assert doubled.tolist() == [3.0, 4.0]
    options = session.get_session_options()
    assert (options.intra_op_num_threads, options.inter_op_num_threads, options.use_deterministic_compute) == (
        1,
        1,
        True,
    )
    assert session.get_providers() == ["CPUExecutionProvider"]
    assert models.session(str(tmp_path / "twice.onnx")) is session


def test_a_file_that_is_no_onnx_model_is_refused(tmp_path):
    (tmp_path / "broken.onnx").write_bytes(b"not a model")
    with pytest.raises(ModelError, match=r"broken\.onnx"):
        models.session(tmp_path / "broken.onnx")
