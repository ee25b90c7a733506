"""Pairs checked by translate-toolkit's pofilter, from an environment of its own (GPL: measured, never used)."""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from injection import Pair

_CONTEXT = re.compile(r'^msgctxt "(\d+)"', re.MULTILINE)
_HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Language: zh_CN\\n"\n\n'


def flagged(pairs: list[Pair], program: str) -> list[bool]:
    """Whether pofilter, with its own choice of tests, names each pair.

    Parameters
    ----------
    pairs : list of Pair
    program : str
        Path of ``pofilter``.
    """
    with tempfile.TemporaryDirectory() as folder:
        given, told = Path(folder, "in.po"), Path(folder, "out.po")
        given.write_text(_HEADER + "\n".join(map(_entry, range(len(pairs)), pairs)), encoding="utf-8")
        command = [program, "--language=zh_CN", "--progress=none", str(given), str(told)]
        subprocess.run(command, check=True, capture_output=True)
        named = (
            {int(number) for number in _CONTEXT.findall(told.read_text(encoding="utf-8"))} if told.exists() else set()
        )
    return [number in named for number in range(len(pairs))]


def _entry(number: int, pair: Pair) -> str:
    return f'msgctxt "{number}"\nmsgid {_quoted(pair.english)}\nmsgstr {_quoted(pair.chinese)}\n'


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'
