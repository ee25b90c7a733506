"""Pairs worth comparing: those that share what few others have, so that a million cases need not all be compared."""

from __future__ import annotations

import duckdb

# Two cases are compared where they share one of these; a key that more cases share than `most` tells nothing.
_KEYS = {
    "reference": "SELECT name AS key, \"case\" FROM items WHERE kind = 'reference'",
    "day and drug": """
        SELECT hash(day, name) AS key, "case" FROM items JOIN cases USING ("case")
        WHERE kind = 'drug' AND day IS NOT NULL""",
    "day and reaction": """
        SELECT hash(day, name, sex) AS key, "case" FROM items JOIN cases USING ("case")
        WHERE kind = 'reaction' AND day IS NOT NULL""",
    "drug, reaction, month": """
        SELECT hash(d.name, r.name, month) AS key, d."case" FROM rarest d JOIN rarest r USING ("case")
        JOIN cases USING ("case") WHERE d.kind = 'drug' AND r.kind = 'reaction' AND month IS NOT NULL""",
    "drug, reaction, age": """
        SELECT hash(d.name, r.name, sex, floor(age)) AS key, d."case" FROM rarest d JOIN rarest r USING ("case")
        JOIN cases USING ("case") WHERE d.kind = 'drug' AND r.kind = 'reaction' AND age IS NOT NULL""",
    "drug, age, sex, country": """
        SELECT hash(name, floor(age), sex, country) AS key, "case" FROM items JOIN cases USING ("case")
        WHERE kind = 'drug' AND age IS NOT NULL AND country IS NOT NULL""",
    "reaction, age, sex, country": """
        SELECT hash(name, floor(age), sex, country, 1) AS key, "case" FROM rarest JOIN cases USING ("case")
        WHERE kind = 'reaction' AND age IS NOT NULL AND country IS NOT NULL""",
    "drug, month, country": """
        SELECT hash(name, month, sex, country) AS key, "case" FROM items JOIN cases USING ("case")
        WHERE kind = 'drug' AND month IS NOT NULL AND country IS NOT NULL""",
    "any drug and reaction, country": """
        SELECT hash(d.name, r.name, country) AS key, d."case" FROM items d JOIN items r USING ("case")
        JOIN cases USING ("case") WHERE d.kind = 'drug' AND r.kind = 'reaction' AND country IS NOT NULL""",
    "two drugs and reaction": """
        SELECT hash(least(d.name, e.name), greatest(d.name, e.name), r.name) AS key, d."case"
        FROM rarest d JOIN rarest e ON d."case" = e."case" AND d.kind = 'drug' AND e.kind = 'drug' AND d.name < e.name
        JOIN rarest r ON r."case" = d."case" AND r.kind = 'reaction'""",
    "rare word and drug or reaction": """
        SELECT hash(word, kind, name) AS key, "case" FROM rarest_words JOIN rarest USING ("case")""",
}


def candidates(database: duckdb.DuckDBPyConnection, most: int) -> int:
    """Put the pairs worth comparing into table ``pairs`` (one, other); one is the lower number. Returns how many.

    The tables ``cases``, ``items``, ``counts`` and ``rarest_words`` are there already; ``rarest`` is made: the two
    rarest drugs and reactions of each case.
    """
    database.execute("""
        CREATE OR REPLACE TABLE rarest AS
        SELECT "case", kind, name FROM items JOIN counts USING (kind, name) WHERE kind <> 'reference'
        QUALIFY row_number() OVER (PARTITION BY "case", kind ORDER BY n, name) <= 2;
        CREATE OR REPLACE TABLE pairs (one INTEGER, other INTEGER)""")
    for keys in _KEYS.values():
        database.execute(
            f"""
            INSERT INTO pairs WITH keyed AS (SELECT DISTINCT key, "case" FROM ({keys})),
            few AS (SELECT key, "case" FROM keyed QUALIFY count(*) OVER (PARTITION BY key) BETWEEN 2 AND ?)
            SELECT a."case", b."case" FROM few a JOIN few b ON a.key = b.key AND a."case" < b."case" """,
            [most],
        )
    database.execute("CREATE OR REPLACE TABLE pairs AS SELECT DISTINCT one, other FROM pairs ORDER BY one, other")
    row = database.execute("SELECT count(*) FROM pairs").fetchone()
    return int(row[0]) if row else 0
