"""An application as it is looked at: its tree, its findings by leaf, a leaf's history."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bencao.kernel.errors import InputError
from bencao.submission.browse import (
    DossierPlaces,
    OpenDossier,
    open_dossier,
    show_check,
    show_dossier,
    show_leaf,
    worst_marks,
)
from bencao.submission.ectd.region.assets import Assets


@pytest.fixture(scope="module")
def spoilt(clean: dict[str, Path], assets: Assets, tmp_path_factory: pytest.TempPathFactory) -> OpenDossier:
    """A new drug's application in which one document was exchanged and another is no PDF."""
    folder = tmp_path_factory.mktemp("spoilt") / clean["new-drug"].name
    shutil.copytree(clean["new-drug"], folder)
    (folder / "0000" / "m1" / "cn" / "03" / "label.pdf").write_bytes(b"no PDF")
    return open_dossier(DossierPlaces(folder, assets.folder))


def test_the_tree_has_headings_in_the_language_and_leaves_under_them(clean: dict[str, Path], assets: Assets) -> None:
    opened = open_dossier(DossierPlaces(clean["new-drug"], assets.folder))
    view = show_dossier(opened, "all", "zh")
    assert [one.name for one in view.sequences] == ["0000", "0001", "0002", "0003", "0004"]
    headings = [row for row in view.rows if row.leaf is None]
    assert [row.number for row in headings if row.depth == 0] == ["1", "2", "3", "4", "5"]
    assert ("2.5", "临床综述") in {(row.number, row.text) for row in headings}
    overviews = [row for row in view.rows if row.text == "clinical-overview"]
    assert [(row.sequence, row.operation, row.status) for row in overviews] == [
        ("0000", "new", "replaced"),
        ("0001", "replace", "replaced"),
        ("0002", "replace", "replaced"),
        ("0003", "replace", "current"),
    ]
    assert {row.status for row in show_dossier(opened, "current", "en").rows if row.leaf is not None} == {"current"}
    assert {row.sequence for row in show_dossier(opened, "0001", "en").rows if row.leaf is not None} == {"0001"}


def test_a_clean_application_passes_with_the_official_files_and_cannot_without(
    clean: dict[str, Path], assets: Assets, tmp_path: Path
) -> None:
    passed = show_check(open_dossier(DossierPlaces(clean["safety"], assets.folder)), "", "en")
    assert (passed.verdict, passed.rules, passed.counts["error"], passed.unchecked) == ("passes", 149, 0, ())
    unsure = show_check(open_dossier(DossierPlaces(clean["safety"], tmp_path)), "", "en")
    assert unsure.verdict == "not_checked"
    assert "cv-regulatory-activity-type.xml" in [row.needs for row in unsure.unchecked]


def test_findings_lead_to_their_leaf_and_mark_the_headings_above_it(spoilt: OpenDossier) -> None:
    view = show_check(spoilt, "error", "en")
    assert view.verdict == "fails"
    assert {group.severity for group in view.groups} == {"error"}
    leaves = {place.leaf for group in view.groups for place in group.places}
    tree = show_dossier(spoilt, "all", "en")
    [label] = [row.leaf for row in tree.rows if row.text == "label" and row.sequence == "0000"]
    assert label in leaves
    marks = worst_marks(tree.rows, view.at_leaf)
    marked = {row.number for row, mark in zip(tree.rows, marks, strict=True) if mark == "error" and row.leaf is None}
    assert marked >= {"1", "1.3"} and "4" not in marked


def test_a_leaf_has_its_history_and_its_findings(spoilt: OpenDossier) -> None:
    tree = show_dossier(spoilt, "all", "en")
    [label] = [row.leaf for row in tree.rows if row.text == "label" and row.sequence == "0000"]
    view = show_leaf(spoilt, str(label), "en")
    assert view.file == "0000/m1/cn/03/label.pdf"
    assert [(row.sequence, row.operation) for row in view.history] == [
        ("0000", "new"),
        ("0001", "replace"),
        ("0002", "replace"),
        ("0003", "replace"),
    ]
    assert any("MD5" in group.text or "checksum" in group.text for group in view.groups)
    others = {place.where for group in view.groups for place in group.places}
    assert all("label" in where or "#" in where for where in others)


def test_what_is_not_there_is_refused(spoilt: OpenDossier, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no leaf 9999"):
        show_leaf(spoilt, "9999", "en")
    with pytest.raises(InputError, match="no sequence"):
        open_dossier(DossierPlaces(tmp_path))
    with pytest.raises(InputError, match="is no folder"):
        open_dossier(DossierPlaces(tmp_path, tmp_path / "none"))
