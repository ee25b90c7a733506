"""Apply a policy to a piece of a table, column by column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

import pyarrow as pa

from bencao.records.deidentify.audit import audit
from bencao.records.deidentify.finding import dates
from bencao.records.deidentify.finding.form import plain
from bencao.records.deidentify.finding.known import Patient
from bencao.records.deidentify.finding.search.starts import look
from bencao.records.deidentify.secret import Secret
from bencao.records.deidentify.surrogate import dates as dates_moved
from bencao.records.deidentify.surrogate import names, others
from bencao.records.deidentify.tables.policy import Action, Policy
from bencao.records.deidentify.text import Deidentified, deidentify_text

_BLANK = "[not de-identified]"


@dataclass(frozen=True)
class Setting:
    """What all pieces of a job share."""

    secret: Secret
    style: Literal["surrogate", "tag"] = "surrogate"
    known: Mapping[str, Patient] = field(default_factory=dict)


@dataclass
class Piece:
    """A piece of a table after the policy.

    Attributes
    ----------
    columns : dict of str to list
        In the order of the source; without those dropped.
    counts : Counter
        Texts' spans by category, and cells by ``column:action``.
    faults : list of (int, str, str)
        Row of the piece, column and kind of fault; nothing quoted.
    """

    columns: dict[str, Any]
    counts: Counter[str]
    faults: list[tuple[int, str, str]]
    leaks: Counter[str] = field(default_factory=Counter)
    audited: int = 0


def transform(columns: Mapping[str, Any], table: str, policy: Policy, setting: Setting) -> Piece:
    """Apply a policy to columns.

    Parameters
    ----------
    columns : mapping of str to list or pyarrow.Array
        Of one length.
    table : str
    policy : Policy
    setting : Setting

    Returns
    -------
    Piece
    """
    piece = Piece({}, Counter(), [])
    rows = len(next(iter(columns.values()))) if columns else 0
    whose = _patients(columns, policy, rows)
    for name, values in columns.items():
        action = policy.of(table, name)
        piece.counts[f"{name}:{action.kind}"] += rows
        if action.kind == "drop":
            continue
        if action.kind == "keep":
            piece.columns[name] = values
            continue
        cells = values.to_pylist() if isinstance(values, (pa.Array, pa.ChunkedArray)) else list(values)
        piece.columns[name] = _changed(cells, name, action, whose, setting, piece)
    return piece


def _patients(columns: Mapping[str, Any], policy: Policy, rows: int) -> list[str]:
    """Whose each row is, as text; a row's own number where nobody says."""
    for name, values in columns.items():
        if name.lower() == policy.patient:
            cells = values.to_pylist() if isinstance(values, (pa.Array, pa.ChunkedArray)) else values
            return ["" if cell is None else str(cell) for cell in cells]
    return [""] * rows


def _changed(
    cells: Sequence[Any], name: str, action: Action, whose: list[str], setting: Setting, piece: Piece
) -> list[Any]:
    secret = setting.secret
    if action.kind == "text":
        return _texts(cells, name, whose, setting, piece)
    if action.kind == "shift":
        days: dict[str, int] = {}
        out = []
        for row, (cell, patient) in enumerate(zip(cells, whose, strict=True)):
            if patient not in days:
                days[patient] = secret.days(patient)
            moved = None if cell is None else shifted(cell, days[patient])
            if cell not in (None, "") and moved is None:
                piece.faults.append((row, name, "no date that can be moved"))
            out.append(moved)
        return out
    memory: dict[Any, Any] = {}
    for cell in cells:
        if cell not in memory:
            memory[cell] = None if cell is None else _one(cell, action, secret)
    return [memory[cell] for cell in cells]


def _one(cell: Any, action: Action, secret: Secret) -> Any:
    if action.kind == "hash":
        return hashed(cell, secret)
    if action.kind == "name":
        return names.surrogate(secret, str(cell))
    if action.kind == "surrogate":
        return others.surrogate(secret, action.detail or "number", plain(str(cell)))
    return generalised(cell, action.detail)


def hashed(cell: Any, secret: Secret) -> Any:
    """A key in the place of a key: numbers stay numbers, and no two become one; other text becomes a keyed hash.

    Parameters
    ----------
    cell : object
    secret : Secret
    """
    text = str(cell)
    if text.isascii() and text.isdigit() and (text == "0" or text[0] != "0") and int(text) < 1 << 52:
        return type(cell)(secret.permuted("key", int(text)))
    return secret.digest("key", text) if text else cell


def generalised(cell: Any, how: str) -> Any:
    """A coarser value; None where it cannot be told.

    Parameters
    ----------
    cell : object
    how : str
        ``year``, ``age``, a width, or ``firstN``, see `Action`.
    """
    if how.startswith("first"):
        return str(cell)[: int(how.removeprefix("first"))]
    if how == "year":
        if isinstance(cell, (date, datetime)):
            return cell.year
        found = re.search(r"(?:18|19|20)\d\d", str(cell))
        if found is None:
            return None
        return int(found[0]) if isinstance(cell, (int, float)) else found[0]
    found = re.search(r"-?\d+(?:\.\d+)?", str(cell))
    if found is None:
        return None
    number = float(found[0])
    if how == "age":
        value = min(number, 90.0)
        return type(cell)(value) if isinstance(cell, (int, float)) else f"{value:g}"
    width = int(how)
    low = int(number // width * width)
    return low if isinstance(cell, (int, float)) else f"{low}-{low + width - 1}"


def shifted(cell: Any, days: int) -> Any:
    """A date, time or text of a date moved by days, of the same type and form; None where it is none."""
    if isinstance(cell, (date, datetime)):
        try:
            return cell + timedelta(days=days)
        except OverflowError:
            return None
    text = plain(str(cell))
    written = sorted(dates.find(look(text)), key=lambda one: (-one.span.score, one.span.start - one.span.end))
    if not written:
        return None
    moved = dates_moved.moved(text, written[0], days, 2023)
    if moved is None:
        return None
    return text[: written[0].span.start] + moved + text[written[0].span.end :]


def _anyone(setting: Setting) -> Patient | None:
    """Where a note does not say whose it is, all that is known of anybody is searched, if it is little."""
    if not setting.known or len(setting.known) > 50:
        return None
    return Patient("", tuple(value for patient in setting.known.values() for value in patient.values))


def _texts(cells: Sequence[Any], name: str, whose: list[str], setting: Setting, piece: Piece) -> list[Any]:
    out = list(cells)
    rows = [row for row, cell in enumerate(cells) if cell is not None and cell != ""]
    owners = {
        patient: setting.known.get(patient) or (Patient(patient) if patient else _anyone(setting))
        for patient in set(whose)
    }
    try:
        texts = [str(cells[row]) for row in rows]
        done = deidentify_text(
            texts, secret=setting.secret, patients=[owners[whose[row]] for row in rows], style=setting.style
        )
    except Exception:  # one of them cannot be worked: each is tried alone
        done = [_alone(str(cells[row]), owners[whose[row]], setting, row, name, piece) for row in rows]
    for row, one in zip(rows, done, strict=True):
        known = owners[whose[row]]
        if known is not None and known.values:
            piece.audited += 1
            piece.leaks.update(leak.category for leak in audit([one], [known]))
        piece.counts.update({f"text.{category}": count for category, count in one.counts.items()})
        out[row] = one.text
    return out


def _alone(text: str, patient: Patient | None, setting: Setting, row: int, name: str, piece: Piece) -> Deidentified:
    try:
        return deidentify_text([text], secret=setting.secret, patients=[patient], style=setting.style)[0]
    except Exception as error:  # its message may quote the text: only its kind is told
        piece.faults.append((row, name, type(error).__name__))
        return Deidentified(_BLANK, (), ())
