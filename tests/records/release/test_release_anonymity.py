"""Groups of k, numbers that would tell of few, and the data card held against the extract itself."""

from __future__ import annotations

import json
import sys
from collections import Counter
from itertools import combinations, product
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import entropy

sys.path.insert(0, str(Path(__file__).resolve().parent))

from release_hospital import REQUEST, hospital, write

from bencao.records import release_extract
from bencao.records.anonymity.cells import withheld
from bencao.records.anonymity.generalising import anonymise, generalised
from bencao.records.release.ages import age_group, coarser
from bencao.records.release.card.drift import compare
from bencao.records.release.cells import withheld_steps
from bencao.records.release.cohort import Step

LADDERS = {"age_at_index": (5, 10, 20, "*"), "gender_concept_id": ("*",)}
PERSONS = st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 110)), st.sampled_from([8507, 8532])), max_size=60)


@settings(deadline=None, max_examples=60)
@given(PERSONS, st.integers(2, 6), st.sampled_from([0.0, 0.1, 0.5]))
def test_each_is_one_of_k_or_left_out_and_nothing_less_would_do(persons: list[Any], k: int, share: float) -> None:
    found = anonymise(persons, LADDERS, coarser=coarser, k=k, most_suppressed=share)
    losses = {}
    for levels in product(range(5), range(2)):
        groups = Counter(generalised(one, LADDERS, levels, coarser) for one in persons)
        small = sum(count for count in groups.values() if count < k)
        if persons and small <= share * len(persons):
            climbed = (levels[0] / 4 + levels[1]) / 2
            losses[levels] = (climbed * (len(persons) - small) + small) / len(persons)
    if found is None:
        assert not losses
        return
    anonymity, values = found
    groups = Counter(one for one in values if one is not None)
    assert min(groups.values(), default=k) >= k
    assert anonymity.k == min(groups.values(), default=0)
    assert anonymity.suppressed == values.count(None) <= share * len(persons)
    kept = len(persons) - anonymity.suppressed
    loss = ((1 - anonymity.precision) * kept + anonymity.suppressed) / len(persons)
    assert loss == pytest.approx(min(losses.values()), abs=1e-3)


@given(st.integers(0, 130), st.sampled_from([1, 2, 5, 7, 10, 20, 50]))
def test_no_group_of_ages_tells_an_age_over_89(age: int, width: int) -> None:
    group = age_group(age, width)
    assert group is not None
    low, _, high = group.rstrip("+").partition("-")
    assert int(low) <= min(age, 90)
    if group.endswith("+"):
        assert age_group(130, width) == group
    else:
        assert age <= int(high or low) <= 89


@given(st.lists(st.integers(0, 200), min_size=1, max_size=9), st.integers(1, 15))
def test_no_two_numbers_of_a_cohort_tell_of_few(counts: list[int], least: int) -> None:
    steps = [Step("include", "", one) for one in sorted(counts, reverse=True)]
    told = [one.persons for one in withheld_steps(steps, least) if one is not None]
    assert told[-1] == min(counts)
    assert all(one == other or one - other >= least for one, other in combinations(told, 2))


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 60), min_size=1), st.integers(2, 12))
def test_a_withheld_count_cannot_be_worked_out_from_the_sum(counts: dict[str, int], least: int) -> None:
    told = withheld(counts, least)
    hidden = [name for name, one in told.items() if one is None]
    assert all(told[name] is None for name, one in counts.items() if 0 < one < least)
    left = sum(counts[name] for name in hidden)
    if hidden and any(one is not None and one >= least for one in told.values()):
        assert left >= least


def test_the_index_of_stability_is_the_sum_of_both_divergences() -> None:
    """Half a person is added to each cell; 6.6349 is the chi-square of one degree at one in a hundred."""
    compared = compare(Counter(a=30, b=70), Counter(a=50, b=50), 0.01)
    p, q = [30.5 / 101, 70.5 / 101], [0.5, 0.5]
    assert compared is not None
    assert compared[0] == pytest.approx(entropy(p, q) + entropy(q, p))
    assert compared[1] == pytest.approx(jensenshannon(p, q, base=2))
    assert compared[2] == pytest.approx(6.6349 * 2 / 101, abs=1e-5)
    assert compare(Counter(a=30), Counter(a=50), 0.01) is None


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything of the hospital, from a request that asks for sites; every eleventh unit is missing."""
    folder = tmp_path_factory.mktemp("card")
    tables = hospital()
    for one in tables["measurement"][::11]:
        one["unit_source_value"] = ""
    for one in tables["condition_occurrence"][1::50]:
        one["condition_concept_id"] = 0
    write(folder / "hospital", tables)
    (folder / "request.yaml").write_text(REQUEST, encoding="utf-8")
    release_extract(folder / "request.yaml", folder / "extract", key=folder / "key", language="zh")
    return folder / "extract"


@pytest.fixture(scope="module")
def card(extract: Path) -> Any:
    return json.loads((extract / "card.json").read_text(encoding="utf-8"))


def test_the_card_counts_what_the_tables_hold(extract: Path, card: Any) -> None:
    for table in card["tables"]:
        frame = pl.read_parquet(extract / f"{table['table']}.parquet")
        assert table["rows"] == frame.height
        assert table["persons"] == frame["person_id"].n_unique()
        assert [one["column"] for one in table["columns"]] == frame.columns
        assert [one["missing"] for one in table["columns"]] == [one.null_count() for one in frame.iter_columns()]
    conditions = next(one for one in card["tables"] if one["table"] == "condition_occurrence")
    unmapped = next(one for one in conditions["columns"] if one["column"] == "condition_concept_id")
    frame = pl.read_parquet(extract / "condition_occurrence.parquet")
    assert unmapped["no concept"] == frame.filter(pl.col("condition_concept_id") == 0).height == 16


def test_a_site_that_measures_otherwise_is_told_and_one_that_does_not_is_not(extract: Path, card: Any) -> None:
    found = {(one["by"], one["table"], one["feature"]): one for one in card["drift"]["found"]}
    sites = set(pl.read_parquet(extract / "visit_occurrence.parquet")["care_site_id"])
    glucose = found["site", "measurement", "values of 3004501"]
    assert glucose["reading"] == "large"
    assert int(glucose["group"]) in sites
    assert glucose["psi"] > 2
    for feature in ("sex", "age"):
        assert found["site", "visit_occurrence", feature]["reading"] == "chance"
    years = [one for one in card["drift"]["found"] if one["by"] == "year" and one["feature"].startswith("values")]
    assert len(years) >= 10
    assert {one["reading"] for one in years} == {"chance"}


def test_quality_is_of_the_tables_that_are_released(card: Any) -> None:
    assert set(card["quality"]["tables"]) == {one["table"] for one in card["tables"]}
    assert card["quality"]["as of"] < "2023"
    failed = {one["id"]: one["percent"] for one in card["quality"]["failed"]}
    assert failed["field_isrequired_measurement_measurement_type_concept_id"] == 100


def test_the_page_says_all_in_the_readers_language(extract: Path) -> None:
    page = (extract / "card.html").read_text(encoding="utf-8")
    assert "数据卡：diabetes" in page
    assert "a hospital made for tests" in page
    assert "hospital.zip" not in page
    assert "<script" not in page
