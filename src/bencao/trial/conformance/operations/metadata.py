"""Operations that say what variables and data sets a study has, and what the standard says of them."""

from __future__ import annotations

import polars as pl

from bencao.trial.conformance.operations.context import Context, Runner, require
from bencao.trial.conformance.operations.library import timing_stems
from bencao.trial.conformance.rule import Operation
from bencao.trial.conformance.standard import CLASS_OF_DOMAIN, LABELS, TIMING
from bencao.trial.errors import UnsupportedRule


def get_column_order_from_dataset(operation: Operation, context: Context) -> pl.DataFrame:
    """Variables of the data set in order."""
    _, table = context.source(operation)
    return context.with_constant(operation, table.columns)


def dataset_names(operation: Operation, context: Context) -> pl.DataFrame:
    """Names of the study's data sets."""
    return context.with_constant(operation, sorted({table.name for table in context.study.tables}))


def study_domains(operation: Operation, context: Context) -> pl.DataFrame:
    """Domains of the study's data sets."""
    return context.with_constant(operation, sorted({table.domain or "" for table in context.study.tables}))


def variable_exists(operation: Operation, context: Context) -> pl.DataFrame:
    """Whether a data set has the variable."""
    frame, _ = context.source(operation)
    return context.with_constant(operation, context.target(operation) in frame.columns)


def variable_count(operation: Operation, context: Context) -> pl.DataFrame:
    """Number of the study's domains that have the variable."""
    variable = str(operation.get("name"))
    unsplit = {table.unsplit_name: table for table in context.study.tables}
    count = sum(variable.replace("--", table.prefix) in table.columns for table in unsplit.values())
    return context.with_constant(operation, count)


def variable_is_null(operation: Operation, context: Context) -> pl.DataFrame:
    """Whether the variable is absent or without a value."""
    frame = context.source(operation)[0] if operation.get("source") == "submission" else context.frame
    target = context.target(operation)
    null = target not in frame.columns or frame[target].null_count() == len(frame)
    return context.with_constant(operation, null)


def extract_metadata(operation: Operation, context: Context) -> pl.DataFrame:
    """Name, label, size or file of the data set."""
    _, table = context.source(operation)
    values = {
        "dataset_name": table.name,
        "dataset_label": table.dataset.label,
        "dataset_size": table.size,
        "dataset_location": table.location,
        "domain": table.domain,
        "record_count": len(table.frame),
    }
    name = str(operation.get("name"))
    if name not in values:
        raise UnsupportedRule(f"{name} of a data set is not known here")
    return context.with_constant(operation, values[name])


def domain_is_custom(operation: Operation, context: Context) -> pl.DataFrame:
    """Whether no standard has such a domain."""
    return context.with_constant(operation, context.domain(operation) not in CLASS_OF_DOMAIN)


def domain_label(operation: Operation, context: Context) -> pl.DataFrame:
    """Label of the domain in the standard; empty for one of the sponsor's."""
    domain = context.domain(operation)
    if domain in CLASS_OF_DOMAIN and domain not in LABELS:
        raise UnsupportedRule(f"the label of {domain} is not known here")
    return context.with_constant(operation, LABELS.get(domain))


def _timing_only(operation: Operation) -> None:
    if (operation.get("key_name"), operation.get("key_value")) != ("role", "Timing"):
        raise UnsupportedRule(f"variables by {operation.get('key_name')} need the CDISC Library")


def get_dataset_filtered_variables(operation: Operation, context: Context) -> pl.DataFrame:
    """Timing variables that the data set has."""
    _timing_only(operation)
    names = [name.replace("--", context.table.prefix) for name in TIMING]
    return context.with_constant(operation, [name for name in names if name in context.table.columns])


def get_model_filtered_variables(operation: Operation, context: Context) -> pl.DataFrame:
    """Timing variables of the model on which the study's standard is built, as far as it is known here."""
    _timing_only(operation)
    stems = timing_stems(context.study) or TIMING
    return context.with_constant(operation, [name.replace("--", context.table.prefix) for name in stems])


def minus(operation: Operation, context: Context) -> pl.DataFrame:
    """Elements of one list that another has not."""
    first = context.first_list(require(context.frame, str(operation.get("name"))))
    other = str(operation.get("subtract"))
    taken = set(context.first_list(other)) if other in context.frame.columns else set()
    return context.with_constant(operation, [item for item in first if item not in taken])


OPERATIONS: dict[str, Runner] = {
    "get_column_order_from_dataset": get_column_order_from_dataset,
    "dataset_names": dataset_names,
    "study_domains": study_domains,
    "variable_exists": variable_exists,
    "variable_count": variable_count,
    "variable_is_null": variable_is_null,
    "extract_metadata": extract_metadata,
    "domain_is_custom": domain_is_custom,
    "domain_label": domain_label,
    "get_dataset_filtered_variables": get_dataset_filtered_variables,
    "get_model_filtered_variables": get_model_filtered_variables,
    "minus": minus,
}
