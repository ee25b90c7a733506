"""E2B(R2) messages become cases: every field has its data element, or is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from r2_message import REACTION, report, write

from bencao.safety.case import case_of, occurrences
from bencao.safety.e2b.elements import elements
from bencao.safety.e2b.r2 import read_header, read_reports
from bencao.safety.e2b.r2.codes import LISTS
from bencao.safety.e2b.r2.fields import places
from bencao.safety.e2b.reading import read_messages
from bencao.safety.e2b.writing import write_batch
from bencao.safety.errors import MessageError


def read(folder: Path, patient: str = REACTION, whole: str = "") -> tuple[dict[tuple[str, tuple[int, ...]], str], str]:
    """Values and null flavours of a report by data element and repeats, and what was not read."""
    [found] = read_reports(write(folder / "r2.xml", report(patient, whole)))
    return (
        {(each.element, each.repeats): each.value or f"({each.null_flavor})" for each in found.occurrences},
        "\n".join(found.unread),
    )


def test_every_field_of_the_table_belongs_to_a_data_element_and_every_code_is_one_of_its() -> None:
    for key, known in places().items():
        for each in known:
            for number in (each.element, each.version_element, each.text_element):
                assert not number or number in elements(), key
            if each.element and elements()[each.element].codes and each.kind in LISTS:
                assert set(LISTS[each.kind].values()) <= set(elements()[each.element].codes), key


def test_a_header_becomes_that_of_batch_and_message(tmp_path: Path) -> None:
    found, beside = read_header(write(tmp_path / "r2.xml", report()))
    assert [(each.element, each.value) for each in found] == [
        ("N.1.1", "1"),
        ("N.1.2", "M-1"),
        ("N.1.3", "SENDER"),
        ("N.1.4", "RECEIVER"),
        ("N.1.5", "20240102030405"),
    ]
    assert not beside
    values, _ = read(tmp_path)
    assert values["N.2.r.2", (1,)] == "SENDER" and values["N.2.r.1", (1,)] == "FR-XX-1"


def test_seriousness_and_country_of_the_report_are_said_of_each_reaction(tmp_path: Path) -> None:
    whole = (
        "<occurcountry>FR</occurcountry><serious>1</serious><seriousnesshospitalization>1</seriousnesshospitalization>"
    )
    values, unread = read(tmp_path, REACTION + REACTION.replace("10000081", "10028813"), whole)
    for place in ((1,), (2,)):
        assert values["E.i.9", place] == "FR"
        assert values["E.i.3.2c", place] == "true"
        assert values["E.i.3.2a", place] == "(NI)"
    assert not unread


def test_seriousness_without_a_criterion_is_named(tmp_path: Path) -> None:
    _, unread = read(tmp_path, REACTION, "<serious>1</serious>")
    assert "serious: 1" in unread


def test_codes_and_units_are_those_of_e2b_r3(tmp_path: Path) -> None:
    drug = """<drug><drugcharacterization>1</drugcharacterization><medicinalproduct>X</medicinalproduct>
    <drugstructuredosagenumb>20</drugstructuredosagenumb><drugstructuredosageunit>003</drugstructuredosageunit>
    <drugintervaldosageunitnumb>1</drugintervaldosageunitnumb>
    <drugintervaldosagedefinition>804</drugintervaldosagedefinition>
    <drugadministrationroute>048</drugadministrationroute><actiondrug>6</actiondrug></drug>"""
    values, unread = read(
        tmp_path,
        "<patientonsetage>52</patientonsetage><patientonsetageunit>801</patientonsetageunit>" + REACTION + drug,
    )
    assert (values["D.2.2a", ()], values["D.2.2b", ()]) == ("52", "a")
    assert values["E.i.7", (1,)] == "0"
    assert [values[f"G.k.4.r.{part}", (1, 1)] for part in ("1a", "1b", "2", "3")] == ["20", "mg", "1", "d"]
    assert values["G.k.4.r.10.2b", (1, 1)] == "048"
    assert values["G.k.8", (1,)] == "9"
    assert not unread


def test_doses_within_an_interval_are_added_up_and_that_is_said(tmp_path: Path) -> None:
    drug = """<drug><drugstructuredosagenumb>2.5</drugstructuredosagenumb>
    <drugstructuredosageunit>003</drugstructuredosageunit><drugseparatedosagenumb>3</drugseparatedosagenumb></drug>"""
    values, unread = read(tmp_path, REACTION + drug)
    assert values["G.k.4.r.1a", (1, 1)] == "7.5"
    assert "given 3 times" in unread


def test_terms_in_words_go_where_words_belong_and_a_comment_follows(tmp_path: Path) -> None:
    patient = """<medicalhistoryepisode><patientmedicalcomment>since birth</patientmedicalcomment>
    <patientepisodename>Asthma</patientepisodename><patientmedicalcontinue>3</patientmedicalcontinue>
    </medicalhistoryepisode>"""
    values, unread = read(tmp_path, patient + REACTION)
    assert values["D.7.1.r.5", (1,)] == "Asthma; since birth"
    assert values["D.7.1.r.3", (1,)] == "(UNK)"
    assert not unread


def test_what_has_no_place_is_named_and_nothing_else(tmp_path: Path) -> None:
    whole = "<safetyreportversion>3</safetyreportversion><mystery lang='fr'>who</mystery>"
    values, unread = read(tmp_path, REACTION + "<patientsex>9</patientsex>", whole)
    assert "safetyreportversion: 3" in unread
    assert "mystery: who" in unread and "mystery@lang: fr" in unread
    assert "patientsex: 9" in unread and ("D.5", ()) not in values
    assert len(unread.splitlines()) == 4


def test_a_date_against_its_form_is_named(tmp_path: Path) -> None:
    whole = "<receivedateformat>102</receivedateformat><receivedate>2024</receivedate>"
    values, unread = read(tmp_path, REACTION, whole)
    assert ("C.1.4", ()) not in values and "receivedate: 2024" in unread


def test_opinions_and_rechallenge_name_the_reaction_by_its_place(tmp_path: Path) -> None:
    drug = """<drug><drugcharacterization>1</drugcharacterization><medicinalproduct>X</medicinalproduct>
    <drugrecurreadministration>1</drugrecurreadministration>
    <drugrecurrence><drugrecuraction>Nausea</drugrecuraction></drugrecurrence>
    <drugreactionrelatedness><drugreactionasses>10000081</drugreactionasses>
    <drugassessmentsource>Sender</drugassessmentsource><drugresult>Unlikely</drugresult></drugreactionrelatedness>
    </drug>"""
    second = "<reaction><primarysourcereaction>nausea</primarysourcereaction></reaction>"
    values, unread = read(tmp_path, REACTION + second + drug)
    assert (values["G.k.9.i.1", (1, 1)], values["G.k.9.i.2.r.3", (1, 1, 1)]) == ("1", "Unlikely")
    assert (values["G.k.9.i.1", (1, 2)], values["G.k.9.i.4", (1, 2)]) == ("2", "1")
    assert not unread


def test_an_older_report_is_written_as_e2b_r3_and_comes_back_whole(tmp_path: Path) -> None:
    whole = "<companynumb>FR-XX-1</companynumb><additionaldocument>2</additionaldocument><duplicate>1</duplicate>"
    [found] = read_reports(write(tmp_path / "r2.xml", report(REACTION, whole)))
    case = case_of(found.occurrences)
    write_batch(tmp_path / "r3.xml", [occurrences(case)])
    [again] = read_messages(tmp_path / "r3.xml")
    ids = {"E.i#id"}  # given by the writer
    assert {each for each in again.occurrences if each.element not in ids} == set(found.occurrences)


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE ichicsr [<!ENTITY x "y">]>',
        '<!DOCTYPE ichicsr [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE ichicsr [<!ENTITY % x SYSTEM "other.dtd"> %x;]>',
    ],
)
def test_a_document_type_that_could_hide_something_is_refused(tmp_path: Path, before: str) -> None:
    with pytest.raises(MessageError, match="document type"):
        list(read_reports(write(tmp_path / "r2.xml", report(), before=before)))


def test_an_entity_that_no_one_explains_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MessageError, match="entity"):
        list(read_reports(write(tmp_path / "r2.xml", report("<patientinitial>A&who;B</patientinitial>"))))


def test_a_comment_within_a_text_leaves_the_text_whole(tmp_path: Path) -> None:
    values, _ = read(tmp_path, REACTION + "<patientinitial>A<!-- x -->B</patientinitial>")
    assert values["D.1", ()] == "AB"
