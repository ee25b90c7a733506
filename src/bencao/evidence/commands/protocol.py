"""``bencao evidence check | register``: a study's protocol, before any outcome is read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from bencao.evidence.commands import app
from bencao.evidence.protocol.reading import read_protocol
from bencao.evidence.protocol.registering import register_protocol

Language = Literal["en", "zh"]

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "whole": "{study}: a whole protocol, SHA-256 {digest}",
        "frozen": "{study}: version {number}, registered {day}",
    },
    "zh": {"whole": "{study}：方案完整，SHA-256 {digest}", "frozen": "{study}：第 {number} 版，登记于 {day}"},
}


@app.command()
def check(
    protocol: Annotated[Path, typer.Argument(help="Protocol (.yaml).")],
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Validate a protocol; no data are opened.

    Example: bencao evidence check protocol.yaml
    """
    found = read_protocol(protocol)
    if as_json:
        typer.echo(json.dumps(found.model_dump(mode="json"), ensure_ascii=False))
    else:
        print(_WORDS[lang]["whole"].format(study=found.study, digest=found.digest))


@app.command()
def register(
    protocol: Annotated[Path, typer.Argument(help="Protocol (.yaml).")],
    reason: Annotated[str, typer.Option("--reason", help="Why a registered protocol is changed.")] = "",
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
) -> None:
    """Freeze a protocol in the ledger; a change afterwards needs a reason and makes a new version.

    Example: bencao evidence register protocol.yaml
    """
    version = register_protocol(protocol, reason=reason)
    print(_WORDS[lang]["frozen"].format(study=version.study, number=version.number, day=version.registered[:10]))
