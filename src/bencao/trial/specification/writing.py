"""Write a study's specification as the YAML that it is read from."""

from __future__ import annotations

import os
from pathlib import Path

import yaml

from bencao.kernel.files import write_text
from bencao.trial.specification.model import Study
from bencao.trial.specification.reading import STUDY_FILE


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
    document = study.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    path = Path(folder) / STUDY_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    write_text(path, yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120))
    return path
