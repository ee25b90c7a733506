"""Points in time as HL7 writes them, and how precise each element must be (ICH E2B(R3) guide, appendix II)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

SECOND, DAY, YEAR = 14, 8, 4
# Fewest digits; elements that are not here need the year.
PRECISION = {"N.1.5": SECOND, "N.2.r.4": SECOND, "C.1.2": SECOND, "C.1.4": DAY, "C.1.5": DAY, "D.2.1": DAY}
_FORM = re.compile(r"(\d{4}(?:\d{2}){0,5})(\.\d+)?([+-]\d{2}(?:\d{2})?)?")
_LARGEST_OFFSET = timedelta(hours=14)


def digits(text: str) -> str:
    """The digits before fraction and zone, or nothing where it is no point in time."""
    found = _FORM.fullmatch(text)
    return found[1] if found and earliest(text) else ""


def earliest(text: str) -> datetime | None:
    """The first moment that a point in time may mean, in UTC; without a zone, of the zone farthest east."""
    found = _FORM.fullmatch(text)
    if not found:
        return None
    whole = found[1] + "00000101000000"[len(found[1]) :]
    try:
        moment = datetime.strptime(whole, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        return moment - (_offset(found[3]) if found[3] else _LARGEST_OFFSET)
    except (ValueError, OverflowError):
        return None


def is_future(text: str, as_of: str) -> bool:
    """Whether all of a point in time lies after another; both as HL7 writes them, the second in UTC."""
    moment = earliest(text)
    now = datetime.strptime(as_of, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return moment is not None and moment > now


def _offset(zone: str) -> timedelta:
    sign = -1 if zone[0] == "-" else 1
    return sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[3:] or "0"))


def is_before(first: str, second: str) -> bool:
    """Whether one point in time is before another, in the digits that both give."""
    one, other = digits(first), digits(second)
    length = min(len(one), len(other), DAY)
    return length > 0 and one[:length] < other[:length]
