"""The EU's sequences are read and checked, and built by the user's own DTD."""

from __future__ import annotations

import csv
import tarfile
from pathlib import Path

import pytest
import yaml
from dossiers import make_pdf
from lxml import etree

from bencao.submission.ectd.build.building import build_sequence
from bencao.submission.ectd.region.assets import Assets, import_assets
from bencao.submission.ectd.validation.checking import check_application
from bencao.submission.errors import ManifestError, RegionFilesMissing

# Leaves whose modified-file leads to no leaf of the sample: counted from the XML by hand for each sample.
SAMPLES = ("00001", "00002", "00004", "00006", "00008", "00010", "00018")


@pytest.fixture(scope="module")
def samples(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("eu")
    with tarfile.open(shared_data / "submission" / "eu_sample_sequences.tgz") as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_sample_is_read_and_judged(sample: str, samples: Path, assets: Assets) -> None:
    report = check_application(samples / sample / "0000", assets=assets)
    found = report.rules_found()
    index = etree.parse(str(samples / sample / "0000" / "index.xml"))
    definition = etree.DTD(str(samples / sample / "0000" / "util/dtd/ich-ectd-3-2.dtd"))
    assert bool(found["ICH-3.3"]) is not definition.validate(index)
    dangling = sum(
        1
        for path in ("index.xml", "m1/eu/eu-regional.xml")
        for leaf in etree.parse(str(samples / sample / "0000" / path)).iter("leaf")
        if leaf.get("modified-file")
    )
    # No earlier sequence lies beside a sample, so each reference to one dangles or leads out of the application.
    assert found["ICH-3.11"] + found["M1-4.1.24"] + found["ICH-3.29"] >= dangling
    wrong = [one for one in report.findings if one.rule.id in ("ICH-3.14", "M1-4.1.13")]
    assert wrong, "the samples' documents are stubs, so their checksums differ"
    assert report.region == "eu" and all(rule.startswith(("ICH-", "M1-")) for rule in found)


@pytest.fixture
def eu_assets(samples: Path, assets: Assets, tmp_path: Path) -> Assets:
    import_assets(samples / "00008/0000/util", tmp_path / "eu-assets")
    return Assets(tmp_path / "eu-assets")


def manifest(folder: Path, heading: str = "m1-0-cover/specific[country=emea]") -> Path:
    """A manifest of one cover letter and one overview."""
    folder.mkdir()
    envelope = {
        "envelope": {
            "@country": "emea",
            "submission": {"@type": "initial-maa", "tracking": {"number": "EMEA/H/C/000000"}},
            "applicant": "Example",
            "agency": {"@code": "EU-EMEA"},
            "procedure": {"@type": "centralised"},
            "invented-name": "Patch",
            "sequence": "0000",
            "submission-description": "Initial application",
        }
    }
    told = {"application": "eu-000001", "region": "eu", "sequence": "0000", "language": "en", "envelope": envelope}
    (folder / "submission.yaml").write_text(yaml.safe_dump(told, sort_keys=False), encoding="utf-8")
    with (folder / "leaves.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["heading", "file", "title", "name"])
        writer.writerow(["m1-2-form/specific[country=emea]", "form.pdf", "Form", "12-form/emea/emea-form.pdf"])
        writer.writerow([heading, "cover.pdf", "Cover Letter", "10-cover/emea/emea-cover.pdf"])
        writer.writerow(["2.5", "overview.pdf", "Clinical overview", ""])
    for name in ("cover", "overview", "form"):
        (folder / f"{name}.pdf").write_bytes(make_pdf(name))
    return folder / "submission.yaml"


def test_a_sequence_is_built_by_the_user_s_dtd(tmp_path: Path, eu_assets: Assets) -> None:
    built = build_sequence(manifest(tmp_path / "in"), tmp_path, assets=eu_assets)
    report = check_application(built.folder, assets=eu_assets)
    assert [one.rule.id for one in report.findings if one.rule.severity == "error" and one.rule.id != "ICH-2.7"] == []
    regional = etree.parse(str(built.folder / "m1/eu/eu-regional.xml"))
    assert [one.tag for one in regional.getroot().find("m1-eu")] == ["m1-0-cover", "m1-2-form"]  # the DTD's order


def test_what_the_dtd_refuses_is_not_written(tmp_path: Path, eu_assets: Assets) -> None:
    with pytest.raises(ManifestError, match="DTD refuses"):
        build_sequence(
            manifest(tmp_path / "in", "m1-0-cover/specific[country=mars]"), tmp_path / "out", assets=eu_assets
        )
    assert not list((tmp_path / "out").rglob("index.xml"))


def test_without_the_official_files_it_says_which(tmp_path: Path, assets: Assets) -> None:
    with pytest.raises(RegionFilesMissing, match=r"eu-regional\.dtd, eu-envelope\.mod, eu-leaf\.mod"):
        build_sequence(manifest(tmp_path / "in"), tmp_path / "out", assets=assets)
