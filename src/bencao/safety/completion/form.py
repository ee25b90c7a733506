"""A form of what a case lacks before it can be sent, and the case completed by what a person wrote into it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.safety.case import Case, Source
from bencao.safety.case.case import with_occurrences
from bencao.safety.completion.asking import allowed_in, fitting, lacking
from bencao.safety.e2b.elements import elements
from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.tables import Row, read_rows
from bencao.safety.validation import Background

COLUMNS = ("case", "element", "repeats", "name", "allowed", "rule", "asked", "value", "null_flavor")


def form_of(
    cases: Sequence[Case], header: Sequence[Occurrence], region: str, background: Background, lang: str = "en"
) -> str:
    """A form as CSV: a row for each data element that a rule finds fault with, its value to be written in.

    Parameters
    ----------
    cases : sequence of Case
    header : sequence of Occurrence
        Data elements of the batch (N.1), which the cases share.
    region : str
        As `validate` takes it.
    background : Background
    lang : {"en", "zh"}

    Returns
    -------
    str
        The columns of `COLUMNS`. `case` counts the cases from 1, and is 0 for the batch; `allowed` says what the
        element may hold; what it holds now stands in `value`.
    """
    stream = io.StringIO()
    writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
    writer.writeheader()
    asked = set()
    for number, case in enumerate(cases, 1):
        for each in lacking(case, header, region, background, lang):
            now, place = each.now, 0 if each.of_batch else number
            if (place, now.element, now.repeats) not in asked:
                asked.add((place, now.element, now.repeats))
                at = (place, now.element, " ".join(map(str, now.repeats)), elements()[now.element].name)
                row = (*at, allowed_in(now.element), *each.why, now.value, now.null_flavor)
                writer.writerow(dict(zip(COLUMNS, row, strict=True)))
    return stream.getvalue()


def completed(
    cases: Sequence[Case], header: Sequence[Occurrence], path: Path
) -> tuple[list[Case], tuple[Occurrence, ...]]:
    """The cases and their batch with what stands in a form.

    Parameters
    ----------
    cases : sequence of Case
    header : sequence of Occurrence
    path : Path
        A form as `form_of` writes it; rows without value and null flavour are passed over.

    Returns
    -------
    cases : list of Case
        Each new field's source is the form, its row, and no rule: a person wrote it.
    header : tuple of Occurrence

    Raises
    ------
    InputError
        A case or element that is not there, repeats that do not fit it, a value it may not hold, or both a value and a
        null flavour; `where` names the row.
    """
    given: dict[int, dict[tuple[str, tuple[int, ...]], tuple[Occurrence, Source]]] = {}
    for number, row in enumerate(read_rows(path, ("case", "element", "repeats", "value", "null_flavor")), 2):
        where = f"{path}: row {number}"
        if not (row["value"].strip() or row["null_flavor"].strip()):
            continue
        occurrence = _read(row, where)
        place = row["case"].strip()
        if not place.isdigit() or int(place) > len(cases):
            mend = f"give 1 to {len(cases)}, or 0 for the batch"
            raise InputError(f"no case {place!r}", where=where, mend=mend)
        source = Source(f"{path.name}: row {number}")
        given.setdefault(int(place), {})[occurrence.element, occurrence.repeats] = (occurrence, source)
    batch = {(each.element, each.repeats): each for each in header}
    batch |= {key: occurrence for key, (occurrence, _) in given.get(0, {}).items()}
    done = [with_occurrences(case, given.get(number, {}).values()) for number, case in enumerate(cases, 1)]
    return done, tuple(batch.values())


def _read(row: Row, where: str) -> Occurrence:
    repeats = row["repeats"].split()
    if not all(each.isdigit() for each in repeats):
        raise InputError(
            f"no numbers: {row['repeats']!r}", where=where, mend="give numbers from 1, blanks between them"
        )
    number, value, null = (row[name].strip() for name in ("element", "value", "null_flavor"))
    return fitting(Occurrence(number, tuple(map(int, repeats)), value, null), where)
