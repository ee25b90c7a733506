"""Building blocks for findings by visit: baseline, change, analysis windows, values carried forward."""

from __future__ import annotations

from typing import Any, Literal

import narwhals as nw
from pydantic import BaseModel, ConfigDict

from bencao.trial.derive.expression import Frame, expression
from bencao.trial.derive.rows import choose, filter, ordering, without_helpers


class Window(BaseModel):
    """An analysis window: the study days it holds, both included, and what it sets."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first: float | None = None
    last: float | None = None
    set: dict[str, str | int | float | None]


def baseline(data: Frame, *, by: list[str], values: dict[str, str], flag: str = "ABLFL") -> Frame:
    """Give every record of a group what its baseline record has.

    Parameters
    ----------
    by
        Variables that make a group, such as USUBJID and PARAMCD.
    values
        ``BASE: AVAL``: a new variable, and the one whose baseline value it takes.
    flag
        Variable that is Y on the baseline record; of several the greatest value is taken.

    Examples
    --------
    YAML: ``- baseline: {by: [USUBJID, PARAMCD], values: {BASE: AVAL, BNRIND: ANRIND}}``

    >>> import polars as pl
    >>> lb = nw.from_native(pl.LazyFrame({"ID": [1, 1], "AVAL": [4.0, 5.0], "ABLFL": ["Y", None]}))
    >>> baseline(lb, by=["ID"], values={"BASE": "AVAL"}).collect()["BASE"].to_list()
    [4.0, 4.0]
    """
    on_record = {f"__of_{new}": nw.when(nw.col(flag) == "Y").then(nw.col(old)) for new, old in values.items()}
    data = data.with_columns(**on_record)
    data = data.with_columns(**{new: nw.col(f"__of_{new}").max().over(*by) for new in values})
    return data.drop(*on_record)


def baseline_record(
    data: Frame, *, by: list[str], order: list[str], where: str, values: dict[str, str], flag: str = "ABLFL"
) -> Frame:
    """Find the baseline record of each group, flag it, and give every record of the group what it has.

    It is what `flag` with ``keep: last`` and `baseline` do, in one look at the data.

    Parameters
    ----------
    by
        Variables that make a group, such as USUBJID and PARAMCD.
    order
        Variables that set the order within a group and tell its records apart; none of them is missing where `where`
        holds.
    where
        Records that may be the baseline: the last of them is.
    values
        As of `baseline`.

    Examples
    --------
    YAML: ``- baseline_record: {by: [USUBJID], order: [ADT, LBSEQ], where: ADT <= TRTSDT, values: {BASE: AVAL}}``

    >>> import polars as pl
    >>> lb = nw.from_native(pl.LazyFrame({"ID": [1, 1, 1], "DY": [-7, 1, 8], "AVAL": [4.0, 5.0, 6.0]}))
    >>> found = baseline_record(lb, by=["ID"], order=["DY"], where="DY <= 1", values={"BASE": "AVAL"})
    >>> found.sort("DY").select("ABLFL", "BASE").collect().rows()
    [(None, 5.0), ('Y', 5.0), (None, 5.0)]
    """
    last = filter(data, where=where).select(*dict.fromkeys([*by, *order, *values.values()]))
    for key in order:  # the greatest of each key in turn is cheaper than sorting
        last = last.with_columns(__last=nw.col(key).max().over(*by)).filter(nw.col(key) == nw.col("__last"))
    last = last.select(
        **{f"__on_{key}": nw.col(key) for key in by},
        **{f"__at_{key}": nw.col(key) for key in order},
        **{new: nw.col(old) for new, old in values.items()},
    )
    data = data.drop(*(name for name in values if name in data.collect_schema().names()))
    joined = data.join(last, left_on=by, right_on=[f"__on_{key}" for key in by], how="left")
    is_it = expression(where, joined)
    for key in order:
        is_it = is_it & (nw.col(key) == nw.col(f"__at_{key}"))
    return without_helpers(joined.with_columns(**{flag: nw.when(is_it).then(nw.lit("Y"))}))


def change(
    data: Frame, *, value: str = "AVAL", base: str = "BASE", into: str = "CHG", percent: str = "", where: str = "True"
) -> Frame:
    """Subtract the baseline, and give the change in percent of it too; there is none of a baseline of 0.

    Examples
    --------
    YAML: ``- change: {percent: PCHG, where: AVISITN > 0}``

    >>> import polars as pl
    >>> vs = nw.from_native(pl.LazyFrame({"AVAL": [60.0, 66.0], "BASE": [50.0, 0.0]}))
    >>> change(vs, percent="PCHG").select("CHG", "PCHG").collect().rows()
    [(10.0, 20.0), (66.0, None)]
    """
    held = expression(where, data)
    difference = nw.col(value) - nw.col(base)
    data = data.with_columns(**{into: nw.when(held).then(difference)})
    if percent:
        data = data.with_columns(**{percent: nw.when(nw.col(base) != 0).then(100 * (nw.col(into) / nw.col(base)))})
    return data


def previous(data: Frame, *, of: str, into: str, by: list[str], order: list[str], where: str = "True") -> Frame:
    """Give every record the value that the record before it in its group has.

    Parameters
    ----------
    order
        As of `number`.
    where
        Records that count: one of them takes the value of the one before it, missing or not; the others get none.

    Examples
    --------
    YAML: ``- previous: {of: AVAL, into: LASTVAL, by: [USUBJID, PARAMCD], order: [ADT], where: AVISITN is not None}``

    >>> import polars as pl
    >>> lb = nw.from_native(pl.LazyFrame({"ID": [1, 1, 1], "DY": [1, 8, 15], "V": [5.0, None, 6.0]}))
    >>> previous(lb, of="V", into="LAST", by=["ID"], order=["DY"]).sort("DY").collect()["LAST"].to_list()
    [None, 5.0, None]
    """
    data, keys = ordering(data, order)
    data = data.with_columns(__held=nw.when(expression(where, data)).then(nw.lit(1)).otherwise(nw.lit(0)))
    before = nw.col(of).shift(1).over(*by, "__held", order_by=keys)
    data = data.with_columns(__before=before)
    return without_helpers(data.with_columns(**{into: nw.when(nw.col("__held") == 1).then(nw.col("__before"))}))


def windows(data: Frame, *, day: str, windows: list[Window]) -> Frame:
    """Set variables by the analysis window that a study day falls into; the first that holds it counts.

    Examples
    --------
    YAML: ``- windows: {day: ADY, windows: [{last: 1, set: {AVISIT: Baseline, AVISITN: 0}}]}``

    >>> import polars as pl
    >>> two = [Window(last=1, set={"AVISIT": "Baseline"}), Window(first=2, last=84, set={"AVISIT": "Week 8"})]
    >>> qs = nw.from_native(pl.LazyFrame({"ADY": [-3, 60, 100]}))
    >>> windows_of = windows(qs, day="ADY", windows=two)
    >>> windows_of.collect()["AVISIT"].to_list()
    ['Baseline', 'Week 8', None]
    """
    names = list(dict.fromkeys(name for window in windows for name in window.set))
    result: dict[str, Any] = {}
    for name in names:
        value: Any = nw.lit(None)
        for window in reversed(windows):
            held = ~nw.col(day).is_null()
            held = held & (nw.col(day) >= window.first) if window.first is not None else held
            held = held & (nw.col(day) <= window.last) if window.last is not None else held
            value = nw.when(held).then(nw.lit(window.set.get(name))).otherwise(value)
        result[name] = value
    return data.with_columns(**result)


def carry_forward(
    data: Frame,
    *,
    by: list[str],
    visit: str,
    visits: list[dict[str, str | int | float | None]],
    order: list[str],
    where: str = "True",
    method: Literal["LOCF", "WOCF"] = "LOCF",
    value: str = "AVAL",
    into: str = "DTYPE",
) -> Frame:
    """Add a record for each planned visit that a group lacks, copied from an earlier record of it.

    Parameters
    ----------
    by
        Variables that make a group, such as USUBJID and PARAMCD.
    visit
        Numeric variable that orders visits, such as AVISITN.
    visits
        What to set on the new record of each planned visit, `visit` among it.
    order
        As of `number`: the last record before the visit is copied (LOCF), or the one with the greatest value (WOCF).
    where
        Records that may be carried forward, and that fill a visit.
    into
        Variable that names the method on the new records.

    Examples
    --------
    YAML: ``- carry_forward: {by: [USUBJID], visit: AVISITN, visits: [{AVISITN: 8}, {AVISITN: 16}], order: [AVISITN]}``

    >>> import polars as pl
    >>> qs = nw.from_native(pl.LazyFrame({"ID": [1, 2], "N": [8, 16], "AVAL": [5.0, 6.0]}))
    >>> two = [{"N": 8}, {"N": 16}]
    >>> carry_forward(qs, by=["ID"], visit="N", visits=two, order=["N"]).sort("ID", "N").collect().rows()
    [(1, 8, 5.0, None), (1, 16, 5.0, 'LOCF'), (2, 16, 6.0, None)]
    """
    schema = data.collect_schema()
    data = data if into in schema.names() else data.with_columns(**{into: nw.lit(None, nw.String)})
    schema = data.collect_schema()
    able = filter(data, where=where)
    added = [data]
    for planned in visits:
        at = planned[visit]
        missing = able.join(able.filter(nw.col(visit) == at).select(*by).unique(by), on=by, how="anti")
        earlier = missing.filter((nw.col(visit) < at) & ~nw.col(value).is_null())
        by_value = [value, *order] if method == "WOCF" else order
        copied = choose(earlier, by=by, order=by_value, keep="last")
        setting = {name: nw.lit(text).cast(schema[name]) for name, text in {**planned, into: method}.items()}
        added.append(copied.with_columns(**setting).select(*schema.names()))
    return nw.concat(added, how="vertical")
