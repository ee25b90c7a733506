"""Building blocks for RELREC: records or whole data sets that belong together (SDTMIG 3.3, 8.2 and 8.3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import narwhals as nw

from bencao.trial.derive.expression import Frame, expression
from bencao.trial.errors import SpecificationError


def relate_records(*, tables: list[Frame], links: list[str], idvars: list[str], relid: str = "LINK") -> Frame:
    """Begin with RELREC of records in several domains that have the same link within a subject.

    A link that only one of the tables knows relates nothing. USUBJID, STUDYID and DOMAIN are taken from the tables;
    RELTYPE is missing, as of all relationships between records.

    Parameters
    ----------
    tables
        Domains, two at least; one twice relates its records with each other.
    links
        Of each table an expression over its variables that gives the link of a record: a linking variable such as
        AELNKID, AEGRPID or AESPID, several put together by ``concat``, a condition by ``if``. No link where missing.
    idvars
        Of each table the variable that identifies the record, AESEQ, or the group of records, AEGRPID. A record with a
        link and without a value of it is a `RelationshipError`.
    relid
        Expression over USUBJID and LINK that gives RELID. Where several relationships are stacked to one RELREC, give
        each another, ``concat('AECM', LINK)``, for two with the same RELID are one.

    Examples
    --------
    YAML: ``- relate_records: {tables: [AE, CM], links: [AELNKID, CMLNKID], idvars: [AESEQ, CMSEQ]}``

    >>> import polars as pl
    >>> subject = {"STUDYID": ["S", "S"], "USUBJID": ["1", "1"]}
    >>> ae = pl.LazyFrame({**subject, "DOMAIN": ["AE", "AE"], "AESEQ": [1, 2], "AELNKID": ["3", "4"]})
    >>> cm = pl.LazyFrame({**subject, "DOMAIN": ["CM", "CM"], "CMSEQ": [7, 8], "CMLNKID": ["4", None]})
    >>> both = [nw.from_native(ae), nw.from_native(cm)]
    >>> related = relate_records(tables=both, links=["AELNKID", "CMLNKID"], idvars=["AESEQ", "CMSEQ"])
    >>> related.sort("RDOMAIN").select("RDOMAIN", "IDVAR", "IDVARVAL", "RELID").collect().rows()
    [('AE', 'AESEQ', '2', '4'), ('CM', 'CMSEQ', '7', '4')]
    """
    _alike(tables, links=links, idvars=idvars)
    parts = [
        _linked(table, link)
        .filter(~nw.col(idvar).is_null())
        .select(
            STUDYID=nw.col("STUDYID"),
            RDOMAIN=nw.col("DOMAIN"),
            USUBJID=nw.col("USUBJID"),
            IDVAR=nw.lit(idvar),
            IDVARVAL=_written(table, idvar),
            RELTYPE=nw.lit(None, nw.String),
            LINK=nw.col("__link"),
            PLACE=nw.lit(place),
        )
        .unique()
        for place, (table, link, idvar) in enumerate(zip(tables, links, idvars, strict=True))
    ]
    records = nw.concat(parts, how="vertical")
    shared = records.group_by("USUBJID", "LINK").agg(__least=nw.col("PLACE").min(), __most=nw.col("PLACE").max())
    shared = shared.filter(nw.col("__least") != nw.col("__most")).select("USUBJID", "LINK")
    related = records.join(shared, on=["USUBJID", "LINK"], how="inner")
    related = related.with_columns(RELID=expression(relid, related))
    return related.select("STUDYID", "RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "RELTYPE", "RELID").unique()


def relate_records_failures(*, tables: list[Frame], links: list[str], idvars: list[str], relid: str = "LINK") -> Frame:
    """Find the records that have a link and no value of the variable that identifies them."""
    del relid
    _alike(tables, links=links, idvars=idvars)
    return nw.concat(
        [
            _linked(table, link)
            .filter(nw.col(idvar).is_null())
            .select(RDOMAIN=nw.col("DOMAIN"), USUBJID=nw.col("USUBJID"), LINK=nw.col("__link"))
            for table, link, idvar in zip(tables, links, idvars, strict=True)
        ],
        how="vertical",
    )


def relate_datasets(
    *, tables: list[Frame], idvars: list[str], reltypes: list[Literal["ONE", "MANY"]], relid: str
) -> Frame:
    """Begin with RELREC of whole domains, whose records with the same values of their variables belong together.

    Gives one record a domain, with USUBJID and IDVARVAL missing.

    Parameters
    ----------
    tables
        Domains, two at least.
    idvars
        Of each the variable with the common values, such as TULNKID and TRLNKID; it cannot be --SEQ.
    reltypes
        Of each ONE, where a value stands on one record of a subject, or MANY. A value on two records of a domain that
        is ONE is a `DuplicateKeyError`.
    relid
        The name of the relationship.

    Examples
    --------
    YAML: ``- relate_datasets: {tables: [TU, TR], idvars: [TULNKID, TRLNKID], reltypes: [ONE, MANY], relid: TUTR}``

    >>> import polars as pl
    >>> subject = {"STUDYID": ["S", "S"], "USUBJID": ["1", "1"]}
    >>> tu = nw.from_native(pl.LazyFrame({**subject, "DOMAIN": ["TU"] * 2, "TULNKID": ["T1", "T2"]}))
    >>> tr = nw.from_native(pl.LazyFrame({**subject, "DOMAIN": ["TR"] * 2, "TRLNKID": ["T1", "T1"]}))
    >>> both, linked = [tu, tr], ["TULNKID", "TRLNKID"]
    >>> related = relate_datasets(tables=both, idvars=linked, reltypes=["ONE", "MANY"], relid="TUTR")
    >>> related.sort("IDVAR").select("RDOMAIN", "USUBJID", "IDVAR", "RELTYPE", "RELID").collect().rows()
    [('TR', None, 'TRLNKID', 'MANY', 'TUTR'), ('TU', None, 'TULNKID', 'ONE', 'TUTR')]
    """
    _common_values(tables, idvars, reltypes)
    parts = [
        table.select(STUDYID=nw.col("STUDYID"), RDOMAIN=nw.col("DOMAIN"))
        .unique()
        .with_columns(
            USUBJID=nw.lit(None, nw.String),
            IDVAR=nw.lit(idvar),
            IDVARVAL=nw.lit(None, nw.String),
            RELTYPE=nw.lit(reltype),
            RELID=nw.lit(relid),
        )
        for table, idvar, reltype in zip(tables, idvars, reltypes, strict=True)
    ]
    return nw.concat(parts, how="vertical")


def relate_datasets_failures(
    *, tables: list[Frame], idvars: list[str], reltypes: list[Literal["ONE", "MANY"]], relid: str
) -> Frame:
    """Find the values that stand on more than one record of a subject in a domain that is ONE."""
    del relid
    _common_values(tables, idvars, reltypes)
    parts = []
    for table, idvar, reltype in zip(tables, idvars, reltypes, strict=True):
        given = table if reltype == "ONE" else table.head(0)
        counted = given.filter(~nw.col(idvar).is_null()).group_by("DOMAIN", "USUBJID", idvar).agg(records=nw.len())
        parts.append(
            counted.filter(nw.col("records") > 1).select(
                RDOMAIN=nw.col("DOMAIN"),
                USUBJID=nw.col("USUBJID"),
                IDVAR=nw.lit(idvar),
                IDVARVAL=_written(table, idvar),
                records=nw.col("records"),
            )
        )
    return nw.concat(parts, how="vertical")


def _alike(tables: list[Frame], **lists: Sequence[str]) -> None:
    """Refuse parameters that do not have one entry a table."""
    if len(tables) < 2:
        raise SpecificationError("a relationship is between two tables at least")
    for name, given in lists.items():
        if len(given) != len(tables):
            raise SpecificationError(f"{len(tables)} tables and {len(given)} {name}", mend=f"give {name} of each table")


def _common_values(tables: list[Frame], idvars: list[str], reltypes: Sequence[str]) -> None:
    """Refuse variables that cannot relate whole domains."""
    _alike(tables, idvars=idvars, reltypes=reltypes)
    for table, idvar in zip(tables, idvars, strict=True):
        if idvar not in table.collect_schema().names():
            raise SpecificationError(f"the domain has no variable {idvar}")
        if idvar.endswith("SEQ"):
            raise SpecificationError(
                f"{idvar} numbers the records of one domain and relates it to no other (CORE-000202)",
                mend="name variables with common values, such as --LNKID",
            )


def _linked(table: Frame, link: str) -> Frame:
    linked = table.with_columns(__link=expression(link, table).cast(nw.String))
    return linked.filter(~nw.col("__link").is_null() & (nw.col("__link") != ""))


def _written(table: Frame, idvar: str) -> nw.Expr:
    """Write values as texts; a whole number without a fraction, whatever type the file gives it."""
    value, text = nw.col(idvar), nw.col(idvar).cast(nw.String)
    if table.collect_schema().get(idvar) not in (nw.Float64, nw.Float32):
        return text
    return nw.when(value == value.floor()).then(value.cast(nw.Int64).cast(nw.String)).otherwise(text)
