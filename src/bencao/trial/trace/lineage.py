"""Which records a record was derived from, declared by variable, and found in the data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl
import yaml
from polars.exceptions import PolarsError
from pydantic import BaseModel, ConfigDict, ValidationError

from bencao.trial.errors import SpecificationError

LINEAGE_FILE = "lineage.yaml"
# Rows of a data set, each with the variables of it that matter.
Wanted = dict[str, dict[int, frozenset[str]]]


class Link(BaseModel):
    """Where values of a data set come from.

    Attributes
    ----------
    source : str
        Data set with the records behind.
    keys : mapping of SQL to SQL
        A value of the record, and what equals it in the source.
    where : str
        SQL condition on the records of the source.
    variables : mapping of variable to tuple of variables, or None
        Which variables of the record come from there, and what of the source each is made of; None for all, made of
        nothing that comes from elsewhere.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    keys: dict[str, str]
    where: str = "TRUE"
    variables: dict[str, tuple[str, ...]] | None = None


class Lineage(BaseModel):
    """Links of every data set that is derived from another."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    datasets: dict[str, tuple[Link, ...]]


def read_lineage(path: Path) -> Lineage:
    """Read a study's ``lineage.yaml``, or that of its folder.

    Raises
    ------
    SpecificationError
        Where it cannot be read or declares what is no lineage.
    """
    file = path / LINEAGE_FILE if path.is_dir() else path
    try:
        return Lineage.model_validate({"datasets": yaml.safe_load(file.read_text(encoding="utf-8"))})
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise SpecificationError(f"cannot be read: {error}", where=str(file)) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"][1:]))
        raise SpecificationError(f"{place}: {first['msg']}", where=str(file)) from error


def sources_of(lineage: Lineage, names: Iterable[str]) -> tuple[str, ...]:
    """Names of data sets and of all that they come from, in order."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += [link.source for link in lineage.datasets.get(name, ())]
    return tuple(sorted(found))


def records_behind(wanted: Wanted, lineage: Lineage, data: Mapping[str, pl.DataFrame]) -> Wanted:
    """Records that the given ones were derived from, down to those that were derived from none.

    Parameters
    ----------
    wanted : mapping of data set to mapping of row to variables
    lineage : Lineage
    data : mapping of data set to polars DataFrame
        A data set that is not there ends the way down.

    Returns
    -------
    dict
        Of the same form, the given records left out.

    Raises
    ------
    SpecificationError
        Where a link names a variable that is not there.
    """
    found: Wanted = {}
    waiting = [(name, row, variables) for name, rows in wanted.items() for row, variables in rows.items()]
    while waiting:
        step: Wanted = {}
        for name, row, variables in waiting:
            rows = step.setdefault(name, {})
            rows[row] = rows.get(row, frozenset()) | variables
        waiting = []
        for name, rows in step.items():
            for link in lineage.datasets.get(name, ()):
                if link.source in data:
                    for row, variables in _followed(name, rows, link, data):
                        known = found.setdefault(link.source, {})
                        if row not in known or not variables <= known[row]:
                            known[row] = known.get(row, frozenset()) | variables
                            waiting.append((link.source, row, variables))
    return found


def _followed(
    name: str, rows: dict[int, frozenset[str]], link: Link, data: Mapping[str, pl.DataFrame]
) -> Iterable[tuple[int, frozenset[str]]]:
    """Rows of a link's source behind the rows, each with the variables that matter of it."""
    kept = {row: _needed(link, variables) for row, variables in rows.items()}
    kept = {row: needed for row, needed in kept.items() if needed is not None}
    if not kept:
        return
    keys = {f"key {place}": pair for place, pair in enumerate(link.keys.items())}
    try:
        asked = data[name][list(kept)].select(**{key: pl.sql_expr(pair[0]) for key, pair in keys.items()})
        source = (
            data[link.source]
            .with_row_index("row")
            .filter(pl.sql_expr(link.where))
            .select("row", **{key: pl.sql_expr(pair[1]) for key, pair in keys.items()})
        )
    except PolarsError as error:
        raise SpecificationError(
            f"{str(error).splitlines()[0]}", where=f"lineage of {name}, source {link.source}"
        ) from error
    asked = asked.with_columns(asked_row=pl.Series(list(kept), dtype=pl.Int64))
    # A number may be an integer in one data set and a float in the other.
    same = {key: asked[key].dtype for key in keys if asked[key].dtype.is_numeric()}
    matched = asked.join(source.cast(same), on=list(keys), nulls_equal=True)  # type: ignore[arg-type]
    for asked_row, row in zip(matched["asked_row"].to_list(), matched["row"].to_list(), strict=True):
        yield row, kept[asked_row]  # type: ignore[misc]


def _needed(link: Link, variables: frozenset[str]) -> frozenset[str] | None:
    """What matters of the source where these variables do; None where nothing does."""
    if link.variables is None:
        return frozenset()
    hit = variables & set(link.variables)
    return frozenset(name for each in hit for name in link.variables[each]) if hit else None
