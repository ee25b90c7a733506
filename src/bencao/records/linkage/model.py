"""The model of linkage: how each field is compared, and which pairs are compared at all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import splink.comparison_level_library as levels
import splink.comparison_library as library
from splink import SettingsCreator, block_on

# Chances that the same person's values agree so, level by level, where the data are too few to learn them.
_SAME = {2: (0.9, 0.1), 3: (0.85, 0.1, 0.05), 4: (0.8, 0.1, 0.05, 0.05), 5: (0.75, 0.1, 0.05, 0.05, 0.05)}
_SWAPPED = (
    "substr({0}_l, 1, 4) = substr({0}_r, 1, 4) AND substr({0}_l, 5, 2) = substr({0}_r, 7, 2) "
    "AND substr({0}_l, 7, 2) = substr({0}_r, 5, 2)"
)
# Pairs that agree on one of these are compared; of each the fields must be there.
_BLOCKS = (
    ("id_card",),
    ("other_id",),
    ("phone",),
    ("birth_date", "sex"),
    ("name", "sex"),
    ("name_pinyin", "birth_date"),
    ("given_name", "surname"),
    ("given_name", "postcode"),
    ("surname", "postcode"),
    ("given_name", "suburb"),
    ("given_name", "street_number"),
    ("surname", "street_number"),
    ("suburb", "street_number"),
    ("address", "street_number"),
    ("address", "postcode"),
    ("name_pinyin", "address"),
)


def settings_for(fields: frozenset[str], sources: int, prior: float) -> SettingsCreator:
    """Settings of splink for patients that have these fields.

    Parameters
    ----------
    fields : frozenset of str
        Columns that every table has.
    sources : int
        How many tables; of one, its own duplicates are found.
    prior : float
        Chance that two patients drawn at random are one.
    """
    return SettingsCreator(
        link_type="dedupe_only" if sources == 1 else "link_and_dedupe",
        comparisons=list(_comparisons(fields)),
        blocking_rules_to_generate_predictions=[block_on(*block) for block in blocks_for(fields)],
        probability_two_random_records_match=prior,
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=True,
    )


def blocks_for(fields: frozenset[str]) -> list[tuple[str, ...]]:
    """Sets of fields of which a pair must agree on one; by pairs of any where none of the usual ones is there."""
    found: list[tuple[str, ...]] = [block for block in _BLOCKS if set(block) <= fields]
    if ("birth_date", "sex") not in found and "birth_date" in fields:
        found.append(("birth_date",))
    usable = sorted(fields - {"sex", "name_pinyin"})
    return found or list(combinations(usable, 2)) or [(usable[0],)]


def training_blocks(fields: frozenset[str]) -> list[tuple[str, ...]]:
    """Blocks to learn from: few pairs, most of them of one person each; two, so that every field is learned."""
    wanted = [
        ("id_card",),
        ("other_id",),
        ("birth_date",),
        ("phone",),
        ("name",),
        ("given_name", "surname"),
        ("address",),
    ]
    return [block for block in wanted if set(block) <= fields][:3]


def _comparisons(fields: frozenset[str]) -> Iterator[Any]:
    if {"given_name", "surname"} <= fields:
        yield _two_names()
    elif "name" in fields:
        yield _one_name()
    if "birth_date" in fields:
        yield _compared(
            "birth_date",
            levels.ExactMatchLevel("birth_date"),
            levels.CustomLevel(_SWAPPED.format("birth_date"), label_for_charts="day and month exchanged"),
            levels.DamerauLevenshteinLevel("birth_date", 1),
            levels.DamerauLevenshteinLevel("birth_date", 2),
        )
    for field in ("id_card", "other_id", "phone", "postcode"):
        if field in fields:
            near = (levels.DamerauLevenshteinLevel(field, 1), levels.DamerauLevenshteinLevel(field, 2))
            yield _compared(field, levels.ExactMatchLevel(field), *near)
    for field in ("address", "suburb"):
        if field in fields:
            near = (levels.JaroWinklerLevel(field, 0.9), levels.JaroWinklerLevel(field, 0.75))
            yield _compared(field, levels.ExactMatchLevel(field), *near)
    if "street_number" in fields:
        yield _compared(
            "street_number", levels.ExactMatchLevel("street_number"), levels.LevenshteinLevel("street_number", 1)
        )
    if "sex" in fields:
        yield _compared("sex", levels.ExactMatchLevel("sex"))


def _one_name() -> Any:
    """A name in one column: the same characters, the same sound, one character or letter off."""
    return _compared(
        "name",
        levels.ExactMatchLevel("name").configure(tf_adjustment_column="name"),
        levels.ExactMatchLevel("name_pinyin"),
        levels.And(levels.LevenshteinLevel("name", 1), levels.CustomLevel("length(name_l) > 2 AND length(name_r) > 2")),
        levels.JaroWinklerLevel("name_pinyin", 0.9),
    )


def _two_names() -> Any:
    either = (levels.NullLevel("given_name"), levels.NullLevel("surname"))
    near = (levels.JaroWinklerLevel("given_name", 0.85), levels.JaroWinklerLevel("surname", 0.85))
    exact = (levels.ExactMatchLevel("given_name"), levels.ExactMatchLevel("surname"))
    compared = [
        levels.And(*exact),
        levels.ColumnsReversedLevel("given_name", "surname"),
        levels.And(*near),
        levels.Or(*exact),
        levels.Or(*near),
    ]
    chances = (0.7, 0.05, 0.1, 0.08, 0.04, 0.03)
    built = [levels.And(*either).configure(is_null_level=True)]
    built += [level.configure(m_probability=chance) for level, chance in zip(compared, chances, strict=False)]
    built.append(levels.ElseLevel().configure(m_probability=chances[-1]))
    return library.CustomComparison(output_column_name="names", comparison_levels=built)


def _compared(field: str, *found: Any) -> Any:
    chances = _SAME[len(found) + 1]
    built = [levels.NullLevel(field)]
    built += [level.configure(m_probability=chance) for level, chance in zip(found, chances, strict=False)]
    built.append(levels.ElseLevel().configure(m_probability=chances[-1]))
    return library.CustomComparison(output_column_name=field, comparison_levels=built)
