"""Make the two models that stand beside the template network: the site network, and the ranker over both.

python training/synthesis_ensemble.py sites [--reactions TABLE] [--work DIR]
python training/synthesis_ensemble.py ranker [--reactions TABLE] [--work DIR]
python training/synthesis_ensemble.py figures --figures FILE.json

In this order, after ``synthesis_templates.py``, whose finished stages are used from its work folder. The third enters
what ``benchmarks/synthesis/single_step.py --model full --json`` measured into the ranker's card.
"""

from __future__ import annotations

import argparse
from datetime import date
from functools import cache, partial
from pathlib import Path

from bencao.kernel import models
from bencao.kernel.files import sha256_of
from bencao.synthesis.chemistry.template import PreparedMolecule, canonical, canonical_set
from bencao.synthesis.ensemble.candidates import Candidate, candidates
from bencao.synthesis.ensemble.ranker import MODEL_NAME, SHIPPED_RANKER, UseTable, features
from bencao.synthesis.ensemble.sites import SHIPPED_SITES, SiteModel
from bencao.synthesis.proposer import SHIPPED_MODEL, load_proposer
from bencao.synthesis.train.graph_network import GraphSettings
from bencao.synthesis.train.pipeline import cleaned, development, finished, in_processes, split, with_maps
from bencao.synthesis.train.ranking import Example, RankingSettings, count_reactants, fit_ranker, write_ranker
from bencao.synthesis.train.reactions import CleanReaction
from bencao.synthesis.train.sites import SiteSettings, train_sites
from synthesis_templates import REACTIONS, SETTINGS, SOURCE, measured

SCRIPT = "training/synthesis_ensemble.py"
SITES = SiteSettings(data=SETTINGS, minimum=2, network=GraphSettings(epochs=8))
RANKING = RankingSettings()


def main() -> None:
    """Run one of the three."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("what", choices=("sites", "ranker", "figures"))
    options.add_argument("--reactions", type=Path, default=REACTIONS)
    options.add_argument("--work", type=Path, default=Path(f"{SHIPPED_MODEL}.work"), help="folder of finished stages")
    options.add_argument("--figures", type=Path)
    chosen = options.parse_args()
    if chosen.what == "figures":
        models.add_figures(SHIPPED_RANKER, MODEL_NAME, measured(chosen.figures))
    elif chosen.what == "sites":
        made = date.today()
        train_sites(
            chosen.reactions, SHIPPED_SITES, chosen.work, settings=SITES, source=SOURCE, script=SCRIPT, made=made
        )
    else:
        make_ranker(chosen.reactions, chosen.work)


def make_ranker(reactions: Path, work: Path) -> None:
    """Learn from the candidates of the development products what was reported."""
    digest = sha256_of(reactions)[:16]
    stage = partial(finished, work, digest)
    clean: list[CleanReaction] = stage("clean", lambda: cleaned(reactions, SETTINGS.workers, print))
    mapped: list[CleanReaction] = stage("mapped", lambda: with_maps(clean, print))
    learned, _ = split(mapped, SETTINGS, print)
    kept_out = development(mapped, SETTINGS)[::2]  # half of them are enough
    products = sorted({reaction.product for reaction in kept_out})
    found: list[list[Candidate]] = stage("candidates", lambda: in_processes(_candidates, products, SETTINGS.workers))
    by_product = dict(zip(products, found, strict=True))
    uses = count_reactants(learned)
    examples = [_example(reaction, by_product[reaction.product], uses) for reaction in kept_out]
    write_ranker(SHIPPED_RANKER / "ranker.npz", fit_ranker(examples, RANKING, print), uses)
    models.write_card(
        SHIPPED_RANKER,
        MODEL_NAME,
        version=f"{date.today().isoformat()}-{digest}",
        task="candidates of a molecule in, probability out that each is the reactant set that was reported",
        files=["ranker.npz"],
        trained_on=[models.TrainingSource(source=SOURCE.name, licence=SOURCE.licence, rows=len(examples))],
        split=(
            f"learned from {len(products)} of the development products, which the template and site networks have not "
            f"seen; uses counted in the {len(learned)} reactions those learned from"
        ),
        figures={},
        script=SCRIPT,
        made=date.today(),
        limits="A probability of what a patent reported, for molecules like those; not of success, and not of a yield.",
    )


def _candidates(product: str) -> list[Candidate]:
    try:
        return candidates(PreparedMolecule(canonical(product) or product), load_proposer(), _sites())
    except Exception as error:  # a product that breaks a tool has no candidates; the run goes on
        print(f"{product}: {error}")
        return []


@cache
def _sites() -> SiteModel:
    return SiteModel()


def _example(reaction: CleanReaction, found: list[Candidate], uses: UseTable) -> Example:
    right = canonical_set(reaction.reactants)
    sets = [candidate.reactants for candidate in found]
    return Example(features(reaction.product, found, uses), sets.index(right) if right in sets else -1)


if __name__ == "__main__":
    main()
