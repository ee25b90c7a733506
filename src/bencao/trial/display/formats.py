"""Statistics to the text of a cell, rounded as SAS rounds."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bencao.trial.display.declaration import CellFormat
from bencao.trial.display.table import Result
from bencao.trial.rounding import round_half_away

_PLACE = re.compile(r"\{(\w+)(?::(\d*)(?:\.(\d+))?)?\}")


def statistics_of(form: CellFormat) -> tuple[str, ...]:
    """Names of the statistics that a format prints, in order."""
    return tuple(dict.fromkeys(match[1] for match in _PLACE.finditer(form.text)))


def printed(value: float, width: int = 0, decimals: int = 0) -> str:
    """A number as SAS's ``w.d`` format prints it, but never with the sign of a zero.

    Examples
    --------
    >>> printed(-0.04, 6, 1), printed(2.5)
    ('   0.0', '3')
    """
    rounded = round_half_away(value, decimals)
    return f"{rounded + 0.0 if rounded else 0.0:{width}.{decimals}f}"


def cell_text(form: CellFormat, values: Mapping[str, float | None]) -> tuple[str, tuple[Result, ...]]:
    """The text of a cell and the results in it.

    Parameters
    ----------
    form : CellFormat
    values : mapping of statistic to value
        Of every statistic in `statistics_of`.

    Returns
    -------
    str
    tuple of Result
        In the order of the text.
    """
    names = statistics_of(form)
    first = values[names[0]]
    results: list[Result] = []

    def place(match: re.Match[str]) -> str:
        name, value = match[1], values[match[1]]
        width, decimals = int(match[2] or 0), int(match[3] or 0)
        if value is None:
            text = " " * width
        elif form.small is not None and name == "percent" and value and not round_half_away(value, decimals):
            text = form.small.rjust(width)
        else:
            text = printed(value, width, decimals)
        results.append(Result(name, value, text.strip()))
        return text

    if first is None:
        return form.missing, tuple(Result(name, values[name], "") for name in names)
    text = _PLACE.sub(place, form.zero if form.zero is not None and first == 0 else form.text)
    if form.below and first < form.below[0]:
        text = form.below[1]
    elif form.above and first > form.above[0]:
        text = form.above[1]
    elif form.mark:
        text += form.mark[1] if first < form.mark[0] else form.mark[2]
    return text, tuple(results)
