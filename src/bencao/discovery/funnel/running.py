"""Run a screen from its files to its files, as the command and the workbench do, with one entry in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bencao.discovery.admet.panel import versions
from bencao.discovery.docking.site import site_box
from bencao.discovery.funnel.results import write_page, write_screen
from bencao.discovery.funnel.screening import Screened, screen
from bencao.discovery.funnel.task import Task
from bencao.discovery.funnel.watching import Watch, unwatched
from bencao.discovery.molecules.reading import read_library
from bencao.discovery.receptor.preparing import Receptor, prepare_receptor
from bencao.kernel import report
from bencao.kernel.files import make_folder
from bencao.kernel.ledger import record


def run_task(
    task: Task,
    out: Path,
    *,
    languages: Sequence[report.Language] = ("en",),
    command: str = "discovery screen",
    workers: int = 1,
    ray: str | None = None,
    timeout: float | None = None,
    progress: bool = True,
    watch: Watch = unwatched,
    on_receptor: Callable[[Receptor], None] = lambda receptor: None,
) -> Screened:
    """Run a screen and write what it leaves, as `write_screen` does.

    Parameters
    ----------
    task : Task
    out : Path
        Folder of the files; what is finished is kept there, so that a killed run goes on.
    languages : sequence of {"en", "zh"}
        The first is that of ``report.html``; a page in another is named ``report.zh.html``.
    command : str
        What the ledger calls it.
    workers, ray, timeout, progress, watch
        See `screen`.
    on_receptor : callable
        Told the receptor once it is prepared.

    Returns
    -------
    Screened

    Raises
    ------
    InputError
        As `prepare_receptor`, `site_box`, `screen`.
    """
    with record(None, command, parameters=_told(task), versions=versions()) as job:
        for path in task.files:
            job.used(path)
        watch("receptor", 0, 1)
        target, places = task.target, task.target.places
        receptor = prepare_receptor(
            target.structure, chains=target.chains, keep=target.keep, ph=target.ph, ligand=places
        )
        on_receptor(receptor)
        box = site_box(
            receptor,
            ligand=places,
            residues=target.residues,
            pocket=target.pocket,
            center=target.center,
            size=target.size,
        )
        make_folder(out)
        found = screen(
            receptor,
            box,
            read_library(task.library),
            out,
            task.plan,
            actives=_named(task.actives),
            decoys=_named(task.decoys),
            workers=workers,
            ray=ray,
            timeout=timeout,
            progress=progress,
            watch=watch,
        )
        made = write_screen(found, receptor, box, out, languages[0])
        others = tuple(write_page(found, receptor, box, out / f"report.{lang}.html", lang) for lang in languages[1:])
        for path in (*made, *others):
            job.generated(path)
    return found


def _told(task: Task) -> dict[str, Any]:
    """The settings as the ledger keeps them; the files stand there by their digests."""
    target, plan = task.target, task.plan
    told = asdict(target)
    del told["structure"], told["ligand"]
    told |= {"chains": ",".join(target.chains), "keep": ",".join(target.keep), "residues": ",".join(target.residues)}
    told["size"] = target.size if target.center else ""
    effort, search = plan.effort, plan.search
    told |= {"nearest": plan.nearest, "no_pains": plan.bounds.pains, "most": effort.most, "best": effort.best}
    told |= {"enough": effort.enough, "hits": plan.hits, "expansions": plan.expansions, "states": plan.states}
    return told | {"exhaustiveness": search.exhaustiveness, "seed": search.seed}


def _named(path: Path | None) -> list[tuple[str, str]]:
    """Name and SMILES of each row of a file; a row without a name is called by its number."""
    return [(row.name or f"row {row.row}", row.smiles) for row in read_library(path)] if path else []
