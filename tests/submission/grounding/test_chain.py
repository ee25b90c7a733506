"""From a cell of the data to the next sequence in two regions."""

from __future__ import annotations

import csv
import shutil
import tarfile
from pathlib import Path

import polars as pl
import pytest
import yaml
from dossiers import make_pdf, official

from bencao.submission.ectd.application import read_application
from bencao.submission.ectd.build.building import build_sequence
from bencao.submission.ectd.region.assets import Assets, import_assets
from bencao.submission.ectd.validation.checking import check_application
from bencao.submission.errors import GroundingError, ManifestError
from bencao.submission.grounding.impact import impact_of
from bencao.submission.grounding.rebuilding import rebuild
from bencao.submission.grounding.writing import write_document

pytestmark = pytest.mark.skipif(shutil.which("soffice") is None, reason="cannot run here: LibreOffice is not installed")
CELL = "ADSL[USUBJID=01-701-1015].AGE"


@pytest.fixture(scope="session")
def both_assets(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Assets:
    """China's official files and the EU's in one folder."""
    folder = tmp_path_factory.mktemp("assets")
    data = shared_data / "submission"
    assets = official(data, folder / "files")
    with tarfile.open(data / "eu_sample_sequences.tgz") as archive:
        archive.extractall(folder / "eu", filter="data")
    kept = {path.name: path.read_bytes() for path in assets.folder.iterdir()}
    import_assets(folder / "eu/00008/0000/util", assets.folder)
    for name, content in kept.items():
        (assets.folder / name).write_bytes(content)
    return assets


def filed(folder: Path, out: Path, assets: Assets) -> tuple[Path, Path]:
    """The synopsis filed in China, within a study, and in the EU."""
    cn, eu = folder / "cn", folder / "eu"
    for place in (cn, eu):
        place.mkdir()
    cn_rows = [
        ("1.0", "", "cover.pdf", "说明函", "", ""),
        ("5.3.5.1", "", "synopsis.pdf", "研究摘要", "PILOT", "synopsis"),
    ]
    eu_cover = ("m1-0-cover/specific[country=emea]", "", "cover.pdf", "Cover Letter", "", "")
    eu_rows = [eu_cover, ("2.7.6", "", "synopsis.pdf", "Synopsis", "", "")]
    envelope = {
        "application-type": "cnapt2",
        "product-type": "cnprt1",
        "product-number": "2026000001",
        "related-sequence": "0000",
        "regulatory-activity-type": "cnrat2",
        "sequence-type": "cnsqt1",
        "description": "示例",
        "contact": {"name": "注册事务部", "phone": "010-00000000", "email": "ra@example.org"},
    }
    study = {
        "id": "PILOT",
        "heading": "5.3.5.1",
        "title": "Efficacy and safety of the patch",
        "attributes": {"indication": "alzheimer"},
        "categories": {"type-of-control": "placebo"},
    }
    eu_envelope = {
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
    told = (
        (cn, "x202600001", "cn", envelope, cn_rows, [study], "zh"),
        (eu, "eu-000001", "eu", eu_envelope, eu_rows, [], "en"),
    )
    for place, name, region, filled, rows, studies, language in told:
        manifest = {"application": name, "region": region, "sequence": "0000", "envelope": filled, "studies": studies}
        (place / "submission.yaml").write_text(
            yaml.safe_dump(manifest, allow_unicode=True, sort_keys=False), encoding="utf-8"
        )
        shutil.copyfile(out / f"synopsis.{language}.pdf", place / "synopsis.pdf")
        (place / "cover.pdf").write_bytes(make_pdf("cover"))
        with (place / "leaves.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["heading", "attributes", "file", "title", "study", "tag"])
            writer.writerows(rows)
        build_sequence(place / "submission.yaml", folder / "dossier", assets=assets)
    return folder / "dossier/x202600001", folder / "dossier/eu-000001"


def test_a_cell_is_followed_to_the_leaves_and_the_next_sequences_replace_them(
    synopsis: Path, tmp_path: Path, both_assets: Assets
) -> None:
    out = tmp_path / "out"
    write_document(synopsis, out, pdf=True)
    cn, eu = filed(tmp_path, out, both_assets)
    documents = [(synopsis, out)]
    found = impact_of(CELL, documents, [read_application(cn), read_application(eu)])
    assert {one.statement.language for one in found.touched} == {"en", "zh"}
    assert any(one.statement.text.startswith("Mean age") for one in found.touched)
    assert any(one.statement.text.startswith("安慰剂组平均年龄") for one in found.touched)
    assert not any("p=0.245" in one.statement.text for one in found.touched), "a p-value of another variable"
    assert {(one.region, one.sequence, one.file) for one in found.replacements} == {
        ("cn", "0000", "synopsis.zh.pdf"),
        ("eu", "0000", "synopsis.en.pdf"),
    }


def test_rebuild_builds_the_next_sequence_in_each_region(synopsis: Path, tmp_path: Path, both_assets: Assets) -> None:
    out = tmp_path / "out"
    write_document(synopsis, out, pdf=True)
    cn, eu = filed(tmp_path, out, both_assets)
    path = synopsis.parent / "adam" / "adsl.parquet"
    frame = pl.read_parquet(path)
    new = pl.when(pl.col("USUBJID") == "01-701-1015").then(pl.lit(99.0)).otherwise(pl.col("AGE"))
    frame.with_columns(new.cast(frame["AGE"].dtype).alias("AGE")).write_parquet(path)
    (tmp_path / "cover.pdf").write_bytes(make_pdf("cover of the correction"))
    with pytest.raises(ManifestError, match="needs a cover letter"):
        rebuild([(synopsis, out)], [cn], tmp_path / "next", description="更正年龄", assets=both_assets)
    assert [one.name for one in cn.iterdir()] == ["0000"] and not (tmp_path / "next").exists()
    # What was filed is known by its MD5, also after the documents were written again.
    told = rebuild(
        [(synopsis, out)],
        [cn, eu],
        tmp_path / "next",
        description="更正年龄",
        cover=tmp_path / "cover.pdf",
        assets=both_assets,
    )
    statements = (out / "synopsis.statements.json").read_text(encoding="utf-8")
    assert "75.6 years on placebo" in statements and "75.6岁" in statements
    assert [built.folder.parent.name for built in told.sequences] == ["x202600001", "eu-000001"]
    for application in (cn, eu):
        assert [one.name for one in sorted(application.iterdir())] == ["0000", "0001"]
        leaves = [leaf for _, leaf in read_application(application).sequences[1].leaves()]
        assert [leaf.title for leaf in leaves if leaf.operation == "replace"] in (["研究摘要"], ["Synopsis"])
    report = check_application(cn, assets=both_assets)
    assert [one.rule.id for one in report.findings if one.rule.severity == "error"] == []
    eu_report = check_application(eu, assets=both_assets)
    assert [one.rule.id for one in eu_report.findings if one.rule.severity == "error"] == []
    again = rebuild([(synopsis, out)], [cn, eu], tmp_path / "again", description="更正", assets=both_assets)
    assert again.changed == () and again.sequences == ()


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("ADSL.AGE", "is no cell"),
        ("ADSL[USUBJID=none].AGE", "no such record"),
        ("ADSL[USUBJID=01-701-1015].NONE", "no variable NONE"),
        ("ADSL[NONE=1].AGE", "has no NONE"),
    ],
)
def test_a_cell_that_is_not_there_is_named(cell: str, words: str, synopsis: Path, tmp_path: Path) -> None:
    write_document(synopsis, tmp_path / "out")
    with pytest.raises(GroundingError, match=words):
        impact_of(cell, [(synopsis, tmp_path / "out")], [])
