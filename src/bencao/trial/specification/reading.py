"""Read a study's specification from its folder, with the line of the YAML that each part stands on."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from bencao.trial.errors import SpecificationError
from bencao.trial.specification.study import Study
from bencao.trial.specification.workbook import read_workbook
from bencao.trial.specification.writing import STUDY_FILE

# Parts of a study that an included file may add to.
_SECTIONS = (
    "standards", "sources", "codelists", "datasets", "documents", "analyses", "displays",
)  # fmt: skip

_TIMESTAMP = "tag:yaml.org,2002:timestamp"

Key = str | int
Lines = Mapping[tuple[Key, ...], tuple[str, int]]


# The parser in C where PyYAML was built with it: it gives the same nodes and lines ten times sooner.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):  # type: ignore[misc]  # PyYAML has no types
    """YAML as of 1.2: only true and false are truth values, so that Y, N, NO and on stay texts; dates are texts."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in ("tag:yaml.org,2002:bool", _TIMESTAMP)]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false|True|False)$"), list("tfTF"))


@dataclass(frozen=True)
class Specification:
    """A study as it was read.

    Attributes
    ----------
    study : Study
    folder : Path
        Where its functions and its own data lie.
    files : tuple of Path
        What was read, in order.
    lines : mapping of key path to (file, line)
    """

    study: Study
    folder: Path
    files: tuple[Path, ...] = ()
    lines: Lines = field(default_factory=dict, repr=False)

    def where(self, *path: Key) -> str:
        """File and line of the part, or of the nearest part that holds it: ``study.yaml: line 12``."""
        return _where(self.lines, path)


def read_specification(study: str | os.PathLike[str]) -> Specification:
    """Read ``study.yaml`` of a folder and the files it includes.

    Parameters
    ----------
    study : path-like
        The study's folder, its ``study.yaml``, or an Excel workbook as `write_workbook` writes it. Files under
        ``include:`` (relative to the folder) add to its sections; no name may be given twice. In ``build:``, a list
        within the list is spliced in, and in ``variables:`` an entry ``{like: ADSL, names: [AGE, SEX]}`` takes over
        what ADSL says of them, with ADSL as their predecessor. ``displays:`` may name the file that declares them.

    Returns
    -------
    Specification

    Raises
    ------
    SpecificationError
        Names file and line.
    """
    path = Path(study)
    if path.suffix.lower() == ".xlsx":
        return _validated(*read_workbook(path), path.parent, (path,))
    path = path / STUDY_FILE if path.is_dir() else path
    folder = path.parent
    lines: dict[tuple[Key, ...], tuple[str, int]] = {}
    document = _read_yaml(path, path.name, lines)
    files = [path]
    if isinstance(document.get("displays"), str):
        name = _within(document["displays"], _where(lines, ("displays",)))
        files.append(folder / name)
        document["displays"] = _read_yaml(folder / name, name, lines, ("displays",))
    included = document.pop("include", [])
    if not isinstance(included, list):
        raise SpecificationError("include is a list of files", where=_where(lines, ("include",)))
    for number, name in enumerate(included):
        _within(name, _where(lines, ("include", number)))
        files.append(folder / name)
        more: dict[tuple[Key, ...], tuple[str, int]] = {}
        _merge(document, _read_yaml(folder / name, name, more), lines, more)
    _expand_predecessors(document, lines)
    return _validated(document, lines, folder, tuple(files))


def _within(name: Any, where: str) -> str:
    """Name of a file of the study's folder, refused where it leads out of it."""
    if not isinstance(name, str) or Path(name).is_absolute() or ".." in Path(name).parts:
        raise SpecificationError(f"{name!r} is no file within the study's folder", where=where)
    return name


def _validated(document: dict[str, Any], lines: Lines, folder: Path, files: tuple[Path, ...]) -> Specification:
    """Check a document against the model; raises `SpecificationError` with the place of the first fault."""
    try:
        return Specification(Study.model_validate(document), folder, files, lines)
    except ValidationError as error:
        raise _first_of(error, lines) from error


def _read_yaml(
    path: Path, name: str, lines: dict[tuple[Key, ...], tuple[str, int]], at: tuple[Key, ...] = ()
) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SpecificationError(
            f"cannot be read: {error}", where=str(path), mend="a study is a folder with a study.yaml"
        ) from error
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        document = _construct(loader, node, at, name, lines) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"{name}: line {mark.line + 1}" if mark else name
        raise SpecificationError(f"is no YAML: {error.problem}", where=where) from error
    finally:
        loader.dispose()
    if not isinstance(document, dict):
        raise SpecificationError("holds no mapping", where=name, mend="begin with name: and datasets:")
    return document


def _construct(
    loader: yaml.SafeLoader,
    node: yaml.Node,
    path: tuple[Key, ...],
    name: str,
    lines: dict[tuple[Key, ...], tuple[str, int]],
) -> Any:
    lines[path] = (name, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        loader.flatten_mapping(node)
        result: dict[Any, Any] = {}
        written: set[Any] = set()
        for key_node, value_node in node.value:
            key = loader.construct_object(key_node, deep=True)
            # A key of a merged mapping stands before and may be overridden; one written twice here may not.
            if key in written and node.start_mark.index <= key_node.start_mark.index <= node.end_mark.index:
                raise SpecificationError(
                    f"{key!r} is given twice", where=f"{name}: line {key_node.start_mark.line + 1}"
                )
            if node.start_mark.index <= key_node.start_mark.index <= node.end_mark.index:
                written.add(key)
            result[key] = _construct(loader, value_node, (*path, key), name, lines)
            lines[(*path, key)] = (name, key_node.start_mark.line + 1)
        return result
    if isinstance(node, yaml.SequenceNode):
        items = list(_spliced(node)) if path and path[-1] in ("build", "variables") else node.value
        return [_construct(loader, item, (*path, index), name, lines) for index, item in enumerate(items)]
    return loader.construct_object(node, deep=True)


def _spliced(node: yaml.SequenceNode) -> Iterator[yaml.Node]:
    for item in node.value:
        if isinstance(item, yaml.SequenceNode):
            yield from _spliced(item)
        else:
            yield item


def _merge(
    document: dict[str, Any],
    more: dict[str, Any],
    lines: dict[tuple[Key, ...], tuple[str, int]],
    more_lines: dict[tuple[Key, ...], tuple[str, int]],
) -> None:
    for section, parts in more.items():
        where = _where(more_lines, (section,))
        if section not in _SECTIONS or not isinstance(parts, dict):
            raise SpecificationError(
                f"an included file cannot give {section}", where=where, mend=f"it may give {', '.join(_SECTIONS)}"
            )
        have = document.setdefault(section, {})
        for name, part in parts.items():
            if name in have:
                first = _where(lines, (section, name))
                raise SpecificationError(
                    f"{name} of {section} is given twice, first at {first}", where=_where(more_lines, (section, name))
                )
            have[name] = part
    lines.update({path: line for path, line in more_lines.items() if len(path) > 1})


def _expand_predecessors(document: dict[str, Any], lines: dict[tuple[Key, ...], tuple[str, int]]) -> None:
    datasets = document.get("datasets")
    if not isinstance(datasets, dict):
        return
    parts: dict[tuple[Key, ...], dict[tuple[Key, ...], tuple[str, int]]] = {}
    for path, line in lines.items():
        if path[:1] == ("datasets",) and path[2:3] == ("variables",):
            parts.setdefault(path[:4], {})[path[4:]] = line
    for name, dataset in datasets.items():
        if not isinstance(dataset, dict) or not isinstance(dataset.get("variables"), list):
            continue
        variables: list[Any] = []
        places: dict[tuple[Key, ...], tuple[str, int]] = {}
        for index, entry in enumerate(dataset["variables"]):
            at = ("datasets", name, "variables", index)
            expanded = [entry]
            if isinstance(entry, dict) and "like" in entry:
                expanded = _taken_over(datasets, entry, _where(lines, at))
            for one in expanded:
                here = ("datasets", name, "variables", len(variables))
                if one is entry:
                    places.update({(*here, *within): line for within, line in parts.get(at, {}).items()})
                places.setdefault(here, lines.get(at, ("", 0)))
                variables.append(one)
        dataset["variables"] = variables
        lines.update(places)


def _taken_over(datasets: dict[str, Any], entry: dict[str, Any], where: str) -> list[dict[str, Any]]:
    other, names = str(entry.get("like")), entry.get("names")
    if set(entry) != {"like", "names"} or not isinstance(names, list):
        raise SpecificationError("an entry with like: has names: and nothing else", where=where)
    known = {
        variable["name"]: variable
        for variable in (datasets.get(other) or {}).get("variables", [])
        if isinstance(variable, dict) and "name" in variable
    }
    if missing := [name for name in names if name not in known]:
        raise SpecificationError(
            f"{other} has no variable {', '.join(map(str, missing))}", where=where, mend=f"give {other} before"
        )
    origin = "Predecessor"
    return [
        {**known[name], "origin": {"type": origin, "description": f"{other}.{name}"}, "method": ""} for name in names
    ]


def _where(lines: Lines, path: tuple[Key, ...]) -> str:
    while path and path not in lines:
        path = path[:-1]
    name, line = lines.get(path, (STUDY_FILE, 1))
    return f"{name}: line {line}"


def _first_of(error: ValidationError, lines: Lines) -> SpecificationError:
    first = error.errors()[0]
    # "__root__"-like parts of pydantic's own (alias, union member) are no keys of the file and are skipped by _where.
    location = tuple("class" if part == "class_name" else part for part in first["loc"])
    location = tuple(first.get("ctx", {}).get("path", location))
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    named = ".".join(map(str, location)) or "study"
    message = str(first["msg"]).removeprefix("Value error, ")
    return SpecificationError(f"{named}: {message}{more}", where=_where(lines, location))
