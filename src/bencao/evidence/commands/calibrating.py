"""``bencao evidence calibrate``: how far an answer should be trusted against a trial."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer

from bencao.evidence.calibration.controls import read_negative_controls
from bencao.evidence.calibration.emulation import CITATION, Ratio
from bencao.evidence.calibration.trust import calibrate, statement
from bencao.evidence.commands import app
from bencao.kernel.files import write_text
from bencao.kernel.ledger import record

Language = Literal["en", "zh"]


@app.command("calibrate")
def calibrate_ratio(
    ratio: Annotated[float, typer.Option("--ratio", help="Hazard, odds or rate ratio of the study.")],
    low: Annotated[float, typer.Option("--low", help="Lower end of its 95 % interval.")],
    high: Annotated[float, typer.Option("--high", help="Upper end.")],
    controls: Annotated[
        Path | None, typer.Option("--controls", help="The study's negative controls: log_ratio, se (.csv).")
    ] = None,
    emulation: Annotated[
        Literal["close", "loose", "any"], typer.Option("--emulation", help="How closely it emulates a trial.")
    ] = "any",
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write the result (.json).")] = None,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Calibrate an estimate by negative controls and by the known error of emulated trials.

    Example: bencao evidence calibrate --ratio 0.82 --low 0.76 --high 0.87 --emulation close
    """

    def answered() -> dict[str, object]:
        own = read_negative_controls(controls) if controls else ()
        found = calibrate(Ratio(ratio, low, high), None if emulation == "any" else emulation, own)
        return {**found.as_json(), "statement": statement(found, lang), "source": CITATION}

    if out is None:
        answer = answered()
    else:
        parameters = {"ratio": ratio, "low": low, "high": high, "emulation": emulation, "lang": lang}
        with record(None, "evidence calibrate", parameters=parameters) as job:
            if controls:
                job.used(controls)
            answer = answered()
            write_text(out, json.dumps(answer, ensure_ascii=False, indent=2) + "\n")
            job.generated(out)
    if as_json:
        typer.echo(json.dumps(answer, ensure_ascii=False))
    else:
        lines = answer["statement"]
        assert isinstance(lines, tuple)
        print(*lines, sep="\n")
