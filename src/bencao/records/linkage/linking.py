"""Link patients: pairs with their probability and its reasons, then persons, then a map from each hospital's ids."""

from __future__ import annotations

import contextlib
import io
import logging
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import polars as pl

from bencao.records.errors import LinkageError
from bencao.records.linkage.persons import COMPARED, Persons

ACCEPT, REVIEW = 0.9, 0.5
Key = tuple[str, str]  # source, id


@dataclass(frozen=True)
class Pair:
    """Two records that may be one person's.

    Attributes
    ----------
    left, right : (str, str)
        Source and id, the smaller first.
    probability : float
        Rounded to six digits.
    weights : dict of float
        Bits of evidence for (or, negative, against) by field; they and the prior add up to the probability.
    decision : str
        ``same`` or ``different`` where a person said so, ``accepted`` or ``review`` by the thresholds.
    """

    left: Key
    right: Key
    probability: float
    weights: Mapping[str, float]
    decision: str


@dataclass(frozen=True)
class Linkage:
    """What linking found.

    Attributes
    ----------
    pairs : tuple of Pair
        Those accepted or to be reviewed, by source and id.
    persons : dict of int
        Each record's person, from 1 in the order of source and id.
    fields : tuple of str
        What was compared.
    """

    pairs: tuple[Pair, ...]
    persons: Mapping[Key, int]
    fields: tuple[str, ...]


def link_persons(
    tables: Sequence[Persons],
    *,
    accept: float = ACCEPT,
    review: float = REVIEW,
    decisions: Mapping[tuple[Key, Key], bool] | None = None,
    seed: int = 1,
    threads: int = 2,
) -> Linkage:
    """Find which records of patients are the same person's.

    The model is Fellegi and Sunter's (J. Am. Stat. Assoc. 1969, 64, 1183), its weights learned from the tables
    themselves by expectation maximisation, with splink.

    Parameters
    ----------
    tables : sequence of Persons
        One of each hospital; of one alone, its own duplicates are found.
    accept, review : float
        Probabilities from which a pair is taken for one person, and from which it is to be reviewed.
    decisions : dict of bool, optional
        Pairs that a person judged: same or not. These are believed whatever their probability.
    seed, threads : int

    Returns
    -------
    Linkage

    Raises
    ------
    LinkageError
        Tables that share no field, sources of one name, or thresholds out of order.
    """
    if not 0 < review <= accept <= 1:
        raise LinkageError("thresholds are out of order", where="accept, review", mend="0 < review <= accept <= 1")
    names = [one.source for one in tables]
    if not tables or len(set(names)) < len(names):
        raise LinkageError("two sources have one name", where=", ".join(names), mend="name the files after hospitals")
    fields = frozenset(COMPARED) | {"name_pinyin"}
    for one in tables:
        fields &= {column for column in one.table.columns if one.table[column].drop_nulls().len()}
    if not fields - {"sex"}:
        raise LinkageError("share no field that patients are known by", where=", ".join(names), mend="see --field")
    found = list(_predicted(tables, fields, review, seed, threads))
    judged = {(min(pair), max(pair)): same for pair, same in (decisions or {}).items()}
    pairs = tuple(sorted(_decided(found, judged, accept), key=lambda pair: (pair.left, pair.right)))
    keys = [(one.source, identifier) for one in tables for identifier in one.table["unique_id"].to_list()]
    same = [pair for pair in pairs if pair.decision in ("same", "accepted")]
    return Linkage(pairs, _persons(keys, same), tuple(sorted(fields)))


def _predicted(
    tables: Sequence[Persons], fields: frozenset[str], review: float, seed: int, threads: int
) -> Iterator[Pair]:
    # Splink takes a quarter of a second to load, and few commands link.
    from splink import Linker
    from splink.internals.duckdb.database_api import DuckDBAPI

    from bencao.records.linkage.model import settings_for

    with duckdb.connect(":memory:", config={"threads": threads}) as connection, _quiet():
        api = DuckDBAPI(connection)
        columns = ["unique_id", *sorted(fields)]
        frames = [
            api.register(one.table.select(columns).to_arrow(), dataset_display_name=f"source_{place}")
            for place, one in enumerate(tables)
        ]
        rows = sum(one.table.height for one in tables)
        linker = Linker(frames, settings_for(fields, len(tables), min(0.5, 2 / max(rows, 4))), log_level=logging.ERROR)
        _train(linker, fields, seed)
        predicted = linker.inference.predict(threshold_match_probability=min(review, 0.01))
        found = pl.DataFrame(connection.table(predicted.physical_name).to_arrow_table())
    weights = [column for column in found.columns if column.startswith("mw_")]
    for row in found.iter_rows(named=True):
        keys = sorted(_key(row, side, tables) for side in ("l", "r"))
        told = {column.removeprefix("mw_"): round(row[column] or 0.0, 3) for column in weights}
        yield Pair(keys[0], keys[1], round(row["match_probability"], 6), told, "")


def _key(row: Mapping[str, Any], side: str, tables: Sequence[Persons]) -> Key:
    place = row.get(f"source_dataset_{side}")
    source = tables[int(str(place).rpartition("_")[2])].source if place is not None else tables[0].source
    return source, str(row[f"unique_id_{side}"])


def _train(linker: Any, fields: frozenset[str], seed: int) -> None:
    """Learn the weights; where there are too few pairs to learn from, the chances that the model begins with stay."""
    from splink import block_on

    from bencao.records.linkage.model import training_blocks

    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=seed)
    for block in training_blocks(fields):
        # Splink raises its own plain exceptions where no pair agrees; the chances given at the start are then kept.
        with contextlib.suppress(Exception):
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(*block))


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Splink reports its progress by warnings and on the screen."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def _decided(pairs: Iterable[Pair], judged: Mapping[tuple[Key, Key], bool], accept: float) -> Iterator[Pair]:
    left = dict(judged)
    for pair in pairs:
        same = left.pop((pair.left, pair.right), None)
        decision = "accepted" if pair.probability >= accept else "review"
        if same is not None:
            decision = "same" if same else "different"
        yield Pair(pair.left, pair.right, pair.probability, pair.weights, decision)
    for (one, other), same in left.items():
        yield Pair(one, other, 0.0, {}, "same" if same else "different")


def _persons(keys: Sequence[Key], same: Iterable[Pair]) -> dict[Key, int]:
    """Number the persons: records that a chain of pairs joins are one."""
    parent = {key: key for key in keys}

    def root(key: Key) -> Key:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for pair in same:
        if pair.left in parent and pair.right in parent:
            one, other = sorted((root(pair.left), root(pair.right)))
            parent[other] = one
    numbers: dict[Key, int] = {}
    for key in sorted(keys):
        numbers.setdefault(root(key), len(numbers) + 1)
    return {key: numbers[root(key)] for key in sorted(keys)}


def as_tables(linkage: Linkage) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pairs, and the map of ids, as tables.

    Returns
    -------
    pairs : polars.DataFrame
        left_source, left_id, right_source, right_id, probability, decision, and the weight of each field.
    person_map : polars.DataFrame
        source, source_id, person_id.
    """
    weights = sorted({name for pair in linkage.pairs for name in pair.weights})
    pairs = pl.DataFrame(
        [
            (*pair.left, *pair.right, pair.probability, pair.decision, *(pair.weights.get(name) for name in weights))
            for pair in linkage.pairs
        ],
        schema={
            **dict.fromkeys(("left_source", "left_id", "right_source", "right_id"), pl.String),
            "probability": pl.Float64,
            "decision": pl.String,
            **{f"weight_{name}": pl.Float64 for name in weights},
        },
        orient="row",
    )
    persons = pl.DataFrame(
        [(*key, person) for key, person in linkage.persons.items()],
        schema={"source": pl.String, "source_id": pl.String, "person_id": pl.Int64},
        orient="row",
    )
    return pairs, persons
