"""How much each field of a pair speaks for one event: logarithms of likelihood ratios, rare agreement counting more."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from bencao.safety.duplicates.chances import gather, look_into_contexts, share_items

# The hit-miss model (Copas and Hilton, J. R. Stat. Soc. A 1990, 153, 287; Norén et al., Data Min. Knowl. Discov. 2007,
# 14, 305): two reports of one event agree in a field but for errors; two of different events as often as chance has it.
# Agreement of value x weighs log2((1 - c) / p(x) + c), disagreement log2(c), a value that is missing nothing.
# Beside the model there: the chance of a value is that among the reports of a drug that both name, and of the month
# where both tell it, if that is higher. A campaign in which many of one age and country fall ill on one day of one
# vaccine, or a trial, then makes no duplicates.


@dataclass(frozen=True)
class Errors:
    """Chances that two reports of one event disagree, and bounds; tuned on a synthetic set of its own.

    Attributes
    ----------
    sex, age, day, month, country : float
        Chance to disagree in a field that both tell.
    drug, reaction : float
        Chance that one that a report names is absent from the other.
    most : float
        Weight of a single agreement at most.
    reference : float
        Weight of a case number in common.
    later : float
        Share of the weight of the second and further drugs and reactions, for they go together.
    """

    sex: float = 0.02
    age: float = 0.1
    day: float = 0.2
    month: float = 0.05
    country: float = 0.02
    drug: float = 0.25
    reaction: float = 0.35
    most: float = 14.0
    reference: float = 20.0
    later: float = 0.6


FIELDS = ("sex", "age", "onset", "country", "drugs", "reactions", "text", "reference")


# A pair that weighs less than this is not kept: whatever the narratives have in common, the prior is far lower.
LOOKED_AT = 6.0
_PIECE = 4_000_000  # pairs weighed at a time, so that memory is bounded


def weigh(database: duckdb.DuckDBPyConnection, errors: Errors) -> None:
    """Weigh ``pairs``: table ``weighed`` (one, other, a weight for each of `FIELDS`; those worth a look)."""
    columns = ", ".join(f"{name} FLOAT" for name in FIELDS)
    database.execute(f"CREATE OR REPLACE TABLE weighed (one INTEGER, other INTEGER, {columns})")
    row = database.execute("SELECT count(*) FROM pairs").fetchone()
    for start in range(0, row[0] if row else 0, _PIECE):
        database.execute(f"""
            CREATE OR REPLACE TABLE piece AS
            SELECT one, other FROM pairs WHERE rowid >= {start} AND rowid < {start + _PIECE}""")
        share_items(database)
        gather(database, errors.most, errors.later)
        # A context only lowers a weight: what is too light without it needs none.
        database.execute(f"CREATE OR REPLACE TABLE heavy AS SELECT one, other FROM ({_weights(errors)})")
        database.execute("CREATE OR REPLACE TABLE piece AS SELECT * FROM heavy")
        look_into_contexts(database)
        gather(database, errors.most, errors.later)
        database.execute(f"INSERT INTO weighed BY NAME {_weights(errors)}")


def _weights(errors: Errors) -> str:
    """Query of the rows of ``piece`` that weigh enough."""
    values = {
        "sex": _field("x.sex", "y.sex", "ps.p", errors.sex),
        "country": _field("x.country", "y.country", "greatest(pc.p, coalesce(g.country_p, 0))", errors.country),
        "age": f"""CASE WHEN x.age IS NULL OR y.age IS NULL THEN 0
            WHEN abs(x.age - y.age) < 0.5 THEN log2({1 - errors.age} / greatest(pa.p, coalesce(g.age_p, 0)))
            WHEN abs(x.age - y.age) <= 1.5 THEN log2(0.35 * {1 - errors.age} / greatest(pa.p, coalesce(g.age_p, 0)))
            WHEN abs(x.age - y.age) <= 5 THEN log2({errors.age}) / 2
            ELSE log2({errors.age} / 4) END""",
        "onset": f"""CASE WHEN x.month IS NULL OR y.month IS NULL THEN 0
            WHEN x.day = y.day THEN least({errors.most}, log2({1 - errors.day} / greatest(coalesce(g.day_p, 0), pd.p)))
            WHEN abs(x.day - y.day) <= 3
            THEN least({errors.most}, log2({errors.day} / 4 / greatest(coalesce(g.day_p, 0), pd.p)))
            WHEN x.month = y.month AND (x.day IS NULL OR y.day IS NULL) THEN log2({1 - errors.month} / pm.p)
            WHEN x.month = y.month THEN log2({errors.day} / 2 / pm.p)
            WHEN abs(x.month - y.month) <= 1 THEN log2({errors.month})
            ELSE log2({errors.month} / 4) END""",
    }
    return f"""
        SELECT * FROM (
        SELECT p.one, p.other,
            {", ".join(f"CAST({text} AS FLOAT) AS {name}" for name, text in values.items())},
            CAST(coalesce(g.drugs, 0) + (g.fewer_drugs - g.drug_n) * log2({errors.drug}) AS FLOAT) AS drugs,
            CAST(coalesce(g.reactions, 0) + (g.fewer_reactions - g.reaction_n) * log2({errors.reaction}) AS FLOAT)
                AS reactions,
            CAST(0 AS FLOAT) AS text,
            CAST(CASE WHEN g.reference_n > 0 THEN {errors.reference} ELSE 0 END AS FLOAT) AS reference
        FROM piece p JOIN cases x ON x."case" = p.one JOIN cases y ON y."case" = p.other
        JOIN gathered g ON g.one = p.one AND g.other = p.other
        LEFT JOIN sexes ps ON ps.value = x.sex LEFT JOIN countries pc ON pc.value = x.country
        LEFT JOIN ages pa ON pa.value = round(x.age) LEFT JOIN days pd ON pd.value = x.day
        LEFT JOIN months pm ON pm.value = x.month) WHERE {" + ".join(FIELDS)} > {LOOKED_AT}"""


def _field(one: str, other: str, chance: str, error: float) -> str:
    return f"""CASE WHEN {one} IS NULL OR {other} IS NULL THEN 0
        WHEN {one} = {other} THEN log2({1 - error} / {chance} + {error}) ELSE log2({error}) END"""
