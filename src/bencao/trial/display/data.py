"""Find and read the data sets that displays name, in folders of any of the room's formats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

from bencao.kernel.errors import InputError
from bencao.trial.display.declaration import Displays, data_of, sets_of
from bencao.trial.formats import FORMATS, read_datasets
from bencao.trial.specification.writing import STUDY_FILE

DISPLAYS_FILE = "displays.yaml"


def displays_file(study: Path) -> Path:
    """The file of displays of a study's folder, its study.yaml where they stand there, or the file itself."""
    if not study.is_dir():
        return study
    declared = study / DISPLAYS_FILE
    return study / STUDY_FILE if not declared.is_file() and (study / STUDY_FILE).is_file() else declared


def datasets_of(
    displays: Displays, numbers: Iterable[str] | None = None, figures: Iterable[str] = ()
) -> tuple[str, ...]:
    """Names of the data sets that displays need.

    Parameters
    ----------
    displays : Displays
    numbers : iterable of str, optional
        Of tables and listings; all tables by default.
    figures : iterable of str
        Numbers of figures.

    Returns
    -------
    tuple of str
        In order.
    """
    asked = tuple(display.number for display in displays.displays) if numbers is None else tuple(numbers)
    sets = {displays.figure(number).set for number in figures}
    for number in asked:
        listed = displays.is_listing(number)
        sets |= {displays.listing(number).set} if listed else sets_of(displays.display(number))
    return data_of(displays, sets)


def find_data(names: Iterable[str], places: Sequence[Path]) -> dict[str, Path]:
    """The file of each data set that is there, by the first place that has one.

    Parameters
    ----------
    names : iterable of str
    places : sequence of Path
        Files, and folders of files, named after the data set in lower case.
    """
    found = {}
    for name in names:
        wanted = [f"{name.lower()}{form.suffix}" for form in FORMATS.values()]
        candidates = [
            path for place in places for path in ([place / each for each in wanted] if place.is_dir() else [place])
        ]
        path = next((each for each in candidates if each.name.lower() in wanted and each.is_file()), None)
        if path is not None:
            found[name] = path
    return found


def data_files(names: Iterable[str], places: Sequence[Path]) -> dict[str, Path]:
    """As `find_data`, where every data set must be there.

    Raises
    ------
    InputError
        Where one is not.
    """
    asked = tuple(names)
    found = find_data(asked, places)
    for name in asked:
        if name not in found:
            raise InputError(
                f"there is no file of data set {name}",
                where=", ".join(map(str, places)),
                mend=f"put {name.lower()}.parquet there, or another of {', '.join(FORMATS)}",
            )
    return found


def read_data(files: dict[str, Path]) -> dict[str, pl.DataFrame]:
    """Read data sets.

    Parameters
    ----------
    files : mapping of name to path

    Returns
    -------
    dict of name to polars DataFrame
    """
    return {name: read_datasets(path)[0].frame for name, path in files.items()}
