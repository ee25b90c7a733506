"""Where a signal stands, and where it may go from there (EMA, GVP Module IX, Rev. 1, sections IX.B.3 to IX.B.6)."""

from __future__ import annotations

from bencao.safety.errors import RegisterError

# A closed signal may be detected anew: new evidence opens it again.
_NEXT = {
    "": ("detected",),
    "detected": ("validated", "not validated"),
    "validated": ("under assessment", "refuted"),
    "not validated": ("closed", "detected"),
    "under assessment": ("confirmed", "refuted"),
    "confirmed": ("closed",),
    "refuted": ("closed",),
    "closed": ("detected",),
}
STATUSES = tuple(status for status in _NEXT if status)
CHINESE = {
    "detected": "已检出",
    "validated": "已验证",
    "not validated": "未通过验证",
    "under assessment": "评估中",
    "confirmed": "已确认",
    "refuted": "已否定",
    "closed": "已关闭",
}


def following(status: str) -> tuple[str, ...]:
    """Where a signal may go; from nothing (an empty status) it is detected."""
    return _NEXT[status]


def check_step(before: str, after: str, where: str) -> None:
    """Refuse a step that the process has not.

    Raises
    ------
    RegisterError
    """
    if after not in _NEXT:
        raise RegisterError(f"no status {after!r}", where=where, mend=f"one of {', '.join(STATUSES)}")
    if after not in _NEXT[before]:
        stands = f"it is {before}" if before else "it is not in the register"
        raise RegisterError(
            f"{stands}, and cannot become {after}", where=where, mend=f"next: {', '.join(_NEXT[before])}"
        )
