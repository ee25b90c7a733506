"""What the audit's replay says of true reactions, and of the same with a reactant exchanged.

python benchmarks/synthesis/audit_replay.py FILE.csv [--sample N] [--workers N] [--json] [--predictions FILE]

Each reported, atom-mapped reaction is replayed with its mapping, without it (so that the audit must guess), and without
it after its largest reactant was exchanged for one of like size of another reaction, which makes it false.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from command import run
from intervals import percent
from reported_reactions import read_reported, seeded_sample
from rich.console import Console
from rich.table import Table

from bencao.kernel import compute
from bencao.kernel.files import write_text
from bencao.synthesis.audit.mapping import plain
from bencao.synthesis.audit.replay import replay
from bencao.synthesis.train.reactions import CleanReaction, RawReaction, try_clean

ITEM_SECONDS = 120.0
SHOWN = {
    "ok_mapped": "true, with their mapping: without error",
    "ok_guessed": "true, mapping removed: without error",
    "same_change": "true, mapping removed: as many bonds change as in their mapping",
    "false_found": "a reactant exchanged: with an error",
    "false_flagged": "a reactant exchanged: with an error, or a warning beside the guess",
}


@dataclass(frozen=True)
class Case:
    """A reaction: molecules without maps, the mapping, and the reactants of its false twin."""

    product: str
    reactants: str
    mapped: str
    false: str


@dataclass(frozen=True)
class Replayed:
    """Findings of the three replays: kinds of errors, and of warnings other than the guessed mapping."""

    case: Case
    mapped: tuple[str, ...]
    guessed: tuple[str, ...]
    false: tuple[str, ...]
    false_warnings: tuple[str, ...]
    bonds_mapped: int
    bonds_guessed: int


def cases(reactions: Sequence[CleanReaction]) -> list[Case]:
    """Each reaction with its false twin; the reactant that comes in is the nearest in length of SMILES."""
    sides = [sorted(plain(part) for part in reaction.reactants.split(".")) for reaction in reactions]
    pool = sorted({part for side in sides for part in side}, key=lambda part: (len(part), part))
    made = []
    for reaction, side in zip(reactions, sides, strict=True):
        largest = max(side, key=len)
        other = min((part for part in pool if part not in side), key=lambda part: abs(len(part) - len(largest)))
        false = [other, *side[: side.index(largest)], *side[side.index(largest) + 1 :]]
        made.append(Case(plain(reaction.product), ".".join(side), reaction.mapped, ".".join(sorted(false))))
    return made


def replay_case(case: Case) -> Replayed:
    """Replay a reaction and its twin."""
    mapped = replay(case.product, case.reactants, mapped=case.mapped)
    guessed, false = replay(case.product, case.reactants), replay(case.product, case.false)
    errors = [
        tuple(fault.kind for fault in one.faults if fault.severity == "error") for one in (mapped, guessed, false)
    ]
    warnings = tuple(fault.kind for fault in false.faults if fault.severity == "warning" and fault.kind != "mapping")
    return Replayed(case, *errors, warnings, mapped.bonds_changed, guessed.bonds_changed)


def figures(done: Sequence[Replayed]) -> dict[str, Any]:
    """Shares in percent with their Wilson intervals."""
    hits = {
        "ok_mapped": sum(not one.mapped for one in done),
        "ok_guessed": sum(not one.guessed for one in done),
        "same_change": sum(one.bonds_mapped == one.bonds_guessed for one in done),
        "false_found": sum(bool(one.false) for one in done),
        "false_flagged": sum(bool(one.false or one.false_warnings) for one in done),
    }
    result: dict[str, Any] = {"n": len(done)}
    for name, number in hits.items():
        result |= percent(name, number, len(done))
    return result


def show(result: dict[str, Any]) -> None:
    """Print the shares."""
    table = Table("", "% (95 % Wilson interval)", title=f"replay of {result['n']} reactions")
    for name, words in SHOWN.items():
        table.add_row(words, "{:.1f} ({:.1f}-{:.1f})".format(*(result[name + end] for end in ("", "_low", "_high"))))
    Console().print(table)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help=".csv or .tsv with a column rxn_smiles, atom-mapped")
    parser.add_argument("--sample", type=int, help="replay so many, drawn with the seed")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write what was found in each reaction, one JSON a line")
    return parser.parse_args()


def main() -> None:
    """Run on a file of reactions."""
    arguments = _arguments()
    sample = seeded_sample(read_reported(arguments.file), arguments.sample, arguments.seed)
    rows = [RawReaction(one.row, "", 0, held_out=False, mapped=True, smiles=one.rxn_smiles) for one in sample]
    reactions = [one for one in map(try_clean, rows) if isinstance(one, CleanReaction)]
    results = compute.map(
        replay_case, cases(reactions), workers=arguments.workers, timeout=ITEM_SECONDS, label="reactions replayed"
    )
    done = [one for one in results if isinstance(one, Replayed)]
    if arguments.predictions:
        write_text(arguments.predictions, "".join(json.dumps(asdict(one)) + "\n" for one in done))
    result = figures(done) | {"unread": len(rows) - len(reactions), "crashed": len(results) - len(done)}
    print(json.dumps(result | {"seed": arguments.seed})) if arguments.json else show(result)


if __name__ == "__main__":
    run(main)
