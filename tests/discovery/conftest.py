"""The discovery room's tests need its extra."""

from __future__ import annotations

import pytest

pytest.importorskip("vina", reason="cannot run here: the extra bencao[discovery] is not installed")
