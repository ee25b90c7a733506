"""Operations that ask controlled terminology: versions, whether a codelist is extensible, codes and values of terms."""

from __future__ import annotations

import polars as pl

from bencao.trial.conformance.operations.context import Context, Runner, require
from bencao.trial.conformance.rule import Operation
from bencao.trial.conformance.terminology import PUBLISHED, Codelist, Term
from bencao.trial.errors import UnsupportedRule

_OF_STANDARD = {
    "SDTMIG": ("SDTM",),
    "SENDIG": ("SEND",),
    "ADAMIG": ("SDTM", "ADAM"),
    "USDM": ("DDF", "SDTM"),
}
_RETURNED = {"code": "code", "value": "value", "pref_term": "preferred"}


def valid_codelist_dates(operation: Operation, context: Context) -> pl.DataFrame:
    """Dates of the published packages of some types, or of those of the study's standard."""
    packages = operation.get("ct_package_types") or _OF_STANDARD.get(context.study.standard, ())
    unknown = [package for package in packages if package not in PUBLISHED]
    if unknown:
        raise UnsupportedRule(f"dates of the package {unknown[0]} are not known here")
    return context.with_constant(operation, sorted({date for package in packages for date in PUBLISHED[package]}))


def _codelist_of(operation: Operation, context: Context, code: str | None, version: str | None) -> Codelist | None:
    """Codelist of a record: none where the version is no published one."""
    package = str(operation.get("ct_package_type"))
    if package not in context.study.terminology.packages:
        raise UnsupportedRule(f"terminology of the package {package} is not at hand")
    if version is None or code is None or version not in PUBLISHED[package]:
        return None
    return context.study.terminology.codelist(package, code)


def _codes(operation: Operation, context: Context) -> pl.Expr:
    code = str(operation.get("codelist_code"))
    return pl.col(code) if code in context.frame.columns else pl.lit(code)


def codelist_extensible(operation: Operation, context: Context) -> pl.DataFrame:
    """Whether the codelist of a record is extensible."""
    if operation.get("codelist"):
        raise UnsupportedRule("the codelist of a define.xml is not known here")
    version = require(context.frame, str(operation.get("version")))
    asked = context.frame.select(_codes(operation, context).alias("c"), pl.col(version).cast(pl.String).alias("v"))
    answers = []
    for code, date in asked.iter_rows():
        codelist = _codelist_of(operation, context, code, date)
        answers.append(codelist.extensible if codelist else None)
    return context.frame.with_columns(pl.Series(operation.id, answers, dtype=pl.Boolean))


def codelist_terms(operation: Operation, context: Context) -> pl.DataFrame:
    """Code, value or preferred term that goes with a record's; or all those of some codelists."""
    if operation.get("codelists"):
        return _all_terms(operation, context)
    by, column = next(
        (by, str(operation.get(key)))
        for key, by in (("term_code", "code"), ("term_value", "value"), ("term_pref_term", "preferred"))
        if operation.get(key)
    )
    returned = _RETURNED[str(operation.get("returntype") or ("value" if by == "code" else "code"))]
    version = require(context.frame, str(operation.get("version")))
    asked = context.frame.select(
        _codes(operation, context).alias("c"),
        pl.col(version).cast(pl.String).alias("v"),
        pl.col(require(context.frame, column)).cast(pl.String).alias("t"),
    )
    answers = []
    for code, date, text in asked.iter_rows():
        codelist = _codelist_of(operation, context, code, date)
        term: Term | None = codelist.find(by, text) if codelist and text is not None else None
        answers.append(getattr(term, returned) if term else None)
    return context.frame.with_columns(pl.Series(operation.id, answers, dtype=pl.String))


def _all_terms(operation: Operation, context: Context) -> pl.DataFrame:
    package = str(operation.get("ct_package_type") or "SDTM")
    returned = _RETURNED[str(operation.get("returntype") or "code")]
    values: list[str] = []
    for name in operation.get("codelists"):
        codelist = context.study.terminology.named(package, str(name))
        if codelist is None:
            raise UnsupportedRule(f"codelist {name} of the package {package} is not at hand")
        if operation.get("level") == "term":
            values += [getattr(term, returned) for term in codelist.terms]
        else:
            values.append(codelist.code if returned == "code" else codelist.value)
    return context.with_constant(operation, values)


OPERATIONS: dict[str, Runner] = {
    "valid_codelist_dates": valid_codelist_dates,
    "codelist_extensible": codelist_extensible,
    "codelist_terms": codelist_terms,
}
