"""How words and characters of a language are compared: stems of English, simplified characters of Chinese."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from bencao.kernel.errors import EngineMissing

WORD = re.compile(r"[A-Za-z0-9]+(?:['’][A-Za-z]+)?|[^\sA-Za-z0-9]")
_DOUBLED = re.compile(r"([bdfgklmnprt])\1$")


@cache
def stem(word: str) -> str:
    """What forms of an English word share: tablet and tablets, study and studies, dosed and dosing.

    Examples
    --------
    >>> stem("studies") == stem("Study"), stem("dosing") == stem("dosed"), stem("adverse") == stem("adversely")
    (True, True, False)
    """
    low = word.lower().replace("’", "'").removesuffix("'s")
    if len(low) <= 3 or not low.isalpha():
        return low
    if low.endswith("ies") and len(low) > 4:
        return low[:-3] + "y"
    for ending in ("sses", "ches", "shes", "xes", "zes"):
        if low.endswith(ending):
            return low[:-2]
    if low.endswith("s") and not low.endswith(("ss", "us", "is")):
        low = low[:-1]
    for ending in ("ing", "ed"):
        if low.endswith(ending) and len(low) - len(ending) >= 3 and re.search("[aeiouy]", low[: -len(ending)]):
            return _DOUBLED.sub(r"\1", low[: -len(ending)]).removesuffix("e")
    return low.removesuffix("e") if len(low) > 4 else low


@cache
def _converter() -> Any:
    try:
        import opencc
    except ModuleNotFoundError:
        raise EngineMissing("traditional characters need opencc", mend="pip install 'bencao[submission]'") from None
    return opencc.OpenCC("t2s")


def simplified(text: str) -> str:
    """Chinese text in simplified characters.

    Examples
    --------
    >>> simplified("臨床試驗")
    '临床试验'
    """
    converted: str = _converter().convert(text) if any(character >= "\u3400" for character in text) else text
    return converted
