"""Put errors into clean pairs of a translation memory, one at a time, and count how many the quality checks find.

python benchmarks/submission/qa.py FILE.tmx [--half tune|held] [--seed 1] [--pofilter PROGRAM] [--json]
    [--predictions FILE]
python benchmarks/submission/qa.py --check FILE.tmx

FILE.tmx holds English and Chinese. An error counts as found where the pair gets a finding that the clean pair has not.
The checks were tuned on the half that ``--half tune`` names (by SHA-256 of seed 6 and the pair); ``held`` is the rest.
With ``--pofilter`` the same pairs are given to translate-toolkit's pofilter (GPL, from an environment of its own).
With ``--check`` nothing is injected: each pair is checked and told in one JSON line, for any other injector.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from pathlib import Path

from injection import INJECTORS, Pair, inject
from pofilter import flagged
from rich.console import Console
from rich.table import Table

from bencao.kernel.files import write_text
from bencao.submission.exchange import read_tmx, text_of
from bencao.submission.quality import Finding, check_texts

_SPLIT_SEED = 6
_DRAWS = 2000


def read_pairs(path: Path) -> list[Pair]:
    """The pairs of a file that have both languages."""
    pairs = []
    for number, unit in enumerate(read_tmx(path).units):
        english, chinese = unit.variant("en"), unit.variant("zh")
        if english and chinese:
            pairs.append(Pair(unit.id or str(number), text_of(english.content), text_of(chinese.content)))
    return pairs


def half_of(pair: Pair) -> str:
    """Which half of a file a pair belongs to."""
    digest = hashlib.sha256(f"{_SPLIT_SEED}\0{pair.english}\0{pair.chinese}".encode()).digest()
    return "held" if digest[0] % 2 else "tune"


def _told(findings: list[Finding]) -> set[tuple[str, str, str, str]]:
    return {(found.kind, found.rule, found.source, found.target) for found in findings}


def clustered(hits: list[tuple[str, bool]], seed: int) -> tuple[float, float, float]:
    """A share in percent with its 95 % bootstrap interval, pairs drawn whole."""
    by_pair: dict[str, list[bool]] = {}
    for pair, hit in hits:
        by_pair.setdefault(pair, []).append(hit)
    sums = [(sum(group), len(group)) for group in by_pair.values()]
    if not sums:
        return 0.0, 0.0, 100.0
    choice = random.Random(seed)
    shares = []
    for _ in range(_DRAWS):
        drawn = choice.choices(sums, k=len(sums))
        shares.append(sum(hit for hit, _ in drawn) / sum(n for _, n in drawn))
    shares.sort()
    share = sum(hit for hit, _ in sums) / sum(n for _, n in sums)
    return 100 * share, 100 * shares[int(0.025 * _DRAWS)], 100 * shares[int(0.975 * _DRAWS) - 1]


def main() -> None:
    """Inject, check, count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="a TMX file with English and Chinese")
    parser.add_argument("--check", action="store_true", help="only flag, one JSON line a pair")
    parser.add_argument("--half", choices=("tune", "held"), help="score this half of the pairs alone")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pofilter", help="path of translate-toolkit's pofilter, measured on the same pairs")
    parser.add_argument("--json", action="store_true", help="one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write what was scored, pair by pair")
    given = parser.parse_args()
    pairs = [pair for pair in read_pairs(given.file) if given.half in (None, half_of(pair))]
    if given.check:
        for pair in pairs:
            found = check_texts(pair.english, pair.chinese)
            listed = [{"kind": f.kind, "rule": f.rule, "source": f.source, "target": f.target} for f in found]
            print(json.dumps({"id": pair.id, "flagged": bool(found), "findings": listed}, ensure_ascii=False))
        return
    figures, lines = score(pairs, given.seed)
    if given.pofilter:
        figures |= peer(lines, given.pofilter, given.seed)
    if given.predictions:
        write_text(given.predictions, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    if given.json:
        print(json.dumps(figures))
    else:
        _print(figures)


def score(pairs: list[Pair], seed: int) -> tuple[dict[str, float], list[dict[str, object]]]:
    """The figures, and what they count."""
    start = time.process_time()
    clean = {pair: _told(check_texts(pair.english, pair.chinese)) for pair in pairs}
    seconds = time.process_time() - start
    by_id = {pair.id: found for pair, found in clean.items()}
    hits = {"clean_flagged": [(pair.id, bool(found)) for pair, found in clean.items()]}
    lines: list[dict[str, object]] = [
        {"class": "clean", "id": pair.id, "english": pair.english, "chinese": pair.chinese, "flagged": bool(found)}
        for pair, found in clean.items()
    ]
    for kind in INJECTORS:
        hits[kind] = []
        for pair in inject(pairs, kind, seed):
            found = bool(_told(check_texts(pair.english, pair.chinese)) - by_id[pair.id])
            hits[kind].append((pair.id, found))
            lines.append(
                {"class": kind, "id": pair.id, "english": pair.english, "chinese": pair.chinese, "flagged": found}
            )
    figures: dict[str, float] = {"n": len(pairs)}
    for kind, scored in hits.items():
        share, low, high = clustered(scored, seed)
        figures |= {kind: round(share, 2), f"{kind}_low": round(low, 2), f"{kind}_high": round(high, 2)}
        figures |= {f"{kind}_n": len(scored), f"{kind}_pairs": len({pair for pair, _ in scored})}
    figures |= {"segments_a_second": round(len(pairs) / seconds) if seconds else 0, "seed": seed}
    return figures, lines


def peer(lines: list[dict[str, object]], program: str, seed: int) -> dict[str, float]:
    """The share of each class that pofilter names, clean pairs among them; it counts what it names, new or not."""
    pairs = [Pair(str(line["id"]), str(line["english"]), str(line["chinese"])) for line in lines]
    start = time.perf_counter()
    named = flagged(pairs, program)
    seconds = time.perf_counter() - start
    figures: dict[str, float] = {"pofilter_segments_a_second": round(len(pairs) / seconds)}
    for kind in ("clean", *INJECTORS):
        hits = [(pair.id, hit) for pair, hit, line in zip(pairs, named, lines, strict=True) if line["class"] == kind]
        share, low, high = clustered(hits, seed)
        name = "pofilter_clean_flagged" if kind == "clean" else f"pofilter_{kind}"
        figures |= {name: round(share, 2), f"{name}_low": round(low, 2), f"{name}_high": round(high, 2)}
    return figures


def _print(figures: dict[str, float]) -> None:
    with_peer = "pofilter_digit" in figures
    table = Table("", "%", "95 %", "n", "pairs", *(["pofilter %"] if with_peer else []))
    for kind in ("clean_flagged", *INJECTORS):
        interval = f"{figures[f'{kind}_low']}-{figures[f'{kind}_high']}"
        cells = [kind, str(figures[kind]), interval, str(figures[f"{kind}_n"]), str(figures[f"{kind}_pairs"])]
        table.add_row(*cells, *([str(figures[f"pofilter_{kind}"])] if with_peer else []))
    Console().print(table)
    print(f"{figures['segments_a_second']:,} segments a second; seed {figures['seed']}")


if __name__ == "__main__":
    main()
