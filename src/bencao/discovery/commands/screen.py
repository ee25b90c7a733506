"""``bencao discovery screen``: from a target and a library to a short list worth making."""

from __future__ import annotations

import functools
import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from bencao.discovery.commands import app
from bencao.discovery.commands.receptors import split, tell_changes

Language = Literal["en", "zh"]
_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "told": "{read:,} molecules, {docked:,} docked, {hits:,} hits in {out}",
        "fails": "warning: docking does not tell your actives from your decoys on this target (AUC {auc:.2f}, 95 % "
        "interval {low:.2f} to {high:.2f}): do not rely on the ranking",
        "none": "note: without --actives and --decoys nothing says whether docking works on this target",
    },
    "zh": {
        "told": "{read:,} 个分子，对接 {docked:,} 个，{hits:,} 个候选写入 {out}",
        "fails": "警告：在该靶点上，对接不能区分所给活性物与诱饵（AUC {auc:.2f}，"
        "95 % 区间 {low:.2f} 至 {high:.2f}）：排序不可依赖",
        "none": "提示：未给 --actives 与 --decoys，无从判断对接在该靶点上是否有效",
    },
}


@app.command("screen")
def screen_command(
    structure: Annotated[Path, typer.Argument(help="Target: PDB or mmCIF, also with .gz.")],
    library: Annotated[Path, typer.Argument(help="Molecules: .smi, .csv, .tsv or .sdf, also with .gz.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder of hits, poses, tables and page.")],
    ligand: Annotated[Path | None, typer.Option("--ligand", help="Box around this ligand (.sdf, .mol).")] = None,
    bound: Annotated[str, typer.Option("--bound", help="Box around this ligand of the target, as A:STI201.")] = "",
    residues: Annotated[str, typer.Option("--residues", help="Box around residues, as A:315,A:318.")] = "",
    pocket: Annotated[int, typer.Option("--pocket", help="Box around this pocket (rank from `pockets`).")] = 0,
    center: Annotated[str, typer.Option("--center", help="Center of the box, as 15,53,17 (ångström).")] = "",
    size: Annotated[str, typer.Option("--size", help="Sides of a box given by its center.")] = "22,22,22",
    chains: Annotated[str, typer.Option("--chains", help="Chains to keep, as A,B.")] = "",
    keep: Annotated[str, typer.Option("--keep", help="Further hetero residues to keep, as HOH,GTP.")] = "",
    ph: Annotated[float, typer.Option("--ph", help="pH for the receptor's hydrogens and the ligands' charges.")] = 7.4,
    actives: Annotated[Path | None, typer.Option("--actives", help="Known actives: likeness, and controls.")] = None,
    decoys: Annotated[Path | None, typer.Option("--decoys", help="Molecules held inactive: controls.")] = None,
    nearest: Annotated[int | None, typer.Option("--nearest", help="Only so many, most like an active, go on.")] = None,
    no_pains: Annotated[bool, typer.Option("--no-pains", help="Leave out what matches a PAINS pattern.")] = False,
    most: Annotated[int, typer.Option("--most", help="Molecules docked at most.", min=1)] = 1000,
    best: Annotated[int, typer.Option("--best", help="Of how many best the surrogate looks for.", min=1)] = 100,
    enough: Annotated[float, typer.Option("--enough", help="Share of these at whose lower bound to stop.")] = 0.9,
    hits: Annotated[int, typer.Option("--hits", help="Length of the short list.", min=1)] = 20,
    expansions: Annotated[int, typer.Option("--expansions", help="Route planner's budget a hit; 0: no routes.")] = 100,
    states: Annotated[int, typer.Option("--states", help="Docked of a molecule at most; 0: as drawn.", min=0)] = 4,
    exhaustiveness: Annotated[int, typer.Option("--exhaustiveness", help="Vina's runs a ligand.", min=1)] = 8,
    seed: Annotated[int, typer.Option("--seed", help="Seed.", min=1)] = 1,
    workers: Annotated[int, typer.Option("--workers", help="Worker processes.", min=1)] = 1,
    ray: Annotated[str | None, typer.Option("--ray", help="Address of a Ray cluster, or local.")] = None,
    timeout: Annotated[float | None, typer.Option("--timeout", help="Seconds a ligand's docking may take.")] = None,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Filter a library, dock what is worth it, and give a short list with poses, alerts, novelty and routes.

    Killed, it goes on where it stopped when run again.

    Example: bencao discovery screen 1iep.pdb library.smi --ligand imatinib.sdf -o hits
    """
    from bencao.discovery.docking.vina import Search
    from bencao.discovery.funnel.plan import Bounds, Effort, Plan
    from bencao.discovery.funnel.results import as_json as screen_json
    from bencao.discovery.funnel.running import run_task
    from bencao.discovery.funnel.task import Target, Task

    target = Target(structure, split(chains), split(keep), ph, ligand, bound, split(residues), pocket, center, size)
    plan = Plan(
        Bounds(pains=no_pains),
        Effort(most, best, enough, seed=seed),
        Search(exhaustiveness=exhaustiveness, seed=seed),
        hits,
        nearest,
        ph,
        expansions,
        states,
    )
    task = Task(target, library, actives, decoys, plan)
    tell = functools.partial(tell_changes, lang=lang)
    found = run_task(task, out, languages=(lang,), workers=workers, ray=ray, timeout=timeout, on_receptor=tell)
    if as_json:
        typer.echo(json.dumps(screen_json(found), ensure_ascii=False))
    words, controls = _WORDS[lang], found.controls
    if controls is None:
        print(words["none"], file=sys.stderr)
    elif not controls.works:
        print(words["fails"].format(auc=controls.auc, low=controls.low, high=controls.high), file=sys.stderr)
    counts = {"read": found.stages[0].entered, "docked": found.stages[-1].entered, "hits": len(found.hits)}
    print(words["told"].format(**counts, out=out), file=sys.stderr)
