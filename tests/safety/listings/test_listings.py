"""Listings and tabulations of a period: which cases count, where, and under what name."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from filled_reports import report
from small_meddra import write_meddra

from bencao.kernel.errors import InputError
from bencao.safety.case import Case, case_of
from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.errors import LicenceRequired
from bencao.safety.exchange import ReadCase, write_cases
from bencao.safety.listings import Locked, Period, chooser, lock, tabulate, vocabulary_of
from bencao.safety.listings.listing import heads, rows
from bencao.safety.listings.pages import Listings, tabulation_heads, tabulation_rows
from bencao.safety.smq import read_levels, read_query

YEAR = Period(date(2025, 1, 1), date(2025, 12, 31))
CRITERIA = "abcdef"


def case(
    identifier: str,
    received: str,
    *reactions: tuple[str, str, str],
    kind: str = "1",
    study: str = "",
    latest: str = "",
    state: str = "",
    drug: str = "warfarin",
    **more: str,
) -> Case:
    """A case; a reaction is words, code and the criteria that it meets (``?``: nothing is said of them)."""
    found = [
        Occurrence("C.1.1", (), identifier),
        Occurrence("C.1.3", (), kind),
        Occurrence("C.1.4", (), received),
        Occurrence("C.1.5", (), latest or received),
        Occurrence("G.k.1", (1,), "1"),
        Occurrence("G.k.2.2", (1,), drug),
    ]
    found += [Occurrence("C.5.4", (), study)] if study else []
    found += [Occurrence("C.1.11.1", (), state)] if state else []
    for number, (text, code, met) in enumerate(reactions, 1):
        found.append(Occurrence("E.i.1.2", (number,), text))
        found += [Occurrence("E.i.2.1b", (number,), code)] if code else []
        if met != "?":
            found += [
                Occurrence(f"E.i.3.2{one}", (number,), *(("true", "") if one in met else ("", "NI")))
                for one in CRITERIA
            ]
    for name, told in more.items():
        element = name.replace("_", ".")
        found.append(Occurrence(element, (1,) if ".r" in element else (), told))
    return case_of(found)


def locked(cases: Iterable[Case], **how: Any) -> Locked:
    return lock((ReadCase(f"case {number}", each) for number, each in enumerate(cases)), YEAR, **how)


def test_the_latest_version_before_the_lock_point_counts_and_the_rest_is_counted_why_not() -> None:
    bleeding = ("bleeding", "101", "a")
    found = locked(
        [
            case("A", "20250201", bleeding),
            case("A", "20250201", ("bleeding", "101", "a"), ("rash", "103", ""), latest="20250401"),
            case("A", "20250201", bleeding, latest="20260105"),  # after the lock point: what stood before it counts
            case("B", "20240301", bleeding),
            case("C", "20250301", bleeding),
            case("C", "20250301", bleeding, latest="20250601", state="1"),
            case("D", "20250301", bleeding, latest="20250302", state="2"),
            case("D", "20250301", bleeding),
            case("E", "", bleeding),
        ]
    )
    assert [each.identifier for each in found.cumulative] == ["A", "B", "D"]
    assert [each.identifier for each in found.interval] == ["A", "D"]
    assert len(found.cumulative[0].reactions) == 2
    assert found.superseded == {"follow-up": 1, "nullification": 1, "amendment": 1}
    counts = found.counts
    assert (counts["read"], counts["after"], counts["undated"], counts["nullified"]) == (9, 1, 1, 1)
    parts = ("unreadable", "undated", "after", "superseded", "nullified", "not selected", "cumulative cases")
    assert counts["read"] == sum(counts[part] for part in parts)


def test_the_order_of_the_files_does_not_matter() -> None:
    versions = [case("A", "20250201", ("x", "", "")), case("A", "20250201", ("y", "", ""), latest="20250301")]
    assert locked(versions).cumulative == locked(reversed(versions)).cumulative
    void = [case("A", "20250201", ("x", "", "")), case("A", "20250201", ("x", "", ""), state="1")]
    assert not locked(void).cumulative and not locked(reversed(void)).cumulative


def test_a_case_may_be_placed_by_its_latest_information() -> None:
    old = case("B", "20240301", ("bleeding", "101", "a"), latest="20250501")
    assert not locked([old]).interval
    assert len(locked([old], latest=True).interval) == 1


def test_reactions_are_counted_by_source_seriousness_and_period() -> None:
    found = locked(
        [
            case("A", "20250201", ("Bleeding", "", "a"), ("bleeding ", "", ""), ("itch", "", "")),
            case("B", "20240201", ("bleeding", "", "")),
            case("C", "20250301", ("Bleeding", "", "?"), kind="2", study="3"),
            case("D", "20240301", ("Bleeding", "", "c"), kind="2", study="1"),
            case("F", "20250301", ("itch", "", ""), C_4_r_1="Lancet 2025"),
        ]
    )
    table = tabulate(found, vocabulary_of(None))
    made = tabulation_rows(Listings("pbrer", YEAR, vocabulary_of(None), found, table), "en")
    # spontaneous serious interval, cumulative; non-serious interval, cumulative; total; solicited; trials
    assert made == [
        ("Bleeding", 1, 1, 0, 1, 2, 1, 1, 0, 1),
        ("itch", 0, 0, 2, 2, 2, 0, 0, 0, 0),
        ("Total", 1, 1, 2, 3, 4, 1, 1, 0, 1),
    ]
    assert table.unknown == 1
    assert {line.identifier: line.source for line in found.cumulative}["F"] == "literature"


@pytest.fixture
def meddra(tmp_path: Path) -> Path:
    return write_meddra(tmp_path / "MedAscii")


def test_with_meddra_terms_are_preferred_terms_under_their_primary_soc(meddra: Path) -> None:
    found = locked(
        [
            case("A", "20250201", ("bled", "5101", "a"), ("itchy", "103", "")),
            case("B", "20250201", ("bled a lot", "101", "b"), ("strange", "999", "")),
        ]
    )
    vocabulary = vocabulary_of(meddra)
    table = tabulate(found, vocabulary)
    assert [(row.soc, row.term) for row in table.rows] == [
        ("Skin", "Itching"),
        ("Vessels", "Bleeding"),
        ("not coded", "strange"),
    ]
    listings = Listings("pbrer", YEAR, vocabulary, found, table)
    assert tabulation_rows(listings, "zh")[2:4] == [
        ("Vessels", "合计", 2, 2, 0, 0, 2, 0, 0, 0, 0),
        ("Vessels", "Bleeding", 2, 2, 0, 0, 2, 0, 0, 0, 0),
    ]
    assert tabulation_heads(listings, "zh")[:2] == ("系统器官分类", "首选语")
    higher = vocabulary_of(meddra, "hlgt")
    assert {row.term for row in tabulate(found, higher).rows} == {"Skin events", "Vessel events", "strange"}
    assert [row[0] for row in rows(found.interval, "pbrer", "en", vocabulary, YEAR)] == ["Vessels", "Vessels"]


def test_without_meddra_levels_and_queries_say_that_they_need_it() -> None:
    with pytest.raises(LicenceRequired, match="MedDRA"):
        vocabulary_of(None, "soc")
    with pytest.raises(LicenceRequired, match="Vessels"):
        vocabulary_of(None, query="Vessels")


def test_a_query_holds_its_scope_and_the_queries_below_it(meddra: Path) -> None:
    levels = read_levels(meddra)
    narrow, broad = read_query(meddra, "vessels"), read_query(meddra, "7002", "broad")
    assert narrow.meets(["5101"], levels) and not narrow.meets(["105"], levels) and broad.meets(["105"], levels)
    assert narrow.meets(["5102"], levels) and not narrow.meets(["102"], levels), "only the lowest level term is named"
    assert not broad.meets(["103"], levels), "an inactive term"
    assert (narrow.name, narrow.version) == ("Vessels (SMQ)", "27.1")


@pytest.mark.parametrize(
    ("codes", "met"),
    [(["101"], True), (["104", "103"], True), (["104"], False), (["105", "104"], True), (["105"], False), ([], False)],
)
def test_an_algorithm_joins_categories(meddra: Path, codes: list[str], met: bool) -> None:
    query = read_query(meddra, "Anaphylaxis-like (SMQ)", "algorithm")
    assert query.meets(codes, read_levels(meddra)) is met


def test_what_cannot_be_evaluated_is_refused(meddra: Path) -> None:
    for wanted, scope in (("7004", "algorithm"), ("7002", "algorithm"), ("nothing", "narrow")):
        with pytest.raises(InputError):
            read_query(meddra, wanted, scope)  # type: ignore[arg-type]


def test_a_query_chooses_cases_and_counts_its_own_reactions(meddra: Path) -> None:
    vocabulary = vocabulary_of(meddra, query="Vessels", scope="broad")
    cases = [
        case("A", "20250201", ("low", "105", ""), ("itch", "103", "")),
        case("B", "20250201", ("itch", "103", "")),
        case("C", "20250201", ("low", "105", ""), drug="aspirin"),
    ]
    found = locked(cases, selected=chooser("pbrer", vocabulary, ["Warfarin"]))
    assert [each.identifier for each in found.cumulative] == ["A"] and found.counts["not selected"] == 2
    assert [row.term for row in tabulate(found, vocabulary).rows] == ["Low pressure"]


def test_a_dsur_lists_serious_reactions_of_trials_with_its_columns() -> None:
    itch, bleeding = ("itch", "", ""), ("bleeding", "", "b")
    cases = [
        case("A", "20250201", itch, bleeding, kind="2", study="1", C_5_3="CT-1", D_1_1_4="S-7"),
        case("B", "20250201", itch, kind="2", study="1"),
        case("C", "20250201", bleeding),
    ]
    vocabulary = vocabulary_of(None)
    found = locked(cases, selected=chooser("dsur", vocabulary))
    [row] = rows(found.interval, "dsur", "en", vocabulary, YEAR)
    told = dict(zip(heads("dsur", "en", vocabulary), row, strict=True))
    assert told["Study"] == "CT-1" and told["Case reference and subject"] == "A; S-7"
    assert told["Reactions, the most serious first"] == "bleeding; itch"
    assert told["Seriousness criteria"] == "life-threatening; not serious"
    listings = Listings("dsur", YEAR, vocabulary, found, tabulate(found, vocabulary))
    assert tabulation_heads(listings, "en")[1:] == (
        "Clinical trials: serious: interval",
        "Clinical trials: serious: cumulative",
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_whatever_cases_hold_all_are_accounted_for(lang: Any) -> None:
    found = lock(
        (ReadCase(f"case {seed}", case_of(report(seed, (0.1, 0.5, 1.0)[seed % 3]))) for seed in range(60)),
        Period(date(1960, 1, 1), date(2015, 12, 31)),
    )
    counts = found.counts
    parts = ("unreadable", "undated", "after", "superseded", "nullified", "not selected", "cumulative cases")
    assert counts["read"] == 60 == sum(counts[part] for part in parts)
    vocabulary = vocabulary_of(None)
    table = tabulate(found, vocabulary)
    assert table.rows and found.interval
    made = tabulation_rows(Listings("pbrer", YEAR, vocabulary, found, table), lang)
    for column in range(1, len(made[0])):
        assert made[-1][column] == sum(int(row[column]) for row in made[:-1])
    listed = rows(found.interval, "pbrer", lang, vocabulary, YEAR)
    assert len(listed) == counts["interval cases"]
    assert {len(row) for row in listed} == {len(heads("pbrer", lang, vocabulary))}


def test_the_command_writes_tables_page_and_counts(bencao: Callable[..., Any], tmp_path: Path, meddra: Path) -> None:
    (tmp_path / "inbox").mkdir()
    versions = [case("A", "20250201", ("bled", "5101", "a")), case("A", "20250201", ("bled", "5101", "a"), state="1")]
    write_cases(tmp_path / "inbox" / "a.jsonl", [*versions, case("B", "20250301", ("itch", "103", ""), D_5="2")])
    (tmp_path / "inbox" / "b.json").write_text("{", encoding="utf-8")
    given = ("safety", "listings", "inbox", "-o", "out", "--from", "2025-01-01", "--to", "2025-12-31")
    ended = bencao(*given, "--meddra", str(meddra), "--lang", "zh", "--json")
    assert ended.code == 1 and "b.json" in ended.err
    counts = json.loads(ended.out)
    assert counts["terms"] == "MedDRA 27.1"
    assert (counts["nullified"], counts["superseded"], counts["unreadable"], counts["cumulative_cases"]) == (1, 1, 1, 1)
    with (tmp_path / "out" / "line_listing.csv").open(encoding="utf-8-sig", newline="") as handle:
        [row] = csv.DictReader(handle)
    assert row["病例编号"] == "B" and row["性别与年龄"] == "女性" and row["系统器官分类"] == "Skin"
    assert "不良反应汇总表" in (tmp_path / "out" / "listings.html").read_text(encoding="utf-8")
    assert "safety listings" in bencao("ledger", "trace", "out/tabulation.csv").out
    refused = bencao(*given, "--smq", "Vessels")
    assert refused.code == 2 and "MedDRA" in refused.err
    assert bencao(*given[:-1], "2024-12-31").code == 2
