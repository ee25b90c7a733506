"""The number of a Chinese identity card, and its check character."""

from __future__ import annotations

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def check_character(body: str) -> str:
    """The last character of an identity card, from its first 17 digits (GB 11643-1999: ISO 7064 MOD 11-2)."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True)) % 11]


def is_identity(number: str) -> bool:
    """Whether 18 characters are an identity card's number with the right check character; its date is not looked at."""
    return len(number) == 18 and number[:17].isdigit() and check_character(number[:17]) == number[17].upper()
