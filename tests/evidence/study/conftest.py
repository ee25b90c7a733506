"""A study over a flat table that is run from its protocol."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from study_data import PROTOCOL, people


@pytest.fixture
def run(bencao: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """Runs the study with so strong a confounder."""

    def with_push(push: float, *told: str, protocol: str = "data: table", kind: str = "binary", **changed: Any) -> Any:
        text = PROTOCOL.replace("data: table", protocol).replace("kind: binary", f"kind: {kind}")
        (tmp_path / "protocol.yaml").write_text(text, encoding="utf-8")
        people(push).assign(**changed).to_csv(tmp_path / "people.csv", index=False)
        return bencao("evidence", "study", "protocol.yaml", "people.csv", "-o", "study.html", *told)

    return with_push
