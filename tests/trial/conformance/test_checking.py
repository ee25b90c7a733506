"""What a rule finds in data sets: joins, operations, operators, and how a finding is reported."""

from __future__ import annotations

from typing import Any

import pytest
from conformance_data import dataset, rule, study

from bencao.trial.conformance import Rule, Skipped, Study, Table, Violation, check_rule, load_terminology
from bencao.trial.dataset import Dataset
from bencao.trial.errors import UnsupportedRule


def found(of: Rule, *datasets: Dataset) -> list[tuple[str, int | None, str, Any]]:
    """Rows of a rule's findings."""
    outcomes = check_rule(of, study(*datasets))
    return [row for outcome in outcomes if isinstance(outcome, Violation) for row in outcome.rows()]


def records(check: str, *datasets: Dataset, **parts: Any) -> list[int | None]:
    """Numbers of the records that a check finds."""
    return list(dict.fromkeys(row[1] for row in found(rule(check, **parts), *datasets)))


EVENTS = dataset(
    "AE",
    DOMAIN=["AE"] * 4,
    USUBJID=["1", "1", "2", "9"],
    AESEQ=[1.0, 2.0, 1.0, 1.0],
    AETERM=["HEADACHE", "Rash", "", "NAUSEA"],
    AESTDTC=["2020-01-02", "2020-01", "2019-12-31", "bad"],
    AEENDTC=["2020-01-01", "2020-01-31", None, None],
)


def test_a_finding_names_record_variable_and_value(demographics: Dataset) -> None:
    of = rule(
        "{all: [{name: ARMCD, operator: empty}]}", Outcome={"Message": "no arm", "Output Variables": ["ARMCD", "ARM"]}
    )
    assert found(of, demographics) == [("DM", 3, "ARMCD", None), ("DM", 3, "ARM", "Not in dataset")]


def test_two_dashes_stand_for_the_domain() -> None:
    assert records("{all: [{name: --TERM, operator: empty}]}", EVENTS) == [3]


def test_the_message_names_the_variable_of_the_domain() -> None:
    of = rule("{all: [{name: --TERM, operator: empty}]}", Outcome={"Message": "--TERM is missing"})
    (violation,) = check_rule(of, study(EVENTS))
    assert isinstance(violation, Violation)
    assert violation.message == "AETERM is missing"


def test_a_dataset_finding_has_no_record() -> None:
    assert records("{all: [{name: --TERM, operator: empty}]}", EVENTS, Sensitivity="Dataset") == [None]


def test_a_data_set_without_the_variable_is_skipped_and_not_passed(demographics: Dataset) -> None:
    outcomes = check_rule(rule("{all: [{name: NOSUCH, operator: empty}]}"), study(demographics))
    assert [type(outcome) for outcome in outcomes] == [Skipped]


def test_of_alternatives_one_without_its_variable_falls_away(demographics: Dataset) -> None:
    check = "{any: [{name: NOSUCH, operator: empty}, {name: ARMCD, operator: equal_to, value: B}]}"
    assert records(check, demographics) == [2]


@pytest.mark.parametrize("part", ["operator: no_such_operator", "operator: equal_to, value: [A]"])
def test_an_unknown_operator_is_unsupported(part: str, demographics: Dataset) -> None:
    with pytest.raises(UnsupportedRule):
        check_rule(rule(f"{{all: [{{name: ARMCD, {part}}}]}}"), study(demographics))


def test_a_rule_that_does_not_suit_the_data_is_not_passed(demographics: Dataset) -> None:
    of = rule("{all: [{name: ARMCD, operator: matches_regex, value: '['}]}")
    with pytest.raises(UnsupportedRule, match="does not suit the data set DM"):
        check_rule(of, study(demographics))


def test_an_unknown_operation_is_unsupported(demographics: Dataset) -> None:
    of = rule("{all: [{name: $x, operator: empty}]}", Operations=[{"id": "$x", "operator": "no_such_operation"}])
    with pytest.raises(UnsupportedRule, match="no_such_operation"):
        check_rule(of, study(demographics))


def test_an_unknown_rule_type_is_unsupported(demographics: Dataset) -> None:
    of = rule("{all: [{name: AGE, operator: empty}]}", **{"Rule Type": "JSONata"})
    with pytest.raises(UnsupportedRule, match="JSONata"):
        check_rule(of, study(demographics))


# Something missing equals nothing; it differs from all that is populated, and is contained by nothing.
@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        ("operator: equal_to, value: A", [1]),
        ("operator: not_equal_to, value: A", [2, 3]),
        ("operator: is_contained_by, value: [A, C]", [1]),
        ("operator: is_not_contained_by, value: [A, C]", [2, 3]),
        ("operator: equal_to_case_insensitive, value: a", [1]),
        ("operator: matches_regex, value: '[AB]'", [1, 2]),
        ("operator: not_matches_regex, value: '(?!B)[AB]'", [2]),
        ("operator: longer_than, value: 0", [1, 2]),
        ("operator: contains, value: A", [1]),
        ("operator: does_not_contain, value: A", [2, 3]),
        ("operator: is_not_unique_set, value: USUBJID", []),
    ],
)
def test_comparisons_of_texts(comparison: str, expected: list[int], demographics: Dataset) -> None:
    assert records(f"{{all: [{{name: ARMCD, {comparison}}}]}}", demographics) == expected


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        ("operator: greater_than, value: 40", [3]),
        ("operator: less_than_or_equal_to, value: 30", [1]),
        ("operator: equal_to, value: 30", [1]),
        ("operator: equal_to, value: '30'", []),
        ("operator: equal_to, value: '30', type_insensitive: true", [1]),
        ("operator: matches_regex, value: '30$'", [1]),
    ],
)
def test_comparisons_of_numbers(comparison: str, expected: list[int], demographics: Dataset) -> None:
    assert records(f"{{all: [{{name: AGE, {comparison}}}]}}", demographics) == expected


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        ("operator: invalid_date", [4]),
        ("operator: is_incomplete_date", [2, 4]),
        ("operator: date_greater_than, value: AEENDTC", [1]),
        ("operator: date_less_than, value: '2020'", [3]),
        ("operator: date_equal_to, value: '2020-01-02'", [1]),
    ],
)
def test_comparisons_of_dates(comparison: str, expected: list[int]) -> None:
    # 2020-01 and 2020-01-31 agree as far as both are given, so neither is after the other.
    assert records(f"{{all: [{{name: AESTDTC, {comparison}}}]}}", EVENTS) == expected


def test_a_relationship_of_one_to_one_is_broken_on_both_sides() -> None:
    tests = dataset("LB", DOMAIN=["LB"] * 4, LBTESTCD=["A", "A", "B", "C"], LBTEST=["a", "b", "c", "c"])
    assert records("{all: [{name: LBTEST, operator: is_not_unique_relationship, value: LBTESTCD}]}", tests) == [
        1,
        2,
        3,
        4,
    ]


def test_the_minority_of_a_group_is_inconsistent() -> None:
    units = dataset("LB", DOMAIN=["LB"] * 5, LBTESTCD=["A"] * 3 + ["B"] * 2, U=["g", "g", "mg", "x", "y"])
    check = "{all: [{name: U, operator: is_inconsistent_across_dataset, value: --TESTCD}]}"
    assert records(check, units) == [3, 4, 5]


def test_the_next_element_starts_where_one_ends() -> None:
    elements = dataset(
        "SE",
        DOMAIN=["SE"] * 3,
        USUBJID=["1", "1", "1"],
        SESEQ=[1.0, 2.0, 3.0],
        SESTDTC=["2020-01-01", "2020-01-05", "2020-01-09"],
        SEENDTC=["2020-01-05", "2020-01-08", None],
    )
    check = """
    all: [{name: SEENDTC, operator: does_not_have_next_corresponding_record, value: SESTDTC, within: USUBJID,
           ordering: SESEQ}]
    """
    assert records(check, elements) == [2]


def test_a_gap_in_a_series_of_variables_is_found() -> None:
    comments = dataset("CO", DOMAIN=["CO"] * 2, COVAL=["a", None], COVAL1=[None, "b"], COVAL2=["c", None])
    assert records("{all: [{name: --VAL, operator: inconsistent_enumerated_columns}]}", comments) == [1, 2]


def test_sequence_numbers_rise_with_dates() -> None:
    rising = dataset(
        "CM",
        DOMAIN=["CM"] * 4,
        USUBJID=["1"] * 4,
        CMSEQ=[1.0, 2.0, 3.0, 4.0],
        CMSTDTC=["2020-01-01", "2020-03-01", "2020-02-01", None],
    )
    check = """
    all: [{name: --SEQ, operator: target_is_not_sorted_by, within: USUBJID,
           value: [{name: --STDTC, sort_order: asc, null_position: last}]}]
    """
    assert records(check, rising) == [2, 3]


def test_a_joined_data_set_brings_its_variables(demographics: Dataset) -> None:
    parts = {"Match Datasets": [{"Name": "DM", "Keys": ["USUBJID"]}], "Scope": {"Domains": {"Include": ["AE"]}}}
    check = "{all: [{name: AESTDTC, operator: date_less_than, value: RFSTDTC}]}"
    assert records(check, EVENTS, demographics, **parts) == [3]


def test_a_left_join_keeps_what_has_no_match(demographics: Dataset) -> None:
    parts = {
        "Match Datasets": [{"Name": "DM", "Keys": ["USUBJID"], "Join Type": "left"}],
        "Scope": {"Domains": {"Include": ["AE"]}},
    }
    check = "{all: [{name: _merge_DM, operator: equal_to, value: left_only}]}"
    assert records(check, EVENTS, demographics, **parts) == [4]


def test_a_supplement_is_joined_as_variables() -> None:
    supplement = dataset(
        "SUPPAE",
        RDOMAIN=["AE"],
        USUBJID=["1"],
        IDVAR=["AESEQ"],
        IDVARVAL=["2"],
        QNAM=["AETRTEM"],
        QVAL=["Y"],
    )
    parts = {"Match Datasets": [{"Name": "SUPPAE", "Keys": ["USUBJID"]}], "Scope": {"Domains": {"Include": ["AE"]}}}
    assert records("{all: [{name: AETRTEM, operator: equal_to, value: Y}]}", EVENTS, supplement, **parts) == [2]


def test_a_supplement_finds_its_parent_record() -> None:
    supplement = dataset(
        "SUPPAE",
        RDOMAIN=["AE", "AE"],
        USUBJID=["1", "2"],
        IDVAR=["AESEQ", "AESEQ"],
        IDVARVAL=["2", "7"],
        QNAM=["X", "X"],
        QVAL=["Y", "Y"],
    )
    parts = {
        "Match Datasets": [{"Name": "SUPP--", "Keys": ["USUBJID", "IDVAR", "IDVARVAL"], "Child": True}],
        "Scope": {"Domains": {"Include": ["SUPP--"]}},
    }
    check = """
    all: [{name: IDVARVAL, operator: not_equal_to, value: IDVAR, value_is_reference: true, type_insensitive: true}]
    """
    assert records(check, EVENTS, supplement, **parts) == [2]


@pytest.mark.parametrize(
    ("operation", "check", "expected"),
    [
        (
            {"operator": "record_count", "group": ["USUBJID"]},
            "{all: [{name: $x, operator: greater_than, value: 1}]}",
            [1, 2],
        ),
        (
            {"operator": "distinct", "domain": "DM", "name": "USUBJID"},
            "{all: [{name: USUBJID, operator: is_not_contained_by, value: $x}]}",
            [4],
        ),
        (
            {"operator": "max_date", "name": "AESTDTC", "group": ["USUBJID"]},
            "{all: [{name: AESTDTC, operator: date_less_than, value: $x}]}",
            [],
        ),
        (
            {"operator": "dy", "name": "--STDTC"},
            "{all: [{name: $x, operator: less_than, value: 0}]}",
            [3],
        ),
        (
            {"operator": "map", "map": [{"USUBJID": "1", "output": "one"}]},
            "{all: [{name: $x, operator: equal_to, value: one}]}",
            [1, 2],
        ),
        (
            {"operator": "get_column_order_from_dataset"},
            "{all: [{name: $x, operator: does_not_contain, value: AESEV}]}",
            [1, 2, 3, 4],
        ),
        (
            {"operator": "variable_count", "name": "--SEQ"},
            "{all: [{name: $x, operator: equal_to, value: 1}]}",
            [1, 2, 3, 4],
        ),
    ],
    ids=lambda item: item["operator"] if isinstance(item, dict) else None,
)
def test_operations_feed_the_check(
    operation: dict[str, Any], check: str, expected: list[int], demographics: Dataset
) -> None:
    parts = {"Operations": [{"id": "$x", **operation}], "Scope": {"Domains": {"Include": ["AE"]}}}
    assert records(check, EVENTS, demographics, **parts) == expected


def test_codes_are_looked_up_in_the_terminology() -> None:
    ages = dataset("Code", code=["C29848", "C29848"], decode=["Year", "Month"], version=["2024-09-27", "2024-09-28"])
    operations = [
        {"id": "$dates", "operator": "valid_codelist_dates", "ct_package_types": ["SDTM"]},
        {
            "id": "$term",
            "operator": "codelist_terms",
            "ct_package_type": "SDTM",
            "codelist_code": "C66781",
            "version": "version",
            "term_code": "code",
            "returntype": "pref_term",
        },
    ]
    of = rule("{all: [{name: $term, operator: equal_to, value: decode}]}", Operations=operations)
    with_terms = Study((Table(ages),), terminology=load_terminology())
    (violation,) = check_rule(of, with_terms)
    assert isinstance(violation, Violation)
    assert violation.records["record"].to_list() == [1]  # the second version was never published


def test_a_rule_of_a_class_is_for_the_domains_of_that_class(demographics: Dataset) -> None:
    own = dataset("XX", DOMAIN=["XX"], XXTERM=["a"], USUBJID=["1"])
    parts = {"Scope": {"Classes": {"Include": ["EVENTS"]}}}
    rows = found(rule("{all: [{name: USUBJID, operator: non_empty}]}", **parts), demographics, EVENTS, own)
    assert {row[0] for row in rows} == {"AE", "XX"}


def test_parts_of_a_split_data_set_are_checked_together() -> None:
    first = dataset("QSAA", DOMAIN=["QS"], USUBJID=["1"], QSSEQ=[1.0])
    second = dataset("QSBB", DOMAIN=["QS"], USUBJID=["1"], QSSEQ=[1.0])
    rows = found(rule("{all: [{name: --SEQ, operator: is_not_unique_set, value: USUBJID}]}"), first, second)
    assert [(row[0], row[1]) for row in rows] == [("QSAA", 1), ("QSBB", 1)]
