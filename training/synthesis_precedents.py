"""Make the shipped index of precedents.

python training/synthesis_precedents.py [--reactions TABLE] [--out DIR] [--workers N]
python training/synthesis_precedents.py --figures FILE.json

Held out are the products of the measuring split and those that the one-step model was tuned on. The second line writes
what ``benchmarks/synthesis/precedents.py --json`` measured of the finished index into its card.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bencao.kernel.models import ModelFigure, add_figures
from bencao.synthesis.precedents import SHIPPED_INDEX
from bencao.synthesis.precedents.build import IndexSettings, build_index
from bencao.synthesis.precedents.index import INDEX_NAME
from synthesis_templates import REACTIONS, SETTINGS, SOURCE


def measured(path: Path) -> dict[str, ModelFigure]:
    """The shares with a precedent and the time of a lookup, as figures of a card."""
    found = json.loads(path.read_text(encoding="utf-8"))
    shares = {
        f"uspto50k_valid_{key}": ModelFigure(
            value=found[key], n=found[f"{key}_n"], interval=(found[f"{key}_low"], found[f"{key}_high"])
        )
        for key in ("top1", "top10")
    }
    return {**shares, "lookup_median_ms": ModelFigure(value=found["median_ms"], n=found["top10_n"])}


def main() -> None:
    """Build the index, or enter figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--reactions", type=Path, default=REACTIONS)
    options.add_argument("--out", type=Path, default=SHIPPED_INDEX)
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--figures", type=Path, help="enter these into the card instead of building")
    chosen = options.parse_args()
    if chosen.figures:
        add_figures(chosen.out, INDEX_NAME, measured(chosen.figures))
        return
    settings = IndexSettings(
        development=SETTINGS.development,
        classified=SETTINGS.classified,
        source_ids=False,  # the collections number their rows anew; the table's patent numbers are of held-out rows
        source=SOURCE.name,
        licence=SOURCE.licence,
        script="training/synthesis_precedents.py",
        workers=chosen.workers,
    )
    build_index(chosen.reactions, chosen.out, settings=settings)


if __name__ == "__main__":
    main()
