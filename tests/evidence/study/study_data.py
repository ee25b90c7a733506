"""A study over a flat table that is run from its protocol, with any number of negative controls."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

PROTOCOL = """study: programme
title: A programme and earnings
data: table
person: id
eligibility: {require: [{events: {name: adult, column: adult}}]}
strategies:
  treatment: {name: programme, column: arm, value: 1}
  comparator: {name: none, column: arm, value: 0}
outcome: {kind: binary, events: {name: success, column: success}}
covariates: [{name: a, measured_on: a_day}, {name: b}]
"""


def people(push: float) -> pd.DataFrame:
    """1,200 persons whose programme depends on `a` so strongly, and on `hidden`, which no covariate tells."""
    draw = np.random.default_rng(4)
    n = 1200
    a, b = draw.normal(size=(2, n))
    noise = draw.logistic(size=n)
    arm = (push * a + noise > 0).astype(int)
    success = (0.8 * arm + a + draw.logistic(size=n) > 0).astype(int)
    adult = (np.arange(n) % 10 > 0).astype(int)
    table = {"id": range(n), "adult": adult, "arm": arm, "a": a, "b": b, "a_day": -3, "success": success}
    return pd.DataFrame(table | {"hidden": noise})


def controls(n: int, bias: float) -> dict[str, Any]:
    """Columns of negative controls that `hidden` moves so much."""
    draw = np.random.default_rng(5)
    hidden = people(0.4).hidden
    return {f"n{number}": (bias * hidden + draw.logistic(size=1200) > 0.3).astype(int) for number in range(n)}


def with_controls(n: int) -> str:
    """The protocol's line for them."""
    return f"negative_controls: [{', '.join(f'{{name: n{place}, column: n{place}}}' for place in range(n))}]"
