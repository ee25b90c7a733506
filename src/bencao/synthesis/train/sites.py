"""Make the site model: local templates of the reactions, where each is laid on its product, and the graph network."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from bencao.kernel import models
from bencao.kernel.files import sha256_of, write_bytes
from bencao.synthesis.chemistry.graph import MolecularGraph, molecular_graph
from bencao.synthesis.chemistry.template import PreparedMolecule, RetroTemplate, canonical_set
from bencao.synthesis.ensemble.sites import MODEL_NAME
from bencao.synthesis.train.graph_network import GraphSettings, export_onnx, fit
from bencao.synthesis.train.local import anchors, local_template
from bencao.synthesis.train.pipeline import (
    Report,
    Source,
    TrainingSettings,
    cleaned,
    extracted,
    finished,
    in_processes,
    labelled,
    split,
    with_maps,
)
from bencao.synthesis.train.reactions import CleanReaction
from bencao.synthesis.train.templates import Template

_MOST_ATOMS = 255


@dataclass(frozen=True)
class SiteSettings:
    """What the site model is learned from, and how.

    Attributes
    ----------
    data : TrainingSettings
        The split and the workers; shared with the template network, so that both keep the same products out.
    minimum : int
        Smallest number of reactions of a local template.
    network : GraphSettings
    """

    data: TrainingSettings = field(default_factory=TrainingSettings)
    minimum: int = 2
    network: GraphSettings = field(default_factory=GraphSettings)


def train_sites(
    reactions: Path,
    out: Path,
    work: Path,
    *,
    settings: SiteSettings,
    source: Source,
    script: str,
    made: date,
    report: Report = print,
) -> Path:
    """Train the site model on a reaction table.

    Parameters
    ----------
    reactions : Path
        See `read_reactions`.
    out : Path
        Model folder to write.
    work : Path
        Where finished stages lie, those of the template network among them; made where it does not exist.
    settings : SiteSettings
    source : Source
    script : str
        For the card.
    made : date
    report : callable

    Returns
    -------
    Path
        `out`, with network, table of local templates and card.
    """
    work.mkdir(parents=True, exist_ok=True)
    digest, workers = sha256_of(reactions)[:16], settings.data.workers
    stage = partial(finished, work, digest)
    clean: list[CleanReaction] = stage("clean", lambda: cleaned(reactions, workers, report))
    mapped: list[CleanReaction] = stage("mapped", lambda: with_maps(clean, report))
    learned, held_out = split(mapped, settings.data, report)
    texts = [reaction.mapped for reaction in mapped]
    general: list[str] = stage("general", partial(extracted, texts, True, workers))
    local = {text: _local(found) for text, found in zip(texts, general, strict=True)}
    table, labels = labelled("local", learned, local, settings.minimum, report)
    jobs = [
        (table[label].smarts, reaction.product, reaction.reactants)
        for label, reaction in zip(labels, learned, strict=True)
        if label >= 0
    ]
    laid: list[tuple[int, ...]] = stage("anchors", lambda: in_processes(_laid, jobs, workers))
    products = sorted({product for (_, product, _), atoms in zip(jobs, laid, strict=True) if atoms})
    graphs: list[MolecularGraph] = stage("graphs", lambda: in_processes(_graph, products, workers))
    place = {product: row for row, product in enumerate(products)}
    told = [row for row, atoms in enumerate(laid) if atoms]
    report(f"{len(jobs)} reactions with a local template, {len(told)} of them give back what was reported")
    network = fit(
        graphs,
        np.array([place[jobs[row][1]] for row in told]),
        [laid[row] for row in told],
        labels[labels >= 0][told],
        len(table),
        settings.network,
        report,
        work / f"sites-{digest}.pt",
    )
    out.mkdir(parents=True, exist_ok=True)
    export_onnx(network, out / "network.onnx")
    write_table(out / "templates.tsv.gz", table)
    models.write_card(
        out,
        MODEL_NAME,
        version=f"{made.isoformat()}-{digest}",
        task="one-step retrosynthesis: molecule in, probabilities of its atoms and of local templates on them out",
        files=["network.onnx", "templates.tsv.gz"],
        trained_on=[models.TrainingSource(source=source.name, licence=source.licence, rows=len(told))],
        split=(
            f"{held_out['held_out']} reactions of products marked product_in_valid and {held_out['development']} of "
            f"{settings.data.development} development products (lowest SHA-256 of the stereo-free SMILES) were kept out"
        ),
        figures={},
        script=script,
        made=made,
        limits="Local templates say nothing of the groups around the change: sites and stereo may be wrong.",
    )
    return out


def _local(general: str) -> str:
    if general.startswith("!"):
        return general
    return local_template(general) or "!nothing changes"


@lru_cache(maxsize=4_000)
def _compiled(smarts: str) -> RetroTemplate:
    return RetroTemplate(smarts)


def _laid(job: tuple[str, str, str]) -> tuple[int, ...]:
    smarts, product, reactants = job
    prepared = PreparedMolecule(product)
    if prepared.molecule.GetNumAtoms() > _MOST_ATOMS:
        return ()
    return anchors(_compiled(smarts), prepared, canonical_set(reactants))


def _graph(product: str) -> MolecularGraph:
    return molecular_graph(PreparedMolecule(product).molecule)


def write_table(path: Path, table: list[Template]) -> None:
    """Write local templates as `read_templates` reads them; they have one head."""
    text = io.StringIO()
    rows = csv.writer(text, delimiter="\t", lineterminator="\n")
    rows.writerow(["smarts", "head", "count", "class"])
    rows.writerows([template.smarts, 0, template.count, template.reaction_class] for template in table)
    write_bytes(path, gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0))
