"""Find duplicates among cases: compare, weigh, and gather those that all match each other."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

import duckdb
import polars as pl

from bencao.safety.duplicates.candidates import candidates
from bencao.safety.duplicates.chances import frequencies
from bencao.safety.duplicates.clusters import complete_link, connected
from bencao.safety.duplicates.records import Records
from bencao.safety.duplicates.text import read_words, weigh_texts
from bencao.safety.duplicates.weights import FIELDS, Errors, weigh


@dataclass(frozen=True)
class Settings:
    """How duplicates are looked for.

    Attributes
    ----------
    threshold : float
        Probability from which a pair counts as one event.
    expected : float
        Duplicates a case that are expected; it sets the odds before anything is compared.
    most : int
        A key that more cases share is not used to choose pairs.
    errors : Errors
    threads : int
    memory : str
        Of DuckDB, e.g. ``4GB``; more goes to the disk.
    """

    threshold: float = 0.5
    expected: float = 0.05
    most: int = 100
    errors: Errors = field(default_factory=Errors)
    threads: int = 2
    memory: str = "4GB"


@dataclass(frozen=True)
class Match:
    """A pair that may be one event.

    Attributes
    ----------
    one, other : str
        Identifiers of the cases.
    probability : float
    weights : tuple of (str, float)
        log2 of the likelihood ratio of each field, those that say something.
    cluster : int
        Number of the cluster that holds both; -1 where the two are in none together.
    """

    one: str
    other: str
    probability: float
    weights: tuple[tuple[str, float], ...]
    cluster: int


@dataclass(frozen=True)
class Matched:
    """What was found.

    Attributes
    ----------
    matches : list of Match
        Pairs from the threshold on, likeliest first.
    clusters : list of tuple of str
        Cases of one event: each pair within is from the threshold on (complete link). Cases of no cluster are alone.
    compared : int
        Pairs that were compared.
    """

    matches: list[Match]
    clusters: list[tuple[str, ...]]
    compared: int


def find_duplicates(records: Records, settings: Settings | None = None) -> Matched:
    """Find cases that tell of one event.

    Parameters
    ----------
    records : Records
    settings : Settings, optional

    Returns
    -------
    Matched

    Notes
    -----
    The hit-miss model of vigiMatch (Norén et al. 2007), see `weights`. The probability holds for data like those the
    error rates were tuned on; for medicines in VigiBase a like method had a precision of 54 % (vigiMatch, 2025).
    """
    settings = settings or Settings()
    with tempfile.TemporaryDirectory(prefix="bencao-") as folder, _opened(Path(folder), settings) as database:
        database.register("given_cases", records.cases.to_arrow())
        database.register("given_items", records.items.to_arrow())
        database.execute("""
            CREATE TABLE cases AS SELECT * FROM given_cases; CREATE TABLE items AS SELECT * FROM given_items;
            CREATE TABLE counts AS SELECT kind, name, count(*) AS n FROM items GROUP BY ALL""")
        read_words(database)
        compared = candidates(database, settings.most)
        frequencies(database)
        scored = _scored(database, settings)
        groups = connected(_pairs_of(scored.filter(pl.col("probability") >= settings.threshold)))
        # Of a group all pairs are compared, those too that no key had chosen.
        inner = [pair for group in groups for pair in combinations(group, 2) if len(group) <= settings.most]
        scored = _scored(database, settings, inner) if inner else scored.head(0)
        names = dict(zip(records.cases["case"], records.cases["identifier"], strict=True))
        kept = scored.filter(pl.col("probability") >= settings.threshold)
        clusters = complete_link(_pairs_of(kept), kept["probability"].to_list())
        return Matched(
            list(_matches(kept, clusters, names)), [tuple(names[case] for case in each) for each in clusters], compared
        )


def _opened(folder: Path, settings: Settings) -> duckdb.DuckDBPyConnection:
    database = duckdb.connect(str(folder / "duplicates.db"))
    database.execute(f"SET threads = {int(settings.threads)}")
    database.execute("SET memory_limit = ?", [settings.memory])
    database.execute("SET temp_directory = ?", [str(folder)])
    database.execute("SET preserve_insertion_order = false")
    return database


def _scored(
    database: duckdb.DuckDBPyConnection, settings: Settings, pairs: list[tuple[int, int]] | None = None
) -> pl.DataFrame:
    """Pairs with their weights and probability, likeliest first."""
    if pairs is not None:
        database.register("given_pairs", pl.DataFrame(pairs, schema=["one", "other"], orient="row").to_arrow())
        database.execute("""
            CREATE OR REPLACE TABLE pairs AS
            SELECT least(one, other)::INTEGER AS one, greatest(one, other)::INTEGER AS other FROM given_pairs""")
    # Before anything is compared, one pair in so many is of one event.
    database.execute("SET VARIABLE prior = (SELECT log2(? / count(*)) FROM cases)", [2 * settings.expected])
    weigh(database, settings.errors)
    weigh_texts(database)
    total = f"({' + '.join(FIELDS)} + getvariable('prior'))"
    found = database.sql(f"""
        SELECT *, 1 / (1 + pow(2, -greatest(-200, least(200, {total})))) AS probability
        FROM weighed WHERE {total} > -10 ORDER BY probability DESC, one, other""")
    return pl.DataFrame(pl.from_arrow(found.to_arrow_table()))


def _pairs_of(table: pl.DataFrame) -> list[tuple[int, int]]:
    return list(zip(table["one"].to_list(), table["other"].to_list(), strict=True))


def _matches(table: pl.DataFrame, clusters: list[tuple[int, ...]], names: dict[int, str]) -> Iterator[Match]:
    home = {case: number for number, cluster in enumerate(clusters) for case in cluster}
    for row in table.iter_rows(named=True):
        one, other = row["one"], row["other"]
        same = home.get(one, -1) if home.get(one, -1) == home.get(other, -2) else -1
        weights = tuple((name, round(row[name], 3)) for name in FIELDS if abs(row[name]) > 0.005)
        yield Match(names[one], names[other], float(row["probability"]), weights, same)
