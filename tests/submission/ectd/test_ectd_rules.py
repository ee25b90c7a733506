"""Every rule of NMPA's criteria finds its defect, and a clean dossier has none."""

from __future__ import annotations

import csv
import json
import random
import shutil
from pathlib import Path

import pytest
from defects import DEFECTS, Defect
from dossiers import KINDS, make_pdf
from ectd import spoiled, told
from spoiling import Package
from typer.testing import CliRunner

from bencao.submission.commands.dossier import app
from bencao.submission.ectd.region.assets import Assets
from bencao.submission.ectd.validation.checking import check_application
from bencao.submission.ectd.validation.context import CHECKS
from bencao.submission.ectd.validation.finding import ADVICE, cn_rules
from bencao.submission.ectd.validation.report import as_json, statuses

FIGURES = {"1.1", "1.2", "1.3"}  # rules that state figures and find nothing


@pytest.mark.parametrize("kind", KINDS)
def test_a_clean_dossier_passes(kind: str, clean: dict[str, Path], assets: Assets) -> None:
    report = check_application(clean[kind], assets=assets)
    assert told(report) == []
    assert report.not_checked == ()
    assert report.verdict == "passes"


@pytest.mark.parametrize("number", range(len(DEFECTS)), ids=lambda number: f"{number}-{DEFECTS[number].rule}")
def test_a_defect_is_found_by_its_rule(number: int, clean: dict[str, Path], assets: Assets, tmp_path: Path) -> None:
    defect: Defect = DEFECTS[number]
    report = spoiled(defect, clean[defect.kind], tmp_path / "spoiled", assets, random.Random(f"test/{number}"))
    assert defect.rule in report.rules_found()
    finding = next(one for one in report.findings if one.rule.id == defect.rule)
    assert finding.rule.fix("en") and finding.rule.fix("zh")


def test_every_rule_is_listed_checked_and_seeded(shared_data: Path) -> None:
    table = shared_data / "submission" / "nmpa_ectd_validation_v1.0_rules.tsv"
    with table.open(encoding="utf-8") as stream:
        given = {row["rule"]: row["severity"] for row in csv.DictReader(stream, delimiter="\t")}
    assert {rule.id: rule.severity for rule in cn_rules().values()} == given
    assert set(CHECKS) == set(given) | set(ADVICE)
    assert {defect.rule for defect in DEFECTS} == set(given) - FIGURES


def test_what_has_no_official_file_is_not_checked_and_nothing_passes(clean: dict[str, Path], tmp_path: Path) -> None:
    report = check_application(clean["new-drug"], assets=Assets(tmp_path))
    needs = {one.rule.id: one.needs for one in report.not_checked}
    assert needs["4.2.6"] == "cv-regulatory-activity-type.xml"
    assert needs["4.2.10"] == "depend-apt-rat-sqt.xml"
    assert needs["4.3.9"] == "cn-single-leaf-elements.txt"
    assert "checksums.tsv" in needs["2.7"]
    assert statuses(report)["4.2.6"] == "not_checked"
    assert report.count("error") == 0 and report.verdict == "not_checked"


def test_the_report_says_it_in_both_languages(clean: dict[str, Path], assets: Assets) -> None:
    report = check_application(clean["generic"], assets=assets)
    english, chinese = as_json(report, "en"), as_json(report, "zh")
    assert english["verdict"] == "passes" and set(english["rules"].values()) <= {"passed", "found"}
    first = {"en": english["findings"][0], "zh": chinese["findings"][0]}
    assert first["en"]["details"].startswith("count: ") and first["zh"]["details"].startswith("数量：")
    assert first["en"]["text"] != first["zh"]["text"]


def test_a_page_that_is_neither_a4_nor_letter_is_advised_against(
    clean: dict[str, Path], assets: Assets, tmp_path: Path
) -> None:
    folder = tmp_path / clean["generic"].name
    shutil.copytree(clean["generic"], folder)
    package = Package(folder, "0000", random.Random(0))
    path = package.folder / "m2/27-clin-sum/efficacy.pdf"
    path.write_bytes(
        make_pdf("wide", change=lambda document: setattr(document.pages[0], "mediabox", [0, 0, 800, 1100]))
    )
    package.reseal()
    report = check_application(folder, assets=assets)
    (advice,) = report.advice
    assert advice.where == "m2/27-clin-sum/efficacy.pdf" and "800 x 1100" in advice.details("en")
    assert report.verdict == "passes"


def test_official_files_with_other_line_ends_are_told_and_not_called_altered(
    clean: dict[str, Path], assets: Assets, tmp_path: Path
) -> None:
    folder = tmp_path / clean["safety"].name
    shutil.copytree(clean["safety"], folder)
    definition = folder / "0000/util/dtd/ich-ectd-3-2.dtd"
    definition.write_bytes(definition.read_bytes().replace(b"\r\n", b"\n"))
    report = check_application(folder, assets=assets)
    assert [one.needs for one in report.not_checked if one.rule.id == "2.7"] == [
        "checksums.tsv: ich-ectd-3-2.dtd (only its line ends are not as published)"
    ]
    assert report.verdict == "not_checked"


def test_rules_of_a_region_that_has_none_are_refused() -> None:
    known = CliRunner().invoke(app, ["rules", "--region", "eu", "--json"])
    assert {one["rule"].partition("-")[0] for one in json.loads(known.stdout)} == {"ICH", "M1"}
    refused = CliRunner().invoke(app, ["rules", "--region", "us"])
    assert refused.exit_code == 2 and "'us' is not one of 'cn', 'eu', 'ich'" in refused.output
