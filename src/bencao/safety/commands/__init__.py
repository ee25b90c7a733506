"""The commands of the safety room: one file a part of the work, each adds its verbs."""

from __future__ import annotations

import typer

from bencao.safety.commands import (
    acknowledging,
    checking,
    coding,
    completing,
    exchange,
    intake,
    listings,
    narrative,
    triage,
)
from bencao.safety.commands.scans import masking, treescan, trends
from bencao.safety.commands.surveillance import count, duplicates, evaluate, register, reports, signals

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Drug safety: cases taken in, coded, matched, checked and sent, and signals among many.",
)


@app.callback()
def room() -> None:
    """Keep the room's verbs behind its name, however few they are."""


app.command()(exchange.convert)
app.command()(exchange.diff)
app.command()(intake.intake)
app.command()(coding.code)
app.command()(count.count)
app.command()(signals.signals)
app.command()(checking.validate)
app.command()(completing.complete)
app.command()(acknowledging.acknowledge)
app.command()(duplicates.duplicates)
app.command()(triage.triage)
app.command()(trends.trends)
app.command("narrate")(narrative.narrative)
app.command()(listings.listings)
app.command()(masking.masking)
app.command()(treescan.treescan)
app.command()(reports.reports)
app.command("evaluate")(evaluate.evaluate_signals)
app.add_typer(register.app, name="register")
