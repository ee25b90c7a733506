"""A table as a reporting event of CDISC's Analysis Results Standard 1.0."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bencao.trial.display.declaration import Block, Display, Displays
from bencao.trial.display.table import Cell, Row, Table

Json = dict[str, Any]

_METHODS = {
    "count": "Count of records and of subjects, with the percentage of subjects",
    "descriptive": "Descriptive statistics of a variable",
    "fisher": "Fisher's exact test",
    "chi_square": "Pearson's chi-square test",
    "anova": "One-way analysis of variance",
    "cmh": "Cochran-Mantel-Haenszel test",
    "ancova": "Analysis of covariance",
    "mmrm": "Mixed model for repeated measures",
}


def reporting_event(table: Table, displays: Displays) -> Json:
    """Render a table with the raw value and the printed text of every result.

    Parameters
    ----------
    table : Table
    displays : Displays
        Those that it was computed from.

    Returns
    -------
    dict
        The JSON object; it says of each block and method of the table one analysis, of each row and column a group.
    """
    display = displays.display(table.number)
    output = f"Out_{table.number}"
    analyses = [
        _analysis(display, displays, block, method, results) for (block, method), results in _by_analysis(table).items()
    ]
    return {
        "id": f"RE_{table.number}",
        "name": f"{table.study}: table {table.number}",
        "version": 1,
        "mainListOfContents": {
            "name": "Analyses",
            "contentsList": {"listItems": [_contents(output, table, [each["id"] for each in analyses])]},
        },
        "analysisSets": [
            _selection(f"AS_{name}", place, displays.sets[name].where) for place, name in enumerate(_sets(display))
        ],
        "analysisGroupings": [_columns(display), _rows(table)],
        "methods": _methods(table),
        "analyses": analyses,
        "outputs": [_output(output, table)],
    }


def _by_analysis(table: Table) -> dict[tuple[int, str], list[Json]]:
    found: dict[tuple[int, str], list[Json]] = {}
    for number, row in enumerate(table.rows):
        for place, cell in row.places():
            if cell.method:
                found.setdefault((row.block, cell.method), []).extend(_results(table, number, row, place, cell))
    return found


def _results(table: Table, number: int, row: Row, place: int, cell: Cell) -> Iterator[Json]:
    groups = [{"groupingId": "Gr_row", "groupId": f"Row_{number + 1}", "groupValue": " / ".join(row.path)}]
    if place >= table.stubs:
        groups.append({"groupingId": "Gr_column", "groupId": f"Col_{table.column_ids[place - table.stubs]}"})
    for result in cell.results:
        answer: Json = {"operationId": f"Mth_{cell.method}_{result.statistic}"}
        if result.value is not None:
            answer["rawValue"] = repr(float(result.value))
        yield answer | {"formattedValue": result.text, "resultGroups": groups}


def _analysis(display: Display, displays: Displays, number: int, method: str, results: list[Json]) -> Json:
    block = display.blocks[number]
    return {
        "id": f"An_{display.number}_{number + 1}_{method}",
        "name": f"{_METHODS[method]}{f' of {block.label}' if block.label else ''}",
        "version": 1,
        "description": f"Records of {block.set} where {block.where}",
        "reason": {"controlledTerm": "SPECIFIED IN SAP"},
        "purpose": {"controlledTerm": display.purpose},
        "methodId": f"Mth_{method}",
        "analysisSetId": f"AS_{block.set}",
        "dataset": ", ".join(displays.sets[block.set].data),
        "variable": _variable(block),
        "orderedGroupings": [
            {"order": 1, "groupingId": "Gr_column", "resultsByGroup": True},
            {"order": 2, "groupingId": "Gr_row", "resultsByGroup": True},
        ],
        "results": results,
    }


def _variable(block: Block) -> str:
    if block.model:
        return block.model.response
    named = [block.value, *(row.value for row in block.rows), *(test.response for test in block.tests)]
    return next((name for name in named if name), "USUBJID")


def _sets(display: Display) -> list[str]:
    named = [display.population, *(block.set for block in display.blocks)]
    named += [block.denominator.set for block in display.blocks if block.denominator.set]
    return sorted(set(named))


def _selection(identifier: str, order: int, where: str) -> Json:
    return {
        "id": identifier,
        "name": identifier.removeprefix("AS_"),
        "level": 1,
        "order": order + 1,
        "description": where,
    }


def _columns(display: Display) -> Json:
    groups = [
        {
            "id": f"Col_{column.id}",
            "name": " ".join(column.heading),
            "level": 1,
            "order": place + 1,
            "description": " AND ".join(
                part for part in (column.arm, column.where, column.numerator) if part != "TRUE"
            ),
        }
        for place, column in enumerate(display.columns)
    ]
    return {"id": "Gr_column", "name": "Columns", "dataDriven": False, "groups": groups}


def _rows(table: Table) -> Json:
    groups = [
        {
            "id": f"Row_{number + 1}",
            "name": " / ".join(row.path),
            "level": 1,
            "order": number + 1,
            "description": " AND ".join(f"{name} = {value}" if name else value for name, value in row.group),
        }
        for number, row in enumerate(table.rows)
        if row.cells
    ]
    return {"id": "Gr_row", "name": "Rows", "dataDriven": True, "groups": groups}


def _methods(table: Table) -> list[Json]:
    operations: dict[str, list[str]] = {}
    for row in table.rows:
        for _, cell in row.places():
            known = operations.setdefault(cell.method, []) if cell.method else []
            known += [result.statistic for result in cell.results if result.statistic not in known]
    return [
        {
            "id": f"Mth_{method}",
            "name": _METHODS[method],
            "operations": [
                {"id": f"Mth_{method}_{name}", "name": name, "order": place + 1} for place, name in enumerate(names)
            ],
        }
        for method, names in operations.items()
    ]


def _contents(output: str, table: Table, analyses: list[str]) -> Json:
    items = [{"name": each, "level": 2, "order": place + 1, "analysisId": each} for place, each in enumerate(analyses)]
    name = f"Table {table.number}: {' '.join(table.title)}"
    return {"name": name, "level": 1, "order": 1, "outputId": output, "sublist": {"listItems": items}}


def _output(output: str, table: Table) -> Json:
    def section(kind: str, lines: tuple[str, ...]) -> Json:
        parts = [
            {"order": place + 1, "subSection": {"id": f"{output}_{kind}_{place + 1}", "text": line}}
            for place, line in enumerate(lines)
        ]
        return {"sectionType": kind, "orderedSubSections": parts}

    sections = [section("Title", (f"Table {table.number}", *table.title)), section("Footnote", table.footnotes)]
    display = {
        "id": f"Disp_{table.number}",
        "name": f"Table {table.number}",
        "version": 1,
        "displayTitle": " ".join(table.title),
        "displaySections": [part for part in sections if part["orderedSubSections"]],
    }
    return {
        "id": output,
        "name": f"Table {table.number}",
        "version": 1,
        "fileSpecifications": [{"name": f"{table.number}.rtf", "fileType": {"controlledTerm": "rtf"}}],
        "displays": [{"order": 1, "display": display}],
    }
