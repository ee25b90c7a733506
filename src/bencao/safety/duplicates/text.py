"""Narratives of a pair: the rarer words that both have, weighed by how rare they are."""

from __future__ import annotations

import duckdb

# Words that stand in more of the narratives than this tell nothing. Chinese has no blanks between words: there, two
# characters are one.
_COMMON = 0.02
# Words that more reports of a drug have than this, and than chance has it, are those of a campaign, a trial or a label.
_OWN = 3
_PARTNERS = 2  # a word that a report shares with more of those like it tells of a campaign, not of an event
_KEPT = 0.5  # chance that a word of one report stands in another of the same event
# Words of a text go together, and a sentence may be copied: only a share of each word's weight counts, up to a bound
# either way. That two reporters write differently speaks little against one event.
_SHARE, _MOST, _LEAST = 0.5, 24.0, -4.0
_HAN = "\u4e00-\u9fff"
_RAREST = 5


def read_words(database: duckdb.DuckDBPyConnection) -> None:
    """Tables ``rare`` (case, word, bits): the rarer words of each narrative; ``rarest_words``: the few rarest of each.

    Table ``counts`` (kind, name, n) is there already.
    """
    database.execute(f"""
        CREATE OR REPLACE TABLE words AS
        WITH told AS (SELECT "case", lower(text) AS text FROM cases WHERE text IS NOT NULL),
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
        SELECT "case", word, CAST(log2(told / n) AS FLOAT) AS bits FROM words
        JOIN (SELECT word, count(*) AS n FROM words GROUP BY word) USING (word),
        (SELECT count(*) AS told FROM cases WHERE text IS NOT NULL)
        WHERE n <= greatest(20, {_COMMON} * told);
        DROP TABLE words;
        CREATE OR REPLACE TABLE usual AS
        WITH pairs AS (
            SELECT word, name, count(*) AS n, any_value(bits) AS bits
            FROM rare JOIN items USING ("case") WHERE kind = 'drug' GROUP BY ALL HAVING n > {_OWN})
        SELECT word, name FROM pairs JOIN counts USING (name)
        WHERE kind = 'drug' AND pairs.n > {_OWN} + 2 * counts.n / pow(2, bits);
        CREATE OR REPLACE TABLE rare AS
        SELECT r.* FROM rare r ANTI JOIN (
            SELECT "case", word FROM rare JOIN items USING ("case") JOIN usual USING (word, name)
            WHERE kind = 'drug') u ON u."case" = r."case" AND u.word = r.word;
        CREATE OR REPLACE TABLE rare_counts AS SELECT "case", count(*) AS n FROM rare GROUP BY ALL;
        CREATE OR REPLACE TABLE rarest_words AS
        SELECT "case", word FROM rare
        QUALIFY row_number() OVER (PARTITION BY "case" ORDER BY bits DESC, word) <= {_RAREST}""")


def weigh_texts(database: duckdb.DuckDBPyConnection) -> None:
    """Put the weight of the narratives into ``weighed``.

    A word that both have weighs as in the hit-miss model, log2(kept / p); one that only the shorter text has, log2(1 -
    kept).
    """
    database.execute(f"""
        CREATE OR REPLACE TABLE wanted AS
        SELECT w.one, w.other, least(x.n, y.n) AS fewer FROM weighed w
        JOIN rare_counts x ON x."case" = w.one JOIN rare_counts y ON y."case" = w.other;
        CREATE OR REPLACE TABLE text_shared AS
        WITH hits AS (
            SELECT w.one, w.other, a.bits, count(*) OVER (PARTITION BY w.one, a.word) AS of_one,
                count(*) OVER (PARTITION BY w.other, a.word) AS of_other
            FROM wanted w JOIN rare a ON a."case" = w.one JOIN rare b ON b."case" = w.other AND b.word = a.word)
        SELECT one, other, count(*) AS n, sum(bits) AS bits FROM hits
        WHERE of_one <= {_PARTNERS} AND of_other <= {_PARTNERS} GROUP BY ALL;
        UPDATE weighed SET text = s.weight FROM (
            SELECT w.one, w.other, greatest({_LEAST}, least({_MOST}, {_SHARE} * (
                coalesce(s.bits, 0) + log2({_KEPT}) * coalesce(s.n, 0)
                + log2({1 - _KEPT}) * (fewer - coalesce(s.n, 0))))) AS weight
            FROM wanted w LEFT JOIN text_shared s USING (one, other)) s
        WHERE weighed.one = s.one AND weighed.other = s.other""")
