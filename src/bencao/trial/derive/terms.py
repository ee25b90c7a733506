"""Building blocks for controlled terminology."""

from __future__ import annotations

import narwhals as nw

from bencao.trial.derive.expression import Frame
from bencao.trial.specification import Codelist


def code(data: Frame, *, of: str, codelist: Codelist, into: str) -> Frame:
    """Turn what was collected into the submission values of a codelist.

    It is looked for, without regard to case, among the values, decodes and synonyms. What is not found stays as it is
    where the codelist is extensible, and is a `CodelistError` where it is not.

    Examples
    --------
    YAML: ``- code: {of: IT_SEX, codelist: SEX, into: SEX}``

    >>> import polars as pl
    >>> from bencao.trial.specification import Term
    >>> sex = Codelist(terms=(Term(value="F", decode="Female"), Term(value="M", decode="Male")))
    >>> raw = nw.from_native(pl.LazyFrame({"GENDER": ["female", "Male", None]}))
    >>> code(raw, of="GENDER", codelist=sex, into="SEX").collect()["SEX"].to_list()
    ['F', 'M', None]
    """
    found = _folded(of).replace_strict(_spellings(codelist), default=None, return_dtype=nw.String)
    return data.with_columns(**{into: nw.coalesce(found, nw.col(of)) if codelist.extensible else found})


def code_failures(data: Frame, *, of: str, codelist: Codelist, into: str) -> Frame:
    """Find the records whose value is not of the codelist."""
    if codelist.extensible:
        return data.head(0)
    coded = code(data, of=of, codelist=codelist, into="__coded")
    return coded.filter(nw.col("__coded").is_null() & ~nw.col(of).is_null()).drop("__coded")


def decode(data: Frame, *, of: str, codelist: Codelist, into: str) -> Frame:
    """Give the decode of each value of a codelist; missing where it has none.

    Examples
    --------
    YAML: ``- decode: {of: ARMCD, codelist: ARM, into: ARM}``

    >>> import polars as pl
    >>> from bencao.trial.specification import Term
    >>> arm = Codelist(terms=(Term(value="Pbo", decode="Placebo"),))
    >>> decode(nw.from_native(pl.LazyFrame({"CD": ["Pbo"]})), of="CD", codelist=arm, into="ARM").collect()["ARM"][0]
    'Placebo'
    """
    decodes = {term.value: term.decode for term in codelist.terms if term.decode}
    return data.with_columns(**{into: _looked_up(of, decodes, nw.String)})


def rank(data: Frame, *, of: str, codelist: Codelist, into: str) -> Frame:
    """Give the order of each value in a codelist, as ``--N`` variables have it.

    Examples
    --------
    YAML: ``- rank: {of: RACE, codelist: RACE, into: RACEN}``

    >>> import polars as pl
    >>> from bencao.trial.specification import Term
    >>> severity = Codelist(terms=(Term(value="MILD", order=1), Term(value="SEVERE", order=3)))
    >>> rank(nw.from_native(pl.LazyFrame({"S": ["SEVERE"]})), of="S", codelist=severity, into="N").collect()["N"][0]
    3.0
    """
    orders = {term.value: float(term.order) for term in codelist.terms if term.order is not None}
    return data.with_columns(**{into: _looked_up(of, orders, nw.Float64)})


def _looked_up(of: str, values: dict[str | int | float, str] | dict[str | int | float, float], kind: type) -> nw.Expr:
    if not values:
        return nw.lit(None, kind)
    return nw.col(of).replace_strict(values, default=None, return_dtype=kind)


def _folded(of: str) -> nw.Expr:
    return nw.col(of).cast(nw.String).str.strip_chars().str.to_uppercase()


def _spellings(codelist: Codelist) -> dict[str, str]:
    spellings: dict[str, str] = {}
    for names in (
        [(str(term.value), term) for term in codelist.terms],
        [(term.decode, term) for term in codelist.terms if term.decode],
        [(synonym, term) for term in codelist.terms for synonym in term.synonyms],
    ):
        for name, term in names:
            spellings.setdefault(name.strip().upper(), str(term.value))
    return spellings
