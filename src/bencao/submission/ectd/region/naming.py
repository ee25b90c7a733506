"""What names of files and folders may be, and which types of files are accepted (NMPA eCTD specification 3.3.2)."""

from __future__ import annotations

import re

EXTENSIONS = frozenset(["pdf", "xml", "xpt", "txt", "xsl"])
NAME = re.compile(r"[a-z0-9-]+")
LONGEST_NAME, LONGEST_PATH = 64, 180  # characters; a path counts from the sequence's folder on
