"""Check digits of identifiers."""

from __future__ import annotations


def luhn_check(first: str) -> str:
    """The last digit of a card's number (ISO/IEC 7812-1) after the digits before it."""
    total = 0
    for place, digit in enumerate(reversed(first)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def is_card(number: str) -> bool:
    """Whether 13 to 19 digits pass the check of a bank card."""
    return number.isdigit() and 13 <= len(number) <= 19 and luhn_check(number[:-1]) == number[-1]


def is_nhs(number: str) -> bool:
    """Whether ten digits are an NHS number (modulus 11)."""
    if len(number) != 10 or not number.isdigit():
        return False
    rest = 11 - sum((10 - place) * int(digit) for place, digit in enumerate(number[:9])) % 11
    return rest != 10 and rest % 11 == int(number[9])
