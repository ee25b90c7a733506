"""From a reaction table to a model folder: clean, map, split, extract, train, export."""

from __future__ import annotations

import csv
import gzip
import io
import json
import multiprocessing
import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from bencao.kernel import models
from bencao.kernel.errors import InputError
from bencao.kernel.files import sha256_of, write_bytes, write_text
from bencao.synthesis.chemistry.features import feature_ids
from bencao.synthesis.chemistry.screen import template_screen
from bencao.synthesis.proposer import MODEL_NAME, Weights
from bencao.synthesis.train.mapping import map_atoms
from bencao.synthesis.train.network import NetworkSettings, SparseRows, export_onnx, fit
from bencao.synthesis.train.reactions import (
    CleanReaction,
    deduplicate,
    development_products,
    funnel,
    read_reactions,
    try_clean,
)
from bencao.synthesis.train.templates import Template, extract, template_table

Answer = TypeVar("Answer")
Report = Callable[[str], None]


@dataclass(frozen=True)
class TrainingSettings:
    """What is learned from, and how.

    Attributes
    ----------
    development : int
        Number of products kept out for tuning, by lowest hash.
    classified : bool
        Draw the development products from the reactions of known class only.
    favour : float
        Weight of a reaction of known class in the loss; the others weigh 1.
    minimum : tuple of int
        Smallest number of reactions of a template, for the specific and the general head.
    network : NetworkSettings
    weights : Weights
    workers : int
    """

    development: int = 0
    classified: bool = False
    favour: float = 1.0
    minimum: tuple[int, int] = (3, 2)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    weights: Weights = field(default_factory=Weights)
    workers: int = 2


@dataclass(frozen=True)
class Source:
    """What the card says of the training data."""

    name: str
    licence: str


def train(
    reactions: Path,
    out: Path,
    *,
    settings: TrainingSettings | None = None,
    source: Source | None = None,
    script: str = "bencao synthesis train",
    made: date | None = None,
    report: Report = print,
) -> Path:
    """Train a one-step model on a reaction table.

    Every stage leaves its result in ``OUT.work``, so that a killed training goes on where it stood; the stages are
    named by the SHA-256 of the table.

    Parameters
    ----------
    reactions : Path
        See `read_reactions`. Rows with ``product_in_valid`` = 1 are kept out of everything.
    out : Path
        Model folder to write.
    settings : TrainingSettings, optional
    source : Source, optional
        Name and licence of the data, for the card.
    script : str
        What made the model, for the card.
    made : date, optional
        Today where not given.
    report : callable
        Gets a line a step: what was read, what survived, and the loss.

    Returns
    -------
    Path
        `out`, with network, template table, screens, settings and card.

    Raises
    ------
    InputError
        The table cannot be read, or leaves too few reactions to learn from.
    EngineMissing
        A training package is not installed.
    """
    settings = settings or TrainingSettings()
    work = Path(f"{out}.work")
    work.mkdir(parents=True, exist_ok=True)
    try:
        digest = sha256_of(reactions)[:16]
        stage = partial(finished, work, digest)
        clean: list[CleanReaction] = stage("clean", lambda: cleaned(reactions, settings.workers, report))
    except (OSError, ValueError) as error:
        raise InputError(str(error), where=str(reactions), mend="give a table with a column 'reaction'") from error
    mapped: list[CleanReaction] = stage("mapped", lambda: with_maps(clean, report))
    learned, held_out = split(mapped, settings, report)
    texts = [reaction.mapped for reaction in mapped]
    heads = []
    for head, general in enumerate((False, True)):
        name = "general" if general else "specific"
        found: list[str] = stage(name, partial(extracted, texts, general, settings.workers))
        by_reaction = dict(zip(texts, found, strict=True))
        heads.append(labelled(name, learned, by_reaction, settings.minimum[head], report))
    products = sorted({reaction.product for reaction in learned})
    if len(products) < 2 or not all(table for table, _ in heads):
        raise InputError(
            f"only {len(learned)} reactions can be learned from",
            where=str(reactions),
            mend="give more mapped reactions",
        )
    rows: SparseRows = stage("features", lambda: _features(products, settings))
    place = {product: row for row, product in enumerate(products)}
    labels = np.stack([labels for _, labels in heads], axis=1)
    told = (labels >= 0).any(axis=1)
    network = fit(
        rows,
        np.array([place[reaction.product] for reaction in learned])[told],
        labels[told],
        np.array([settings.favour if r.reaction_class else 1.0 for r in learned], dtype=np.float32)[told],
        [len(table) for table, _ in heads],
        settings.network,
        report,
        work / f"network-{digest}.pt",
    )
    out.mkdir(parents=True, exist_ok=True)
    export_onnx(network, out / "network.onnx")
    write_tables(out, [table for table, _ in heads], settings)
    models.write_card(
        out,
        MODEL_NAME,
        version=f"{(made or date.today()).isoformat()}-{digest}",
        task="one-step retrosynthesis: molecule in, probabilities of retro templates out",
        files=["network.onnx", "templates.tsv.gz", "screen.npz", "settings.json"],
        trained_on=[
            models.TrainingSource(
                source=source.name if source else reactions.name,
                licence=source.licence if source else "the user's own",
                rows=int(told.sum()),
            )
        ],
        split=(
            f"{held_out['held_out']} reactions of products marked product_in_valid and {held_out['development']} of "
            f"{settings.development} development products (lowest SHA-256 of the stereo-free SMILES) were kept out"
        ),
        figures={},
        script=script,
        made=made or date.today(),
        limits="Knows what was reported, not what failed; no yield, scale or conditions; stereo and site may be wrong.",
    )
    return out


def finished(work: Path, digest: str, name: str, make: Callable[[], Answer]) -> Answer:
    """The result of a stage, from its file where a former run left it."""
    path = work / f"{name}-{digest}.pickle"
    if path.exists():
        with path.open("rb") as handle:
            kept: Answer = pickle.load(handle)
        return kept
    result = make()
    write_bytes(path, pickle.dumps(result))
    return result


def in_processes(function: Callable[[Any], Answer], items: Sequence[Any], workers: int) -> list[Answer]:
    """Answers in the order of the items."""
    if workers < 2:
        return [function(item) for item in items]
    with multiprocessing.get_context("forkserver").Pool(workers) as pool:
        return list(pool.imap(function, items, chunksize=200))


def cleaned(path: Path, workers: int, report: Report) -> list[CleanReaction]:
    """The distinct usable reactions of a table."""
    raw = list(read_reactions(path))
    kept, reasons = funnel(in_processes(try_clean, raw, workers))
    distinct = deduplicate(kept)
    report(f"{len(raw)} rows read, {len(kept)} usable {dict(reasons)}, {len(distinct)} distinct reactions")
    return distinct


def with_maps(clean: list[CleanReaction], report: Report) -> list[CleanReaction]:
    """All reactions with maps: those that came so, then those that were mapped here."""
    unmapped = [reaction for reaction in clean if not reaction.mapped]
    ready = [reaction for reaction in clean if reaction.mapped]
    if not unmapped:
        return ready
    kept, reasons = funnel(map_atoms(unmapped))
    everything = deduplicate([*ready, *kept])
    report(f"{len(unmapped)} without maps, {len(kept)} mapped {dict(reasons)}, {len(everything)} distinct with maps")
    return everything


def split(
    reactions: list[CleanReaction], settings: TrainingSettings, report: Report
) -> tuple[list[CleanReaction], Counter[str]]:
    """The reactions to learn from, and how many were kept out of them, by reason."""
    parts: dict[str, list[CleanReaction]] = {"learned": [], "held_out": [], "development": []}
    for reaction, part in zip(reactions, _parts(reactions, settings), strict=True):
        parts[part].append(reaction)
    out = Counter({part: len(members) for part, members in parts.items() if part != "learned"})
    kept = parts["learned"]
    report(f"{len(kept)} reactions to learn from, {out['held_out']} held out, {out['development']} for tuning")
    return kept, out


def development(reactions: list[CleanReaction], settings: TrainingSettings) -> list[CleanReaction]:
    """The reactions of the development products."""
    parts = _parts(reactions, settings)
    return [reaction for reaction, part in zip(reactions, parts, strict=True) if part == "development"]


def _parts(reactions: list[CleanReaction], settings: TrainingSettings) -> list[str]:
    held = {reaction.product_flat for reaction in reactions if reaction.held_out}
    candidates = {r.product_flat for r in reactions if r.reaction_class or not settings.classified} - held
    tuning = development_products(candidates, settings.development)
    return [
        "held_out" if reaction.product_flat in held else "development" if reaction.product_flat in tuning else "learned"
        for reaction in reactions
    ]


def extracted(mapped: list[str], general: bool, workers: int) -> list[str]:
    """Template of each reaction, or ``!`` and why there is none; see `extract`."""
    return in_processes(partial(extract, general=general), mapped, workers)


def labelled(
    name: str, learned: list[CleanReaction], by_reaction: dict[str, str], minimum: int, report: Report
) -> tuple[list[Template], NDArray[np.int64]]:
    """Template table of a head, and the label of each reaction: -1 where it has no kept template."""
    found = [by_reaction[reaction.mapped] for reaction in learned]
    reasons = Counter(text for text in found if text.startswith("!"))
    pairs = [(text, r.reaction_class) for text, r in zip(found, learned, strict=True) if not text.startswith("!")]
    table, place = template_table([text for text, _ in pairs], [number for _, number in pairs], minimum)
    labels = np.array([place.get(text, -1) for text in found], dtype=np.int64)
    report(
        f"{name} head: {len(pairs)} templates extracted {dict(reasons)}, {len({t for t, _ in pairs})} spellings, "
        f"{len(table)} kept with at least {minimum} reactions, {int((labels >= 0).sum())} reactions labelled"
    )
    return table, labels


def _slots_of(smiles: str, size: int) -> NDArray[np.uint16]:
    return feature_ids(Chem.MolFromSmiles(smiles), size).astype(np.uint16)


def _features(products: list[str], settings: TrainingSettings) -> SparseRows:
    parts = in_processes(partial(_slots_of, size=settings.network.slots), products, settings.workers)
    return SparseRows(np.concatenate(parts), np.cumsum([0, *map(len, parts)]))


def write_tables(out: Path, heads: Iterable[list[Template]], settings: TrainingSettings) -> None:
    """Write template table, screens and settings of a model folder."""
    text = io.StringIO()
    table = csv.writer(text, delimiter="\t", lineterminator="\n")
    table.writerow(["smarts", "head", "count", "class"])
    screens = []
    for head, templates in enumerate(heads):
        for template in templates:
            table.writerow([template.smarts, head, template.count, template.reaction_class])
            screens.append(template_screen(template.smarts))
    write_bytes(out / "templates.tsv.gz", gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0))
    packed = io.BytesIO()
    np.savez_compressed(packed, screen=np.stack(screens))
    write_bytes(out / "screen.npz", packed.getvalue())
    chosen = {"slots": settings.network.slots, "weights": asdict(settings.weights)}
    write_text(out / "settings.json", json.dumps(chosen, indent=2) + "\n")
