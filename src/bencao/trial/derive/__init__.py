"""Building blocks of derivations: functions on lazy frames that run on polars and, unchanged, on other engines."""

from collections.abc import Callable

from bencao.kernel.errors import InputError
from bencao.trial.derive.block import Block, block_of
from bencao.trial.derive.dates import iso_date, iso_date_failures, study_day, to_date
from bencao.trial.derive.events import time_to_event, treatment_emergent
from bencao.trial.derive.expression import Frame, day_number, expression, rounded
from bencao.trial.derive.findings import Window, baseline, baseline_record, carry_forward, change, previous, windows
from bencao.trial.derive.relationships import (
    relate_datasets,
    relate_datasets_failures,
    relate_records,
    relate_records_failures,
)
from bencao.trial.derive.rows import (
    aggregate,
    choose,
    compute,
    copy_records,
    cross,
    fill_forward,
    filter,
    flag,
    join,
    join_duplicates,
    number,
    pivot,
    read,
    rename,
    stack,
)
from bencao.trial.derive.supplemental import merge_supplemental
from bencao.trial.derive.terms import code, code_failures, decode, rank
from bencao.trial.errors import CodelistError, DateParseError, DuplicateKeyError, RelationshipError

_FUNCTIONS = (
    read, stack, filter, compute, rename, join, cross, aggregate, pivot, number, flag, choose, fill_forward,
    copy_records, iso_date, to_date, study_day, code, decode, rank, baseline, baseline_record, change, previous,
    windows, carry_forward,
    treatment_emergent, time_to_event, merge_supplemental, relate_records, relate_datasets,
)  # fmt: skip
_FAILURES: dict[object, Callable[..., Frame]] = {
    join: join_duplicates,
    iso_date: iso_date_failures,
    code: code_failures,
    relate_records: relate_records_failures,
    relate_datasets: relate_datasets_failures,
}

BLOCKS: dict[str, Block] = {function.__name__: block_of(function, _FAILURES.get(function)) for function in _FUNCTIONS}
"""Every building block by the name that a step gives."""

ERRORS: dict[str, type[InputError]] = {
    "join": DuplicateKeyError,
    "iso_date": DateParseError,
    "code": CodelistError,
    "relate_records": RelationshipError,
    "relate_datasets": DuplicateKeyError,
}
"""Kind of error of the records that a block could not do right."""

__all__ = ["BLOCKS", "ERRORS", "Block", "Frame", "Window", "block_of", "day_number", "expression", "rounded"]
