"""A CTranslate2 model folder is loaded and asked; one that talks nonsense is not believed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bencao.kernel.errors import ModelError
from bencao.submission.translation.engines.ctranslate import load_ctranslate
from bencao.submission.translation.engines.engine import Request
from bencao.submission.translation.memory.recall import Recall
from bencao.submission.translation.pipeline import translate_segments
from bencao.submission.translation.termbase import Termbase

ctranslate2 = pytest.importorskip("ctranslate2", reason="cannot run here: ctranslate2 is not installed")
sentencepiece = pytest.importorskip("sentencepiece", reason="cannot run here: sentencepiece is not installed")
WIDTH, HEADS = 16, 2


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of one layer with random weights, in the form of a converted one."""
    from ctranslate2.specs import transformer_spec

    place = tmp_path_factory.mktemp("model")
    (place / "text.txt").write_text("patients received 5 mg [1] daily for weeks.\n患者每日接受毫克。\n" * 30)
    for side in ("source", "target"):
        sentencepiece.SentencePieceTrainer.train(
            input=str(place / "text.txt"),
            model_prefix=str(place / side),
            vocab_size=37,
            character_coverage=1.0,
            minloglevel=2,
        )
        (place / f"{side}.model").rename(place / f"{side}.spm")
    pieces = sentencepiece.SentencePieceProcessor(model_file=str(place / "source.spm"))
    tokens = [pieces.id_to_piece(number) for number in range(pieces.vocab_size())]
    random = np.random.default_rng(1)
    spec = transformer_spec.TransformerSpec.from_config(1, HEADS)

    def fill(layer: object, name: str, *shape: int) -> None:
        setattr(layer, name, (random.normal(size=shape) / 4).astype(np.float32))

    def norm(layer: object) -> None:
        layer.gamma, layer.beta = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)  # type: ignore[attr-defined]

    fill(spec.encoder.embeddings[0], "weight", len(tokens), WIDTH)
    fill(spec.decoder.embeddings, "weight", len(tokens), WIDTH)
    fill(spec.decoder.projection, "weight", len(tokens), WIDTH)
    for side in (spec.encoder, spec.decoder):
        norm(side.layer_norm)
        layer = side.layer[0]
        attentions = [layer.self_attention, *([layer.attention] if side is spec.decoder else [])]
        for attention in attentions:
            norm(attention.layer_norm)
            sizes = (3, 1) if attention is layer.self_attention else (1, 2, 1)
            for linear, size in zip(attention.linear, sizes, strict=True):
                fill(linear, "weight", size * WIDTH, WIDTH)
        norm(layer.ffn.layer_norm)
        fill(layer.ffn.linear_0, "weight", 2 * WIDTH, WIDTH)
        fill(layer.ffn.linear_1, "weight", WIDTH, 2 * WIDTH)
    spec.register_source_vocabulary(tokens)
    spec.register_target_vocabulary(tokens)
    spec.validate()
    spec.save(str(place))
    return place


def test_a_model_answers_each_text(folder: Path) -> None:
    engine = load_ctranslate(folder)
    answers = engine.translate([Request("patients received ⟦1⟧ mg"), Request("weeks")], "en", "zh")
    assert len(answers) == 2
    assert all(isinstance(answer, str) for answer in answers)


def test_a_model_that_talks_nonsense_is_not_believed(folder: Path) -> None:
    recall, terms = Recall([], "en", "zh"), Termbase([], "en", "zh")
    (told,) = translate_segments([("patients received 5 mg daily",)], recall, terms, load_ctranslate(folder)).segments
    assert told.target is None
    assert told.findings


def test_a_folder_without_a_model_is_said(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.bin"):
        load_ctranslate(tmp_path)
    for name in ("source.spm", "target.spm"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "model.bin").write_bytes(b"no model")
    with pytest.raises(ModelError, match="cannot be loaded"):
        load_ctranslate(tmp_path)
