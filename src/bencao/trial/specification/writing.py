"""Write a study's specification as the YAML that it is read from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import yaml

from bencao.kernel.files import write_text
from bencao.trial.specification.study import Study

STUDY_FILE = "study.yaml"


def write_specification(study: Study, folder: str | os.PathLike[str]) -> Path:
    """Write ``study.yaml``; reading it gives the same study.

    Parameters
    ----------
    study : Study
    folder : path-like
        Made where it does not exist.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        Where the file cannot be written.
    """
    document = document_of(study)
    path = Path(folder) / STUDY_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120))
    return path


def document_of(study: Study) -> dict[str, Any]:
    """Give a study as YAML has it: lists and mappings, without what is as usual.

    Keys of mappings keep their type: 1.0 is no text.
    """
    document: dict[str, Any] = _in_lists(study.model_dump(by_alias=True, exclude_defaults=True))
    return document


def _in_lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _in_lists(part) for key, part in value.items()}
    return [_in_lists(part) for part in value] if isinstance(value, list | tuple) else value
