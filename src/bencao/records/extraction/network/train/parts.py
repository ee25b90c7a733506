"""One part of a model, of either sort, so that all are fitted at once by `kernel.compute`."""

from __future__ import annotations

from typing import Any

from bencao.records.extraction.network.train.chain import ChainTask, fit_chain
from bencao.records.extraction.network.train.fitting import Task, fit


def fit_part(task: Task | ChainTask) -> dict[str, Any]:
    """Weights of a network or of a chain, by name."""
    return fit_chain(task) if isinstance(task, ChainTask) else fit(task)
