"""``bencao evidence key | site | federate``: a study over hospitals that answer over HTTPS."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bencao.evidence.commands import app
from bencao.evidence.commands.federated.result import (
    WORDS,
    Budget,
    Coordinator,
    Key,
    Log,
    Name,
    Person,
    Rows,
    SiteKey,
    Spoken,
    Study,
    open_site,
    read_sites,
    show_result,
    write_result,
)
from bencao.evidence.errors import ProtocolError
from bencao.evidence.federated.guard.guarding import BUDGET
from bencao.evidence.federated.messages import make_key, public_key, read_key
from bencao.evidence.federated.serving import Address, over_https, serve
from bencao.evidence.federated.solving import federate
from bencao.evidence.federated.study import read_study
from bencao.kernel.ledger import record


@app.command()
def key(out: Annotated[Path, typer.Argument(help="The private key to make; keep it.")]) -> None:
    """Make the key that signs a site's or the coordinator's messages; prints its public half.

    Example: bencao evidence key site.key
    """
    print(make_key(out))


@app.command("site")
def site_over_https(
    study: Study,
    data: Rows,
    name: Name,
    key: SiteKey,
    coordinator: Coordinator,
    log: Log,
    certificate: Annotated[Path, typer.Option("--certificate", help="Written: what the coordinator is to trust.")],
    host: Annotated[str, typer.Option("--host", help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")] = 0,
    person: Person = "",
    budget: Budget = BUDGET,
    lang: Spoken = "en",
) -> None:
    """Answer a coordinator's signed requests over HTTPS until stopped; rows never leave.

    Example: bencao evidence site study.yaml site.duckdb --name a --key a.key --coordinator 3b… --log a.jsonl
    --certificate a.pem --port 8443
    """
    own = read_key(key)
    answering = open_site(study, data, name, own, coordinator, log, person, budget)
    server = serve(answering, certificate, host=host, port=port)
    told = {"site": name, "host": host, "port": server.server_address[1], "public": public_key(own)}
    print(WORDS[lang]["ready"].format(**told), flush=True)
    server.serve_forever()


@app.command("federate")
def federate_sites(
    study: Study,
    sites: Annotated[Path, typer.Argument(help="Sites (.yaml): of each host, port, public key, certificate.")],
    key: Key,
    out: Annotated[Path, typer.Option("-o", "--out", help="Write the result (.json).")],
    lang: Spoken = "en",
) -> None:
    """Solve a study over sites: the pooled fit, each site alone, all without each, and their heterogeneity.

    Example: bencao evidence federate study.yaml sites.yaml --key coordinator.key -o result.json
    """
    with record(None, "evidence federate") as job:
        job.used(study)
        job.used(sites)
        found, addresses = read_study(study), _addresses(sites)
        result = federate(found, list(addresses), over_https(found, read_key(key), addresses))
        write_result(found, result, out)
        job.generated(out)
    show_result(result, lang)


def _addresses(path: Path) -> dict[str, Address]:
    found = {}
    for name, one in read_sites(path).items():
        if one.port is None or one.certificate is None:
            where = f"{path}: sites.{name}"
            raise ProtocolError("has no port or no certificate", where=where, mend="give both, or exchange files")
        found[name] = Address(one.host, one.port, one.public, path.parent / one.certificate)
    return found
