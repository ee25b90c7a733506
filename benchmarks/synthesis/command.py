"""Ends a benchmark as every command of the house ends: one line and exit code 2 where its input cannot be used."""

from __future__ import annotations

import sys
from collections.abc import Callable

from bencao.kernel.errors import BencaoError


def run(main: Callable[[], None]) -> None:
    """Call `main`."""
    try:
        main()
    except BencaoError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
