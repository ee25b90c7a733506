"""``bencao safety treescan``: a drug's events scanned with the groups above them."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

import polars as pl
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bencao.kernel.files import write_text
from bencao.kernel.ledger import record
from bencao.safety.commands import app
from bencao.safety.signals.counts import Columns, read_counts
from bencao.safety.signals.treescan import Scan, read_hierarchy, scan_drug

Language = Literal["en", "zh"]
Model = Literal["conditional-poisson", "poisson", "conditional-bernoulli", "bernoulli"]
_HEADS = {
    "en": ("drug", "node", "reports", "expected", "ratio", "LLR", "p"),
    "zh": ("药品", "节点", "报告数", "期望数", "比值", "LLR", "p"),
}
_SUMMARY = {
    "en": "{nodes:,} nodes; p at most {alpha}: {signals:,}, of which strongest on their line {strongest:,}; "
    "events outside the hierarchy {outside:,}",
    "zh": "{nodes:,} 个节点；p 不大于 {alpha}：{signals:,}，其中所在路径上最强 {strongest:,}；"
    "层级之外的事件 {outside:,}",
}
_WRITTEN = {"en": "written: {path}", "zh": "已写入：{path}"}


@app.command("treescan")
def treescan(
    counts: Annotated[Path, typer.Argument(help="Counts (drug, event, n) or reports (report, drug, event).")],
    tree: Annotated[Path, typer.Option("--tree", help="CSV child,parent, or your MedDRA mdhier.asc.")],
    of: Annotated[list[str], typer.Option("--of", help="A drug, once for each.")],
    model: Annotated[Model, typer.Option("--model", help="Conditional: given the drug's count in all.")] = (
        "conditional-poisson"
    ),
    probability: Annotated[
        float | None, typer.Option("--probability", help="Of a trial to be a case, for bernoulli.")
    ] = None,
    drug: Annotated[str | None, typer.Option("--drug", help="Column of the drugs.")] = None,
    event: Annotated[str | None, typer.Option("--event", help="Column of the events.")] = None,
    n: Annotated[str | None, typer.Option("--n", help="Column of the counts.")] = None,
    report: Annotated[str | None, typer.Option("--report", help="Column of the report numbers.")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write all nodes here: .csv.")] = None,
    draws: Annotated[int, typer.Option("--draws", min=1, help="Data sets drawn under the null.")] = 999,
    alpha: Annotated[float, typer.Option("--alpha", min=0.0, max=1.0, help="Level at which nodes are told.")] = 0.05,
    seed: Annotated[int, typer.Option("--seed", min=0)] = 0,
    top: Annotated[int, typer.Option("--top", min=0, help="Nodes to print, by LLR.")] = 20,
    lang: Annotated[Language, typer.Option("--lang", help="Language of what is read: en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Scan a drug's events and all groups of them for more than is expected (tree-based scan statistic).

    p is right for having looked at every node of a drug; it does not correct for several drugs. The Bernoulli models
    take the reports of an event with any drug as its trials.

    Example: bencao safety treescan counts.csv --tree mdhier.asc --of "Simvastatin" -o nodes.csv
    """
    columns = Columns(drug, event, n, report)
    drugs = list(dict.fromkeys(of))

    def scanned() -> list[Scan]:
        counted, hierarchy = read_counts(counts, columns), read_hierarchy(tree)
        return [
            scan_drug(hierarchy, counted, name, model, probability=probability, draws=draws, seed=seed)
            for name in drugs
        ]

    if out is None:
        found = scanned()
    else:
        parameters: dict[str, Any] = {**asdict(columns), "strata": [], "of": drugs, "model": model}
        parameters |= {"probability": probability, "draws": draws, "seed": seed}
        with record(None, "safety treescan", parameters=parameters) as job:
            job.used(counts)
            job.used(tree)
            found = scanned()
            write_text(out, pl.concat(each.table for each in found).write_csv())
            job.generated(out)
        print(_WRITTEN[lang].format(path=out), file=sys.stderr)
    table = pl.concat(each.table for each in found)
    signals = table.filter(pl.col("p") <= alpha)
    summary = {
        "nodes": table.height,
        "alpha": alpha,
        "signals": signals.height,
        "strongest": int(signals["strongest"].sum()),
        "outside": sum(each.outside for each in found),
    }
    if as_json:
        typer.echo(json.dumps(summary | {"first": table.head(top).to_dicts()}, ensure_ascii=False))
        return
    if top:
        _print(table, top, lang)
    print(_SUMMARY[lang].format(**summary))


def _print(table: pl.DataFrame, top: int, lang: Language) -> None:
    shown = Table(*_HEADS[lang], box=None)
    for row in table.sort("p", -pl.col("llr"), "node").head(top).iter_rows(named=True):
        figures = (
            str(row["n"]),
            f"{row['expected']:.2f}",
            f"{row['ratio']:.2f}",
            f"{row['llr']:.2f}",
            f"{row['p']:.3f}",
        )
        star = " *" if row["strongest"] else ""
        shown.add_row(escape(row["drug"]), escape(row["node"] + star), *figures)
    Console().print(shown)
