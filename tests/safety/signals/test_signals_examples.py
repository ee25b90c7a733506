"""The examples in the docstrings give what they show."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

pytest.importorskip("polars", reason="the extra safety is not installed")

import bencao.safety.signals as signals

MODULES = [found.name for found in pkgutil.walk_packages(signals.__path__, "bencao.safety.signals.")]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_hold(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert not failed
