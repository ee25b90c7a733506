"""Reading displays: from a file of them, or from the study that declares them."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import ValidationError

from bencao.trial.display.declaration import Displays, first_unknown
from bencao.trial.errors import SpecificationError
from bencao.trial.specification import read_specification


def read_displays(path: str | Path) -> Displays:
    """Read a study's file of displays.

    Parameters
    ----------
    path : path
        A YAML file of displays, or a ``study.yaml`` or workbook that declares them.

    Returns
    -------
    Displays

    Raises
    ------
    SpecificationError
        Where it cannot be read, or says what no display can; `where` names file and line.
    """
    path = Path(path)
    if path.name == "study.yaml" or path.suffix.lower() == ".xlsx":
        return _displays_of_study(path)
    try:
        text = path.read_text(encoding="utf-8")
        content = yaml.safe_load(text)
        root = yaml.compose(text)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}: line {mark.line + 1}" if mark else str(path)
        raise SpecificationError(
            f"cannot be read: {error}", where=where, mend="give a YAML file of displays"
        ) from error
    try:
        displays = Displays.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        line = _line_of(root, first["loc"])
        raise SpecificationError(
            f"{'.'.join(map(str, first['loc'])) or 'the file'}: {first['msg']}", where=f"{path}: line {line}"
        ) from error
    if wrong := first_unknown(displays):
        place, cause = wrong
        raise SpecificationError(cause, where=f"{path}: line {_line_of(root, place)}")
    return displays


def _displays_of_study(path: Path) -> Displays:
    displays = read_specification(path).study.displays
    if displays is None:
        raise SpecificationError("the study declares no displays", where=str(path), mend="give displays: in it")
    return displays


def _line_of(node: yaml.Node | None, place: tuple[int | str, ...]) -> int:
    """Line of the innermost node on the way to a place that exists in the file."""
    line = node.start_mark.line + 1 if node else 1
    for key in place:
        if isinstance(node, yaml.MappingNode):
            node = next((value for name, value in node.value if name.value == str(key)), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
        else:
            break
        if node is None:
            break
        line = node.start_mark.line + 1
    return line
