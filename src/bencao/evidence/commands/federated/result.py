"""What the commands of federated studies read and tell alike: the sites, a site's rows, the result."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Annotated, Literal

import typer
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bencao.evidence.errors import ProtocolError
from bencao.evidence.federated.answering import Site
from bencao.evidence.federated.solving import Federated, Fit
from bencao.evidence.federated.study import FederatedStudy, read_persons, read_site, read_study
from bencao.kernel.files import write_text

Language = Literal["en", "zh"]
# What the commands of coordinator and sites take alike.
Study = Annotated[Path, typer.Argument(help="Federated study (.yaml), the same for all.")]
Key = Annotated[Path, typer.Option("--key", help="The coordinator's private key.")]
Rows = Annotated[Path, typer.Argument(help="The site's rows: .duckdb with the table analysis, or .csv.")]
Name = Annotated[str, typer.Option("--name", help="The site's name.")]
SiteKey = Annotated[Path, typer.Option("--key", help="The site's private key.")]
Coordinator = Annotated[str, typer.Option("--coordinator", help="The coordinator's public key.")]
Log = Annotated[Path, typer.Option("--log", help="Every number that leaves is added here (.jsonl).")]
Spoken = Annotated[Language, typer.Option("--lang", help="en or zh.")]
Person = Annotated[
    str, typer.Option("--person", help="Column that tells persons apart over all studies; else the whole row does.")
]
Budget = Annotated[int, typer.Option("--budget", min=1, help="Sums that are told of the same persons, over all time.")]
WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "ready": "{site} answers at https://{host}:{port}; its public key {public}",
        "fit": "{name}: ratio {ratio:.3f} ({low:.3f} to {high:.3f}), {n} persons, {events} events",
        "pooled": "all sites",
        "alone": "{site} alone",
        "without": "without {site}",
        "q": "heterogeneity: Q {q:.2f}, p {p:.3f}, I² {i:.0%}",
        "survival": "survival to {time:g}: {one:.1%} (standard error {one_se:.1%}) unexposed, {other:.1%} "
        "({other_se:.1%}) exposed",
        "question": "round {number}: {path} asks {sites}",
        "answered": "{site}: {points} sums told; {left} more within the budget",
    },
    "zh": {
        "ready": "{site} 在 https://{host}:{port} 应答；公钥 {public}",
        "fit": "{name}：比值 {ratio:.3f}（{low:.3f} 至 {high:.3f}），{n} 人，{events} 例结局",
        "pooled": "全部中心",
        "alone": "仅 {site}",
        "without": "除 {site} 外",
        "q": "异质性：Q {q:.2f}，p {p:.3f}，I² {i:.0%}",
        "survival": "至 {time:g} 的生存率：未暴露 {one:.1%}（标准误 {one_se:.1%}），暴露 {other:.1%}（{other_se:.1%}）",
        "question": "第 {number} 轮：{path} 询问 {sites}",
        "answered": "{site}：已告知 {points} 组汇总量；预算尚余 {left} 组",
    },
}


class SiteAddress(BaseModel):
    model_config = ConfigDict(extra="forbid")
    host: str = "127.0.0.1"
    port: int | None = Field(default=None, ge=1, le=65535)
    public: str = Field(pattern="^[0-9a-f]{64}$")
    certificate: Path | None = None


class _Sites(BaseModel):
    model_config = ConfigDict(extra="forbid")
    sites: dict[str, SiteAddress] = Field(min_length=1)


def read_sites(path: Path) -> dict[str, SiteAddress]:
    try:
        return _Sites.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))).sites
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        raise ProtocolError("cannot be read as YAML", where=str(path), mend="name the sites in it") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = f"{path}: {'.'.join(map(str, first['loc']))}"
        raise ProtocolError(first["msg"], where=where, mend="mend it") from None


def open_site(
    study: Path, data: Path, name: str, key: Ed25519PrivateKey, coordinator: str, log: Path, person: str, budget: int
) -> Site:
    found = read_study(study)
    persons = read_persons(data, found, key.private_bytes_raw(), person)
    return Site(name, found, read_site(data, found), key, coordinator, log, persons, budget)


def write_result(study: FederatedStudy, result: Federated, out: Path) -> None:
    told = {"study": study.model_dump(mode="json"), "digest": study.digest, **result.as_json()}
    write_text(out, json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n")


def show_result(result: Federated, lang: Language) -> None:
    words = WORDS[lang]
    print(_shown(words["pooled"], result.pooled, words))
    for part, fits in (("alone", result.alone), ("without", result.without)):
        for site, fit in fits.items():
            print(_shown(words[part].format(site=site), fit, words))
    if result.q is not None and result.q_p is not None and result.i_squared is not None:
        print(words["q"].format(q=result.q, p=result.q_p, i=result.i_squared))
    if result.survival is not None:
        found = result.survival
        for time, one, other, one_se, other_se in zip(found.times, *found.survival, *found.se, strict=True):
            told = {"time": time, "one": one, "other": other, "one_se": one_se, "other_se": other_se}
            print(words["survival"].format(**told))


def _shown(name: str, fit: Fit | str, words: dict[str, str]) -> str:
    if isinstance(fit, str):
        return f"{name}: {fit}"
    effect, half = fit.coefficients[0], 1.959963984540054 * fit.se[0]
    ratios = {"ratio": math.exp(effect), "low": math.exp(effect - half), "high": math.exp(effect + half)}
    return words["fit"].format(name=name, n=fit.n, events=fit.events, **ratios)
