"""Clean dossiers, made once, and the official files at hand."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "benchmarks" / "submission"))

from dossiers import KINDS, build, official

from bencao.submission.ectd.region.assets import Assets


@pytest.fixture(scope="session")
def assets(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Assets:
    """The official files at hand, with stand-ins for the others."""
    return official(shared_data / "submission", tmp_path_factory.mktemp("official") / "files")


@pytest.fixture(scope="session")
def clean(assets: Assets, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A clean application of each kind; not to be changed."""
    folder = tmp_path_factory.mktemp("clean")
    return {kind: build(kind, folder / kind, assets) for kind in KINDS}
