"""Plans with RENKIN for `planners.py`: settings and targets in, a line each; JSON answers out.

Runs in RENKIN's own environment, with its own rules: it reads no network. Our stock is given to it as SMILES, which it
reads anew in every call; what that takes is measured once, on a target without a step, and not counted.
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

_NO_STEP = "C"
_WALL = 3  # its limit is whole seconds of the wall: so many for each CPU second, as the machine may have other work


def plan(stock: list[str], smiles: str, seconds: float, depth: int, most: int) -> dict[str, Any]:
    """One search to its end or the limit."""
    began = time.process_time()
    found = json.loads(
        renkin.find_routes(
            smiles,
            depth=depth,
            max_routes=most,
            building_blocks=stock,
            exclude_target_from_stock=True,
            time_limit_seconds=math.ceil(_WALL * seconds),
        )
    )
    spent = time.process_time() - began
    routes = [[f"{step['target']}>>{'.'.join(step['precursors'])}" for step in one["steps"]] for one in found["routes"]]
    return {"solved": bool(routes), "seconds": spent, "rounds": 0, "routes": routes, "ended": found["termination"]}


def main() -> None:
    """Answer each line of standard input; the first holds the settings."""
    answers, sys.stdout = sys.stdout, sys.stderr
    settings = json.loads(sys.stdin.readline())
    stock = Path(settings["stock_smiles"]).read_text(encoding="utf-8").split()
    reading = min(plan(stock, _NO_STEP, 60, 1, 1)["seconds"] for _ in range(3))
    hello = {"renkin": version("renkin"), "stock": len(stock), "reading_stock_s": round(reading, 3)}
    print(json.dumps(hello), file=answers, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        seconds, most = asked.get("seconds", settings["seconds"]), asked.get("routes", 1)
        answer = plan(stock, asked["smiles"], seconds + reading, settings["depth"], most)
        answer["seconds"] = max(0.001, answer["seconds"] - reading)
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
