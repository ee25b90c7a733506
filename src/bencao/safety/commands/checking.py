"""``bencao safety validate``: reports held against a region's rules before they are sent."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from bencao.kernel.errors import InputError
from bencao.kernel.files import writing
from bencao.kernel.ledger import record
from bencao.safety.commands import app
from bencao.safety.validation import (
    REGIONS,
    Background,
    Validation,
    load_schema,
    read_lines,
    read_registry,
    region_table,
    validate_file,
)

AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout, one line a report.")]
Lang = Annotated[str, typer.Option("--lang", help="en or zh.")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="The moment of checking, CCYYMMDD[hhmmss] UTC; else now.")]
_HEADINGS = {
    "en": ("Rule", "Severity", "Where", "What", "Mend", "no findings", "not checked"),
    "zh": ("规则", "级别", "位置", "问题", "处理", "无问题", "未检查"),
}
_SEVERITY = {"reject": "拒收", "warning": "警告"}


@app.command("validate")
def validate(
    source: Annotated[Path, typer.Argument(help="An E2B(R3) batch.")],
    region: Annotated[str, typer.Option("--region", help=f"{', '.join(REGIONS)}.")] = "US",
    region_table_file: Annotated[
        Path | None, typer.Option("--region-table", help="TSV of a region's data elements, yours; for CN and EU.")
    ] = None,
    route: Annotated[str, typer.Option("--route", help="postmarket, premarket or vaers; else as addressed.")] = "",
    registry: Annotated[
        Path | None, typer.Option("--registry", help="CSV kind,number,center,product of applications registered.")
    ] = None,
    submitted: Annotated[
        Path | None, typer.Option("--submitted", help="Case numbers (C.1.1) sent before, one a line.")
    ] = None,
    device_problems: Annotated[
        Path | None, typer.Option("--device-problems", help="Device problem codes, one a line.")
    ] = None,
    schema: Annotated[
        Path | None, typer.Option("--schema", help="Folder of your ICH or regional XSDs; nothing is fetched.")
    ] = None,
    as_of: AsOf = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="The findings as .jsonl too.")] = None,
    as_json: AsJson = False,
    lang: Lang = "en",
) -> None:
    """Hold reports against FDA's 121 rules and ICH's elements, or ICH's alone, or your own table's.

    Rules that need FDA's registry answer not_checked unless --registry gives the numbers. Exit code 0 where nothing is
    found, 1 where something is, 2 where the file cannot be read.

    Example: bencao safety validate report.xml --region US --json
    """
    check_choice(lang, "--lang", ("en", "zh"))
    check_choice(region, "--region", REGIONS)
    check_choice(route, "--route", ("", "postmarket", "premarket", "vaers"))
    table = region_table(region, region_table_file)
    background = Background(
        moment(as_of),
        route,
        frozenset(read_lines(submitted)) if submitted else None,
        read_registry(registry) if registry else None,
        frozenset(read_lines(device_problems)) if device_problems else None,
    )
    schemas = load_schema(schema) if schema else None
    found = validate_file(source, region, background, table, lang, schemas)
    clean = True
    if not out:
        for each in found:
            clean = _told(each, as_json, lang) and clean
    else:
        parameters = {"region": region, "route": route, "as_of": background.as_of, "lang": lang}
        with record(None, "safety validate", parameters=parameters) as job:
            given = (source, region_table_file, registry, submitted, device_problems)
            for path in (*given, *(schemas.files if schemas else ())):
                if path:
                    job.used(path)
            with writing(out) as stream:
                for each in found:
                    stream.write(f"{_line(each)}\n".encode())
                    clean = _told(each, as_json, lang) and clean
            job.generated(out)
    if not clean:
        raise typer.Exit(1)


def _line(validation: Validation) -> str:
    return json.dumps(as_record(validation), ensure_ascii=False)


def _told(validation: Validation, as_json: bool, lang: str) -> bool:
    """Say what was found in a report, and whether it was nothing."""
    if as_json:
        print(_line(validation))
    else:
        _show(validation, lang)
    return not validation.findings


def as_record(validation: Validation) -> dict[str, Any]:
    """A validation as JSON has it."""
    findings = [{**asdict(each), "location": each.location} for each in validation.findings]
    return {
        "safety_report_id": validation.safety_report_id,
        "message_id": validation.message,
        "route": validation.route,
        "accepted": validation.accepted,
        "findings": findings,
        "not_checked": list(validation.not_checked),
    }


def check_choice(value: str, where: str, choices: tuple[str, ...]) -> None:
    """Refuse what is none of the choices; raises `InputError`."""
    if value not in choices:
        raise InputError(f"{value!r}", where=where, mend=f"choose of {', '.join(each for each in choices if each)}")


def moment(told: str | None) -> str:
    """The moment of checking as HL7 writes it, in UTC; raises `InputError` where it is no date."""
    if told is None:
        return datetime.now(UTC).strftime("%Y%m%d%H%M%S")
    whole = told + "235959" if len(told) == 8 else told
    try:
        return datetime.strptime(whole, "%Y%m%d%H%M%S").strftime("%Y%m%d%H%M%S")
    except ValueError:
        raise InputError(f"{told!r} is no date", where="--as-of", mend="write CCYYMMDD or CCYYMMDDhhmmss") from None


def _show(validation: Validation, lang: str) -> None:
    rule, severity, where, what, mend, nothing, unchecked = _HEADINGS[lang]
    console = Console()
    title = f"{validation.safety_report_id or '?'} ({validation.route})"
    if not validation.findings:
        console.print(escape(f"{title}: {nothing}"))
    else:
        columns = (Column(each, overflow="fold") for each in (rule, severity, where, what, mend))
        table = Table(*columns, title=escape(title), title_justify="left")
        for each in validation.findings:
            level = _SEVERITY[each.severity] if lang == "zh" else each.severity
            table.add_row(each.id, level, escape(each.location), escape(each.message), escape(each.mend))
        console.print(table)
    if validation.not_checked:
        print(f"{unchecked}: {', '.join(validation.not_checked)}", file=sys.stderr)
