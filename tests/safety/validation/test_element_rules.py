"""Element rules: each data element, given as it may be and as it may not, raises the id that names it, or none."""

from __future__ import annotations

import pytest
from generated_reports import BASE, NULLS, Changes, report
from rule_seeds import SEEDS

from bencao.safety.e2b.elements import Element, elements
from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.validation import Background, validate
from bencao.safety.validation.elements.single import required
from bencao.safety.validation.elements.units import UNITS
from bencao.safety.validation.fda import RULES

AS_OF = "20261126000000"
TABLE = elements()


def ids(changes: Changes | list[Occurrence], region: str = "ICH") -> list[str]:
    """The ids that a postmarket report with changes raises."""
    told = report("postmarket", changes) if isinstance(changes, dict) else changes
    return [each.id for each in validate(told, region, Background(AS_OF)).findings]


def alone(element: Element, value: str) -> list[str]:
    """The ids about one element, where it alone is added to a report."""
    prefix = "US" if element.number.startswith("FDA.") else "ICH"
    return [each for each in ids({element.number: value}, "US") if each.startswith(f"{prefix}.{element.number}.")]


def fitting(element: Element) -> str:
    """A value that the element may have."""
    if element.number in BASE and not str(BASE[element.number]).startswith("~"):
        return str(BASE[element.number])
    if element.codes:
        return element.codes[0]
    if element.number in UNITS:
        return UNITS[element.number][0]
    if "MedDRA Version" in element.name:
        return "28.0"
    if "MedDRA code" in element.name:
        return "10027940"
    by_kind = {"date": "20260101000000+0000", "number": "1", "letters": "fra" if element.length == 3 else "US"}
    return by_kind.get(element.kind, "US" if "Country" in element.name else "mg")


@pytest.mark.parametrize("element", TABLE.values(), ids=TABLE)
def test_a_fitting_value_raises_nothing_about_the_element(element: Element) -> None:
    assert [each for each in alone(element, fitting(element)) if not each.endswith(".same")] == []


ASKED = [each for each in TABLE.values() if required(each, "postmarket", True)]


@pytest.mark.parametrize("element", ASKED, ids=lambda each: each.number)
def test_a_required_element_that_is_missing_raises_its_id(element: Element) -> None:
    who = required(element, "postmarket", True)
    found = ids({element.number: None}, "US")
    assert f"{who}.{element.number}.required" in found
    assert len([each for each in found if each.endswith(".required")]) == 1


@pytest.mark.parametrize("element", [each for each in TABLE.values() if each.length], ids=lambda each: each.number)
def test_one_character_too_many_raises_its_id(element: Element) -> None:
    assert element.length is not None
    assert any(each.endswith(".length") for each in alone(element, "9" * (element.length + 1)))
    assert not any(each.endswith(".length") for each in alone(element, "9" * element.length))


@pytest.mark.parametrize("element", TABLE.values(), ids=TABLE)
def test_null_flavors_are_those_of_the_table(element: Element) -> None:
    for flavor in NULLS:
        raised = any(each.endswith(".null") for each in alone(element, f"~{flavor}"))
        assert raised == (flavor not in element.nulls)


@pytest.mark.parametrize("element", [each for each in TABLE.values() if each.codes], ids=lambda each: each.number)
def test_values_are_those_of_the_list(element: Element) -> None:
    assert all(not any(each.endswith(".code") for each in alone(element, code)) for code in element.codes)
    assert any(each.endswith(".code") for each in alone(element, "Q"))


@pytest.mark.parametrize("number", [each.number for each in TABLE.values() if each.kind == "date"])
def test_dates_have_a_form_a_precision_and_no_future(number: str) -> None:
    prefix = f"ICH.{number}."
    assert f"{prefix}date" in ids({number: "20261301"})
    assert f"{prefix}date" in ids({number: "2 Jan 2026"})
    assert f"{prefix}future" in ids({number: "20270101000000"})
    precise = {"N.1.5": 14, "N.2.r.4": 14, "C.1.2": 14, "C.1.4": 8, "C.1.5": 8, "D.2.1": 8}.get(number, 4)
    whole = "20260102030405"
    coarser = [length for length in (4, 6, 8, 12) if length < precise]
    assert all(f"{prefix}precision" in ids({number: whole[:length]}) for length in coarser)
    assert f"{prefix}precision" not in ids({number: whole[:precise]})


def test_a_date_is_no_future_where_it_is_still_yesterday_elsewhere() -> None:
    assert "ICH.C.1.5.future" not in ids({"C.1.5": "20261126"})
    assert "ICH.C.1.2.future" not in ids({"C.1.2": "20261126080000+0900"})
    assert "ICH.C.1.2.future" in ids({"C.1.2": "20261126080000-0500"})


@pytest.mark.parametrize("number", UNITS)
def test_units_are_the_guides(number: str) -> None:
    assert not any(each.endswith(".unit") for unit in UNITS[number] for each in alone(TABLE[number], unit))
    assert alone(TABLE[number], "year") == [f"ICH.{number}.unit"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"C.2.r.3": "ZZ"}, "ICH.C.2.r.3.form"),
        ({"E.i.2.1b": "1002794"}, "ICH.E.i.2.1b.form"),
        ({"E.i.2.1a": "new"}, "ICH.E.i.2.1a.form"),
        ({"D.3": "heavy"}, "ICH.D.3.form"),
        ({"D.2.2a": "320", "D.2.2b": "a"}, "ICH.D.2.2a.plausible"),
        ({"D.2.2a": "14", "D.2.2b": "10.a"}, "ICH.D.2.2a.plausible"),
        ({"E.i.4": "20260103", "E.i.5": "20260102"}, "ICH.E.i.5.order"),
        ({"C.1.4": "20260103", "C.1.5": "20260102"}, "ICH.C.1.5.order"),
        ({"N.2.r.1": "OTHER"}, "ICH.N.2.r.1.same"),
        ({"C.1.1": "1234", "N.2.r.1": "1234"}, "ICH.C.1.1.form"),
        ({"H.3.r.1a": "27.1", "H.3.r.1b": "10027940"}, "ICH.H.3.r.1a.version"),
        ({("C.2.r.5", (2,)): "1", ("C.2.r.3", (2,)): "US", ("C.2.r.4", (2,)): "1"}, "ICH.C.2.r.5.once"),
        ({"C.1.11.1": "1"}, "ICH.C.1.11.2.conditional"),
        ({"G.k.1": "2"}, "ICH.G.k.1.conditional"),
        ({"G.k.9.9": "1"}, "ICH.G.k.9.9.unknown"),
        ({"FDA.G.k.10a#codeSystem": "1.2.3"}, "US.FDA.G.k.10a.oid"),
    ],
)
def test_what_does_not_fit_raises_exactly_its_id(changes: Changes, expected: str) -> None:
    assert ids(changes) == [expected]


@pytest.mark.parametrize("identifier", sorted(rule.id for rule in RULES if rule.ich and rule.id))
def test_a_condition_of_ichs_guide_has_an_id_of_its_own_outside_fda(identifier: str) -> None:
    rule = next(each for each in RULES if each.id == identifier)
    assert f"ICH.{rule.element}.conditional" not in ids(SEEDS[identifier].kept())
    assert f"ICH.{rule.element}.conditional" in ids(SEEDS[identifier].broken())


def test_an_element_twice_in_one_place_is_found() -> None:
    twice = [*report("postmarket", {}), Occurrence("D.5", (), "1"), Occurrence("D.5", (), "2")]
    assert ids(twice) == ["ICH.D.5.repeated"]


def test_a_report_without_reaction_or_drug_lacks_what_they_must_say() -> None:
    bare = [each for each in report("postmarket", {}) if not each.element.startswith(("E.i", "FDA.E.i", "G.k"))]
    found = ids(bare)
    assert {"ICH.E.i.2.1b.required", "ICH.E.i.7.required", "ICH.G.k.1.required", "ICH.G.k.2.2.required"} <= set(found)


def test_ich_asks_for_nothing_of_fdas() -> None:
    without = [each for each in report("postmarket", {}) if not each.element.startswith("FDA.")]
    assert ids(without) == []
    assert "US.FDA.C.1.12.required" in ids(without, "US")
