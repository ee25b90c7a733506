"""Text files as people save them in China and elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.submission.errors import DocumentError


def read_text(path: str | os.PathLike[str]) -> str:
    """Text of a file in UTF-8, with or without its mark, or in GB18030."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=os.fspath(path), mend="check the path") from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DocumentError("is neither UTF-8 nor GB18030 throughout", where=os.fspath(path), mend="save it in UTF-8")
