"""How often what a pair shares stands in cases by chance: at large, and among the reports of a drug and month."""

from __future__ import annotations

import duckdb


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


def share_items(database: duckdb.DuckDBPyConnection) -> None:
    """Table ``shared``: drugs, reactions and references that both of a pair of ``piece`` have, and how frequent.

    Table ``pair_chances`` is empty: no context yet.
    """
    database.execute("""
        CREATE OR REPLACE TABLE shared AS
        SELECT p.one, p.other, p.kind, p.name, c.p
        FROM (SELECT p.one, p.other, a.kind, a.name FROM piece p JOIN items a ON a."case" = p.one) p
        SEMI JOIN items b ON b."case" = p.other AND b.kind = p.kind AND b.name = p.name
        JOIN chances c ON c.kind = p.kind AND c.name = p.name;
        CREATE OR REPLACE TABLE pair_chances (
            one INTEGER, other INTEGER, day_p DOUBLE, age_p DOUBLE, country_p DOUBLE)""")


def look_into_contexts(database: duckdb.DuckDBPyConnection) -> None:
    """Chances among the reports of a shared drug and its month: into ``pair_chances``, and ``shared`` where higher."""
    database.execute("""
        CREATE OR REPLACE TABLE shared AS SELECT s.* FROM shared s SEMI JOIN piece USING (one, other);
        CREATE OR REPLACE TABLE pair_contexts AS
        SELECT one, other, context, n FROM (
            SELECT one, other, hash(name) AS context FROM shared WHERE kind = 'drug' UNION ALL
            SELECT s.one, s.other, hash(s.name, x.month) FROM shared s JOIN cases x ON x."case" = s.one
            JOIN cases y ON y."case" = s.other WHERE s.kind = 'drug' AND x.month = y.month)
        JOIN contexts USING (context);
        CREATE OR REPLACE TABLE pair_told AS
        SELECT p.one, p.other, p.context, p.n, t.field, t.value FROM pair_contexts p JOIN told t ON t."case" = p.one
        WHERE t.field <> 'reaction';
        CREATE OR REPLACE TABLE pair_chances AS
        SELECT p.one, p.other, max((v.n - 2) / p.n) FILTER (v.field = 'day') AS day_p,
            max((v.n - 2) / p.n) FILTER (v.field = 'age') AS age_p,
            max((v.n - 2) / p.n) FILTER (v.field = 'country') AS country_p
        FROM pair_told p JOIN context_values v ON v.context = p.context AND v.field = p.field AND v.value = p.value
        GROUP BY ALL;
        CREATE OR REPLACE TABLE shared AS
        SELECT one, other, kind, name, p FROM shared WHERE kind <> 'reaction' UNION ALL
        SELECT s.one, s.other, s.kind, s.name, greatest(s.p, coalesce(max((v.n - 2) / c.n), 0)) AS p
        FROM shared s LEFT JOIN pair_contexts c ON c.one = s.one AND c.other = s.other
        LEFT JOIN context_values v ON v.context = c.context AND v.field = 'reaction' AND v.value = hash(s.name)
        WHERE s.kind = 'reaction' GROUP BY s.one, s.other, s.kind, s.name, s.p""")


def gather(database: duckdb.DuckDBPyConnection, most: float, later: float) -> None:
    """Table ``gathered``: what a pair of ``piece`` shares, weighed, and how many it does not.

    A single agreement weighs `most` at most; all but the rarest of a kind count by the share `later`.
    """

    def summed(kind: str) -> str:
        return f"{later} * sum(w) FILTER (kind = '{kind}') + {1 - later} * max(w) FILTER (kind = '{kind}')"

    database.execute(f"""
        CREATE OR REPLACE TABLE gathered AS
        WITH sums AS (
            SELECT one, other, count(*) FILTER (kind = 'drug') AS drug_n,
                count(*) FILTER (kind = 'reaction') AS reaction_n, count(*) FILTER (kind = 'reference') AS reference_n,
                {summed("drug")} AS drugs, {summed("reaction")} AS reactions
            FROM (SELECT one, other, kind, least({most}, -log2(p)) AS w FROM shared) GROUP BY ALL)
        SELECT p.one, p.other, coalesce(s.drug_n, 0) AS drug_n, coalesce(s.reaction_n, 0) AS reaction_n,
            coalesce(s.reference_n, 0) AS reference_n, s.drugs, s.reactions,
            least(coalesce(x.drugs, 0), coalesce(y.drugs, 0)) AS fewer_drugs,
            least(coalesce(x.reactions, 0), coalesce(y.reactions, 0)) AS fewer_reactions,
            t.day_p, t.age_p, t.country_p
        FROM piece p LEFT JOIN sums s USING (one, other) LEFT JOIN pair_chances t USING (one, other)
        LEFT JOIN sizes x ON x."case" = p.one LEFT JOIN sizes y ON y."case" = p.other""")
