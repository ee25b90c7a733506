"""Share of true reactions that the forward check lets pass.

python benchmarks/synthesis/forward_share.py FILE.csv [--sample N] [--workers N] [--json] [--predictions FILE]

For each reported, atom-mapped reaction its own retro template is extracted and applied to the product; the outcome
that is the reported reactant set is checked forwards. A true step that fails the check is a step the planner loses.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from command import run
from intervals import percent
from reported_reactions import ReportedReaction, read_reported, seeded_sample
from rich.console import Console
from rich.table import Table

from bencao.kernel import compute
from bencao.kernel.files import write_text
from bencao.synthesis.chemistry.forward import forward_check
from bencao.synthesis.chemistry.template import PreparedMolecule, RetroTemplate, canonical, canonical_set
from bencao.synthesis.train.reactions import RawReaction, UnusableReaction, clean_reaction
from bencao.synthesis.train.templates import extract

ITEM_SECONDS = 120.0


@dataclass(frozen=True)
class Checked:
    """What the forward check says of a true reaction.

    Attributes
    ----------
    stage : str
        ``ok``; else where it was lost: ``unreadable``, ``no template``, ``not reproduced`` (the template does not
        give the reported reactants), ``check failed`` or ``crashed``.
    reason : str
        In the words of that stage.
    stereo : str
        Of the verdict; empty where there is none.
    outcomes : int
        Number of different products of the forward run.
    leaving : tuple of str
        Formulas that are not in the product.
    """

    reaction: ReportedReaction
    stage: str
    reason: str = ""
    stereo: str = ""
    outcomes: int = 0
    leaving: tuple[str, ...] = ()


def check(reaction: ReportedReaction) -> Checked:
    """Extract, apply, find the truth, check it forwards."""
    try:
        raw = RawReaction(reaction.row, "", 0, held_out=False, mapped=True, smiles=reaction.rxn_smiles)
        clean = clean_reaction(raw)
    except UnusableReaction as error:
        return Checked(reaction, "unreadable", str(error))
    smarts = extract(clean.mapped)
    if smarts.startswith("!"):
        return Checked(reaction, "no template", smarts[1:])
    template, product = RetroTemplate(smarts), PreparedMolecule(canonical(clean.product))
    truth = canonical_set(clean.reactants)
    found = [outcome for outcome in template.apply(product) if outcome.reactants == truth]
    if not found:
        return Checked(reaction, "not reproduced", "the template does not give the reported reactants")
    verdict = forward_check(template, found[0], product)
    stage = "ok" if verdict.ok else "check failed"
    return Checked(reaction, stage, verdict.reason, verdict.stereo, verdict.outcomes, verdict.leaving)


def check_all(reactions: Sequence[ReportedReaction], workers: int = 2) -> list[Checked]:
    """Check every reaction, in the order given."""
    results = compute.map(check, reactions, workers=workers, timeout=ITEM_SECONDS, label="reactions checked")
    return [
        Checked(reaction, "crashed", f"{result.kind}: {result.cause}")
        if isinstance(result, compute.Failure)
        else result
        for reaction, result in zip(reactions, results, strict=True)
    ]


def figures(checked: Sequence[Checked]) -> dict[str, Any]:
    """Shares in percent with their Wilson intervals.

    ``ok`` is of all reactions; ``ok_of_reproduced``, ``balanced`` (nothing leaves: every heavy atom of the reactants
    is in the product), ``selective`` (the forward run gives one product) and ``stereo_…`` are of those whose template
    gives the reported reactants.
    """
    reproduced = [one for one in checked if one.stereo]
    ok = sum(one.stage == "ok" for one in checked)
    result: dict[str, Any] = {"n": len(checked), "n_reproduced": len(reproduced)}
    result |= percent("ok", ok, len(checked))
    result |= percent("ok_of_reproduced", ok, len(reproduced))
    result |= percent("balanced", sum(not one.leaving for one in reproduced), len(reproduced))
    result |= percent("selective", sum(one.outcomes == 1 for one in reproduced), len(reproduced))
    for kind in ("kept", "lost", "unspecified"):
        result[f"stereo_{kind}"] = sum(one.stereo == kind for one in reproduced)
    stages = Counter(one.stage for one in checked)
    for stage in ("unreadable", "no template", "not reproduced", "check failed", "crashed"):
        result[stage.replace(" ", "_")] = stages[stage]
    return result


def show(checked: Sequence[Checked]) -> None:
    """Print the shares, and the reasons by their number."""
    result = figures(checked)
    table = Table(title=f"forward check of {result['n']} true reactions")
    table.add_column("")
    table.add_column("% (95 % Wilson interval)", justify="right")
    for name in ("ok", "ok_of_reproduced", "balanced", "selective"):
        words = name.replace("_", " ")
        table.add_row(words, "{:.2f} ({:.2f}-{:.2f})".format(*(result[name + end] for end in ("", "_low", "_high"))))
    console = Console()
    console.print(table)
    stereo = ", ".join(f"{kind} {result[f'stereo_{kind}']}" for kind in ("kept", "lost", "unspecified"))
    console.print(f"stereo: {stereo}")
    reasons = Counter((one.stage, _kind(one.reason)) for one in checked if one.stage != "ok")
    for (stage, reason), number in reasons.most_common(20):
        console.print(f"{number:>6}  {stage}: {reason}")


def _kind(reason: str) -> str:
    """The reason without the atom it names."""
    return "a product atom has not one origin" if reason.startswith("atom ") and "origins" in reason else reason


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help=".csv or .tsv with a column rxn_smiles, atom-mapped")
    parser.add_argument("--sample", type=int, help="check so many, drawn with the seed")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write each reaction's verdict, one JSON a line")
    return parser.parse_args()


def main() -> None:
    """Run on a file of reactions."""
    arguments = _arguments()
    reactions = seeded_sample(read_reported(arguments.file), arguments.sample, arguments.seed)
    checked = check_all(reactions, arguments.workers)
    if arguments.predictions:
        write_text(arguments.predictions, "".join(json.dumps(asdict(one)) + "\n" for one in checked))
    if arguments.json:
        print(json.dumps(figures(checked) | {"seed": arguments.seed}))
    else:
        show(checked)


if __name__ == "__main__":
    run(main)
