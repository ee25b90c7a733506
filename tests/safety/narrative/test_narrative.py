"""Every sentence of a narrative states fields of its case, and what the case lacks it says to be missing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from filled_reports import report

from bencao.safety.case import Case, Field, case_of, occurrences
from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.exchange import read_cases
from bencao.safety.narrative import Narration, Stated, narrate
from bencao.safety.narrative.narrating import TEMPLATES, _blocks
from bencao.safety.narrative.template import parse, slots
from bencao.safety.narrative.wording import table

BLEEDING = Path(__file__).parent / "bleeding.json"
# Said where a case has them, and not said to be missing: no report is expected to have them all.
ONLY_WHERE_PRESENT = re.compile(
    r"C\.1\.10|C\.1\.11\.1|C\.2\.r\.5|C\.4|C\.5\.1|D\.2\.2\.1a|D\.2\.3|D\.6|D\.7\.1|D\.7\.3|D\.8|D\.10|FDA\.|"
    r"D\.9\.[24]\.r\.1|E\.i\.1\.1a|E\.i\.2\.1a|E\.i\.[56]|F\.r\.(2\.2|3\.[1345]|[3456])|"
    r"G\.k\.(2\.3\.r\.3a|2\.[45]|3\.|4\.r\.(2|6a|8|9|10\.2b)|5|6|7\.r\.2|9\.i\.3|9\.i\.2\.r\.[12]|10|11)|H\.3"
)
# What is said in place of a field: it is missing where these are missing too.
INSTEAD = {
    "G.k.4.r.10.1": ("G.k.4.r.10.2b",),
    "G.k.4.r.1a": ("G.k.4.r.8",),
    "G.k.4.r.5": ("G.k.4.r.6a",),
    "E.i.1.2": ("E.i.1.1a",),
    "F.r.3.2": ("F.r.3.1", "F.r.3.4"),
}


def cases(samples: list[Path]) -> list[Case]:
    found = [each.case for path in (*samples, BLEEDING) for each in read_cases(path)]
    return [each for each in found if each is not None]


def at_path(case: Case, path: str) -> Field:
    """The field that a path names."""
    owner: Any = case
    for step in path.split("."):
        name, _, index = step.partition("[")
        owner = getattr(owner, name)
        owner = owner[int(index[:-1]) - 1] if index else owner
    assert isinstance(owner, Field)
    return owner


def assert_sourced(case: Case, told: Narration) -> None:
    held = {(each.element, each.repeats): each for each in occurrences(case)}
    for sentence in told.sentences:
        assert sentence.fields, sentence.text
        left = sentence.text
        for each in sorted(sentence.fields, key=lambda each: -len(each.shown)):
            assert each.shown in sentence.text
            left = left.replace(each.shown, "")
            if each.value or each.null_flavor:
                there = held[each.element, each.repeats]
                assert (there.value, there.null_flavor) == (each.value, each.null_flavor)
                if "#" not in each.element:
                    field = at_path(case, each.path)
                    assert (field.value, field.null_flavor) == (each.value, each.null_flavor)
            elif "assessments[]" not in each.path:  # this drug with this reaction; it may be assessed with others
                depth = len(each.repeats)
                assert not [1 for element, at in held if element == each.element and at[:depth] == each.repeats]
        assert not re.search(r"\d", re.sub(r"(reporter|test|dosage|报告人|检查|用法用量) ?\d+", "", left)), (
            sentence.text
        )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_value_in_every_sentence_is_in_the_case_at_the_field_named(samples: list[Path], lang: Any) -> None:
    for case in cases(samples):
        told = narrate(case, lang)
        assert_sourced(case, told)
        assert len(told.sentences) > 20


@pytest.mark.parametrize("seed", range(40))
def test_so_it_is_whatever_a_case_holds(seed: int) -> None:
    case = case_of(report(seed, (0.1, 0.5, 1.0)[seed % 3]))
    for lang in ("en", "zh"):
        assert_sourced(case, narrate(case, lang))  # type: ignore[arg-type]


def shown(told: Narration) -> set[tuple[str, tuple[int, ...]]]:
    return {(each.element, each.repeats) for each in _stated(told) if each.shown and each.value}


def _stated(told: Narration) -> Iterable[Stated]:
    return (each for sentence in told.sentences for each in sentence.fields)


def test_a_field_that_is_removed_is_said_to_be_missing(samples: list[Path]) -> None:
    removed = 0
    for case in cases(samples[:3]):
        whole = occurrences(case)
        for element, repeats in sorted(shown(narrate(case))):
            if ONLY_WHERE_PRESENT.match(element):
                continue
            names = (element, *INSTEAD.get(element, ()))
            gone = [each for each in whole if each.element not in names or each.repeats != repeats]
            # A part that is gone with its only field would let the next one move up to its place.
            gone.append(Occurrence(f"{element}#kept", repeats, "kept"))
            told = narrate(case_of(gone))
            lacking = {(each.element, each.repeats) for each in _stated(told) if not each.value + each.null_flavor}
            assert any(name == element and at == repeats[: len(at)] for name, at in lacking), (element, repeats)
            removed += 1
    assert removed > 150


@pytest.mark.parametrize(
    ("element", "said"),
    [
        ("E.i.7", "“rash”, the report does not state the outcome of the reaction."),
        ("D.3", "The report does not state the patient’s weight or the height."),
        ("G.k.8", "the report does not state the action"),
    ],
)
def test_the_sentence_says_so_in_words(element: str, said: str) -> None:
    [case] = cases([])
    gone = case_of(each for each in occurrences(case) if each.element != element)
    assert said not in narrate(case).text
    assert said in narrate(gone).text


def test_null_flavours_are_said_as_what_they_mean() -> None:
    case = case_of([Occurrence("D.2.1", (), "", "MSK"), Occurrence("G.k.4.r.4", (1, 1), "", "ASKU")])
    assert "The report withholds the patient’s date of birth for privacy." in narrate(case).text
    assert "the source was asked for the start of administration but did not know" in narrate(case).text.lower()
    assert "报告因保护隐私未披露患者出生日期。" in narrate(case, "zh").text


def test_it_reads_as_a_person_writes() -> None:
    [case] = cases([])
    english, chinese = narrate(case).text, narrate(case, "zh").text
    for said in (
        "The patient was an 8-month-old female at the onset of the reaction.",
        "“atrial fibrillation” (MedDRA 27.0 code 10003658), from 2019, continuing.",
        "taken from January 2019 to 5 March 2019",
        "It was given at a dose of 5 mg every day, from 2 March 2026 to 8 March 2026, by the route “oral”.",
        "at a dose of 2 tablets every 8 hours, from 2026, for 1 week",
        "which began on 8 March 2026 at 15:30 (UTC+0800), ended on 11 March 2026, lasted 3 days and occurred in China.",
        "The test “INR” gave >=8, which is positive.",
        "was serious because it resulted in death, was life-threatening and caused or prolonged hospitalisation.",
        "For reporter 2, the report gives the reporter’s qualification as unknown.",
    ):
        assert said in english
    for said in (
        "患者为女性，反应发生时年龄8月龄。",
        "剂量为2片，每8小时1次，2026年开始用药，用药持续1周，批号B12。",
        "发生于2026年3月8日15:30（UTC+0800），结束于2026年3月11日，持续3天，发生地为中国。",
        "“rash”的转归不详。",
    ):
        assert said in chinese


def test_an_assessment_is_told_of_the_reaction_that_it_names() -> None:
    """By the id or the place of the reaction; one that names none of the report's is told apart."""
    given = [Occurrence("G.k.1", (1,), "1"), Occurrence("G.k.2.2", (1,), "warfarin")]
    given += [Occurrence("E.i.1.2", (1,), "rash"), Occurrence("E.i.1.2", (2,), "bleeding")]
    for number, (names, result) in enumerate((("2", "Probable"), ("7", "Unlikely")), 1):
        given.append(Occurrence("G.k.9.i.1", (1, number), names))
        given.append(Occurrence("G.k.9.i.2.r.3", (1, number, 1), result))
    told = narrate(case_of([*given, Occurrence("G.k.9.i.4", (1, 1), "1")])).text
    assert "The causality of warfarin for “bleeding” was assessed as “Probable”." in told
    assert "For warfarin with “rash”, the report does not state the causality." in told
    assert "The drug warfarin was given again, and “bleeding” recurred." in told
    assert "An assessment of warfarin is of no reaction that the report has: it is given as “Unlikely”." in told


def test_names_and_addresses_of_persons_are_left_out(samples: list[Path]) -> None:
    case = cases(samples[:1])[0]
    assert case.administration.primary_sources[0].family_name.value == "Robertson"
    for private in ("Robertson", "Elm St", "6102227777", "Conner", "JD"):
        assert private not in narrate(case).text


def test_the_order_is_that_of_a_cioms_narrative(samples: list[Path]) -> None:
    order = ["source", "patient", "history", "drugs", "concomitant", "events", "tests", "course", "action", "outcome"]
    order += ["rechallenge", "causality", "seriousness", "received"]
    told = narrate(cases(samples[:1])[0])
    assert list(dict.fromkeys(each.section for each in told.sentences)) == order


def test_both_languages_state_the_same_fields_in_the_same_sentences(samples: list[Path]) -> None:
    for case in cases(samples):
        english, chinese = narrate(case), narrate(case, "zh")
        assert [each.section for each in english.sentences] == [each.section for each in chinese.sentences]
        for one, other in zip(english.sentences, chinese.sentences, strict=True):
            assert {each.path for each in one.fields} == {each.path for each in other.fields}, one.text


def test_templates_name_elements_that_have_names() -> None:
    def walk(block: dict[str, Any]) -> Iterable[str]:
        yield from block.get("expect", ())
        for sentence in block.get("sentences", ()):
            assert set(sentence) == {"en", "zh"}
            for text in sentence.values():
                yield from (element for slot in slots(parse(text)) for element in slot.elements)
        for inner in block.get("within", ()):
            yield from walk(inner)

    named = {element for block in _blocks() for element in walk(block)}
    assert len(TEMPLATES) == 5 and len(named) > 100
    assert not {element for element in named if (element,) not in table("fields")}


def test_the_bleeding_case_is_read_as_json() -> None:
    assert json.loads(BLEEDING.read_text(encoding="utf-8"))["drugs"][0]["name"] == "warfarin"
