"""Plans with RENKIN for `planners.py`: settings and targets in, a line each; JSON answers out.

Runs in RENKIN's own environment, with its own rules: it reads no network. Our stock is given to it as SMILES.
"""

from __future__ import annotations

import json
import math
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import renkin


def plan(stock: list[str], smiles: str, seconds: float, depth: int, most: int) -> dict[str, Any]:
    """One search to its end or the limit; RENKIN's clock counts whole seconds of the wall."""
    began = time.process_time()
    found = json.loads(
        renkin.find_routes(
            smiles,
            depth=depth,
            max_routes=most,
            building_blocks=stock,
            exclude_target_from_stock=True,
            time_limit_seconds=math.ceil(seconds),
        )
    )
    routes = [[f"{step['target']}>>{'.'.join(step['precursors'])}" for step in one["steps"]] for one in found["routes"]]
    spent = time.process_time() - began
    return {"solved": bool(routes), "seconds": spent, "rounds": 0, "routes": routes}


def main() -> None:
    """Answer each line of standard input; the first holds the settings."""
    answers, sys.stdout = sys.stdout, sys.stderr
    settings = json.loads(sys.stdin.readline())
    stock = Path(settings["stock_smiles"]).read_text(encoding="utf-8").split()
    print(json.dumps({"renkin": version("renkin")}), file=answers, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        seconds, most = asked.get("seconds", settings["seconds"]), asked.get("routes", 1)
        print(json.dumps(plan(stock, asked["smiles"], seconds, settings["depth"], most)), file=answers, flush=True)


if __name__ == "__main__":
    main()
