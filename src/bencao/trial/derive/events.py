"""Building blocks for events: treatment emergence, and the time to the first of them."""

from __future__ import annotations

import narwhals as nw

from bencao.trial.derive.expression import Frame, day_number
from bencao.trial.derive.rows import choose


def treatment_emergent(
    data: Frame, *, start: str, treatment_start: str, into: str = "TRTEMFL", treatment_end: str = "", days: int = 0
) -> Frame:
    """Flag what began on or after the first day of treatment, and not later than some days after its last.

    Examples
    --------
    YAML: ``- treatment_emergent: {start: ASTDT, treatment_start: TRTSDT, treatment_end: TRTEDT, days: 30}``

    >>> import polars as pl
    >>> from datetime import date
    >>> ae = pl.LazyFrame({"ASTDT": [date(2014, 1, 1), date(2014, 1, 3)], "TRTSDT": [date(2014, 1, 2)] * 2})
    >>> flagged = treatment_emergent(nw.from_native(ae), start="ASTDT", treatment_start="TRTSDT")
    >>> flagged.collect()["TRTEMFL"].to_list()
    [None, 'Y']
    """
    emergent = nw.col(start) >= nw.col(treatment_start)
    if treatment_end:
        since_end = day_number(nw.col(start), data) - day_number(nw.col(treatment_end), data)
        emergent = emergent & (nw.col(treatment_end).is_null() | (since_end <= days))
    return data.with_columns(**{into: nw.when(emergent).then(nw.lit("Y"))})


def time_to_event(
    data: Frame,
    *,
    events: Frame,
    by: list[str],
    where: str,
    date: str,
    order: list[str],
    start: str,
    censored: str,
    on_event: dict[str, str | int | float | None],
    on_censoring: dict[str, str | int | float | None],
    take: dict[str, str] | None = None,
) -> Frame:
    """Find for each record the first event, or the date it is censored at, and the days until then.

    Sets ADT, CNSR (0 for an event, 1 for censoring) and AVAL, the days from `start`, which is day 1.

    Parameters
    ----------
    events
        Table with one record an event.
    by
        Keys of `data` in `events`.
    where, date, order
        Which events count, the variable of their date, and the order that tells the first.
    start, censored
        Variables of `data` with the date that time counts from and the date of censoring.
    on_event, on_censoring
        What else to set, such as EVNTDESC.
    take
        Variables of the event to take over: ``NEW: OLD``.

    Examples
    --------
    YAML: see ADTTE of the pilot study in benchmarks/trial/pilot.

    >>> import polars as pl
    >>> from datetime import date
    >>> adsl = pl.LazyFrame({"ID": [1, 2], "S": [date(2014, 1, 1)] * 2, "E": [date(2014, 1, 31)] * 2})
    >>> adae = pl.LazyFrame({"ID": [2, 2], "D": [date(2014, 1, 9), date(2014, 1, 4)]})
    >>> tte = time_to_event(
    ...     nw.from_native(adsl), events=nw.from_native(adae), by=["ID"], where="True", date="D", order=["D"],
    ...     start="S", censored="E", on_event={}, on_censoring={},
    ... )
    >>> tte.sort("ID").select("AVAL", "CNSR").collect().rows()
    [(31, 1), (4, 0)]
    """
    first = choose(events, by=by, order=order, where=where)
    taken = {f"__of_{new}": nw.col(old) for new, old in (take or {}).items()}
    first = first.select(**{f"__on_{key}": nw.col(key) for key in by}, __event=nw.col(date), **taken)
    joined = data.join(first, left_on=by, right_on=[f"__on_{key}" for key in by], how="left")
    happened = ~nw.col("__event").is_null()
    setting = {
        name: nw.when(happened).then(nw.lit(on_event.get(name))).otherwise(nw.lit(on_censoring.get(name)))
        for name in {**on_event, **on_censoring}
    }
    joined = joined.with_columns(
        ADT=nw.coalesce(nw.col("__event"), nw.col(censored)),
        CNSR=nw.when(happened).then(nw.lit(0)).otherwise(nw.lit(1)),
        **setting,
        **{new: nw.col(f"__of_{new}") for new in take or {}},
    )
    days = day_number(nw.col("ADT"), joined) - day_number(nw.col(start), joined) + 1
    joined = joined.with_columns(AVAL=days)
    return joined.drop(*(name for name in joined.collect_schema().names() if name.startswith("__")))
