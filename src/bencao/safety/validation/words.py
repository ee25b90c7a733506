"""The two languages of findings."""

from __future__ import annotations

from collections.abc import Sequence


def pick(lang: str, english: str, chinese: str) -> str:
    """The words in the language asked for."""
    return chinese if lang == "zh" else english


def join(lang: str, parts: Sequence[str], both: bool = False) -> str:
    """A list in words: ``a, b or c``, or with `both` ``a, b and c``."""
    if len(parts) < 2:
        return "".join(parts)
    if lang == "zh":
        return ("，且" if both else "或").join(parts)
    return f"{', '.join(parts[:-1])} {'and' if both else 'or'} {parts[-1]}"
