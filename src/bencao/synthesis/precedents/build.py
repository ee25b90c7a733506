"""Build an index of precedents from a table of reactions."""

from __future__ import annotations

import csv
import io
import lzma
import pickle
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from bencao.kernel import compute, models
from bencao.kernel.errors import ComputeError, InputError
from bencao.kernel.files import sha256_of, write_bytes
from bencao.synthesis.precedents.blocks import Reported, packed
from bencao.synthesis.precedents.centre import centre_key
from bencao.synthesis.precedents.index import INDEX_NAME
from bencao.synthesis.train.mapping import map_atoms
from bencao.synthesis.train.reactions import (
    CleanReaction,
    RawReaction,
    deduplicate,
    development_products,
    funnel,
    read_reactions,
    try_clean,
)

Report = Callable[[str], None]
_CHUNK = 500  # reactions sent to a worker at once


@dataclass(frozen=True)
class IndexSettings:
    """What goes into an index.

    Attributes
    ----------
    development : int
        Number of products kept out for tuning, by lowest hash; see `development_products`.
    classified : bool
        Draw the development products from the reactions of known class only.
    source_ids : bool
        Keep the column ``source_id`` of the table, where it has one.
    source, licence : str
        Of the data, for the card; the name of the table where not given.
    script : str
        What made the index, for the card.
    made : date, optional
        Today where not given.
    workers : int
    """

    development: int = 0
    classified: bool = False
    source_ids: bool = True
    source: str = ""
    licence: str = "the user's own"
    script: str = "bencao synthesis index"
    made: date | None = None
    workers: int = 1


def build_index(
    reactions: Path, out: Path, *, settings: IndexSettings | None = None, report: Report = print
) -> models.ModelCard:
    """Build an index folder from a reaction table.

    The cleaned and mapped reactions stay in ``OUT.work``, named by the SHA-256 of the table: a build that was killed
    goes on from there.

    Parameters
    ----------
    reactions : Path
        See `read_reactions`. Rows with ``product_in_valid`` = 1 are kept out, with every row of the same product.
        Reactions without atom maps are mapped.
    out : Path
        Folder for ``reactions.lzma``, ``blocks.npz`` and the card.
    settings : IndexSettings, optional
    report : callable
        Gets a line a step.

    Returns
    -------
    ModelCard

    Raises
    ------
    InputError
        The table cannot be read, or no reaction of it has a centre.
    EngineMissing
        There are reactions without atom maps, and RXNMapper is not installed.
    """
    settings = settings or IndexSettings()
    try:
        digest = sha256_of(reactions)[:16]
        mapped = _mapped(reactions, Path(f"{out}.work") / f"mapped-{digest}.pickle", settings, report)
        names = _source_ids(reactions) if settings.source_ids else {}
    except (OSError, ValueError, csv.Error, lzma.LZMAError) as error:
        raise InputError(str(error), where=str(reactions), mend="give a table with a column 'reaction'") from error
    kept, left_out = without_held_out(mapped, settings)
    centres = by_centre(kept, names, settings.workers)
    count = sum(map(len, centres.values()))
    report(f"{len(kept)} reactions to index, {dict(left_out)} left out; {count} with a centre, {len(centres)} centres")
    if not centres:
        raise InputError("no reaction has a centre", where=str(reactions), mend="give reactions with atom maps")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be made ({error.strerror})", where=str(out), mend="give another folder") from error
    write_centres(out, centres)
    return models.write_card(
        out,
        INDEX_NAME,
        version=f"{(settings.made or date.today()).isoformat()}-{digest}",
        task="precedents: mapped reaction in, reported reactions of the same centre with like products out",
        files=["reactions.lzma", "blocks.npz"],
        trained_on=[
            models.TrainingSource(source=settings.source or reactions.name, licence=settings.licence, rows=count)
        ],
        split=(
            f"{left_out['held_out']} reactions of products marked product_in_valid and {left_out['development']} of "
            f"{settings.development} development products (lowest SHA-256 of the stereo-free SMILES) were kept out"
        ),
        figures={
            "reactions": models.ModelFigure(value=count),
            "centres": models.ModelFigure(value=len(centres)),
        },
        script=settings.script,
        made=settings.made or date.today(),
        limits=(
            "Says that like reactions were reported, not how, with which yield, nor whether this one works. "
            "The centre ignores stereo and everything beyond the neighbours of the changed atoms."
        ),
    )


def _mapped(path: Path, stage: Path, settings: IndexSettings, report: Report) -> list[CleanReaction]:
    """All distinct reactions with maps, from the stage's file where a former build left it."""
    if stage.exists():
        with stage.open("rb") as handle:
            former: list[CleanReaction] = pickle.load(handle)
        return former
    raw = list(read_reactions(path))
    kept, reasons = funnel(_in_chunks(_clean_all, raw, settings.workers, "reactions cleaned"))
    distinct = deduplicate(kept)
    report(f"{len(raw)} rows read, {len(kept)} usable {dict(reasons)}, {len(distinct)} distinct reactions")
    ready = [reaction for reaction in distinct if reaction.mapped]
    if unmapped := [reaction for reaction in distinct if not reaction.mapped]:
        found, faults = funnel(map_atoms(unmapped))
        ready = deduplicate([*ready, *found])
        report(f"{len(unmapped)} without maps, {len(found)} mapped {dict(faults)}, {len(ready)} distinct with maps")
    stage.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(stage, pickle.dumps(ready))
    return ready


def _source_ids(path: Path) -> dict[int, str]:
    """What the table's collection calls each line, where it has a column ``source_id``."""
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as handle:
        rows = csv.DictReader(handle, delimiter="\t")
        return {line: " ".join((row.get("source_id") or "").split()) for line, row in enumerate(rows, start=2)}


def without_held_out(
    reactions: Sequence[CleanReaction], settings: IndexSettings
) -> tuple[list[CleanReaction], Counter[str]]:
    """The reactions that may be shown, and the numbers of those kept out for measuring and tuning.

    Both go by the product without stereo, as in the training of the one-step model.
    """
    held = {reaction.product_flat for reaction in reactions if reaction.held_out}
    candidates = {one.product_flat for one in reactions if one.reaction_class or not settings.classified} - held
    development = development_products(candidates, settings.development)
    left_out: Counter[str] = Counter()
    kept: list[CleanReaction] = []
    for reaction in reactions:
        if reaction.product_flat in held:
            left_out["held_out"] += 1
        elif reaction.product_flat in development:
            left_out["development"] += 1
        else:
            kept.append(reaction)
    return kept, left_out


def by_centre(
    reactions: Sequence[CleanReaction], source_ids: dict[int, str], workers: int
) -> dict[int, list[Reported]]:
    """Reported reactions by the key of their centre, keys and reactions in order; those without a centre left out."""
    keys = _in_chunks(_keys_of, [reaction.mapped for reaction in reactions], workers, "centres found")
    centres: dict[int, list[Reported]] = defaultdict(list)
    for key, one in zip(keys, reactions, strict=True):
        if key is not None:
            source, name = " ".join(one.source.split()), source_ids.get(one.row, "")
            centres[key].append(Reported(one.product, one.reactants, one.reaction_class, source, one.row, name))
    for some in centres.values():
        some.sort(key=lambda reported: (reported.product, reported.reactants))
    return dict(sorted(centres.items()))


def write_centres(out: Path, centres: dict[int, list[Reported]]) -> None:
    """Write the files of an index folder, the card excepted."""
    first, blocks = zip(*packed(centres.items()), strict=True)
    arrays = io.BytesIO()
    starts = np.cumsum([0, *map(len, blocks)], dtype=np.int64)
    np.savez_compressed(arrays, first=np.array(first, dtype=np.uint64), starts=starts)
    write_bytes(out / "reactions.lzma", b"".join(blocks))
    write_bytes(out / "blocks.npz", arrays.getvalue())


def _in_chunks(function: Callable[[list[Any]], list[Any]], items: Sequence[Any], workers: int, label: str) -> list[Any]:
    chunks = [list(items[start : start + _CHUNK]) for start in range(0, len(items), _CHUNK)]
    answers: list[Any] = []
    for part in compute.map(function, chunks, workers=workers, label=f"{label}, {_CHUNK} each"):
        if isinstance(part, compute.Failure):
            raise ComputeError(part.cause, where=part.where, mend=part.mend)
        answers += part
    return answers


def _clean_all(raw: list[RawReaction]) -> list[CleanReaction | str]:
    return [try_clean(one) for one in raw]


def _keys_of(mapped: list[str]) -> list[int | None]:
    return [centre_key(text) for text in mapped]
