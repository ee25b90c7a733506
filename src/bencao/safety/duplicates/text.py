"""Narratives of a pair: how many of their rarer words both have."""

from __future__ import annotations

import duckdb

# Words that stand in more of the narratives than this tell nothing; agreement of a share of the others weighs up to
# `_MOST`, none of it speaks against. Chinese has no blanks between words: there, two characters are one.
_COMMON = 0.02
_MOST = 16.0
_LOOKED_AT = 12.0  # weight of the other fields over which the narratives are compared
_PARTNERS = 2  # a word that a report shares with more of those like it tells of a campaign, not of an event
_HAN = "\u4e00-\u9fff"


def weigh_texts(database: duckdb.DuckDBPyConnection) -> None:
    """Put the weight of the narratives into ``weighed``; only of pairs for which the other fields speak."""
    database.execute(f"""
        CREATE OR REPLACE TABLE wanted AS
        SELECT one, other FROM weighed WHERE sex + age + onset + country + drugs + reactions + reference > {_LOOKED_AT};
        CREATE OR REPLACE TABLE words AS
        WITH told AS (
            SELECT "case", lower(text) AS text FROM cases WHERE text IS NOT NULL
            AND ("case" IN (SELECT one FROM wanted) OR "case" IN (SELECT other FROM wanted))),
        latin AS (
            SELECT "case", unnest(list_distinct(regexp_extract_all(text, '[a-z0-9][a-z0-9.-]{{2,}}'))) AS word
            FROM told),
        han AS (
            SELECT "case", unnest(list_distinct(
                list_transform(range(1, greatest(1, len(chars))), lambda i: chars[i:i+1]))) AS word
            FROM (SELECT "case", regexp_replace(text, '[^{_HAN}]', '', 'g') AS chars FROM told)
            WHERE len(chars) > 1)
        SELECT "case", hash(word) AS word FROM latin UNION ALL SELECT "case", hash(word) FROM han;
        CREATE OR REPLACE TABLE rare AS
        SELECT "case", word FROM words WHERE word IN (
            SELECT word FROM words GROUP BY word
            HAVING count(*) <= greatest(20, {_COMMON} * (SELECT count(DISTINCT "case") FROM words)));
        CREATE OR REPLACE TABLE rare_counts AS SELECT "case", count(*) AS n FROM rare GROUP BY ALL;
        CREATE OR REPLACE TABLE text_shared AS
        WITH hits AS (
            SELECT w.one, w.other, a.word, count(*) OVER (PARTITION BY w.one, a.word) AS of_one,
                count(*) OVER (PARTITION BY w.other, a.word) AS of_other
            FROM wanted w JOIN rare a ON a."case" = w.one JOIN rare b ON b."case" = w.other AND b.word = a.word)
        SELECT one, other, count(*) AS n FROM hits WHERE of_one <= {_PARTNERS} AND of_other <= {_PARTNERS} GROUP BY ALL;
        UPDATE weighed SET text = {_MOST} * s.share FROM (
            SELECT t.one, t.other, t.n / greatest(least(x.n, y.n), 5) AS share FROM text_shared t
            JOIN rare_counts x ON x."case" = t.one JOIN rare_counts y ON y."case" = t.other) s
        WHERE weighed.one = s.one AND weighed.other = s.other""")
