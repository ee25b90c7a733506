"""A patient's sex as hospitals write it."""

from __future__ import annotations

MALE, FEMALE, UNKNOWN = 8507, 8532, 8551  # OMOP's concepts of the domain Gender

# GB/T 2261.1-2003 numbers the sexes: 0 unknown, 1 male, 2 female, 9 not told.
_SEXES = {
    **dict.fromkeys(("m", "male", "男", "男性", "1", "boy", "man"), MALE),
    **dict.fromkeys(("f", "female", "女", "女性", "2", "girl", "woman"), FEMALE),
    **dict.fromkeys(("u", "unknown", "未知", "不详", "0", "9", "未说明", "other"), UNKNOWN),
}


def read_sex(text: str) -> int | None:
    """OMOP's concept of a sex; None where it is not known.

    Examples
    --------
    >>> read_sex("女"), read_sex("1"), read_sex("?")
    (8532, 8507, None)
    """
    return _SEXES.get(text.strip().translate(str.maketrans("０１２９", "0129")).lower())
