"""Open a study to be read: its specification, its displays, and the data sets in the folders given with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.trial.dataset import Dataset
from bencao.trial.display import Displays, Table, read_displays
from bencao.trial.display.data import DISPLAYS_FILE
from bencao.trial.formats import FORMATS, read_datasets
from bencao.trial.specification import Specification, read_specification
from bencao.trial.trace import Lineage, read_lineage
from bencao.trial.trace.lineage import LINEAGE_FILE


@dataclass(frozen=True)
class StudyPlaces:
    """What a reader may look at; nothing else is read.

    Attributes
    ----------
    study : Path
        Folder with study.yaml.
    data : tuple of Path
        Folders of data sets. Of two files of one data set the one in the earlier folder counts.
    rules : tuple of Path
        Files or folders of conformance rules, beside Bencao's own.
    """

    study: Path
    data: tuple[Path, ...] = ()
    rules: tuple[Path, ...] = ()


@dataclass(frozen=True)
class OpenStudy:
    """A study that is read; data sets and tables are kept once they were needed.

    Attributes
    ----------
    places : StudyPlaces
    specification : Specification
    displays : Displays or None
        None without displays.yaml.
    lineage : Lineage or None
        None without lineage.yaml: a trace then ends at the analysis records.
    files : dict of str to Path
        By name of the data set, in order.
    """

    places: StudyPlaces
    specification: Specification
    displays: Displays | None
    lineage: Lineage | None
    files: dict[str, Path]
    _read: dict[str, Dataset] = field(default_factory=dict, repr=False)
    tables: dict[str, Table] = field(default_factory=dict, repr=False)

    def dataset(self, name: str) -> Dataset:
        """A data set that is there, read once."""
        if name not in self._read:
            self._read[name] = read_datasets(self.files[name])[0]
        return self._read[name]


def open_study(places: StudyPlaces) -> OpenStudy:
    """Read a study's specification and find its data.

    Parameters
    ----------
    places : StudyPlaces

    Returns
    -------
    OpenStudy

    Raises
    ------
    SpecificationError
        A specification, displays or lineage that cannot be read.
    InputError
        A folder that is none.
    """
    for folder in (places.study, *places.data):
        if not folder.is_dir():
            raise InputError("there is no such folder", where=str(folder), mend="give a folder")
    for rules in places.rules:
        if not rules.exists():
            raise InputError("there are no such rules", where=str(rules), mend="give a file or a folder")
    specification = read_specification(places.study)
    declared = places.study / DISPLAYS_FILE
    displays = specification.study.displays or (read_displays(declared) if declared.is_file() else None)
    lineage = places.study / LINEAGE_FILE
    return OpenStudy(
        places,
        specification,
        displays,
        read_lineage(lineage) if lineage.is_file() else None,
        dict(_files(places.data)),
    )


def _files(folders: Iterable[Path]) -> dict[str, Path]:
    """Files of data sets by name; none that a link leads to out of its folder."""
    suffixes = {form.suffix for form in FORMATS.values()}
    found: dict[str, Path] = {}
    for folder in folders:
        inside = folder.resolve()
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() in suffixes and path.is_file() and path.resolve().is_relative_to(inside):
                found.setdefault(path.stem.upper(), path)
    return found
