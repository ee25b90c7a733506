"""The data card as one HTML page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from bencao.kernel import report
from bencao.records.quality.catalogue import catalogue
from bencao.records.quality.words import looks_for
from bencao.records.release.card.words import WORDS, Language

_COLOURS = {"chance": "#cfd8d3", "small": "#9db8c9", "moderate": "#e0a23a", "large": "#b3412e"}
_LABEL, _CELL, _HEAD = 250, 17, 46  # pixels
_MOST = 40  # rows of differences
_WIDEST = 40  # groups that a page is wide


def write_page(card: Mapping[str, Any], path: Path, language: Language = "en") -> None:
    """Write a data card as a page that loads nothing.

    Parameters
    ----------
    card : mapping
        See `gathering.gather`.
    path : Path
    language : {"en", "zh"}
    """
    words = WORDS[language]
    least = card["privacy"]["minimum cell"]
    sections = (
        report.Section(words["summary"], tuple(_summary(card, words))),
        report.Section(words["cohort"], tuple(_cohort(card, words, least))),
        report.Section(words["hidden"], tuple(_hidden(card, words, least))),
        *([report.Section(words["text"], tuple(_text(card, words)))] if card["text"] else []),
        report.Section(words["tables"], tuple(_tables(card, words))),
        report.Section(words["top"], tuple(_top(card, words))),
        report.Section(words["quality"], tuple(_quality(card, words, language))),
        report.Section(words["drift"], tuple(_drift(card, words, least))),
    )
    provenance = (
        (card["source"]["name"] or words["source"], card["source"]["sha256"]),
        ("key", card["key"]),
        ("bencao", card["version"]),
    )
    title = words["title"].format(name=card["name"])
    report.write(report.Report(title, sections, card["purpose"], provenance, language), path)


def _heads(told: str) -> tuple[str, ...]:
    return tuple(told.split(","))


def _summary(card: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[Any]:
    yield report.Facts(
        (
            (words["persons"], f"{card['cohort']['persons']:,}"),
            (words["rows"], f"{sum(one['rows'] for one in card['tables']):,}"),
            (words["k"], card["privacy"]["k"]),
            (words["groups"], card["privacy"]["groups"]),
            (words["minimum"], card["privacy"]["minimum cell"]),
        )
    )
    yield report.Note(words["note"])


def _cohort(card: Mapping[str, Any], words: Mapping[str, str], least: int) -> Iterator[Any]:
    rows = tuple((words[one["kind"]], one["detail"], one["persons"]) for one in card["cohort"]["steps"])
    yield report.Table(_heads(words["step heads"]), rows)
    yield report.Text(words["withheld"].format(least=least))
    held = tuple(
        (column, one["value"], one["name"], one["persons"])
        for column, values in card["cohort"]["columns"].items()
        for one in values
    )
    if held:
        yield report.Table(_heads(words["value heads"]), held)


def _hidden(card: Mapping[str, Any], words: Mapping[str, str], least: int) -> Iterator[Any]:
    privacy = card["privacy"]
    yield report.Text(words["hidden text"].format(oldest=privacy["oldest age"]))
    steps = tuple((column, _step(step, words)) for column, step in privacy["steps"].items())
    if steps:
        caption = words["quasi"].format(k=privacy["k"], precision=privacy["precision"])
        yield report.Table(_heads(words["quasi heads"]), steps, caption)
    small = tuple(
        (one["table"], one["column"], one["values"], one["rows"], words["whole row" if one["whole_rows"] else "value"])
        for one in privacy["small cells"]
    )
    if small:
        yield report.Table(_heads(words["small heads"]), small, words["few"].format(least=least))


def _text(card: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[Any]:
    text = card["text"]
    told = {name: "–" if text[name] is None else f"{text[name]:,}" for name in ("texts", "withheld", "searched")}
    named, oldest = f"{text['searched for a name']:,}", card["privacy"]["oldest age"]
    yield report.Text(words["text told"].format(columns=", ".join(text["columns"]), named=named, oldest=oldest, **told))
    if text["replaced"]:
        yield report.Table(_heads(words["replaced heads"]), tuple(text["replaced"].items()))
    rows = tuple(
        (
            words[f"recall {one['notes']}"],
            words[one["language"]],
            words[f"recall {one['category']}"],
            *(one[figure] for figure in ("recall", "low", "high", "n")),
        )
        for one in text["found of made notes"]
    )
    yield report.Table(_heads(words["recall heads"]), rows, words["recall caption"])
    yield report.Note(words["text limits"])


def _step(step: int | str, words: Mapping[str, str]) -> str:
    if step == "*":
        return words["alike"]
    return words["as it was"] if step == 1 else words["years"].format(width=step)


def _tables(card: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[Any]:
    for table in card["tables"]:
        told = {name: "–" if count is None else f"{count:,}" for name, count in table.get("left out", {}).items()}
        counts = {"rows": f"{table['rows']:,}", "persons": "–" if table["persons"] is None else f"{table['persons']:,}"}
        form = words["left out"] if told else words["person rows"]
        columns = tuple(
            (one["column"], words[one["treatment"].upper()], one["missing"], one["percent"], one.get("no concept"))
            for one in table["columns"]
        )
        yield report.Table(_heads(words["column heads"]), columns, form.format(name=table["table"], **counts, **told))


def _top(card: Mapping[str, Any], words: Mapping[str, str]) -> Iterator[Any]:
    for table in card["tables"]:
        rows = tuple((one["name"], str(one["concept"]), one["persons"], one["rows"]) for one in table.get("top", ()))
        if rows:
            yield report.Table(_heads(words["top heads"]), rows, table["table"])


def _quality(card: Mapping[str, Any], words: Mapping[str, str], language: Language) -> Iterator[Any]:
    source, quality = card["source"], card["quality"]
    checks = {check.id: check for check in catalogue()}
    facts = tuple(
        (name.replace("_", " "), " – ".join(str(one) for one in value) if isinstance(value, list) else value)
        for name, value in source.items()
        if isinstance(value, list if name == "observed" else str) and value and name != "sha256"
    )
    yield report.Table(_heads(words["source heads"]), facts)
    yield report.Text(words["quality text"].format(day=quality["as of"]))
    yield report.Table(
        _heads(words["quality heads"]), tuple((name, *counts.values()) for name, counts in quality["tables"].items())
    )
    if quality["failed"]:
        yield report.Table(
            _heads(words["failed heads"]),
            tuple(
                (looks_for(checks[one["id"]], language), checks[one["id"]].table, one["percent"], one["threshold"])
                for one in quality["failed"]
            ),
        )
    faults: list[tuple[str, str, int | None]] = []
    if source["malformed"]:
        faults.append((", ".join(source["malformed"]), words["malformed"], None))
    faults += [(f"{name}: {', '.join(held)}", words["lacking"], None) for name, held in source["lacking"].items()]
    faults += [(name, words["not of its type"], count) for name, count in source["not of their type"].items()]
    if faults:
        yield report.Table(_heads(words["problem heads"]), tuple(faults))


def _drift(card: Mapping[str, Any], words: Mapping[str, str], least: int) -> Iterator[Any]:
    drift = card["drift"]
    found = drift["found"]
    if not found:
        yield report.Text(words["no drift"].format(least=least))
        return
    yield report.Text(words["drift text"].format(moderate=drift["moderate"], large=drift["large"], least=least))
    for by in ("year", "site"):
        part = [one for one in found if one["by"] == by]
        wide = len({one["group"] for one in part}) > _WIDEST
        if part:
            yield report.Figure(_grid(part, words), words["figure"].format(by=words[by]), wide)
    far = tuple(
        (
            *(one["table"], _feature(one["feature"], words), words[one["by"]], one["group"], one["persons"]),
            *(one["psi"], one["chance"], one["distance"], words[one["reading"]]),
        )
        for one in sorted(found, key=lambda one: -one["psi"])
        if one["reading"] in ("moderate", "large")
    )
    if far:
        caption = words["drift shown"].format(shown=len(far[:_MOST]), far=len(far), count=len(found))
        yield report.Table(_heads(words["drift heads"]), far[:_MOST], caption)
    else:
        yield report.Text(words["drift none"].format(count=len(found)))


def _feature(name: str, words: Mapping[str, str]) -> str:
    if name.startswith("values of "):
        return words["feature values"].format(concept=name.removeprefix("values of "))
    return words[f"feature {name}"]


def _grid(found: Sequence[Mapping[str, Any]], words: Mapping[str, str]) -> str:
    """A square for each comparison, coloured by its reading; features down, groups across."""
    groups = sorted({one["group"] for one in found})
    features = list(dict.fromkeys((one["table"], one["feature"]) for one in found))
    width, height = max(560, _LABEL + _CELL * len(groups) + 30), _HEAD + _CELL * len(features) + 34
    text = 'font-family="system-ui, sans-serif" font-size="11" fill="currentColor"'
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">']
    for place, group in enumerate(groups):
        x = _LABEL + _CELL * place + _CELL / 2 + 4
        short = group if len(group) <= 5 else group[-5:]
        parts.append(
            f'<text x="{x}" y="{_HEAD - 6}" {text} transform="rotate(-60 {x} {_HEAD - 6})">{escape(short)}</text>'
        )
    for row, (table, feature) in enumerate(features):
        y = _HEAD + _CELL * row
        label = escape(f"{table}: {_feature(feature, words)}")
        parts.append(f'<text x="{_LABEL - 8}" y="{y + 12}" text-anchor="end" {text}>{label}</text>')
        for one in found:
            if (one["table"], one["feature"]) == (table, feature):
                x = _LABEL + _CELL * groups.index(one["group"])
                title = escape(f"{table}, {_feature(feature, words)}, {one['group']}: PSI {one['psi']:.3g}")
                parts.append(
                    f'<rect x="{x}" y="{y}" width="{_CELL - 2}" height="{_CELL - 2}" rx="2" '
                    f'fill="{_COLOURS[one["reading"]]}"><title>{title}</title></rect>'
                )
    x = _LABEL
    for reading, colour in _COLOURS.items():
        name = words[reading]
        parts.append(f'<rect x="{x}" y="{height - 20}" width="12" height="12" rx="2" fill="{colour}"/>')
        parts.append(f'<text x="{x + 17}" y="{height - 10}" {text}>{escape(name)}</text>')
        x += 78
    return "".join([*parts, "</svg>"])
