"""All checks on one pair, and on many."""

from __future__ import annotations

from bencao.kernel.errors import InputError
from bencao.submission.quality.completeness import check_completeness
from bencao.submission.quality.finding import Finding, Language
from bencao.submission.quality.negation import negation_difference
from bencao.submission.quality.numbers import check_numbers


def language_of(code: str) -> Language:
    """The language of a code such as ``zh-CN`` or ``en-GB``.

    Raises
    ------
    InputError
        Where it is neither English nor Chinese.
    """
    head = code.replace("_", "-").partition("-")[0].lower()
    if head not in ("en", "zh"):
        raise InputError(f"language {code!r}", mend="the checks know English (en) and Chinese (zh)")
    return "en" if head == "en" else "zh"


def check_texts(source: str, target: str, source_language: str = "en", target_language: str = "zh") -> list[Finding]:
    """Check the translation of a text.

    Parameters
    ----------
    source, target : str
        Without tags.
    source_language, target_language : str
        ``en`` and ``zh``, or ``zh`` and ``en``; regions are allowed.

    Returns
    -------
    list of Finding
        Empty where nothing is found.

    Raises
    ------
    InputError
        Where a language is neither English nor Chinese, or both are the same.

    Examples
    --------
    >>> [found.rule for found in check_texts("Take 12.5 mg twice a day.", "每日两次，每次12.5克。")]
    ['unit']
    """
    one, two = language_of(source_language), language_of(target_language)
    if one == two:
        raise InputError(f"{source_language} to {target_language}", mend="one language must be English, one Chinese")
    whole = check_completeness(source, target, one, two)
    if whole and whole[0].kind == "untranslated":
        return whole
    found = [*check_numbers(source, target, one, two), *whole]
    english, chinese = (source, target) if one == "en" else (target, source)
    extra = negation_difference(english, chinese)
    if extra:
        found.append(Finding("negation", "negation added" if (extra > 0) == (two == "zh") else "negation dropped"))
    return found
