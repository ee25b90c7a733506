"""Write what was built, all data sets or none, and say by a digest what they were built from."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.trial.build.plan import bind_steps, blocks_of
from bencao.trial.dataset import Dataset
from bencao.trial.formats import FORMATS, write_dataset
from bencao.trial.specification import Specification, Study


def write_together(datasets: Iterable[Dataset], out: Path, form: str) -> list[tuple[Dataset, Path]]:
    """Write data sets into a folder, each named after it in lower case; if one cannot be written, none is.

    Parameters
    ----------
    datasets : iterable of Dataset
    out : Path
        Made where it does not exist.
    form : str
        One of `bencao.trial.formats.FORMATS`.

    Returns
    -------
    list of (Dataset, Path)

    Raises
    ------
    InputError
        What the format cannot hold, or a folder that cannot be written to.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        waiting = Path(tempfile.mkdtemp(prefix=".bencao-", dir=out))
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", where=str(out)) from error
    try:
        written = []
        for dataset in datasets:
            name = f"{dataset.name.lower()}{FORMATS[form].suffix}"
            write_dataset(dataset, waiting / name, form)
            written.append((dataset, name))
        for _, name in written:
            (waiting / name).replace(out / name)
    finally:
        shutil.rmtree(waiting, ignore_errors=True)
    return [(dataset, out / name) for dataset, name in written]


def fingerprint(study: Study) -> str:
    """SHA-256 of a specification, whatever files it was written in."""
    return hashlib.sha256(study.model_dump_json().encode()).hexdigest()


def fingerprint_of_plan(specification: Specification) -> str:
    """SHA-256 of the steps of all data sets, with the text of the study's own functions."""
    blocks = blocks_of(specification)
    steps = {
        name: [[step.block.name, step.parameters] for step in bind_steps(specification, name, blocks)]
        for name in specification.study.datasets
    }
    digest = hashlib.sha256(json.dumps(steps, sort_keys=True, default=str).encode())
    for name in specification.study.functions:
        digest.update((specification.folder / name).read_bytes())
    return digest.hexdigest()
