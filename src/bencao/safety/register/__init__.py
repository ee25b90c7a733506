"""The signal register: what was decided on each drug and event, why and on what evidence."""

from bencao.safety.register.register import Entry, Evidence, Register
from bencao.safety.register.status import STATUSES, following

__all__ = ["STATUSES", "Entry", "Evidence", "Register", "following"]
