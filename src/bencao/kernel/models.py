"""Trained models shipped with the package: a card that says what each is, and loading that checks it."""

from __future__ import annotations

import functools
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bencao.kernel.errors import ModelError
from bencao.kernel.files import sha256_of, write_text

__all__ = ["Model", "ModelCard", "ModelFigure", "ModelFile", "TrainingSource", "load", "session", "write_card"]

_MEND = "install the package again, or train the model anew"


class _CardPart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ModelFile(_CardPart):
    """A file of the model, by its name in the card's folder."""

    name: Annotated[str, Field(pattern=r"^[^/\\]+$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    bytes: Annotated[int, Field(ge=0)]


class TrainingSource(_CardPart):
    """Data that a model was trained on."""

    source: str
    licence: str
    rows: Annotated[int, Field(ge=0)]


class ModelFigure(_CardPart):
    """A figure on held-out data: its value, the number of cases, and a confidence interval where there is one."""

    value: float
    n: int | None = None
    interval: tuple[float, float] | None = None


class ModelCard(_CardPart):
    """What a model is and how far it may be trusted.

    Attributes
    ----------
    name, version : str
    task : str
        What goes in and what comes out.
    files : tuple of ModelFile
    trained_on : tuple of TrainingSource
    split : str
        How the held-out data were kept apart.
    figures : dict of str to ModelFigure
    script : str
        Script of the repository that made it.
    made : date
    limits : str
        What it must not be used for, or does badly.
    """

    name: str
    version: str
    task: str
    files: tuple[ModelFile, ...]
    trained_on: tuple[TrainingSource, ...]
    split: str
    figures: dict[str, ModelFigure]
    script: str
    made: date
    limits: str


@dataclass(frozen=True)
class Model:
    """A model whose files are what its card says.

    Attributes
    ----------
    card : ModelCard
    folder : Path
    """

    card: ModelCard
    folder: Path

    def path(self, name: str) -> Path:
        """Path of one of the card's files.

        Raises
        ------
        ModelError
            Where the card names no such file.
        """
        if name not in {file.name for file in self.card.files}:
            raise ModelError(f"the card names no file {name}", where=str(_card_path(self.folder, self.card.name)))
        return self.folder / name

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """Name with version, and each file with its SHA-256, for provenance."""
        return (
            (self.card.name, self.card.version),
            *((file.name, f"sha256:{file.sha256}") for file in self.card.files),
        )


def load(folder: str | os.PathLike[str], name: str) -> Model:
    """Read a model's card and check each of its files, once per process.

    Parameters
    ----------
    folder : path-like
        Folder with ``NAME.card.json`` and the files it names.
    name : str

    Returns
    -------
    Model

    Raises
    ------
    ModelError
        Where the card is absent or wrong, or a file is absent or has another SHA-256 than the card says.
    """
    return _load(Path(folder).resolve(), name)


@functools.cache
def _load(folder: Path, name: str) -> Model:
    card = _read_card(folder, name)
    for file in card.files:
        _check(folder / file.name, file)
    return Model(card, folder)


def _read_card(folder: Path, name: str) -> ModelCard:
    path = _card_path(folder, name)
    try:
        card = ModelCard.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ModelError(f"the card cannot be read: {error.strerror}", where=str(path), mend=_MEND) from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise ModelError(
            f"the card is wrong at {field or 'its start'}: {first['msg']}", where=str(path), mend=_MEND
        ) from error
    if card.name != name:
        raise ModelError(f"the card is of {card.name}, expected {name}", where=str(path), mend=_MEND)
    return card


def _check(path: Path, file: ModelFile) -> None:
    if not path.is_file():
        raise ModelError(f"the file is not there, expected SHA-256 {file.sha256}", where=str(path), mend=_MEND)
    found = sha256_of(path)
    if found != file.sha256:
        raise ModelError(
            f"the file is not the one of its card: expected SHA-256 {file.sha256}, found {found}",
            where=str(path),
            mend=_MEND,
        )


def _card_path(folder: Path, name: str) -> Path:
    return folder / f"{name}.card.json"


def session(path: str | os.PathLike[str]) -> Any:
    """Open an ONNX model on the CPU with one thread, once per process.

    Sums taken by several threads depend on their number; with one, and ONNX Runtime's deterministic
    kernels, the same input gives the same bytes.

    Parameters
    ----------
    path : path-like
        An ``.onnx`` file, as `Model.path` gives it.

    Returns
    -------
    onnxruntime.InferenceSession

    Raises
    ------
    ModelError
        Where the file is not a model that ONNX Runtime opens.
    """
    return _session(Path(path).resolve())


@functools.cache
def _session(path: Path) -> Any:
    import onnxruntime  # a tenth of a second that a command without a model need not pay

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    options.use_deterministic_compute = True
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime's errors share no base but this
        raise ModelError(f"ONNX Runtime does not open it: {error}", where=str(path), mend=_MEND) from error


def write_card(
    folder: str | os.PathLike[str],
    name: str,
    *,
    version: str,
    task: str,
    files: Iterable[str],
    trained_on: Iterable[TrainingSource],
    split: str,
    figures: Mapping[str, ModelFigure],
    script: str,
    made: date,
    limits: str,
) -> ModelCard:
    """Write ``NAME.card.json`` beside the model's files.

    Parameters
    ----------
    folder : path-like
    name : str
    files : iterable of str
        Names of files in `folder`; their SHA-256 and sizes are taken here.
    version, task, trained_on, split, figures, script, made, limits
        As in `ModelCard`.

    Returns
    -------
    ModelCard

    Raises
    ------
    InputError
        Where a file cannot be read, or the card cannot be written.
    """
    place = Path(folder)
    card = ModelCard(
        name=name,
        version=version,
        task=task,
        files=tuple(
            ModelFile(name=file, sha256=sha256_of(place / file), bytes=(place / file).stat().st_size) for file in files
        ),
        trained_on=tuple(trained_on),
        split=split,
        figures=dict(figures),
        script=script,
        made=made,
        limits=limits,
    )
    write_text(_card_path(place, name), card.model_dump_json(indent=2, exclude_none=True) + "\n")
    return card


def add_figures(folder: str | os.PathLike[str], name: str, figures: Mapping[str, ModelFigure]) -> ModelCard:
    """Write what was measured of a finished model into its card; its files stay as they are.

    Parameters
    ----------
    folder : path-like
    name : str
    figures : mapping of str to ModelFigure
        They take the place of figures of the same name.

    Returns
    -------
    ModelCard

    Raises
    ------
    ModelError
        As `load`.
    InputError
        Where the card cannot be written.
    """
    model = load(folder, name)
    card = model.card.model_copy(update={"figures": {**model.card.figures, **figures}})
    write_text(_card_path(model.folder, name), card.model_dump_json(indent=2, exclude_none=True) + "\n")
    _load.cache_clear()  # what it keeps is not the card any more
    return card
