"""``bencao discovery dock``: a library docked to a receptor, each best pose checked and drawn."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from bencao.discovery.commands import app
from bencao.discovery.commands.receptors import split, tell_changes
from bencao.discovery.docking.docking import Docked, dock
from bencao.discovery.docking.results import judged, write_results
from bencao.discovery.docking.site import read_ligand, site_box
from bencao.discovery.docking.vina import Search
from bencao.discovery.errors import LigandError
from bencao.discovery.molecules.reading import read_library
from bencao.discovery.receptor.preparing import prepare_receptor
from bencao.kernel.compute import Failure
from bencao.kernel.ledger import record

Language = Literal["en", "zh"]
_WORDS: dict[Language, str] = {
    "en": "{docked} docked, {failed} not; of the best poses {fine} pass every check",
    "zh": "对接成功 {docked}，失败 {failed}；最优构象中 {fine} 个通过全部检查",
}


@app.command("dock")
def dock_command(
    structure: Annotated[Path, typer.Argument(help="Receptor: PDB or mmCIF, also with .gz.")],
    library: Annotated[Path, typer.Argument(help="Ligands: .smi, .csv, .tsv or .sdf, also with .gz.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder of scores, poses, receptor and page.")],
    ligand: Annotated[Path | None, typer.Option("--ligand", help="Box around this ligand (.sdf, .mol).")] = None,
    residues: Annotated[str, typer.Option("--residues", help="Box around residues, as A:315,A:318.")] = "",
    pocket: Annotated[int, typer.Option("--pocket", help="Box around this pocket (rank from `pockets`).")] = 0,
    center: Annotated[str, typer.Option("--center", help="Center of the box, as 15,53,17 (ångström).")] = "",
    size: Annotated[str, typer.Option("--size", help="Sides of a box given by its center.")] = "22,22,22",
    chains: Annotated[str, typer.Option("--chains", help="Chains to keep, as A,B.")] = "",
    keep: Annotated[str, typer.Option("--keep", help="Further hetero residues to keep, as HOH,GTP.")] = "",
    ph: Annotated[float, typer.Option("--ph", help="pH for the receptor's hydrogens and the ligands.")] = 7.4,
    states: Annotated[int, typer.Option("--states", help="Of a ligand at most; 0: as it is drawn.", min=0)] = 4,
    exhaustiveness: Annotated[int, typer.Option("--exhaustiveness", help="Vina's runs a shape.", min=1)] = 8,
    scoring: Annotated[Literal["vina", "vinardo"], typer.Option("--scoring", help="Scoring function.")] = "vina",
    seed: Annotated[int, typer.Option("--seed", help="Seed.", min=1)] = 1,
    workers: Annotated[int, typer.Option("--workers", help="Worker processes.", min=1)] = 1,
    ray: Annotated[str | None, typer.Option("--ray", help="Address of a Ray cluster, or local.")] = None,
    timeout: Annotated[float | None, typer.Option("--timeout", help="Seconds a ligand may take.")] = None,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON lines on stdout.")] = False,
) -> None:
    """Dock a library with AutoDock Vina; a killed run goes on where it stopped.

    Example: bencao discovery dock 1iep.pdb library.smi --ligand imatinib.sdf -o poses
    """
    told = {
        "chains": chains,
        "keep": keep,
        "ph": ph,
        "states": states,
        "exhaustiveness": exhaustiveness,
        "scoring": scoring,
        "seed": seed,
    }
    told |= {"residues": residues, "pocket": pocket, "center": center, "size": size if center else ""}
    with record(None, "discovery dock", parameters=told) as job:
        for path in (structure, library, *([ligand] if ligand else [])):
            job.used(path)
        known = read_ligand(ligand) if ligand else None
        places = known.GetConformer().GetPositions() if known else None
        receptor = prepare_receptor(structure, chains=split(chains), keep=split(keep), ph=ph, ligand=places)
        tell_changes(receptor, lang)
        box = site_box(receptor, ligand=places, residues=split(residues), pocket=pocket, center=center, size=size)
        rows = [(row.name or f"row {row.row}", row.smiles) for row in read_library(library)]
        if not rows:
            raise LigandError("holds no ligand", where=str(library), mend="give molecules")
        out.mkdir(parents=True, exist_ok=True)
        answers = dock(
            receptor,
            rows,
            box,
            search=Search(exhaustiveness=exhaustiveness, seed=seed, scoring=scoring),
            states=states,
            ph=ph,
            workers=workers,
            ray=ray,
            timeout=timeout,
            checkpoint=out / "docking.checkpoint",
        )
        results = [(row, judged(answer, receptor)) for row, answer in zip(rows, answers, strict=True)]
        for path in write_results(results, receptor, box, out, lang):
            job.generated(path)
    if as_json:
        for (name, smiles), result in results:
            typer.echo(json.dumps({"name": name, "smiles": smiles, **result.as_json()}, ensure_ascii=False))
    docked = [result for _, result in results if isinstance(result.answer, Docked)]
    failed = [result.answer for _, result in results if isinstance(result.answer, Failure)]
    for failure in failed:
        print(f"{failure.kind}: {failure.where}: {failure.cause}; {failure.mend}", file=sys.stderr)
    fine = sum(result.passes for result in docked)
    print(_WORDS[lang].format(docked=len(docked), failed=len(failed), fine=fine), file=sys.stderr)
