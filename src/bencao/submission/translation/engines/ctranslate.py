"""A CTranslate2 model folder with its SentencePiece models, run on this machine's processor."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bencao.kernel.errors import EngineMissing, ModelError
from bencao.submission.translation.engines.engine import Request

# Marks as models know them: their vocabularies have the plain bracket, and copy a number in it.
_MARK = re.compile(r"⟦(\d+)⟧")
_BRACKET = re.compile(r"\[\s*(\d+)\s*\]")
_PIECES = (("source.spm", "target.spm"), ("sentencepiece.model", "sentencepiece.model"), ("spm.model", "spm.model"))


@dataclass(frozen=True)
class CTranslate:
    """A loaded model; `load_ctranslate` makes one."""

    folder: Path
    translator: Any
    source_pieces: Any
    target_pieces: Any

    @property
    def name(self) -> str:
        """The folder's name."""
        return f"ctranslate2 {self.folder.name}"

    def translate(self, requests: Sequence[Request], source: str, target: str) -> list[str]:
        """Translate texts; see `Engine`. The model must be one for these languages."""
        pieces = [self.source_pieces.encode(_MARK.sub(r"[\1]", request.text), out_type=str) for request in requests]
        results = self.translator.translate_batch(pieces, beam_size=4, max_decoding_length=512)
        answers = [self.target_pieces.decode(result.hypotheses[0]) for result in results]
        # A text with brackets of its own would get marks that it never had: its answer is then found wanting.
        return [_BRACKET.sub(r"⟦\1⟧", answer) for answer in answers]


def load_ctranslate(folder: str | os.PathLike[str]) -> CTranslate:
    """Load a model folder.

    Parameters
    ----------
    folder : path-like
        Holds ``model.bin`` and ``source.spm`` with ``target.spm``, or one SentencePiece model for both languages.

    Raises
    ------
    EngineMissing
        Where the packages are not installed.
    ModelError
        Where the folder holds no such model.
    """
    try:
        import ctranslate2
        import sentencepiece
    except ModuleNotFoundError as error:
        raise EngineMissing(f"the engine needs {error.name}", mend="pip install 'bencao[ctranslate2]'") from None
    place = Path(folder)
    found = next((pair for pair in _PIECES if all((place / name).is_file() for name in pair)), None)
    if not (place / "model.bin").is_file() or found is None:
        raise ModelError(
            "holds no model.bin with source.spm and target.spm",
            where=str(place),
            mend="convert a model with ct2-transformers-converter and copy its SentencePiece models beside it",
        )
    try:
        translator = ctranslate2.Translator(str(place), device="cpu")
        pieces = [sentencepiece.SentencePieceProcessor(model_file=str(place / name)) for name in found]
    except (RuntimeError, OSError) as error:
        raise ModelError(f"cannot be loaded: {error}", where=str(place), mend="convert the model again") from error
    return CTranslate(place, translator, *pieces)
