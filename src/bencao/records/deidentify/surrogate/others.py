"""Surrogates of what is no name and no date: of the same form, right in their check digit, and marked as made up."""

from __future__ import annotations

import re

from bencao.records.deidentify.finding.checks import is_card, luhn_check
from bencao.records.deidentify.secret import Secret
from bencao.records.values.id_cards import check_character, is_identity

# No division of China has this code: an identity number that begins so is made up, though its check digit is right.
MARK_IDENTITY = "999999"
# No bank has this issuer number.
MARK_CARD = "999999"
# No operator has these: a made-up number rings nobody.
MARK_MOBILE = "100"


def surrogate(secret: Secret, category: str, words: str) -> str:
    """What stands in the place of an identifier.

    Parameters
    ----------
    secret : Secret
    category : str
        Not ``name`` and not ``date``.
    words : str
        As it stands in the text, in `plain` form.

    Returns
    -------
    str
    """
    bare = re.sub(r"[\s\-().,/·]", "", words).upper()
    if category == "age":
        return _age(words)
    if category in ("id", "phone", "number", "plate"):
        return _spread(_fresh(secret, category, bare), words)
    number = secret.number(category, bare, 9000) + 1000
    han = re.search("[\u4e00-\u9fff]", words) is not None
    if category == "email":
        return f"user{number}@example.org"
    if category == "url":
        return f"https://example.org/{number}"
    if category == "account":
        return f"id_{number}" if re.search("[A-Za-z]", words) else _spread(_digits(secret, category, bare), words)
    if category == "address":
        return _address(words, number, han)
    if category == "hospital":
        return f"示例第{number}医院" if han else f"Example Hospital {number}"
    if category == "department":
        return f"示例{number}科" if han else f"Example Department {number}"
    return f"示例单位{number}" if han else f"Example Organisation {number}"


def _age(words: str) -> str:
    if words == "九旬":
        return words  # ninety already
    return "九十" if re.search("[\u4e00-\u9fff]", words) else "90" if words[:1].isdigit() else "ninety"


def _address(words: str, number: int, han: bool) -> str:
    if re.fullmatch(r"[\d -]{5,10}", words):
        return re.sub(r"\d", "0", words)
    if not han:
        return f"{number} Example Street, Sampleton" if re.search(r"\d", words) else "Sampleton"
    return f"示例市示例路{number}号" if re.search(r"[\d路街号]", words) or len(words) > 6 else "示例市"


def _fresh(secret: Secret, category: str, bare: str) -> str:
    if is_identity(bare):
        return _identity(secret, bare)
    if category == "id" and is_card(bare):
        first = MARK_CARD + _digits(secret, "card", bare)[6:-1]
        return first + luhn_check(first)
    if re.fullmatch(r"1[3-9]\d{9}", bare):
        return MARK_MOBILE + _digits(secret, "phone", bare)[3:]
    return _digits(secret, category, bare)


def _identity(secret: Secret, bare: str) -> str:
    """Of the same sex; the day of birth moved by less than a year, so that the age about holds."""
    year, month, day = int(bare[6:10]), secret.number("month", bare, 12) + 1, secret.number("day", bare, 28) + 1
    order = secret.number("order", bare, 500) * 2 + int(bare[16]) % 2
    first = f"{MARK_IDENTITY}{year:04d}{month:02d}{day:02d}{order % 1000:03d}"
    return first + check_character(first)


def _digits(secret: Secret, purpose: str, bare: str) -> str:
    """Digits for digits, letters for letters; never the same."""
    for attempt in range(4):
        drawn = secret.number(f"{purpose}{attempt}", bare, 10**40)
        fresh = []
        for sign in bare:
            drawn, rest = divmod(drawn, 26 * 10)
            if sign.isdigit() and sign.isascii():
                fresh.append(str(rest % 10))
            elif sign in "〇零一二三四五六七八九幺":
                fresh.append("零一二三四五六七八九"[rest % 10])
            else:
                fresh.append(chr(65 + rest % 26) if sign.isascii() and sign.isalpha() else sign)
            if drawn == 0:
                drawn = secret.number(f"{purpose}more{attempt}", bare + str(len(fresh)), 10**40)
        made = "".join(fresh)
        if made != bare:
            break
    return made


def _spread(fresh: str, words: str) -> str:
    """Set fresh signs into the places of the old ones; separators stay."""
    signs = iter(fresh)
    out = []
    for sign in words:
        if re.match(r"[\s\-().,/·]", sign):
            out.append(sign)
        else:
            new = next(signs, "")
            out.append(new.lower() if sign.islower() else new)
    return "".join(out)
