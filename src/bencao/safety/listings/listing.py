"""The line listing: a row a case of the interval, with the columns that the guideline lists."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path
from typing import Literal

from bencao.safety.listings.line import Line, LineDrug, LineReaction, suspects
from bencao.safety.listings.lock_point import Period
from bencao.safety.listings.tabulation import Vocabulary
from bencao.safety.narrative.wording import Language, aged, code, country, every, quantity
from bencao.safety.validation.elements.dates import digits

Kind = Literal["pbrer", "dsur"]


@lru_cache(maxsize=1)
def words() -> dict[str, dict[str, str]]:
    """Fixed words in both languages by key."""
    return {row["key"]: row for row in _table("words.tsv")}


@lru_cache(maxsize=1)
def columns() -> tuple[dict[str, str], ...]:
    """The columns of line listings: report, column, heading in both languages, and the data elements that it shows.

    They are those of ICH E2C(R1) 2.6 for post-marketing cases (E2C(R2) asks for tabulations only), and of E2F 3.7.2.
    """
    return tuple(_table("columns.tsv"))


def heads(kind: Kind, lang: Language, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Headings of a line listing; the first names what its rows are grouped by."""
    group = words()["soc" if vocabulary.levels else "reported"][lang]
    return (group, *(each[lang] for each in columns() if kind in each["report"].split()))


def rows(
    lines: tuple[Line, ...], kind: Kind, lang: Language, vocabulary: Vocabulary, period: Period
) -> list[tuple[str, ...]]:
    """Rows of a line listing, a case each, under the SOC (or term as reported) of its most serious reaction.

    Parameters
    ----------
    lines : tuple of Line
        Cases of the interval.
    kind : {"pbrer", "dsur"}
    lang : {"en", "zh"}
    vocabulary : Vocabulary
    period : Period
        What was first received in it is an initial report, the rest are follow-ups.
    """
    wanted = [each["column"] for each in columns() if kind in each["report"].split()]
    made = []
    for line in lines:
        main = next(iter(line.reactions), None)
        soc, term = vocabulary.place(main) if main else ("", "")
        group = (words()[soc][lang] if soc == "not coded" else soc) if vocabulary.levels else term
        place = vocabulary.order(main) if main else (10_001, "")
        cells = _cells(line, kind, lang, vocabulary, period)
        order = (place, group.casefold(), main.rank if main else 9, line.identifier)
        made.append((order, (group, *(cells[each] for each in wanted))))
    return [row for _, row in sorted(made)]


def _cells(line: Line, kind: Kind, lang: Language, vocabulary: Vocabulary, period: Period) -> dict[str, str]:
    drugs = suspects(line)
    happened = next((each.country for each in line.reactions if each.country), line.country)
    names = [line.identifier] if line.key == line.identifier else [line.identifier, line.key]
    return {
        "case": "; ".join([*names, line.subject] if kind == "dsur" and line.subject else names),
        "study": line.study,
        "country": country([happened], lang, "") if happened else "",
        "source": words()[line.source][lang],
        "patient": _patient(line, lang),
        "treatment": "; ".join(
            f"{each.name} ({words()['blinded'][lang]})" if each.blinded else each.name for each in drugs
        ),
        "reactions": "; ".join(_name(each, vocabulary) for each in line.reactions),
        "serious": "; ".join(_serious(each, lang) for each in line.reactions),
        "onset": "; ".join(_onset(each, lang) for each in line.reactions),
        "dates": "; ".join(_about(each, [_dates(dosage, lang) for dosage in each.dosages], lang) for each in drugs),
        "dose": "; ".join(_about(each, [_dose(dosage, lang) for dosage in each.dosages], lang) for each in drugs),
        "outcome": "; ".join(
            words()[f"outcome {each.outcome}"][lang] if each.outcome else "" for each in line.reactions
        ),
        "comments": _comments(line, lang),
        "received": f"{_date(line.first_received)}; {_date(line.most_recent)}",
        "version": words()["initial" if period.holds(line.first_received) else "follow-up"][lang],
    }


def _patient(line: Line, lang: Language) -> str:
    sex = code([line.sex], lang, "D.5") if line.sex in ("1", "2") else line.sex
    number, unit = line.age
    age = number if number.startswith("(") else quantity([number, unit], lang, "") if number else ""
    if age and lang == "zh" and not number.startswith("("):
        age = aged([number, unit], lang, "")
    group = code([line.age_group], lang, "D.2.3") if line.age_group and not age else ""
    return ", ".join(each for each in (sex, age, group) if each)


def _name(reaction: LineReaction, vocabulary: Vocabulary) -> str:
    placed = vocabulary.levels.of(reaction.code) if vocabulary.levels else None
    return placed.pt if placed else reaction.reported or reaction.code


def _serious(reaction: LineReaction, lang: Language) -> str:
    met = [words()[each][lang] for each in reaction.criteria]
    return ", ".join(met) if met else words()[reaction.serious][lang]


def _onset(reaction: LineReaction, lang: Language) -> str:
    if reaction.onset or not reaction.delay:
        return _date(reaction.onset)
    number, unit, drug = reaction.delay
    after, since = quantity([number, unit], lang, ""), words()["after start"][lang]
    return f"{since}{drug}{after}" if lang == "zh" else f"{after} {since} {drug}"


def _outcome(reaction: LineReaction, lang: Language) -> str:
    return words().get(f"outcome {reaction.outcome}", {lang: reaction.outcome})[lang]


def _about(drug: LineDrug, told: list[str], lang: Language) -> str:
    said = " / ".join(each for each in told if each) or "?"
    return f"{drug.name}{'：' if lang == 'zh' else ': '}{said}"


def _dates(dosage: tuple[str, ...], lang: Language) -> str:
    start, end, duration, unit = dosage[4:8]
    if start or end:
        return f"{_date(start) or '?'} – {_date(end) or '?'}"
    return quantity([duration, unit], lang, "") if duration else ""


def _dose(dosage: tuple[str, ...], lang: Language) -> str:
    dose, unit, interval, interval_unit = dosage[:4]
    form, route, text = dosage[8:]
    amount = quantity([dose, unit], lang, "") if dose else ""
    often = every([interval, interval_unit], lang, "") if interval_unit else ""
    return ", ".join(each for each in (f"{amount} {often}".strip() or text, form, route) if each)


def _comments(line: Line, lang: Language) -> str:
    between = "：" if lang == "zh" else ": "
    causality = [f"{each.name} {'/'.join(each.results)}" for each in line.drugs if each.results]
    others = [each.name for each in line.drugs if each.role == "2"]
    told = [("causality", causality), ("concomitant", others), ("sender", [line.comment] if line.comment else [])]
    return "; ".join(f"{words()[key][lang]}{between}{', '.join(said)}" for key, said in told if said)


def _date(told: str) -> str:
    """A date as ISO 8601 has it, as precise as it is given; what is none stands as it is."""
    known = digits(told)[:8]
    return "-".join(part for part in (known[:4], known[4:6], known[6:8]) if part) if known else told


def _table(name: str) -> list[dict[str, str]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t"))
