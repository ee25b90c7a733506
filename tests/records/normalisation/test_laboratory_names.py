"""Laboratory names, units and specimens find the key of the user's own table."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bencao.records import normalise_terms
from bencao.records.errors import VocabularyError
from bencao.records.normalisation.decisions import Decision, Decisions, Term
from bencao.records.normalisation.units import dimension

TABLE = """key,component,property,specimen,unit,synonyms
1742-6,Alanine aminotransferase,CCnc,Ser/Plas,U/L,
1920-8,Aspartate aminotransferase,CCnc,Ser/Plas,U/L,
14749-6,Glucose,SCnc,Ser/Plas,mmol/L,
2345-7,Glucose,MCnc,Ser/Plas,mg/dL,
2350-7,Glucose,MCnc,Urine,mg/dL,
26464-8,Leukocytes,NCnc,Blood,10*9/L,
20570-8,Hematocrit,VFr,Blood,%,
9999-1,院内标志物,MCnc,Ser/Plas,ng/mL,标志物甲|MARK-A
"""


@pytest.fixture
def table(tmp_path: Path) -> str:
    """A hospital's table of tests."""
    path = tmp_path / "tests.csv"
    path.write_text(TABLE, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("term", "key"),
    [
        (Term("谷丙转氨酶", "U/L"), "1742-6"),
        (Term("ALT", "IU/L"), "1742-6"),
        (Term("GPT", "U/L", "血清"), "1742-6"),
        (Term("血糖", "mmol/L"), "14749-6"),
        (Term("GLU", "mg/dl", "血浆"), "2345-7"),
        (Term("尿葡萄糖", "mg/dL"), "2350-7"),
        (Term("白细胞计数", "×10^9/L"), "26464-8"),
        (Term("HCT", "%"), "20570-8"),
        (Term("标志物甲", "μg/L"), "9999-1"),
    ],
)
def test_names_in_two_languages_find_their_key(table: str, term: Term, key: str) -> None:
    (found,) = normalise_terms([term], "laboratory", vocabulary=table)
    assert (found.status, found.choices[0].codes) == ("accepted", (key,))


def test_a_unit_of_another_dimension_leaves_no_candidate(table: str) -> None:
    (found,) = normalise_terms([Term("谷丙转氨酶", "mmol/L")], "laboratory", vocabulary=table)
    assert (found.status, found.choices) == ("review", ())


def test_without_unit_and_specimen_the_keys_share_the_probability(table: str) -> None:
    (found,) = normalise_terms([Term("葡萄糖")], "laboratory", vocabulary=table)
    assert found.status == "review"
    assert {one.codes[0] for one in found.choices} == {"14749-6", "2345-7", "2350-7"}
    assert len({one.probability for one in found.choices}) == 1


def test_a_decision_holds_for_its_unit_only(table: str) -> None:
    told = Decisions("laboratory", (Decision(Term("怪名", "U/L"), ("1742-6",)),))
    held, other = normalise_terms(
        [Term("怪名", "U/L"), Term("怪名", "g")], "laboratory", vocabulary=table, decisions=told
    )
    assert (held.status, other.status) == ("decided", "review")


def test_a_table_with_a_unit_that_nobody_understands_is_refused(table: str) -> None:
    Path(table).write_text(TABLE.replace("ng/mL", "furlong"), encoding="utf-8")
    with pytest.raises(VocabularyError, match="line 9: its unit is not understood"):
        normalise_terms([Term("ALT")], "laboratory", vocabulary=table)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("μmol/L", "mmol/dL"), ("10^9/L", "×10^12/L"), ("10*9/L", "个/μL"), ("mg/24h", "g/d"), ("mL/min", "L/h")),
        *(("mIU/mL", "U/L"), ("%", "1"), ("ng/ml", "µg/L")),
    ],
)
def test_units_of_one_dimension_are_known_as_that(one: str, other: str) -> None:
    assert dimension(one) is not None
    assert dimension(one) == dimension(other)


def test_units_of_other_dimensions_are_told_apart() -> None:
    known = [dimension(one) for one in ("mg/dL", "mmol/L", "U/L", "10^9/L", "%", "s", "mmHg", "mm/h", "fL", "pg")]
    assert None not in known
    assert len(set(known)) == len(known)


@given(st.text(max_size=12))
def test_any_text_as_unit_is_a_dimension_or_none(text: str) -> None:
    found = dimension(text)
    assert found is None or all(power for _, power in found)
