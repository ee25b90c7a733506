"""How many Tanimoto comparisons a CPU second makes, and that they are RDKit's.

python benchmarks/discovery/similarity_speed.py LIBRARY [--molecules 1000000] [--queries 3] [--json]

LIBRARY gives real fingerprints (ECFP4, 2,048 bits), up to 20,000 of them; they are repeated to the number asked for. No
bound is used: every fingerprint is compared. The peer in the same run is RDKit's BulkTanimotoSimilarity.
"""

from __future__ import annotations

import argparse
import itertools
import time
from pathlib import Path

import numpy as np
from rdkit import DataStructs
from showing import show

from bencao.discovery.molecules.reading import read_library
from bencao.discovery.similarity.tanimoto import fingerprint, tanimoto


def main() -> None:
    """Compare, check, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library", type=Path)
    parser.add_argument("--molecules", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures = measure(arguments.library, arguments.molecules, arguments.queries)
    show(figures, arguments.json, "{:,.0f}".format)


def measure(library: Path, molecules: int, queries: int) -> dict[str, float]:
    """Comparisons a CPU second: the median of the queries, lowest and highest; differences from RDKit's values."""
    real = [fingerprint(row.molecule()) for row in itertools.islice(read_library(library), 20_000)]
    prints = np.resize(np.array(real), (molecules, len(real[0])))
    bits = np.bitwise_count(prints).sum(axis=1, dtype=np.uint16)
    theirs = [_explicit(one) for one in real]
    rates, peers, different = [], [], 0
    for query in range(queries):
        began = time.process_time()
        ours = tanimoto(prints, bits, prints[query])
        rates.append(molecules / (time.process_time() - began))
        began = time.process_time()
        expected = DataStructs.BulkTanimotoSimilarity(theirs[query], theirs)
        peers.append(len(theirs) / (time.process_time() - began))
        different += int((np.array(expected)[:molecules] != ours[: len(expected)]).sum())
    figures: dict[str, float] = {"n": molecules, "queries": queries, "real_fingerprints": len(real)}
    figures |= {"comparisons_per_cpu_second": float(np.median(rates)), "lowest": min(rates), "highest": max(rates)}
    return figures | {"rdkit_per_cpu_second": float(np.median(peers)), "different_from_rdkit": different}


def _explicit(words: np.ndarray) -> DataStructs.ExplicitBitVect:
    return DataStructs.CreateFromBinaryText(np.asarray(words).tobytes())


if __name__ == "__main__":
    main()
