"""``bencao safety validate``: what a drug-safety officer sees of reports on file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from generated_reports import Changes, report

from bencao.safety.e2b.writing import write_batch
from bencao.safety.validation.elements.single import _COLUMNS

TABLE_ROWS = ("C.1.1\tReport number\t20\ttext\t\trequired\t\t\n", "C.9.9\tLocal class\t1\tnumber\t1 2\trequired\t\t\n")


def written(path: Path, *cases: tuple[str, Changes]) -> Path:
    """A batch of generated reports."""
    reports = [report(profile, changes) for profile, changes in cases]
    batch = [each for each in reports[0] if each.element.startswith("N.1.")]
    write_batch(path, [[each for each in one if not each.element.startswith("N.1.")] for one in reports], batch)
    return path


def test_a_clean_report_exits_0_and_a_fault_1(bencao, tmp_path: Path) -> None:
    clean = bencao("safety", "validate", str(written(tmp_path / "a.xml", ("postmarket", {}))), "--json")
    assert clean.code == 0
    assert json.loads(clean.out)["findings"] == []
    broken = bencao("safety", "validate", str(written(tmp_path / "b.xml", ("postmarket", {"C.2.r.3": None}))), "--json")
    assert broken.code == 1
    told = json.loads(broken.out)
    assert told["safety_report_id"] == "US-ACME-1"
    assert not told["accepted"]
    (finding,) = told["findings"]
    assert (finding["id"], finding["element"], finding["repeats"]) == ("R0019", "C.2.r.3", [1])
    assert finding["location"] == "C.2.r[1].3"
    assert finding["message"] == "C.2.r.3 must be given where C.2.r.5 is 1; C.2.r.3 has nothing"


def test_findings_are_told_in_chinese(bencao, tmp_path: Path) -> None:
    path = written(tmp_path / "a.xml", ("postmarket", {"C.2.r.3": None}))
    told = json.loads(bencao("safety", "validate", str(path), "--json", "--lang", "zh").out)
    assert told["findings"][0]["message"] == "C.2.r.5 为 1时，须填 C.2.r.3；C.2.r.3 现为：无"


def test_each_report_of_a_batch_is_a_line(bencao, tmp_path: Path) -> None:
    other: Changes = {"C.1.1": "US-ACME-2", "N.2.r.1": "US-ACME-2", "H.1": None}
    path = written(tmp_path / "a.xml", ("postmarket", {}), ("postmarket", other))
    answer = bencao("safety", "validate", str(path), "--json")
    lines = [json.loads(line) for line in answer.out.splitlines()]
    assert [(each["safety_report_id"], len(each["findings"])) for each in lines] == [("US-ACME-1", 0), ("US-ACME-2", 1)]


@pytest.mark.parametrize("region", ["CN", "EU"])
def test_no_codes_are_invented_for_regions_without_a_table(bencao, tmp_path: Path, region: str) -> None:
    path = str(written(tmp_path / "a.xml", ("postmarket", {})))
    refused = bencao("safety", "validate", path, "--region", region)
    assert refused.code == 2
    assert refused.err.startswith("RegionTableMissing: ")
    table = tmp_path / "table.tsv"
    table.write_text("\t".join(_COLUMNS) + "\n" + "".join(TABLE_ROWS), encoding="utf-8")
    answer = bencao("safety", "validate", path, "--region", region, "--region-table", str(table), "--json")
    found = {each["id"] for each in json.loads(answer.out)["findings"]}
    assert "ICH.C.9.9.required" in found
    assert "ICH.H.1.unknown" in found
    assert not any(each.startswith(("R0", "W0")) for each in found)


def test_the_registrys_rules_wait_for_the_users_list(bencao, tmp_path: Path) -> None:
    path = str(written(tmp_path / "a.xml", ("ind", {"FDA.C.5.6.r": "555555"})))
    without = bencao("safety", "validate", path, "--json")
    assert without.code == 0
    assert json.loads(without.out)["not_checked"] == ["R0105", "W0012", "W0009"]
    listed = tmp_path / "registry.csv"
    listed.write_text("kind,number,center,product\nIND,123456,CDER,Drug A\n", encoding="utf-8")
    answer = bencao("safety", "validate", path, "--json", "--registry", str(listed))
    told = json.loads(answer.out)
    assert told["not_checked"] == []
    assert [each["id"] for each in told["findings"]] == ["W0012"]


def test_a_list_of_what_was_sent_tells_initial_reports(bencao, tmp_path: Path) -> None:
    path = str(written(tmp_path / "a.xml", ("postmarket", {"C.1.11.1": "1", "C.1.11.2": "duplicate"})))
    assert [each["id"] for each in json.loads(bencao("safety", "validate", path, "--json").out)["findings"]] == [
        "R0101"
    ]
    sent = tmp_path / "sent.txt"
    sent.write_text("US-ACME-1\n", encoding="utf-8")
    assert bencao("safety", "validate", path, "--json", "--submitted", str(sent)).code == 0


def test_what_cannot_be_read_exits_2_in_one_line(bencao, tmp_path: Path) -> None:
    path = tmp_path / "cut.xml"
    path.write_bytes(written(tmp_path / "a.xml", ("postmarket", {})).read_bytes()[:900])
    answer = bencao("safety", "validate", str(path))
    assert answer.code == 2
    assert answer.err.startswith("MessageError: ")
    assert len(answer.err.splitlines()) == 1


# What was found on FDA's samples, each judged by the rule's text: all six name their message (N.2.r.1) otherwise than
# the case; device usage and the drug's role in the study carry code systems of other lists; 5-1 leaves the role of a
# third drug out; in 5-3 the role of drug 1 points to an id that no drug has.
SAMPLES = {
    "FAERS2022Scenario1.xml": {"ICH.N.2.r.1.same"},
    "FAERS2022Scenario2.xml": {"ICH.N.2.r.1.same", "US.FDA.G.k.12.r.8.oid"},
    "FAERS2022Scenario4.xml": {"ICH.N.2.r.1.same"},
    "FAERS2022Scenario5-1.xml": {"ICH.N.2.r.1.same", "US.FDA.G.k.10a.oid", "W0006"},
    "FAERS2022Scenario5-3.xml": {"ICH.N.2.r.1.same", "ICH.G.k.1.required", "ICH.G.k.2.2.required", "W0006"},
    "FAERS2022Scenario7.xml": {"ICH.N.2.r.1.same", "US.FDA.G.k.12.r.8.oid"},
}


def test_fdas_samples_have_these_faults_and_no_other(bencao, samples: list[Path]) -> None:
    found = {}
    for path in samples:
        told = json.loads(bencao("safety", "validate", str(path), "--json").out)
        found[path.name] = {each["id"] for each in told["findings"]}
    assert found == SAMPLES
