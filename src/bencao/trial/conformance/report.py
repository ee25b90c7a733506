"""Check a study's data sets against rules: what broke them, what could not be run on the data, and what not at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bencao.kernel.errors import InputError
from bencao.trial.conformance.checking import Skipped, Violation, check_rule
from bencao.trial.conformance.rulebook import Rulebook, read_rules
from bencao.trial.conformance.study import Study, Table
from bencao.trial.conformance.terminology import Terminology, load_terminology
from bencao.trial.dataset import Dataset
from bencao.trial.errors import UnsupportedRule
from bencao.trial.formats import read_datasets

ADAM = "adam"
_SHIPPED = {ADAM: Path(__file__).parent / "data" / "adam_rules.yaml"}


@dataclass(frozen=True)
class Report:
    """Outcome of a check.

    Attributes
    ----------
    violations : tuple of Violation
        By rule and data set.
    skipped : tuple of Skipped
        Data sets in a rule's scope that lack what it needs.
    unsupported : tuple of (str, str)
        Id and reason of the rules that were not run; they are never taken for passed.
    run : int
        Number of rules that were run.
    """

    violations: tuple[Violation, ...]
    skipped: tuple[Skipped, ...]
    unsupported: tuple[tuple[str, str], ...]
    run: int

    @property
    def findings(self) -> int:
        """Number of records, data sets or groups that break a rule."""
        return sum(len(violation) for violation in self.violations)

    def rows(self) -> Iterator[dict[str, Any]]:
        """A finding each: rule, data set, record (null for a data set's), message, and the values reported."""
        for violation in self.violations:
            for row in violation.records.iter_rows(named=True):
                values = {name: value for name, value in row.items() if name not in ("dataset", "record")}
                yield {
                    "rule": violation.rule.id,
                    "dataset": row["dataset"],
                    "record": row["record"],
                    "message": violation.message,
                    "values": values,
                    "absent": list(violation.absent),
                }


def check(
    data: Iterable[Dataset | Path | str],
    rules: Path | str,
    *,
    standard: str = "",
    version: str = "",
    terminology: Terminology | None = None,
) -> Report:
    """Check data sets against conformance rules.

    Parameters
    ----------
    data : iterable of Dataset, Path or str
        Data sets, or files of them in any format that the room reads. A rule may join any of them.
    rules : Path or str
        CORE rules in YAML that you bring, as a file, a folder or a .tgz; or ``adam`` for Bencao's own.
    standard : str
        Such as ``SDTMIG``: run this standard's rules alone.
    version : str
        Of the standard, such as ``3.4``.
    terminology : Terminology, optional
        Packages of your own beside the SDTM terminology that comes with Bencao, see `read_terminology`.

    Returns
    -------
    Report

    Raises
    ------
    InputError
        Where data or rules cannot be read, or no rule is of the standard.
    """
    study = Study(
        tuple(_tables(data)),
        standard=standard.upper(),
        version=version,
        terminology=load_terminology().joined(terminology or Terminology()),
    )
    book = read_rules(_SHIPPED.get(str(rules), Path(rules)))
    if standard:
        book = book.of_standard(standard, version)
        if not book.rules:
            raise InputError(
                f"no rule of {standard} {version}".rstrip(), where=str(rules), mend="give another standard"
            )
    return _checked(book, study)


def _tables(data: Iterable[Dataset | Path | str]) -> Iterator[Table]:
    for item in data:
        if isinstance(item, Dataset):
            yield Table(item, f"{item.name.lower()}.xpt")
            continue
        path = Path(item)
        for dataset in read_datasets(path):
            yield Table(dataset, path.name, path.stat().st_size)


def _checked(book: Rulebook, study: Study) -> Report:
    violations: list[Violation] = []
    skipped: list[Skipped] = []
    unsupported = [(rule.id, rule.reason) for rule in book.unsupported]
    for rule in book.rules:
        try:
            outcomes = check_rule(rule, study)
        except UnsupportedRule as error:
            unsupported.append((rule.id, error.cause))
            continue
        violations += [outcome for outcome in outcomes if isinstance(outcome, Violation)]
        skipped += [outcome for outcome in outcomes if isinstance(outcome, Skipped)]
    run = len(book.rules) + len(book.unsupported) - len(unsupported)
    return Report(tuple(violations), tuple(skipped), tuple(sorted(unsupported)), run)
