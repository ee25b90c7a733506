"""Read rules that the user brings: a YAML file, a folder of them, or a .tgz of such a folder."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from bencao.trial.conformance.rule import Rule, read_rule, standards_of
from bencao.trial.errors import RuleError, UnsupportedRule

_YAML = (".yml", ".yaml")


@dataclass(frozen=True)
class NotRun:
    """A rule that is read but cannot be run here, and why."""

    id: str
    reason: str
    standards: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Rulebook:
    """Rules of a file or folder.

    Attributes
    ----------
    rules : tuple of Rule
        Sorted by id.
    unsupported : tuple of NotRun
        Those that are read but cannot be run here.
    """

    rules: tuple[Rule, ...]
    unsupported: tuple[NotRun, ...] = ()

    def of_standard(self, name: str, version: str = "") -> Rulebook:
        """Rules of a standard, in one version or any."""

        def wanted(rule: Rule | NotRun) -> bool:
            return any(name.upper() == item.upper() and version in ("", number) for item, number in rule.standards)

        return Rulebook(tuple(filter(wanted, self.rules)), tuple(filter(wanted, self.unsupported)))


def read_rules(path: Path) -> Rulebook:
    """Read every rule of a file, folder or archive.

    Parameters
    ----------
    path : Path
        ``.yml``, ``.yaml``, ``.tgz``, ``.tar.gz`` or a folder. A file may hold several documents.

    Returns
    -------
    Rulebook

    Raises
    ------
    RuleError
        Where there is no rule, or one that is malformed.
    """
    rules, unsupported = [], []
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    for where, text in _texts(path):
        try:
            documents = list(yaml.load_all(text, Loader=loader))
        except yaml.YAMLError as error:
            raise RuleError(f"no YAML: {error}", where=where, mend="mend the file") from error
        for document in documents:
            if document is None:
                continue
            try:
                rules.append(read_rule(document, where))
            except UnsupportedRule as error:
                standards = standards_of(document.get("Authorities") or ())
                unsupported.append(NotRun(str(document["Core"]["Id"]), error.cause, standards))
    if not rules and not unsupported:
        raise RuleError("no rule", where=str(path), mend="give CORE rules in YAML: a file, a folder or a .tgz")
    return Rulebook(
        tuple(sorted(rules, key=lambda rule: rule.id)), tuple(sorted(unsupported, key=lambda rule: rule.id))
    )


def _texts(path: Path) -> Iterator[tuple[str, str]]:
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.suffix in _YAML:
                yield str(file), file.read_text(encoding="utf-8")
    elif path.suffix in _YAML and path.is_file():
        yield str(path), path.read_text(encoding="utf-8")
    elif path.name.endswith((".tgz", ".tar.gz")) and path.is_file():
        with tarfile.open(path) as archive:
            for member in sorted(archive.getmembers(), key=lambda item: item.name):
                if member.isfile() and member.name.endswith(_YAML):
                    content = archive.extractfile(member)
                    assert content is not None
                    yield f"{path}: {member.name}", content.read().decode("utf-8")
    else:
        raise RuleError("no rules", where=str(path), mend="give a .yml file, a folder of them or a .tgz")
