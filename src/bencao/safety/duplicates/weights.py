"""How much each field of a pair speaks for one event: logarithms of likelihood ratios, rare agreement counting more."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

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


def weigh(database: duckdb.DuckDBPyConnection, errors: Errors) -> None:
    """Weigh every row of ``pairs``: table ``weighed`` (one, other, a weight for each of `FIELDS`)."""
    _shared(database, errors)
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
    database.execute(f"""
        CREATE OR REPLACE TABLE weighed AS
        SELECT p.one, p.other,
            {", ".join(f"CAST({text} AS FLOAT) AS {name}" for name, text in values.items())},
            CAST(coalesce(g.drugs, 0) + (g.fewer_drugs - g.drug_n) * log2({errors.drug}) AS FLOAT) AS drugs,
            CAST(coalesce(g.reactions, 0) + (g.fewer_reactions - g.reaction_n) * log2({errors.reaction}) AS FLOAT)
                AS reactions,
            CAST(0 AS FLOAT) AS text,
            CAST(CASE WHEN g.reference_n > 0 THEN {errors.reference} ELSE 0 END AS FLOAT) AS reference
        FROM pairs p JOIN cases x ON x."case" = p.one JOIN cases y ON y."case" = p.other
        JOIN gathered g ON g.one = p.one AND g.other = p.other
        LEFT JOIN sexes ps ON ps.value = x.sex LEFT JOIN countries pc ON pc.value = x.country
        LEFT JOIN ages pa ON pa.value = round(x.age) LEFT JOIN days pd ON pd.value = x.day
        LEFT JOIN months pm ON pm.value = x.month""")


def _field(one: str, other: str, chance: str, error: float) -> str:
    return f"""CASE WHEN {one} IS NULL OR {other} IS NULL THEN 0
        WHEN {one} = {other} THEN log2({1 - error} / {chance} + {error}) ELSE log2({error}) END"""


def frequencies(database: duckdb.DuckDBPyConnection) -> None:
    """How often each value stands in the cases: what agreement by chance is reckoned from."""
    for table, value in (
        ("sexes", "sex"),
        ("countries", "country"),
        ("ages", "round(age)"),
        ("days", "day"),
        ("months", "month"),
    ):
        database.execute(f"""
            CREATE OR REPLACE TABLE {table} AS
            SELECT {value} AS value, count(*) / sum(count(*)) OVER () AS p FROM cases
            WHERE {value} IS NOT NULL GROUP BY 1""")
    database.execute("""
        CREATE OR REPLACE TABLE chances AS SELECT kind, name, n / (SELECT count(*) FROM cases) AS p FROM counts;
        CREATE OR REPLACE TABLE members AS
        SELECT "case", hash(name) AS context FROM items WHERE kind = 'drug' UNION ALL
        SELECT "case", hash(name, month) FROM items JOIN cases USING ("case") WHERE kind = 'drug' AND month IS NOT NULL;
        CREATE OR REPLACE TABLE contexts AS SELECT context, count(*) AS n FROM members GROUP BY 1 HAVING n >= 8;
        CREATE OR REPLACE TABLE told AS
            SELECT "case", 'country' AS field, hash(country) AS value FROM cases WHERE country IS NOT NULL UNION ALL
            SELECT "case", 'age', hash(round(age)) FROM cases WHERE age IS NOT NULL UNION ALL
            SELECT "case", 'day', hash(day) FROM cases WHERE day IS NOT NULL UNION ALL
            SELECT "case", 'reaction', hash(name) FROM items WHERE kind = 'reaction';
        CREATE OR REPLACE TABLE context_values AS
        SELECT context, field, value, count(*) AS n FROM members JOIN told USING ("case")
        WHERE context IN (SELECT context FROM contexts) GROUP BY ALL HAVING n > 2;
        CREATE OR REPLACE TABLE sizes AS
        SELECT "case", count(*) FILTER (kind = 'drug') AS drugs, count(*) FILTER (kind = 'reaction') AS reactions
        FROM items GROUP BY ALL""")


def _shared(database: duckdb.DuckDBPyConnection, errors: Errors) -> None:
    """Table ``gathered``: what a pair shares, weighed, and how many it does not."""
    weight = f"lambda q, i: least({errors.most}, -log2(q)) * CASE WHEN i = 1 THEN 1 ELSE {errors.later} END"
    database.execute(f"""
        CREATE OR REPLACE TABLE of_one AS
        SELECT p.one, p.other, a.kind, a.name FROM pairs p JOIN items a ON a."case" = p.one;
        CREATE OR REPLACE TABLE shared AS
        SELECT p.one, p.other, p.kind, p.name, c.p FROM of_one p
        SEMI JOIN items b ON b."case" = p.other AND b.kind = p.kind AND b.name = p.name
        JOIN chances c ON c.kind = p.kind AND c.name = p.name;
        CREATE OR REPLACE TABLE drugs_shared AS SELECT * FROM shared WHERE kind = 'drug';
        CREATE OR REPLACE TABLE pair_contexts AS
        SELECT one, other, context, n FROM (
            SELECT one, other, hash(name) AS context FROM drugs_shared UNION ALL
            SELECT s.one, s.other, hash(s.name, x.month) FROM drugs_shared s JOIN cases x ON x."case" = s.one
            JOIN cases y ON y."case" = s.other WHERE x.month = y.month) JOIN contexts USING (context);
        CREATE OR REPLACE TABLE pair_told AS
        SELECT p.one, p.other, p.context, p.n, t.field, t.value FROM pair_contexts p JOIN told t ON t."case" = p.one
        WHERE t.field <> 'reaction';
        CREATE OR REPLACE TABLE pair_chances AS
        SELECT p.one, p.other, p.field, max((v.n - 2) / p.n) AS p FROM pair_told p
        JOIN context_values v ON v.context = p.context AND v.field = p.field AND v.value = p.value GROUP BY ALL;
        CREATE OR REPLACE TABLE reactions_shared AS
        SELECT s.one, s.other, s.name, greatest(s.p, coalesce(max((v.n - 2) / c.n), 0)) AS p
        FROM shared s LEFT JOIN pair_contexts c ON c.one = s.one AND c.other = s.other
        LEFT JOIN context_values v ON v.context = c.context AND v.field = 'reaction' AND v.value = hash(s.name)
        WHERE s.kind = 'reaction' GROUP BY s.one, s.other, s.name, s.p;
        CREATE OR REPLACE TABLE gathered AS
        WITH drug_sums AS (SELECT one, other, list(p ORDER BY p) AS ps FROM drugs_shared GROUP BY ALL),
        reaction_sums AS (SELECT one, other, list(p ORDER BY p) AS ps FROM reactions_shared GROUP BY ALL),
        chances_of_pair AS (
            SELECT one, other, max(p) FILTER (field = 'day') AS day_p, max(p) FILTER (field = 'age') AS age_p,
                max(p) FILTER (field = 'country') AS country_p FROM pair_chances GROUP BY ALL),
        references_shared AS (SELECT one, other, count(*) AS n FROM shared WHERE kind = 'reference' GROUP BY ALL)
        SELECT p.one, p.other,
            coalesce(len(d.ps), 0) AS drug_n, coalesce(len(r.ps), 0) AS reaction_n, coalesce(f.n, 0) AS reference_n,
            list_sum(list_transform(d.ps, {weight})) AS drugs,
            list_sum(list_transform(r.ps, {weight})) AS reactions,
            least(coalesce(x.drugs, 0), coalesce(y.drugs, 0)) AS fewer_drugs,
            least(coalesce(x.reactions, 0), coalesce(y.reactions, 0)) AS fewer_reactions,
            t.day_p, t.age_p, t.country_p
        FROM pairs p LEFT JOIN drug_sums d USING (one, other) LEFT JOIN reaction_sums r USING (one, other)
        LEFT JOIN references_shared f USING (one, other) LEFT JOIN chances_of_pair t USING (one, other)
        LEFT JOIN sizes x ON x."case" = p.one LEFT JOIN sizes y ON y."case" = p.other""")
