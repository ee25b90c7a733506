"""Building blocks that choose, join and number records."""

from __future__ import annotations

from typing import Literal

import narwhals as nw

from bencao.trial.derive.expression import Frame, expression


def read(*, data: Frame) -> Frame:
    """Begin with the records of a source or of another data set.

    Examples
    --------
    YAML: ``- read: {data: ae_raw}``

    >>> import polars as pl
    >>> read(data=nw.from_native(pl.LazyFrame({"AGE": [64]}))).columns
    ['AGE']
    """
    return data


def stack(*, tables: list[Frame]) -> Frame:
    """Begin with the records of several tables, one below the other; a variable that one lacks is missing there.

    Examples
    --------
    YAML: ``- stack: {tables: [lbch, lbhe]}``

    >>> import polars as pl
    >>> one, two = (nw.from_native(pl.LazyFrame(data)) for data in ({"A": [1]}, {"A": [2], "B": ["x"]}))
    >>> stack(tables=[one, two]).sort("A").collect()["B"].to_list()
    [None, 'x']
    """
    types = {name: kind for table in tables for name, kind in table.collect_schema().items()}
    aligned = []
    for table in tables:
        have = table.collect_schema().names()
        columns = {name: nw.col(name) if name in have else nw.lit(None, kind) for name, kind in types.items()}
        aligned.append(table.select(**columns))
    return nw.concat(aligned, how="vertical")


def filter(data: Frame, *, where: str) -> Frame:
    """Keep the records for which an expression holds.

    Examples
    --------
    YAML: ``- filter: {where: "ARMCD != 'Scrnfail'"}``

    >>> import polars as pl
    >>> filter(nw.from_native(pl.LazyFrame({"AGE": [64, 70]})), where="AGE >= 65").collect()["AGE"].to_list()
    [70]
    """
    return data if where.strip() == "True" else data.filter(expression(where, data))


def compute(data: Frame, **variables: str | int | float | bool | None) -> Frame:
    """Set variables from expressions, all from the record as it came in.

    Examples
    --------
    YAML: ``- compute: {DOMAIN: "'DM'", USUBJID: "concat('01-', PATNUM)"}``

    >>> import polars as pl
    >>> compute(nw.from_native(pl.LazyFrame({"A": [1]})), B="A + 1").collect()["B"].to_list()
    [2]
    """
    return data.with_columns(**{name: expression(str(text), data) for name, text in variables.items()})


def rename(data: Frame, **variables: str) -> Frame:
    """Give variables new names: ``NEW: OLD``; another variable of the new name is dropped.

    Examples
    --------
    YAML: ``- rename: {AVAL: LBSTRESN}``

    >>> import polars as pl
    >>> rename(nw.from_native(pl.LazyFrame({"LBSTRESN": [1.5]})), AVAL="LBSTRESN").columns
    ['AVAL']
    """
    lost = [name for name in variables if name in data.collect_schema().names() and name not in variables.values()]
    return data.drop(*lost).rename({old: new for new, old in variables.items()})


def join(
    data: Frame,
    *,
    table: Frame,
    on: list[str],
    take: list[str] | dict[str, str] | None = None,
    where: str = "True",
    keep: Literal["all", "matched", "unmatched"] = "all",
) -> Frame:
    """Look up variables in another table by keys that tell its records apart.

    Parameters
    ----------
    table
        Two of its records with the same keys are a `DuplicateKeyError`.
    on
        The keys; ``NAME=OTHER`` where the table calls it otherwise.
    take
        Variables to take over, all where not given; ``NEW: OLD`` renames.
    where
        Which records of the table are looked at.
    keep
        All records, only those that find one, or only those that find none.

    Examples
    --------
    YAML: ``- join: {table: DM, on: [USUBJID], take: [RFSTDTC]}``

    >>> import polars as pl
    >>> ae, dm = (nw.from_native(pl.LazyFrame(data)) for data in ({"ID": [1, 2]}, {"ID": [2], "SEX": ["F"]}))
    >>> join(ae, table=dm, on=["ID"]).sort("ID").collect()["SEX"].to_list()
    [None, 'F']
    """
    pairs = {key.split("=")[0]: key.split("=")[-1] for key in on}
    right = filter(table, where=where)
    if keep == "unmatched":
        return data.join(right, left_on=list(pairs), right_on=list(pairs.values()), how="anti")
    names = right.collect_schema().names()
    wanted = {name: name for name in (take if take is not None else names) if name not in pairs.values()}
    wanted = dict(take) if isinstance(take, dict) else wanted
    right = right.select(
        **{f"__on_{key}": nw.col(other) for key, other in pairs.items()},
        **{new: nw.col(old) for new, old in wanted.items()},
    )
    left = data.drop(*(name for name in wanted if name in data.collect_schema().names()))
    how: Literal["left", "inner"] = "left" if keep == "all" else "inner"
    joined = left.join(right, left_on=list(pairs), right_on=[f"__on_{key}" for key in pairs], how=how)
    return joined.drop(*(name for name in joined.collect_schema().names() if name.startswith("__on_")))


def join_duplicates(
    data: Frame,
    *,
    table: Frame,
    on: list[str],
    take: list[str] | dict[str, str] | None = None,
    where: str = "True",
    keep: Literal["all", "matched", "unmatched"] = "all",
) -> Frame:
    """Find the keys that more than one record of the table to look up in has."""
    keys = [key.split("=")[-1] for key in on]
    counted = filter(table, where=where).group_by(*keys).agg(records=nw.len())
    more = nw.col("records") > 1
    for key in keys:
        more = more & ~nw.col(key).is_null()
    return counted.filter(more) if keep != "unmatched" else counted.head(0)


def cross(data: Frame, *, table: Frame) -> Frame:
    """Pair every record with every record of another table, such as subjects with planned visits.

    Examples
    --------
    YAML: ``- cross: {table: visits}``

    >>> import polars as pl
    >>> dm, tv = (nw.from_native(pl.LazyFrame(data)) for data in ({"ID": [1, 2]}, {"VISITNUM": [1, 2, 3]}))
    >>> len(cross(dm, table=tv).collect())
    6
    """
    return data.join(table, how="cross")


def aggregate(data: Frame, *, by: list[str], where: str = "True", values: dict[str, str]) -> Frame:
    """Make one record of each group.

    Parameters
    ----------
    by
        Variables that make a group.
    where
        Which records count.
    values
        ``NAME: expression`` with the functions min, max, sum, mean, std and count.

    Examples
    --------
    YAML: ``- aggregate: {by: [USUBJID], values: {TRTEDT: max(EXENDT)}}``

    >>> import polars as pl
    >>> ex = nw.from_native(pl.LazyFrame({"ID": [1, 1], "DOSE": [54, 81]}))
    >>> aggregate(ex, by=["ID"], values={"MOST": "max(DOSE)"}).collect()["MOST"].to_list()
    [81]
    """
    data = filter(data, where=where)
    return data.group_by(*by).agg(**{name: expression(text, data) for name, text in values.items()})


def pivot(data: Frame, *, by: list[str], names: str, values: str, columns: dict[str, str | int | float]) -> Frame:
    """Turn findings from one record each into one variable each.

    Parameters
    ----------
    by
        Variables that make a record of the result.
    names, values
        Variable with the name of a finding, such as VSTESTCD, and with its value.
    columns
        ``NEW: value of names``; of two records with the same name the greater value is taken.

    Examples
    --------
    YAML: ``- pivot: {by: [USUBJID], names: VSTESTCD, values: VSSTRESN, columns: {HEIGHTBL: HEIGHT}}``

    >>> import polars as pl
    >>> vs = nw.from_native(pl.LazyFrame({"ID": [1, 1], "T": ["H", "W"], "V": [180.0, 80.0]}))
    >>> pivot(vs, by=["ID"], names="T", values="V", columns={"HT": "H", "WT": "W"}).collect().rows()
    [(1, 180.0, 80.0)]
    """
    return data.group_by(*by).agg(
        **{new: nw.when(nw.col(names) == name).then(nw.col(values)).max() for new, name in columns.items()}
    )


def number(data: Frame, *, into: str, by: list[str], order: list[str]) -> Frame:
    """Number the records of each group from 1, as --SEQ does.

    Parameters
    ----------
    order
        Variables that set the order within a group, which must tell its records apart; ``-NAME`` is downwards, for
        numbers.

    Examples
    --------
    YAML: ``- number: {into: AESEQ, by: [USUBJID], order: [AESTDTC, AETERM]}``

    >>> import polars as pl
    >>> ae = nw.from_native(pl.LazyFrame({"ID": [1, 1], "T": ["b", "a"]}))
    >>> number(ae, into="SEQ", by=["ID"], order=["T"]).sort("T").collect()["SEQ"].to_list()
    [1, 2]
    """
    data, keys = ordering(data, order)
    numbered = data.with_columns(__one=nw.lit(1)).with_columns(
        **{into: nw.col("__one").cum_sum().over(*by, order_by=keys)}
    )
    return without_helpers(numbered)


def flag(
    data: Frame,
    *,
    into: str,
    by: list[str],
    order: list[str],
    where: str = "True",
    keep: Literal["first", "last"] = "first",
    value: str = "Y",
) -> Frame:
    """Flag one record of each group: the first or the last of those that an expression holds for.

    Parameters
    ----------
    into
        Variable of the flag; missing in all other records.
    order
        As of `number`.

    Examples
    --------
    YAML: ``- flag: {into: ABLFL, by: [USUBJID, PARAMCD], order: [ADT, LBSEQ], where: ADT <= TRTSDT, keep: last}``

    >>> import polars as pl
    >>> lb = nw.from_native(pl.LazyFrame({"ID": [1, 1, 1], "DY": [-7, 1, 8]}))
    >>> flag(lb, into="FL", by=["ID"], order=["DY"], where="DY <= 1", keep="last").sort("DY").collect()["FL"].to_list()
    [None, 'Y', None]
    """
    data, keys = ordering(data, order)
    data = data.with_columns(__held=nw.when(expression(where, data)).then(nw.lit(1)).otherwise(nw.lit(0)))
    place = nw.col("__held").cum_sum().over(*by, order_by=keys)
    data = data.with_columns(__place=place if keep == "first" else nw.col("__held").sum().over(*by) - place + 1)
    held = (nw.col("__held") == 1) & (nw.col("__place") == 1)
    return without_helpers(data.with_columns(**{into: nw.when(held).then(nw.lit(value))}))


def choose(
    data: Frame, *, by: list[str], order: list[str], where: str = "True", keep: Literal["first", "last"] = "first"
) -> Frame:
    """Keep one record of each group, chosen as `flag` does.

    Examples
    --------
    YAML: ``- choose: {by: [USUBJID], order: [AESTDT, AESEQ]}``

    >>> import polars as pl
    >>> ae = nw.from_native(pl.LazyFrame({"ID": [1, 1], "DY": [8, 3]}))
    >>> choose(ae, by=["ID"], order=["DY"]).collect()["DY"].to_list()
    [3]
    """
    data, keys = ordering(filter(data, where=where), order)
    return without_helpers(data.unique(by, keep=keep, order_by=keys))


def fill_forward(data: Frame, *, of: str, into: str, by: list[str], order: list[str]) -> Frame:
    """Give every record the last value, its own among them, that its group had before in some order.

    Parameters
    ----------
    order
        As of `number`.

    Examples
    --------
    YAML: ``- fill_forward: {of: AVAL, into: LASTVAL, by: [USUBJID, PARAMCD], order: [ADT]}``

    >>> import polars as pl
    >>> vs = nw.from_native(pl.LazyFrame({"ID": [1, 1, 1], "DY": [1, 8, 15], "V": [5.0, None, 6.0]}))
    >>> fill_forward(vs, of="V", into="LAST", by=["ID"], order=["DY"]).sort("DY").collect()["LAST"].to_list()
    [5.0, 5.0, 6.0]
    """
    data, keys = ordering(data, order)
    last = nw.col(of).fill_null(strategy="forward").over(*by, order_by=keys)
    return without_helpers(data.with_columns(**{into: last}))


def copy_records(data: Frame, *, where: str, set: dict[str, str | int | float | None]) -> Frame:
    """Add a copy of the records for which an expression holds, with some variables set anew.

    Parameters
    ----------
    where
        Which records are copied.
    set
        ``NAME: expression``, from the record that is copied.

    Examples
    --------
    YAML: ``- copy_records: {where: LASTFL == 'Y', set: {AVISIT: "'End of Treatment'", AVISITN: 99}}``

    >>> import polars as pl
    >>> lb = nw.from_native(pl.LazyFrame({"N": [2, 4], "LAST": [None, "Y"]}))
    >>> copy_records(lb, where="LAST == 'Y'", set={"N": "99"}).sort("N").collect()["N"].to_list()
    [2, 4, 99]
    """
    schema = data.collect_schema()
    values = {name: expression(str(text), data).cast(schema[name]) for name, text in set.items()}
    copied = filter(data, where=where).with_columns(**values)
    return nw.concat([data, copied.select(*schema.names())], how="vertical")


def ordering(data: Frame, order: list[str]) -> tuple[Frame, list[str]]:
    """Make what windows sort by: ``-NAME`` becomes a helper variable with the sign turned."""
    helpers = {f"__down_{name[1:]}": -nw.col(name[1:]) for name in order if name.startswith("-")}
    keys = [f"__down_{name[1:]}" if name.startswith("-") else name for name in order]
    return (data.with_columns(**helpers) if helpers else data), keys


def without_helpers(data: Frame) -> Frame:
    """Drop the variables that a block made for itself, whose names begin with two underscores."""
    return data.drop(*(name for name in data.collect_schema().names() if name.startswith("__")))
