"""Checking data sets against conformance rules."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from bencao.trial.conformance import ADAM, Report, Terminology, read_terminology
from bencao.trial.conformance import check as check_conformance

if TYPE_CHECKING:
    pass
from bencao.trial.commands import app


@app.command()
def check(
    data: Annotated[list[Path], typer.Argument(help="Data sets that belong together, in any of the formats.")],
    rules: Annotated[str, typer.Option("--rules", help=f"CORE rules in YAML, a folder or .tgz of them; or {ADAM}.")],
    standard: Annotated[str, typer.Option("--standard", help="Run the rules of this standard, such as SDTMIG.")] = "",
    version: Annotated[str, typer.Option("--standard-version", help="Of the standard, such as 3.4.")] = "",
    terminology: Annotated[
        list[str] | None,
        typer.Option("--terminology", help="A package of yours, such as DDF=terminology.txt, as NCI EVS gives it."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Check data sets against conformance rules that you bring, or against Bencao's own for ADaM.

    Exit code 0: nothing found; 1: findings; 2: the data or the rules cannot be read. Rules that cannot be run are
    counted and listed, never taken for passed.

    Example: bencao trial check dm.xpt ae.xpt --rules rules.tgz --standard SDTMIG --standard-version 3.4
    """
    packages = Terminology()
    for item in terminology or []:
        package, _, path = item.partition("=")
        packages = packages.joined(read_terminology(Path(path), package))
    report = check_conformance(data, rules, standard=standard, version=version, terminology=packages)
    if as_json:
        json.dump(_report_in_json(report), sys.stdout, ensure_ascii=False, default=str)
        print()
    else:
        _print_report(report)
    if report.findings:
        raise typer.Exit(1)


def _report_in_json(report: Report) -> dict[str, Any]:
    return {
        "run": report.run,
        "findings": list(report.rows()),
        "skipped": [
            {"rule": skipped.rule.id, "dataset": skipped.dataset, "reason": skipped.reason}
            for skipped in report.skipped
        ],
        "unsupported": [{"rule": rule, "reason": reason} for rule, reason in report.unsupported],
    }


def _print_report(report: Report) -> None:
    table = Table("rule", "data set", Column("findings", justify="right"), "what is wrong")
    for violation in report.violations:
        datasets = ", ".join(violation.records["dataset"].unique(maintain_order=True).to_list())
        table.add_row(violation.rule.id, datasets, f"{len(violation):,}", escape(violation.message))
    if report.violations:
        Console().print(table)
    print(f"{report.run} rules run, {report.findings:,} findings, {len(report.unsupported)} rules not supported")
    for rule, reason in report.unsupported:
        print(f"not run: {rule}: {reason}", file=sys.stderr)
