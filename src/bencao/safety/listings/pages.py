"""Listings and tabulations as files: two tables in CSV, a page, and the counts of cases in JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_text
from bencao.kernel.report import Cell, Facts, Report, Section, Table, render
from bencao.safety.listings.line import Source
from bencao.safety.listings.listing import Kind, heads, rows, words
from bencao.safety.listings.lock_point import Locked, Period
from bencao.safety.listings.tabulation import GROUPS, Row, Tabulation, Vocabulary, counted
from bencao.safety.narrative.wording import Language

FILES = ("line_listing.csv", "tabulation.csv", "listings.html", "cases.json")
Cells = dict[tuple[Source, bool, str], int]


@dataclass(frozen=True)
class Listings:
    """All that a periodic report takes of the cases.

    Attributes
    ----------
    kind : {"pbrer", "dsur"}
    period : Period
    vocabulary : Vocabulary
    locked : Locked
    tabulation : Tabulation
    terms : str
        Which vocabulary the terms are of, in words.
    selection : str
        What the cases were chosen by, in words.
    """

    kind: Kind
    period: Period
    vocabulary: Vocabulary
    locked: Locked
    tabulation: Tabulation
    terms: str = ""
    selection: str = ""


def write_listings(folder: Path, listings: Listings, lang: Language = "en") -> tuple[Path, ...]:
    """Write `FILES` into a folder, which is made where it is not there.

    Raises
    ------
    InputError
        A folder that cannot be made, or a file that cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        mend = "give a folder that can be made"
        raise InputError(f"cannot be made: {error.strerror}", where=str(folder), mend=mend) from None
    listed, table = _listed(listings, lang), tabulation_rows(listings, lang)
    write_text(folder / FILES[0], _csv(heads(listings.kind, lang, listings.vocabulary), listed))
    write_text(folder / FILES[1], _csv(tabulation_heads(listings, lang), table))
    write_text(folder / FILES[2], render(_page(listings, lang, listed, table)))
    write_text(folder / FILES[3], json.dumps(counts_of(listings), ensure_ascii=False, indent=1) + "\n")
    return tuple(folder / name for name in FILES)


def counts_of(listings: Listings) -> dict[str, object]:
    """How many cases were read, left out and why, superseded, and listed."""
    return {
        "report": listings.kind,
        "from": str(listings.period.start),
        "to": str(listings.period.end),
        "terms": listings.terms,
        "selection": listings.selection,
        **{name.replace(" ", "_"): number for name, number in listings.locked.counts.items()},
        "superseded_by": listings.locked.superseded,
        "reactions_of_unknown_seriousness": listings.tabulation.unknown,
    }


def tabulation_heads(listings: Listings, lang: Language) -> tuple[str, ...]:
    """Headings of the tabulation: ICH E2C(R2) appendix B for the PBRER, E2F 3.7.3 for the DSUR."""
    say = words()
    first: tuple[str, ...] = (say["reported"][lang],)
    if listings.vocabulary.levels:
        level = listings.vocabulary.level
        first = (say["soc"][lang],) if level == "soc" else (say["soc"][lang], say[level][lang])
    return (*first, *(": ".join(say[part][lang] for part in parts) for parts, *_ in _columns(listings.kind)))


def tabulation_rows(listings: Listings, lang: Language) -> list[tuple[str | int, ...]]:
    """Rows of the tabulation, with a row for each SOC's total, and one for all."""
    table, made = listings.tabulation, list[tuple[str | int, ...]]()
    total = words()["total"][lang]
    levels = listings.vocabulary.levels is not None
    flat = not levels or listings.vocabulary.level == "soc"
    for soc in dict.fromkeys(row.soc for row in table.rows):
        within = [row for row in table.rows if row.soc == soc]
        name = words()[soc][lang] if soc == "not coded" else soc
        if not flat:
            made.append((name, total, *_numbers(table.total(within), listings.kind)))
        made += [(*_named(row, name, levels, flat), *_numbers(row.counts, listings.kind)) for row in within]
    names: tuple[str, ...] = (total,) if flat else (total, "")
    return [*made, (*names, *_numbers(table.total(), listings.kind))]


def _named(row: Row, soc: str, levels: bool, flat: bool) -> tuple[str, ...]:
    if not flat:
        return (soc, row.term)
    return (row.term if row.soc != "not coded" or not levels else f"{soc}: {row.term}",)


def _columns(kind: Kind) -> list[tuple[tuple[str, ...], list[Source], bool | None, str]]:
    """Words, sources, seriousness and period of each column of counts."""
    found: list[tuple[tuple[str, ...], list[Source], bool | None, str]] = []
    if kind == "dsur":
        return [(("group trial", "serious", period), ["trial"], True, period) for period in ("interval", "cumulative")]
    spontaneous: list[Source] = [source for source, group in GROUPS.items() if group == "spontaneous"]
    for serious, word in ((True, "serious"), (False, "non-serious")):
        for period in ("interval", "cumulative"):
            found.append((("group spontaneous", word, period), spontaneous, serious, period))
    found.append((("group spontaneous", "all", "cumulative"), spontaneous, None, "cumulative"))
    others: tuple[Source, ...] = ("solicited", "trial")
    for source in others:
        for period in ("interval", "cumulative"):
            found.append(((f"group {source}", "serious", period), [source], True, period))
    return found


def _numbers(counts: Cells, kind: Kind) -> tuple[int, ...]:
    return tuple(counted(counts, sources, serious, period) for _, sources, serious, period in _columns(kind))


def _listed(listings: Listings, lang: Language) -> list[tuple[str, ...]]:
    return rows(listings.locked.interval, listings.kind, lang, listings.vocabulary, listings.period)


def _page(
    listings: Listings, lang: Language, listed: Sequence[tuple[str, ...]], table: Sequence[tuple[str | int, ...]]
) -> Report:
    say = words()
    facts: list[tuple[str, Cell]] = [
        (say["period"][lang], f"{listings.period.start} – {listings.period.end}"),
        (say["vocabulary"][lang], listings.terms or say["open"][lang]),
        *([(say["selection"][lang], listings.selection)] if listings.selection else []),
        *((say[name][lang], number) for name, number in listings.locked.counts.items()),
        (say["unknown serious"][lang], listings.tabulation.unknown),
    ]
    parts = (
        Section(say["counts"][lang], (Facts(tuple(facts)),)),
        Section(say["tabulation"][lang], (Table(tabulation_heads(listings, lang), tuple(table)),)),
        Section(say["line listing"][lang], (Table(heads(listings.kind, lang, listings.vocabulary), tuple(listed)),)),
    )
    return Report(say[listings.kind][lang], parts, language=lang)


def _csv(head: Sequence[str], body: Sequence[Sequence[str | int]]) -> str:
    """With a byte order mark, so that spreadsheets read Chinese."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(body)
    return "\ufeff" + buffer.getvalue()
