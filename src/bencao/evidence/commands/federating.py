"""``bencao evidence key | site | federate``: a study over hospitals whose data stay at home."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bencao.evidence.commands import app
from bencao.evidence.errors import ProtocolError
from bencao.evidence.federated.messages import make_key, public_key, read_key
from bencao.evidence.federated.serving import Address, Site, over_https, serve
from bencao.evidence.federated.solving import Fit, federate
from bencao.evidence.federated.study import read_site, read_study
from bencao.kernel.files import write_text
from bencao.kernel.ledger import record

Language = Literal["en", "zh"]
_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "ready": "{site} answers at https://{host}:{port}; its public key {public}",
        "fit": "{name}: ratio {ratio:.3f} ({low:.3f} to {high:.3f}), {n} persons, {events} events",
        "pooled": "all sites",
        "alone": "{site} alone",
        "without": "without {site}",
        "q": "heterogeneity: Q {q:.2f}, p {p:.3f}, I² {i:.0%}",
    },
    "zh": {
        "ready": "{site} 在 https://{host}:{port} 应答；公钥 {public}",
        "fit": "{name}：比值 {ratio:.3f}（{low:.3f} 至 {high:.3f}），{n} 人，{events} 例结局",
        "pooled": "全部中心",
        "alone": "仅 {site}",
        "without": "除 {site} 外",
        "q": "异质性：Q {q:.2f}，p {p:.3f}，I² {i:.0%}",
    },
}


class _SiteAddress(BaseModel):
    model_config = ConfigDict(extra="forbid")
    host: str = "127.0.0.1"
    port: int = Field(ge=1, le=65535)
    public: str = Field(pattern="^[0-9a-f]{64}$")
    certificate: Path


class _Sites(BaseModel):
    model_config = ConfigDict(extra="forbid")
    sites: dict[str, _SiteAddress] = Field(min_length=1)


@app.command()
def key(out: Annotated[Path, typer.Argument(help="The private key to make; keep it.")]) -> None:
    """Make the key that signs a site's or the coordinator's messages; prints its public half.

    Example: bencao evidence key site.key
    """
    print(make_key(out))


@app.command("site")
def site_over_https(
    study: Annotated[Path, typer.Argument(help="Federated study (.yaml), the same for all.")],
    data: Annotated[Path, typer.Argument(help="The site's rows: .duckdb with the table analysis, or .csv.")],
    name: Annotated[str, typer.Option("--name", help="The site's name.")],
    key: Annotated[Path, typer.Option("--key", help="The site's private key.")],
    coordinator: Annotated[str, typer.Option("--coordinator", help="The coordinator's public key.")],
    log: Annotated[Path, typer.Option("--log", help="Every number that leaves is added here (.jsonl).")],
    certificate: Annotated[Path, typer.Option("--certificate", help="Written: what the coordinator is to trust.")],
    host: Annotated[str, typer.Option("--host", help="Address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="0 takes a free one.")] = 0,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
) -> None:
    """Answer a coordinator's signed requests over HTTPS until stopped; rows never leave.

    Example: bencao evidence site study.yaml site.duckdb --name a --key a.key --coordinator 3b… --log a.jsonl
    --certificate a.pem --port 8443
    """
    found, own = read_study(study), read_key(key)
    server = serve(Site(name, found, read_site(data, found), own, coordinator, log), certificate, host=host, port=port)
    told = {"site": name, "host": host, "port": server.server_address[1], "public": public_key(own)}
    print(_WORDS[lang]["ready"].format(**told), flush=True)
    server.serve_forever()


@app.command("federate")
def federate_sites(
    study: Annotated[Path, typer.Argument(help="Federated study (.yaml).")],
    sites: Annotated[Path, typer.Argument(help="Sites (.yaml): of each host, port, public key, certificate.")],
    key: Annotated[Path, typer.Option("--key", help="The coordinator's private key.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Write the result (.json).")],
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
) -> None:
    """Solve a study over sites: the pooled fit, each site alone, all without each, and their heterogeneity.

    Example: bencao evidence federate study.yaml sites.yaml --key coordinator.key -o result.json
    """
    with record(None, "evidence federate") as job:
        job.used(study)
        job.used(sites)
        found, addresses = read_study(study), _read_sites(sites)
        result = federate(found, list(addresses), over_https(found, read_key(key), addresses))
        told = {"study": found.model_dump(mode="json"), "digest": found.digest, **result.as_json()}
        write_text(out, json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n")
        job.generated(out)
    words = _WORDS[lang]
    print(_shown(words["pooled"], result.pooled, words))
    for part, fits in (("alone", result.alone), ("without", result.without)):
        for site, fit in fits.items():
            print(_shown(words[part].format(site=site), fit, words))
    if result.q is not None and result.q_p is not None and result.i_squared is not None:
        print(words["q"].format(q=result.q, p=result.q_p, i=result.i_squared))


def _shown(name: str, fit: Fit | str, words: dict[str, str]) -> str:
    if isinstance(fit, str):
        return f"{name}: {fit}"
    effect, half = fit.coefficients[0], 1.959963984540054 * fit.se[0]
    ratios = {"ratio": math.exp(effect), "low": math.exp(effect - half), "high": math.exp(effect + half)}
    return words["fit"].format(name=name, n=fit.n, events=fit.events, **ratios)


def _read_sites(path: Path) -> dict[str, Address]:
    try:
        told: Any = _Sites.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise ProtocolError("cannot be read as YAML", where=str(path), mend="name the sites in it") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = f"{path}: {'.'.join(map(str, first['loc']))}"
        raise ProtocolError(first["msg"], where=where, mend="mend it") from None
    return {
        name: Address(one.host, one.port, one.public, path.parent / one.certificate) for name, one in told.sites.items()
    }
