"""Sentence vectors in NumPy, on a small network of random weights against PyTorch's own layers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bencao.kernel.errors import ModelError
from bencao.safety.coding import Name, Vocabulary, meanings_of, read_sentence_encoder

safetensors = pytest.importorskip("safetensors.numpy", reason="cannot run here: safetensors is not installed")
WIDTH, HEADS, INNER, LAYERS = 8, 2, 16, 2
PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "head", "pain", "##s", "rash"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    random = np.random.default_rng(4)

    def some(*shape: int) -> np.ndarray:
        return random.normal(0, 0.5, shape).astype(np.float32)

    arrays = {
        "embeddings.word_embeddings.weight": some(len(PIECES), WIDTH),
        "embeddings.position_embeddings.weight": some(12, WIDTH),
        "embeddings.token_type_embeddings.weight": some(2, WIDTH),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        for part in ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"):
            arrays |= {f"{name}.{part}.weight": some(WIDTH, WIDTH), f"{name}.{part}.bias": some(WIDTH)}
        arrays |= {
            f"{name}.intermediate.dense.weight": some(INNER, WIDTH),
            f"{name}.intermediate.dense.bias": some(INNER),
        }
        arrays |= {f"{name}.output.dense.weight": some(WIDTH, INNER), f"{name}.output.dense.bias": some(WIDTH)}
        norms += [f"{name}.attention.output.LayerNorm", f"{name}.output.LayerNorm"]
    for name in norms:
        arrays |= {f"{name}.weight": some(WIDTH), f"{name}.bias": some(WIDTH)}
    safetensors.save_file(arrays, tmp_path / "model.safetensors")
    (tmp_path / "vocab.txt").write_text("\n".join(PIECES) + "\n", encoding="utf-8")
    (tmp_path / "config.json").write_text(json.dumps({"num_attention_heads": HEADS}), encoding="utf-8")
    return tmp_path


def test_vectors_have_length_one_and_do_not_depend_on_company(folder: Path) -> None:
    encoder = read_sentence_encoder(folder)
    texts = ["head pain", "rash", "heads", "head pains rash", "pain head"]
    together = encoder.vectors(texts)
    assert np.linalg.norm(together, axis=1) == pytest.approx(np.ones(5), abs=1e-6)
    assert np.allclose(together, np.concatenate([encoder.vectors([text]) for text in texts]), atol=1e-6)
    assert not np.allclose(together[0], together[4], atol=1e-3)  # the order of words counts


def test_vectors_are_those_of_pytorchs_layers(folder: Path) -> None:
    torch = pytest.importorskip("torch", reason="cannot run here: PyTorch is not installed")
    arrays = {
        name: torch.from_numpy(array) for name, array in safetensors.load_file(folder / "model.safetensors").items()
    }
    ids = torch.tensor([2, 4, 5, 6, 3])  # [CLS] head pain ##s [SEP]
    functional = torch.nn.functional

    def norm(x: object, name: str) -> object:
        return functional.layer_norm(x, (WIDTH,), arrays[f"{name}.weight"], arrays[f"{name}.bias"], 1e-12)

    def linear(x: object, name: str) -> object:
        return functional.linear(x, arrays[f"{name}.weight"], arrays[f"{name}.bias"])

    x = arrays["embeddings.word_embeddings.weight"][ids] + arrays["embeddings.position_embeddings.weight"][:5]
    x = norm(x + arrays["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        q, k, v = (
            linear(x, f"{name}.attention.self.{part}").view(5, HEADS, -1).transpose(0, 1)
            for part in ("query", "key", "value")
        )
        told = functional.scaled_dot_product_attention(q, k, v).transpose(0, 1).reshape(5, WIDTH)
        x = norm(x + linear(told, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm")
        inner = functional.gelu(linear(x, f"{name}.intermediate.dense"))
        x = norm(x + linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")
    expected = functional.normalize(x.mean(0), dim=0).numpy()
    assert read_sentence_encoder(folder).vectors(["head pains"])[0] == pytest.approx(expected, abs=1e-5)


def test_vectors_of_names_are_kept_and_read_again(folder: Path, tmp_path: Path) -> None:
    encoder = read_sentence_encoder(folder)
    vocabulary = Vocabulary("Test", "1", "reaction", tuple(Name(t, t, t, t) for t in ("head pain", "rash")))
    first = meanings_of(vocabulary, encoder, tmp_path / "kept")
    (file,) = (tmp_path / "kept").iterdir()
    again = meanings_of(vocabulary, encoder, tmp_path / "kept")
    assert np.array_equal(first.names, again.names) and file.suffix == ".npy"
    assert next(first.cosines(["rash"])).argmax() == 1


@pytest.mark.parametrize("lacking", ["model.safetensors", "vocab.txt", "config.json"])
def test_a_folder_that_lacks_a_file_is_named(folder: Path, lacking: str) -> None:
    (folder / lacking).unlink()
    with pytest.raises(ModelError, match=f"no {lacking}"):
        read_sentence_encoder(folder)


def test_another_model_is_refused(folder: Path) -> None:
    safetensors.save_file({"x": np.zeros((2, 2), dtype=np.float32)}, folder / "model.safetensors")
    with pytest.raises(ModelError, match="not a BERT"):
        read_sentence_encoder(folder)
