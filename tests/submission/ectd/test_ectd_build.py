"""A manifest becomes a sequence: valid by the official definitions, the same each time, and never half."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from dossiers import STUDIES, build, make_pdf
from lxml import etree

from bencao.submission.ectd.application import read_application
from bencao.submission.ectd.build.building import build_sequence, digest_of
from bencao.submission.ectd.lifecycle import Lifecycle
from bencao.submission.ectd.region.assets import Assets
from bencao.submission.errors import DocumentError, ManifestError, RegionFilesMissing, UnsafeFile

ENVELOPE = {
    "application-type": "cnapt2",
    "product-type": "cnprt1",
    "product-number": 2026000001,
    "related-sequence": "0000",
    "regulatory-activity-type": "cnrat1",
    "sequence-type": "cnsqt1",
    "description": "示例",
    "contact": {"name": "注册事务部", "phone": "010-00000000", "email": "ra@example.org"},
}
COLUMNS = ("heading", "attributes", "file", "title", "operation", "modifies", "name", "study", "tag")


def write(folder: Path, *rows: dict[str, str], **keys: Any) -> Path:
    """A manifest with its table and a PDF for each file that it names."""
    folder.mkdir(exist_ok=True)
    manifest = {"application": "x202600001", "region": "cn", "sequence": "0000", "envelope": ENVELOPE, **keys}
    (folder / "submission.yaml").write_text(yaml.safe_dump(manifest, allow_unicode=True), encoding="utf-8")
    with (folder / "leaves.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    for row in rows:
        file = folder / row.get("file", "")
        if row.get("file", "").endswith(".pdf") and not row["file"].startswith((".", "/")) and not file.exists():
            file.write_bytes(make_pdf(row["file"]))
    return folder / "submission.yaml"


COVER = {"heading": "1.0", "file": "cover.pdf", "title": "说明函"}


def test_the_same_manifest_gives_the_same_bytes(tmp_path: Path, assets: Assets) -> None:
    one = build("new-drug", tmp_path / "one", assets)
    two = build("new-drug", tmp_path / "two", assets)
    assert digest_of(one) == digest_of(two)


def test_backbones_are_valid_by_the_official_definitions(clean: dict[str, Path], shared_data: Path) -> None:
    data = shared_data / "submission"
    sequence = clean["new-drug"] / "0001"
    dtd = etree.DTD(str(data / "ich" / "ich-ectd-3-2.dtd"))
    assert dtd.validate(etree.parse(str(sequence / "index.xml"))), dtd.error_log
    schema = etree.XMLSchema(etree.parse(str(data / "nmpa" / "cn-regional-1-0.xsd")))
    assert schema.validate(etree.parse(str(sequence / "m1/cn/cn-regional.xml"))), schema.error_log
    (study,) = sequence.glob("m5/**/stf-*.xml")
    study_dtd = etree.DTD(str(data / "nmpa" / "ich-stf-v2-2.dtd"))
    assert study_dtd.validate(etree.parse(str(study))), study_dtd.error_log


def test_the_life_of_a_leaf_over_five_sequences(clean: dict[str, Path]) -> None:
    lives = Lifecycle(read_application(clean["new-drug"]))
    overview = [life for life in lives.lives.values() if life.leaf.title == "clinical-overview"]
    assert [(life.key.sequence, life.status) for life in overview] == [
        ("0000", "replaced"),
        ("0001", "replaced"),
        ("0002", "replaced"),
        ("0003", "current"),
    ]
    assert [life.key for life in lives.history(overview[1].key)] == [life.key for life in overview]
    gone = [life for life in lives.lives.values() if life.leaf.title == "nomenclature"]
    assert [life.status for life in gone] == ["deleted", "deletion"]


def test_a_study_s_file_is_added_to(clean: dict[str, Path]) -> None:
    lives = Lifecycle(read_application(clean["new-drug"]))
    files = [
        life for life in lives.lives.values() if life.leaf.is_study_file and life.leaf.title == STUDIES[1]["title"]
    ]
    assert [life.leaf.operation for life in files] == ["new", "append", "append"]
    assert [life.target.key for life in files[1:]] == [life.key for life in files[:-1]]


def test_a_sequence_is_never_changed(tmp_path: Path, assets: Assets) -> None:
    manifest = write(tmp_path / "in", COVER)
    first = build_sequence(manifest, tmp_path, assets=assets)
    assert build_sequence(manifest, tmp_path, assets=assets).sha256 == first.sha256
    (tmp_path / "in" / "cover.pdf").write_bytes(make_pdf("changed"))
    with pytest.raises(ManifestError, match="is there with other content"):
        build_sequence(manifest, tmp_path, assets=assets)
    assert digest_of(first.folder) == first.sha256
    assert [path.name for path in (tmp_path / "x202600001").iterdir()] == ["0000"]


def test_official_files_that_are_missing_are_named(tmp_path: Path) -> None:
    built = build_sequence(write(tmp_path / "in", COVER), tmp_path, assets=Assets(tmp_path / "none"))
    assert "util/dtd/ich-ectd-3-2.dtd" in built.missing and "util/style/cn-regional-1-0.xsl" in built.missing


WRONG: dict[str, tuple[dict[str, str], type[Exception], str]] = {
    "path traversal": ({**COVER, "file": "../cover.pdf"}, UnsafeFile, "leads out"),
    "absolute path": ({**COVER, "file": "/etc/hostname"}, UnsafeFile, "leads out"),
    "backslash": ({**COVER, "file": "..\\cover.pdf"}, UnsafeFile, "leads out"),
    "no such heading": ({**COVER, "heading": "9.9"}, ManifestError, "is no heading"),
    "heading of headings": ({**COVER, "heading": "1.3"}, ManifestError, "holds headings"),
    "no attribute": ({**COVER, "heading": "3.2.S.1.1"}, ManifestError, "needs substance"),
    "odd attribute": ({**COVER, "attributes": "colour=red"}, ManifestError, "no attribute colour"),
    "no file": ({**COVER, "file": "none.docx"}, ManifestError, "there is no file"),
    "long name": ({**COVER, "name": "a" * 61 + ".pdf"}, ManifestError, "65 characters"),
    "forbidden name": ({**COVER, "name": "Cover Letter.pdf"}, ManifestError, "file name"),
    "unknown operation": ({**COVER, "operation": "renew"}, ManifestError, "operation 'renew'"),
    "replace of nothing": ({**COVER, "operation": "replace"}, ManifestError, "names nothing"),
    "replace in 0000": (
        {**COVER, "operation": "replace", "modifies": "0000/m1/cn/00/cover.pdf"},
        ManifestError,
        "no earlier sequence",
    ),
    "tag without study": ({**COVER, "tag": "synopsis"}, ManifestError, "without a study"),
    "unknown study": ({**COVER, "study": "S1", "tag": "synopsis"}, ManifestError, "no study"),
    "no title": ({**COVER, "title": ""}, ManifestError, "without a title"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_row_is_named_and_nothing_is_written(name: str, tmp_path: Path, assets: Assets) -> None:
    row, kind, words = WRONG[name]
    manifest = write(tmp_path / "in", row)
    with pytest.raises(kind, match=words) as told:
        build_sequence(manifest, tmp_path / "out", assets=assets)
    assert "row 2" in str(told.value)
    assert not list((tmp_path / "out").rglob("*.xml"))


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("zip.pdf", b"PK\x03\x04zip", "is no PDF"),
        ("broken.pdf", b"%PDF-1.7 nothing", "is broken"),
        ("data.xpt", b"not a transport file", "no SAS transport"),
        ("define.xml", b"<a><b></a>", "not well-formed"),
        ("entity.xml", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "declares entities"),
        ("letter.docx", b"PK", "not accepted"),
    ],
)
def test_a_file_that_is_not_what_its_name_says(
    name: str, data: bytes, words: str, tmp_path: Path, assets: Assets
) -> None:
    manifest = write(tmp_path / "in", {**COVER, "file": name})
    (tmp_path / "in" / name).write_bytes(data)
    with pytest.raises(DocumentError, match=words):
        build_sequence(manifest, tmp_path / "out", assets=assets)


def test_a_locked_pdf_is_refused(tmp_path: Path, assets: Assets) -> None:
    import pikepdf

    manifest = write(tmp_path / "in", COVER)
    locked = make_pdf("locked", encryption=pikepdf.Encryption(owner="owner", user="user"))
    (tmp_path / "in" / "cover.pdf").write_bytes(locked)
    with pytest.raises(DocumentError, match="is locked"):
        build_sequence(manifest, tmp_path / "out", assets=assets)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("application: [", "is no YAML"),
        ("application: x1\nregion: cn\n", "Field required"),
        ("application: x1\nregion: cn\nsequence: '0000'\nenvelope: {}\n", "envelope|application-type"),
        ("application: ../x1\nregion: cn\nsequence: '0000'\n", "application"),
        ("application: x1\nregion: cn\nsequence: '0000'\nleaves: ../leaves.csv\nenvelope: E\n", "leads out|envelope"),
        ("- a\n", "holds no keys"),
    ],
)
def test_a_wrong_manifest_is_named(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "submission.yaml").write_text(text, encoding="utf-8")
    with pytest.raises((ManifestError, UnsafeFile), match=words):
        build_sequence(tmp_path / "submission.yaml", tmp_path / "out")


def test_a_table_in_gb18030_is_read(tmp_path: Path, assets: Assets) -> None:
    manifest = write(tmp_path / "in", COVER)
    table = tmp_path / "in" / "leaves.csv"
    table.write_bytes(table.read_text(encoding="utf-8").encode("gb18030"))
    built = build_sequence(manifest, tmp_path, assets=assets)
    assert "说明函" in (built.folder / "m1/cn/cn-regional.xml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("region", "file"), [("us", "us-regional"), ("jp", "jp-regional"), ("4.0", "implementation package")]
)
def test_a_region_without_its_files_says_which(region: str, file: str, tmp_path: Path) -> None:
    with pytest.raises(RegionFilesMissing, match=file):
        build_sequence(write(tmp_path / "in", COVER, region=region), tmp_path)


LIFE: dict[str, tuple[dict[str, str], str]] = {
    "replace of what was replaced": (
        {
            "heading": "2.5",
            "file": "a.pdf",
            "operation": "replace",
            "modifies": "0000/m2/25-clin-over/clinical-overview.pdf",
        },
        "was replaced",
    ),
    "delete of what was replaced": (
        {"heading": "2.5", "operation": "delete", "modifies": "0000/m2/25-clin-over/clinical-overview.pdf"},
        "was replaced",
    ),
    "append to what was replaced": (
        {
            "heading": "2.5",
            "file": "a.pdf",
            "operation": "append",
            "modifies": "0000/m2/25-clin-over/clinical-overview.pdf",
        },
        "was replaced",
    ),
    "replace of what was deleted": (
        {"heading": "1.3.8.2", "file": "a.pdf", "operation": "replace", "modifies": "0000/m1/cn/03/patents.pdf"},
        "was deleted",
    ),
    "at another heading": (
        {"heading": "2.5", "file": "a.pdf", "operation": "replace", "modifies": "0004/m5/52-tab-list/listing.pdf"},
        "stands at",
    ),
    "with other attributes": (
        {
            "heading": "2.7.3",
            "attributes": "indication=other",
            "file": "a.pdf",
            "operation": "replace",
            "modifies": "0002/m2/27-clin-sum/efficacy.pdf",
        },
        "stands at",
    ),
    "with another title": (
        {
            "heading": "2.5",
            "title": "other",
            "operation": "delete",
            "modifies": "0003/m2/25-clin-over/clinical-overview.pdf",
        },
        "repeat the title",
    ),
    "of nothing": (
        {"heading": "2.5", "file": "a.pdf", "operation": "replace", "modifies": "0000/m2/25-clin-over/none.pdf"},
        "no leaf",
    ),
    "with the same content": (
        {
            "heading": "2.5",
            "file": "same.pdf",
            "operation": "replace",
            "modifies": "0003/m2/25-clin-over/clinical-overview.pdf",
        },
        "same content",
    ),
}


@pytest.mark.parametrize("name", LIFE)
def test_a_wrong_operation_of_a_sixth_sequence_is_caught(
    name: str, clean: dict[str, Path], tmp_path: Path, assets: Assets
) -> None:
    row, words = LIFE[name]
    shutil.copytree(clean["new-drug"], tmp_path / "x202600001")
    manifest = write(tmp_path / "in", COVER, {"title": "clinical-overview", **row}, sequence="0005")
    shutil.copyfile(clean["new-drug"] / "0003/m2/25-clin-over/clinical-overview.pdf", tmp_path / "in" / "same.pdf")
    with pytest.raises(ManifestError, match=words):
        build_sequence(manifest, tmp_path, assets=assets)
    assert not (tmp_path / "x202600001" / "0005").exists()


def test_a_number_is_not_skipped(clean: dict[str, Path], tmp_path: Path, assets: Assets) -> None:
    shutil.copytree(clean["new-drug"], tmp_path / "x202600001")
    with pytest.raises(ManifestError, match="without 0005"):
        build_sequence(write(tmp_path / "in", COVER, sequence="0006"), tmp_path, assets=assets)
