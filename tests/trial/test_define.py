"""define.xml 2.1: re-imports to the same specification, is checked, and is read by another library."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bencao import cli
from bencao.trial.dataset import Dataset
from bencao.trial.errors import SpecificationError
from bencao.trial.formats.define import check_define, defined_part, read_define, with_lengths, write_define
from bencao.trial.specification import Study, read_specification

STUDY = """
name: CDISCPILOT
description: A study of a patch
standards:
  sdtm: {name: SDTMIG, version: "3.4"}
  ct: {name: CDISC/NCI, type: CT, version: "2025-03-25", publishing_set: SDTM}
documents:
  acrf: {title: Annotated CRF, href: acrf.pdf}
  guide: {title: Reviewer's Guide, href: csdrg.pdf}
sources:
  ae_raw: {path: ae_raw.csv}
codelists:
  AESEV:
    label: Severity/Intensity Scale for Adverse Events
    code: C66769
    standard: ct
    terms:
      - {value: MILD, code: C41338, decode: Mild, order: 1, synonyms: [light]}
      - {value: SEVERE, code: C41340, decode: Severe, order: 3}
      - {value: WORSE, extended: true}
  VISITNUM: {type: float, terms: [{value: 1, decode: Visit 1}, {value: 1.5, decode: Visit 1.5}]}
  MEDDRA: {dictionary: MedDRA, version: "27.0", href: "https://www.meddra.org"}
datasets:
  AE:
    label: Adverse Events
    class: EVENTS
    structure: One record per adverse event per subject
    standard: sdtm
    keys: [USUBJID, AESEQ]
    comment: All events are kept.
    build:
      - read: {source: ae_raw}
    variables:
      - {name: USUBJID, label: Unique Subject Identifier, length: 11, mandatory: true, role: Identifier, core: Req,
         origin: {type: Derived, source: Sponsor}, method: "STUDYID, a hyphen & SUBJID"}
      - {name: AESEQ, label: Sequence Number, type: integer, length: 8, mandatory: true,
         origin: {type: Derived, source: Sponsor}, method: A number within USUBJID}
      - {name: AEDECOD, label: Dictionary-Derived Term, length: 40, codelist: MEDDRA,
         origin: {type: Assigned, source: Vendor}}
      - {name: AESEV, label: Severity/Intensity, length: 8, codelist: AESEV,
         origin: {type: Collected, source: Investigator, pages: "7 8"}, comment: As reported}
      - {name: VISITNUM, label: Visit Number, type: float, length: 8, significant_digits: 1, format: "8.1",
         codelist: VISITNUM, origin: {type: Protocol, source: Sponsor}}
      - {name: AESTDTC, label: Start Date/Time of Adverse Event, type: partialDate,
         origin: {type: Collected, source: Investigator, pages: "7"},
         values: [{where: [{variable: VISITNUM, comparator: IN, values: [1, 1.5]}], type: date,
                   origin: {type: Collected, source: Investigator, pages: "7"}, comment: Whole at the first visits}]}
      - {name: AETRTEM, label: Treatment Emergent Flag, length: 1, supplemental: true,
         origin: {type: Derived, source: Sponsor}, method: Started on treatment}
"""


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BENCAO_WORKSPACE", raising=False)
    Path("study").mkdir()
    Path("study/study.yaml").write_text(STUDY, encoding="utf-8")
    return read_specification("study").study


def bencao(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["bencao", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_a_define_comes_back_as_the_same_specification_and_has_no_finding(study: Study) -> None:
    write_define(study, "define.xml")
    back = read_define("define.xml")
    assert back == defined_part(study)
    assert back.datasets["AE"].variables[5].values[0].where[0].values == (1.0, 1.5)
    assert check_define("define.xml") == ()


def test_a_supplemental_variable_becomes_a_value_level_of_supp(study: Study) -> None:
    write_define(study, "define.xml")
    back = read_define("define.xml").datasets
    assert "AETRTEM" not in [variable.name for variable in back["AE"].variables]
    (level,) = next(one for one in back["SUPPAE"].variables if one.name == "QVAL").values
    assert (level.where[0].variable, level.where[0].values, level.label) == (
        "QNAM", ("AETRTEM",), "Treatment Emergent Flag",
    )  # fmt: skip


def test_lengths_that_are_not_specified_come_from_the_data(study: Study) -> None:
    bare = Study.model_validate(
        {"name": "S", "datasets": {"VS": {"variables": [
            {"name": "USUBJID"}, {"name": "VSTEST", "length": 40}, {"name": "VSSEQ", "type": "integer"},
            {"name": "VSSTRESN", "type": "float"}, {"name": "VSDTC", "type": "date"}]}}}
    )  # fmt: skip
    frame = pl.DataFrame(
        {"USUBJID": ["01-701", "é"], "VSTEST": ["Weight", "Height"], "VSSEQ": [1.0, 12.0], "VSSTRESN": [70.0, 1.705],
         "VSDTC": ["2014-01-02", None]}
    )  # fmt: skip
    filled = with_lengths(bare, [Dataset("VS", frame, ())]).datasets["VS"].variables
    assert [(one.length, one.significant_digits) for one in filled] == [
        (6, None), (40, None), (2, None), (8, 3), (None, None),
    ]  # fmt: skip


def test_a_derived_variable_without_a_method_gets_the_words_of_its_steps(tmp_path: Path) -> None:
    derived = {"origin": {"type": "Derived"}}
    study = Study.model_validate(
        {"name": "S", "codelists": {"UNUSED": {"terms": [{"value": "A"}]}}, "datasets": {"AE": {
            "build": [
                {"read": {"data": "ae_raw"}},
                {"compute": {"AETERM": "upper(TERM)"}, "note": "As collected, in capitals."},
                {"study_day": {"of": "AESTDTC", "reference": "RFSTDTC", "into": "AESTDY"}},
                {"join": {"table": "DM", "on": ["USUBJID"], "take": {"FIRST": "RFSTDTC"}}},
            ],
            "variables": [{"name": name, **derived} for name in ("AETERM", "AESTDY", "FIRST", "OTHER")]}}}
    )  # fmt: skip
    write_define(study, tmp_path / "define.xml")
    back = read_define(tmp_path / "define.xml")
    assert [variable.method for variable in back.datasets["AE"].variables] == [
        "As collected, in capitals. AETERM = upper(TERM).",
        "study day: of AESTDTC, reference RFSTDTC.",
        "RFSTDTC of DM, join: on USUBJID.",
        "",
    ]
    assert not back.codelists, "no variable refers to it"


def test_another_library_finds_it_sound_and_reads_the_same_definitions(study: Study) -> None:
    loading = pytest.importorskip("odmlib.loader", reason="cannot run here: odmlib is not installed")
    from odmlib.define_2_1.rules.metadata_schema import MetadataSchema
    from odmlib.define_loader import XMLDefineLoader
    from odmlib.oid_generator import create_oid_checker

    write_define(study, "define.xml")
    loader = loading.ODMLoader(XMLDefineLoader(model_package="define_2_1", ns_uri="http://www.cdisc.org/ns/def/v2.1"))
    loader.open_odm_document("define.xml")
    document = loader.load_odm()
    assert document.verify_conformance(MetadataSchema())
    assert document.verify_order()
    references = create_oid_checker("define_2_1")
    document.verify_oids(references)
    assert references.check_oid_refs()
    version = document.Study.MetaDataVersion
    assert [group.Name for group in version.ItemGroupDef] == ["AE", "SUPPAE"]
    assert [item.Name for item in version.ItemDef if item.OID.startswith("IT.AE.")] == [
        "USUBJID", "AESEQ", "AEDECOD", "AESEV", "VISITNUM", "AESTDTC", "AESTDTC",
    ]  # fmt: skip
    assert [item.CodedValue for item in version.CodeList[0].CodeListItem] == ["MILD", "SEVERE", "WORSE"]
    assert version.WhereClauseDef[0].RangeCheck[0].CheckValue[1]._content == "1.5"


def test_the_same_specification_makes_the_same_bytes(study: Study) -> None:
    write_define(study, "a.xml")
    write_define(read_define("a.xml"), "b.xml")
    assert Path("a.xml").read_bytes() == Path("b.xml").read_bytes()


def test_the_commands_write_read_and_check(study: Study, monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    assert bencao(monkeypatch, "trial", "define", "study", "-o", "define.xml") == 0
    assert bencao(monkeypatch, "trial", "define", "define.xml", "-o", "again") == 0
    assert read_specification("again").study == defined_part(study)
    assert bencao(monkeypatch, "trial", "check-define", "define.xml") == 0
    text = Path("define.xml").read_text(encoding="utf-8")
    Path("define.xml").write_text(text.replace('MethodOID="MT.AE.AESEQ"', 'MethodOID="MT.AE.NONE"'), encoding="utf-8")
    capsys.readouterr()
    assert bencao(monkeypatch, "trial", "check-define", "define.xml") == 1
    said = capsys.readouterr().out
    assert "reference: MethodOID MT.AE.NONE of ItemRef: no such MethodDef" in said
    assert "unused: nothing refers to MethodDef MT.AE.AESEQ" in said
    assert bencao(monkeypatch, "trial", "check-define", "study/study.yaml") == 2
    assert bencao(monkeypatch, "trial", "define", "study", "-o", "elsewhere") == 2


# What is changed in a sound define.xml, and the rule that must find it.
DAMAGES = [
    ('Purpose="Tabulation"', 'Purpose="Other"', "allowed"),
    (' def:Structure="One record per adverse event per subject"', "", "required"),
    ('OrderNumber="2" Mandatory="Yes" KeySequence="2"', 'OrderNumber="1" Mandatory="Yes" KeySequence="2"', "unique"),
    ('KeySequence="2" MethodOID', 'KeySequence="3" MethodOID', "keys"),
    ('DataType="partialDate"', 'DataType="partialDate" Length="10"', "length"),
    ('DataType="integer" Length="8"', 'DataType="integer"', "length"),
    (' SignificantDigits="1"', "", "digits"),
    (' MethodOID="MT.AE.AESEQ"', "", "method"),
    ('<def:Origin Type="Protocol" Source="Sponsor"/>', "", "origin"),
    ('<def:Class Name="EVENTS"/>', "", "class"),
    ('Comparator="IN"', 'Comparator="EQ"', "where clause"),
    ('CodedValue="SEVERE"', 'CodedValue="MILD"', "unique"),
    ('def:ArchiveLocationID="LF.IG.AE" def:StandardOID="STD.sdtm"', 'def:ArchiveLocationID="LF.IG.AE"', "standard"),
    ('<TranslatedText xml:lang="en">Sequence Number</TranslatedText>', "", "description"),
    ("Dictionary-Derived Term", "Dictionary-Derived Term of the Reported Event", "length"),
    ('<ExternalCodeList Dictionary="MedDRA" Version="27.0" href="https://www.meddra.org"/>', "", "codelist"),
]


@pytest.mark.parametrize(("sound", "damaged", "rule"), DAMAGES, ids=[damage[2] for damage in DAMAGES])
def test_each_check_finds_what_it_is_for(study: Study, sound: str, damaged: str, rule: str) -> None:
    write_define(study, "define.xml")
    text = Path("define.xml").read_text(encoding="utf-8")
    assert sound in text
    Path("define.xml").write_text(text.replace(sound, damaged, 1), encoding="utf-8")
    assert rule in {finding.rule for finding in check_define("define.xml")}


def test_a_schema_that_is_given_is_heeded(study: Study) -> None:
    write_define(study, "define.xml")
    Path("other.xsd").write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="other" type="xs:string"/></xs:schema>'
    )
    assert {finding.rule for finding in check_define("define.xml", "other.xsd")} == {"schema"}
    with pytest.raises(SpecificationError, match="no XML schema"):
        check_define("define.xml", "nowhere.xsd")


def official_schema() -> Path:
    """CDISC's schema, which the other library brings."""
    odmlib = pytest.importorskip("odmlib", reason="cannot run here: odmlib is not installed")
    return Path(odmlib.__file__).parent / "schemas" / "define" / "2.1" / "define2-1-0.xsd"


def test_the_official_schema_finds_nothing_until_something_is_wrong(study: Study) -> None:
    schema = official_schema()
    write_define(study, "define.xml")
    assert check_define("define.xml", schema) == ()
    text = Path("define.xml").read_text(encoding="utf-8")
    Path("define.xml").write_text(text.replace('DataType="partialDate"', 'DataType="part"'), encoding="utf-8")
    assert "schema" in {finding.rule for finding in check_define("define.xml", schema)}


def test_the_specification_of_the_pilot_study_comes_back_and_is_valid(tmp_path: Path) -> None:
    schema = official_schema().parents[2] / "arm" / "1.0-define2.1" / "arm1-0-0.xsd"
    pilot = read_specification(Path(__file__).resolve().parents[2] / "benchmarks" / "trial" / "pilot").study
    write_define(pilot, tmp_path / "define.xml")
    assert read_define(tmp_path / "define.xml") == defined_part(pilot)
    assert "schema" not in {finding.rule for finding in check_define(tmp_path / "define.xml", schema)}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("http://www.cdisc.org/ns/def/v2.1", "http://www.cdisc.org/ns/def/v2.0"), "no def:DefineVersion of 2.1"),
        (('ItemOID="IT.AE.AESEQ"', 'ItemOID="IT.AE.NONE"'), r"line \d+: no ItemDef has the OID IT.AE.NONE"),
        (
            ('<def:Origin Type="Protocol"', '<def:Origin Type="Assigned"/><def:Origin Type="Protocol"'),
            "a second origin",
        ),
        (("<CheckValue>1.5</CheckValue>", "<CheckValue>one</CheckValue>"), "'one' is no float"),
        (("</ODM>", ""), "is no XML"),
    ],
)
def test_what_cannot_be_read_names_file_and_line(study: Study, change: tuple[str, str], said: str) -> None:
    write_define(study, "define.xml")
    text = Path("define.xml").read_text(encoding="utf-8")
    Path("define.xml").write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(SpecificationError, match=said):
        read_define("define.xml")


def test_what_cannot_be_written_is_said(study: Study) -> None:
    without = study.model_copy(update={"documents": {}})
    with pytest.raises(SpecificationError, match="pages 7 8, and there is no document acrf"):
        write_define(without, "define.xml")
    with pytest.raises(SpecificationError, match="XML"):
        write_define(study.model_copy(update={"description": "a bell \a"}), "define.xml")
    assert not Path("define.xml").exists()


@settings(max_examples=80, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(["", "x", "-1", None]))
def test_a_damaged_define_is_an_answer(tmp_path_factory: pytest.TempPathFactory, draw, value: str | None) -> None:
    folder = tmp_path_factory.getbasetemp() / "damaged"
    folder.mkdir(exist_ok=True)
    (folder / "study.yaml").write_text(STUDY, encoding="utf-8")
    write_define(read_specification(folder).study, folder / "define.xml")
    document = etree.parse(folder / "define.xml")
    element = draw.choice([one for one in document.iter() if one.attrib])
    name = draw.choice(sorted(element.attrib))
    if value is None:
        del element.attrib[name]
    else:
        element.attrib[name] = value
    document.write(folder / "define.xml")
    for read in (read_define, check_define):
        try:
            read(folder / "define.xml")
        except SpecificationError as error:
            assert "define.xml" in error.where


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=20).map(str.strip)
NAMES = st.from_regex(r"[A-Z][A-Z0-9]{0,7}", fullmatch=True)


@st.composite
def studies(draw: st.DrawFn) -> Study:
    """Studies with codelists of each type, value levels and every attribute that a variable may have."""
    kind = draw(st.sampled_from(["text", "integer", "float"]))
    values = {"text": NAMES, "integer": st.integers(0, 99), "float": st.floats(0, 99)}[kind]
    terms = [
        {"value": value, "decode": draw(WORDS), "code": draw(WORDS), "extended": draw(st.booleans()),
         "order": draw(st.none() | st.floats(0, 9))}
        for value in draw(st.lists(values, unique=True, max_size=3))
    ]  # fmt: skip

    def item() -> dict[str, object]:
        return {
            "label": draw(WORDS), "type": draw(st.sampled_from(["text", "integer", "float", "partialDate"])),
            "length": draw(st.none() | st.integers(1, 200)), "format": draw(st.sampled_from(["", "8.2", "DATE9."])),
            "codelist": draw(st.sampled_from(["", "CL"])), "method": draw(WORDS), "comment": draw(WORDS),
            "mandatory": draw(st.booleans()),
            "origin": draw(st.none() | st.builds(dict, type=st.just("Derived"), description=WORDS)),
        }  # fmt: skip

    names = draw(st.lists(NAMES, unique=True, min_size=1, max_size=4))
    variables = [{"name": name, "role": draw(WORDS), "supplemental": False, **item()} for name in names]
    if draw(st.booleans()):
        compared = [names[0], draw(st.sampled_from(["EQ", "NE", "IN", "NOTIN"]))]
        where = [{"variable": compared[0], "comparator": compared[1], "values": ["1", "2"]}]
        variables[-1]["values"] = [{"where": where, **item()}]
    if len(names) > 1:
        variables[-2]["supplemental"] = draw(st.booleans()) and names[-2] != names[0]
    return Study.model_validate(
        {
            "name": draw(NAMES), "description": draw(WORDS), "protocol": draw(WORDS),
            "codelists": {"CL": {"label": draw(WORDS), "type": kind, "terms": terms, "comment": draw(WORDS)}},
            "datasets": {"XX": {"label": draw(WORDS), "structure": draw(WORDS), "keys": names[:1],
                                "variables": variables, "comment": draw(WORDS)}},
        }
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(studies())
def test_any_study_comes_back(tmp_path_factory: pytest.TempPathFactory, study: Study) -> None:
    path = tmp_path_factory.getbasetemp() / "any.xml"
    write_define(study, path)
    assert read_define(path) == defined_part(study)
