"""``bencao safety acknowledge``: the answer to a batch, made or read."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bencao.kernel.errors import InputError
from bencao.kernel.ledger import record
from bencao.safety.acknowledgement import (
    Acknowledgement,
    is_acknowledgement,
    read_acknowledgement,
    refuse,
    write_acknowledgement,
)
from bencao.safety.acknowledgement import (
    acknowledge as answer,
)
from bencao.safety.commands import app
from bencao.safety.commands.checking import AsJson, AsOf, check_choice, moment
from bencao.safety.e2b.reading import read_batch, read_messages
from bencao.safety.errors import MessageError
from bencao.safety.validation import REGIONS, Background, region_table, validate


@app.command("acknowledge")
def acknowledge(
    source: Annotated[Path, typer.Argument(help="An E2B(R3) batch to answer, or an acknowledgement to read.")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="The acknowledgement to write.")] = None,
    region: Annotated[str, typer.Option("--region", help=f"{', '.join(REGIONS)}.")] = "US",
    region_table_file: Annotated[
        Path | None, typer.Option("--region-table", help="TSV of a region's data elements, yours; for CN and EU.")
    ] = None,
    batch_number: Annotated[str, typer.Option("--batch-number", help="Yours, ACK.M.1; else ACK-N.1.2.")] = "",
    local_number: Annotated[str, typer.Option("--local-number", help="Yours, ACK.A.2; else the batch's.")] = "",
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Answer a batch after its validation: AA all accepted, AE some rejected, AR unreadable; or show an answer.

    Exit code 0 where all reports are accepted, 1 where one is not.

    Example: bencao safety acknowledge batch.xml -o batch.ack
    """
    check_choice(region, "--region", REGIONS)
    if is_acknowledgement(source):
        told = read_acknowledgement(source)
    elif out is None:
        raise InputError("no file to write the answer to", where="-o", mend="give -o batch.ack")
    else:
        moment_of_answer = moment(as_of)
        with record(None, "safety acknowledge", parameters={"region": region, "as_of": moment_of_answer}) as job:
            job.used(source)
            told = _answered(source, region, region_table_file, moment_of_answer, batch_number, local_number)
            write_acknowledgement(out, told)
            job.generated(out)
        print(f"written: {out} ({told.code}: {told.text})", file=sys.stderr)
    if as_json:
        print(json.dumps(asdict(told), ensure_ascii=False))
    elif out is None:
        print("\n".join([f"{told.code} {told.acknowledged_batch}: {told.text}", *_lines(told)]))
    if told.code != "AA":
        raise typer.Exit(1)


def _answered(
    source: Path, region: str, table_file: Path | None, as_of: str, batch_number: str, local_number: str
) -> Acknowledgement:
    table, created = region_table(region, table_file), f"{as_of}+0000"
    try:
        batch, _ = read_batch(source)
        messages = [message.occurrences for message in read_messages(source)]
    except MessageError as error:
        return refuse(str(error), created, batch_number or f"ACK-{source.stem}", local_number)
    found = [(each, validate((*batch, *each), region, Background(as_of), table)) for each in messages]
    return answer(batch, found, created, batch_number, local_number)


def _lines(told: Acknowledgement) -> list[str]:
    return [f"  {each.code} {each.message_number}: {each.text}" for each in told.messages]
