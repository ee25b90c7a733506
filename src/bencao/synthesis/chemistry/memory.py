"""What is learnt of molecules is kept for who asks next, and can be forgotten all at once."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from functools import _lru_cache_wrapper

Answer = TypeVar("Answer")

_FORGETTING: list[Callable[[], None]] = []


def remembered(most: int) -> Callable[[Callable[..., Answer]], _lru_cache_wrapper[Answer]]:
    """Keep up to `most` answers of a function, until `forget`."""

    def keep(function: Callable[..., Answer]) -> _lru_cache_wrapper[Answer]:
        kept = lru_cache(maxsize=most)(function)
        _FORGETTING.append(kept.cache_clear)
        return kept

    return keep


def forget() -> None:
    """Forget what was learnt of molecules, and give the memory back to the system.

    For long files of targets: what one of them brought is of little use to the next, fills the memory, and what is
    kept from here and there holds it in pieces. Models, templates and lists stay as they are.
    """
    for each in _FORGETTING:
        each()
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's; another C library may have none
        if trim:
            trim(0)
