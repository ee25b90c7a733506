"""``bencao safety register``: decisions on signals, kept with their reasons and evidence."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bencao.kernel.ledger import record, workspace_folder
from bencao.safety.commands import app
from bencao.safety.commands.checking import check_choice
from bencao.safety.register import STATUSES, Entry, Register
from bencao.safety.register.status import CHINESE

register = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Signals: status, decision, reason, evidence.")
app.add_typer(register, name="register")
_HEADS = {
    "en": ("No.", "Drug", "Event", "Status", "Decision", "Reason", "Evidence", "By", "At"),
    "zh": ("序号", "药品", "事件", "状态", "决定", "理由", "证据", "决定人", "时间"),
}


@register.command()
def decide(
    drug: Annotated[str, typer.Argument()],
    event: Annotated[str, typer.Argument()],
    status: Annotated[str, typer.Argument(help=f"One of: {', '.join(STATUSES)}.")],
    reason: Annotated[str, typer.Option("--reason", help="Why.")],
    by: Annotated[str, typer.Option("--by", help="Who decides.")],
    decision: Annotated[str, typer.Option("--decision", help="What is to be done.")] = "",
    evidence: Annotated[list[Path] | None, typer.Option("--evidence", help="File it rests on, once for each.")] = None,
) -> None:
    """Put a decision into the register; the steps are those of GVP Module IX, and nothing is ever changed.

    Example: bencao safety register decide warfarin haemorrhage detected --reason "EB05 2.4" --by "A. Officer"
    """
    register = Register(workspace_folder())
    parameters = {"drug": drug, "event": event, "status": status, "reason": reason, "by": by, "decision": decision}
    with record(None, "safety register decide", parameters=parameters) as job:
        for path in evidence or []:
            if path.is_file():
                job.used(path)
        at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        entry = register.add(
            drug, event, status, decision=decision, reason=reason, evidence=evidence or [], by=by, at=at
        )
    print(f"{entry.number}: {entry.drug}, {entry.event}: {entry.status}")


@register.command("list")
def list_signals(
    status: Annotated[str | None, typer.Option("--status", help="Only those that stand so.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="en or zh.")] = "en",
) -> None:
    """Where every signal stands.

    Example: bencao safety register list --status "under assessment"
    """
    check_choice(lang, "--lang", ("en", "zh"))
    if status is not None:
        check_choice(status, "--status", STATUSES)
    current = Register(workspace_folder()).current()
    _show([entry for entry in current if status in (None, entry.status)], as_json, lang)


@register.command()
def history(
    drug: Annotated[str, typer.Argument()],
    event: Annotated[str, typer.Argument()],
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="en or zh.")] = "en",
) -> None:
    """Every decision on one signal, with its evidence by SHA-256.

    Example: bencao safety register history warfarin haemorrhage
    """
    check_choice(lang, "--lang", ("en", "zh"))
    _show(list(Register(workspace_folder()).history(drug, event)), as_json, lang)


def _show(entries: list[Entry], as_json: bool, lang: str) -> None:
    if as_json:
        print(json.dumps([asdict(entry) for entry in entries], ensure_ascii=False))
        return
    table = Table(*_HEADS[lang])
    for entry in entries:
        status = CHINESE[entry.status] if lang == "zh" else entry.status
        files = "\n".join(f"{file.file} {file.sha256[:12]}" for file in entry.evidence)
        cells = (
            str(entry.number),
            entry.drug,
            entry.event,
            status,
            entry.decision,
            entry.reason,
            files,
            entry.by,
            entry.at,
        )
        table.add_row(*map(escape, cells))
    Console().print(table)
