"""Analysis Results Metadata: analyses go into define.xml, come back the same, and another library reads them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bencao.trial.errors import SpecificationError
from bencao.trial.formats.define import check_define, defined_part, read_define, write_define
from bencao.trial.specification import Study, read_specification

PILOT = Path(__file__).resolve().parents[2] / "benchmarks" / "trial" / "pilot"
STUDY = """\
name: ABC
description: A study of a patch
documents:
  sap: {title: Analysis Plan, href: sap.pdf}
  tables: {title: Tables, href: tables.pdf}
standards: {adam: {name: ADaMIG, version: "1.3"}}
datasets:
  ADSL: &data
    label: Subjects
    class: SUBJECT LEVEL ANALYSIS DATASET
    structure: One record per subject
    purpose: Analysis
    standard: adam
    keys: [USUBJID]
    variables:
      - {name: USUBJID, label: Subject, length: 8, origin: &origin {type: Assigned, source: Sponsor}}
      - {name: SAFFL, label: Safety, length: 1, origin: *origin}
  ADQS:
    <<: *data
    keys: [USUBJID, PARAMCD, AVISITN]
    variables:
      - {name: USUBJID, label: Subject, length: 8, origin: *origin}
      - {name: PARAMCD, label: Parameter Code, length: 8, origin: *origin}
      - {name: AVISITN, label: Visit, type: integer, length: 2, origin: *origin}
      - {name: CHG, label: Change, type: float, length: 8, significant_digits: 1, origin: *origin}
analyses:
  DOSE:
    display: &shown {name: Table 1, title: Change at week 24, documents: [{document: tables, pages: "5"}]}
    label: Dose response
    data:
      - dataset: ADQS
        where: [{variable: PARAMCD, values: [ACTOT]}, {variable: AVISITN, comparator: IN, values: [16, 24]}]
        variables: [CHG]
    population: {dataset: ADSL, where: [{variable: SAFFL, values: ["Y"]}]}
    parameter: PARAMCD
    method: Linear model of CHG on dose.
    documents: [{document: sap, pages: "12 13"}]
    program: {context: "SAS 9.4", code: "proc glm;\\n  model chg = dose;\\nrun;\\n", documents: [{document: tables}]}
    reason: SPECIFIED IN SAP
    purpose: PRIMARY OUTCOME MEASURE
    comment: ADQS is joined to ADSL by USUBJID.
  OTHER:
    display: Table 2
    label: Another
    data: [{dataset: ADQS, variables: [CHG]}, {dataset: ADSL, variables: [SAFFL]}]
    reason: REQUESTED BY REGULATORY AGENCY
    purpose: EXPLORATORY OUTCOME MEASURE
  PAIRS:
    display: *shown
    label: Differences
    data: [{dataset: ADQS, variables: [CHG, AVISITN]}]
    reason: DATA DRIVEN
    purpose: SECONDARY OUTCOME MEASURE
"""


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    monkeypatch.chdir(tmp_path)
    Path("study.yaml").write_text(STUDY, encoding="utf-8")
    return read_specification("study.yaml").study


def test_analyses_come_back_from_a_define_that_has_no_finding(study: Study) -> None:
    write_define(study, "define.xml")
    back = read_define("define.xml")
    assert back == defined_part(study)
    assert back.analyses["DOSE"] == study.analyses["DOSE"]
    assert back.analyses["OTHER"].display.title == "Table 2", "a display without a title is called by its name"
    assert check_define("define.xml") == ()


def test_another_library_reads_the_same_results(study: Study) -> None:
    loading = pytest.importorskip("odmlib.loader", reason="cannot run here: odmlib is not installed")
    from odmlib.arm_loader import XMLArmLoader

    write_define(study, "define.xml")
    loader = loading.ODMLoader(XMLArmLoader())
    loader.open_odm_document("define.xml")
    document = loader.load_odm()
    first, second = document.Study.MetaDataVersion.AnalysisResultDisplays.ResultDisplay
    assert [(one.Name, [result.OID for result in one.AnalysisResult]) for one in (first, second)] == [
        ("Table 1", ["AR.DOSE", "AR.PAIRS"]), ("Table 2", ["AR.OTHER"]),
    ]  # fmt: skip
    dose = first.AnalysisResult[0]
    assert (dose.ParameterOID, dose.AnalysisPurpose) == ("IT.ADQS.PARAMCD", "PRIMARY OUTCOME MEASURE")
    assert [one.ItemGroupOID for one in dose.AnalysisDatasets.AnalysisDataset] == ["IG.ADQS", "IG.ADSL"]
    assert dose.AnalysisDatasets.AnalysisDataset[0].AnalysisVariable[0].ItemOID == "IT.ADQS.CHG"
    assert "proc glm;\n" in dose.ProgrammingCode.Code._content
    assert dose.Documentation.DocumentRef[0].PDFPageRef[0].PageRefs == "12 13"


def schema() -> Path:
    """The schema of results that the other library brings."""
    odmlib = pytest.importorskip("odmlib", reason="cannot run here: odmlib is not installed")
    return Path(odmlib.__file__).parent / "schemas" / "arm" / "1.0-define2.1" / "arm1-0-0.xsd"


def test_the_schema_of_results_finds_nothing_until_something_is_wrong(study: Study) -> None:
    official = schema()
    write_define(study, "define.xml")
    assert check_define("define.xml", official) == ()
    text = Path("define.xml").read_text(encoding="utf-8")
    Path("define.xml").write_text(text.replace(' AnalysisReason="DATA DRIVEN"', ""), encoding="utf-8")
    assert {finding.rule for finding in check_define("define.xml", official)} == {"required", "schema"}


def test_the_pilots_tables_bring_their_titles() -> None:
    analyses = defined_part(read_specification(PILOT).study).analyses
    assert analyses["ADAS.MMRM"].display.title.startswith("ADAS Cog (11) - Repeated Measures")
    assert analyses["TTDE"].display.title == "Time to Dermatologic Event by Treatment Group"


@pytest.mark.parametrize(
    ("sound", "damaged", "rule"),
    [
        ('AnalysisVariable ItemOID="IT.ADSL.SAFFL"', 'AnalysisVariable ItemOID="IT.ADQS.CHG"', "results"),
        ('OID="AR.PAIRS"', 'OID="AR.DOSE"', "unique"),
        ('ParameterOID="IT.ADQS.PARAMCD"', 'ParameterOID="IT.ADQS.NONE"', "reference"),
        ('ItemGroupOID="IG.ADSL"', 'ItemGroupOID="IG.NONE"', "reference"),
        (' AnalysisPurpose="PRIMARY OUTCOME MEASURE"', "", "required"),
        ('<TranslatedText xml:lang="en">Differences</TranslatedText>', "", "description"),
        ('<def:WhereClauseRef WhereClauseOID="WC.AR.DOSE.POPULATION"/>', "", "unused"),
    ],
)
def test_each_check_of_results_finds_what_it_is_for(study: Study, sound: str, damaged: str, rule: str) -> None:
    write_define(study, "define.xml")
    text = Path("define.xml").read_text(encoding="utf-8")
    assert sound in text
    Path("define.xml").write_text(text.replace(sound, damaged), encoding="utf-8")
    assert rule in {finding.rule for finding in check_define("define.xml")}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('ItemGroupOID="IG.ADSL"', 'ItemGroupOID="IG.NONE"', r"line \d+: no ItemGroupDef has the OID IG.NONE"),
        ('OID="AR.PAIRS"', 'OID="AR.DOSE"', r"line \d+: a second analysis with the OID AR.DOSE"),
        ('<arm:AnalysisVariable ItemOID="IT.ADQS.CHG"/>', "", r"line \d+: a second data set without variables"),
        ("<CheckValue>16</CheckValue>", "<CheckValue>soon</CheckValue>", r"line \d+: 'soon' is no integer"),
    ],
)
def test_results_that_cannot_be_read_name_file_and_line(study: Study, old: str, new: str, said: str) -> None:
    write_define(study, "define.xml")
    text = Path("define.xml").read_text(encoding="utf-8")
    assert old in text
    Path("define.xml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SpecificationError, match=said):
        read_define("define.xml")


def test_an_analysis_of_what_is_not_kept_is_refused(study: Study) -> None:
    hidden = {**study.datasets, "ADQS": study.datasets["ADQS"].model_copy(update={"keep": False})}
    with pytest.raises(SpecificationError, match=r"DOSE is of ADQS\.PARAMCD, which define\.xml does not list"):
        write_define(study.model_copy(update={"datasets": hidden}), "define.xml")
    assert not Path("define.xml").exists()


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=20).map(str.strip)
SOME = WORDS.filter(bool)
NAMES = st.from_regex(r"[A-Z][A-Z0-9]{0,7}", fullmatch=True)


@st.composite
def studies(draw: st.DrawFn) -> Study:
    """Studies with analyses of every part that the standard has."""
    kinds = ["text", "integer", "float"]
    variables = [
        {"name": name, "type": draw(st.sampled_from(kinds))}
        for name in draw(st.lists(NAMES, unique=True, min_size=1, max_size=3))
    ]
    names = [variable["name"] for variable in variables]
    values = st.lists(st.integers(0, 9), min_size=1, max_size=2)
    condition = st.builds(
        dict, variable=st.sampled_from(names), comparator=st.sampled_from(["EQ", "NE", "IN", "GT"]), values=values
    )
    where = st.lists(condition, max_size=2)
    documents = st.lists(st.builds(dict, document=st.just("sap"), pages=st.sampled_from(["", "1 2"])), max_size=2)
    data = st.builds(
        dict,
        dataset=st.sampled_from(["ADSL", "ADQS"]),
        where=where,
        variables=st.lists(st.sampled_from(names), min_size=1, max_size=2),
    )
    displays = {name: {"name": name, "title": draw(WORDS), "documents": draw(documents)} for name in ("Table 1", "F 2")}
    analyses = {
        key: {
            "display": displays[draw(st.sampled_from(sorted(displays)))],
            "label": draw(SOME), "data": draw(st.lists(data, min_size=1, max_size=2)), "method": draw(SOME),
            "population": draw(st.none() | st.builds(dict, where=where)), "documents": draw(documents),
            "parameter": draw(st.sampled_from([None, *names])), "comment": draw(WORDS),
            "program": draw(st.none() | st.builds(dict, context=WORDS, code=WORDS, documents=documents)),
            "reason": draw(st.sampled_from(["DATA DRIVEN", "ASKED BY THE BOARD"])),
            "purpose": "PRIMARY OUTCOME MEASURE",
        }
        for key in draw(st.lists(NAMES, unique=True, max_size=4))
    }  # fmt: skip
    return Study.model_validate(
        {
            "name": "ABC", "protocol": "P", "documents": {"sap": {"title": "Plan", "href": "sap.pdf"}},
            "datasets": {name: {"variables": variables} for name in ("ADSL", "ADQS")}, "analyses": analyses,
        }
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(studies())
def test_any_analyses_come_back(tmp_path_factory: pytest.TempPathFactory, study: Study) -> None:
    path = tmp_path_factory.getbasetemp() / "any_results.xml"
    write_define(study, path)
    assert read_define(path) == defined_part(study)
    assert {finding.rule for finding in check_define(path)} & {"reference", "results", "order", "allowed"} == set()
