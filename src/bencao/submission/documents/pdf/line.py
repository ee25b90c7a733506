"""Letters to lines: by their baselines, with the blanks between them, raised and lowered letters in their place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bencao.submission.documents.pdf.page import Letter

CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’…—]")
_WORD_GAP, _TAB_GAP = 0.2, 1.5  # in sizes


@dataclass(frozen=True)
class Line:
    """A line: its letters in order with a blank or a tab where there is one, its box, baseline and size."""

    letters: tuple[Letter, ...]
    page: int = 0

    @property
    def text(self) -> str:
        """As it reads."""
        return "".join(letter.text for letter in self.letters)

    @property
    def x0(self) -> float:
        """Left."""
        return self.letters[0].x0

    @property
    def x1(self) -> float:
        """Right."""
        return self.letters[-1].x1

    @property
    def size(self) -> float:
        """Of most of its letters, in half points."""
        return Counter(round(2 * letter.size) / 2 for letter in self.letters if not letter.script).most_common(1)[0][0]

    @property
    def baseline(self) -> float:
        """Of most of its letters."""
        return Counter(letter.baseline for letter in self.letters if not letter.script).most_common(1)[0][0]

    @property
    def bold(self) -> bool:
        """Whether all of it is."""
        return all(letter.bold for letter in self.letters if letter.text.strip())


def lines_of(letters: Sequence[Letter], page: int) -> list[Line]:
    """The lines of letters, top to bottom."""
    rows: list[list[Letter]] = []
    seen = [letter for letter in letters if letter.text.strip()]
    for letter in sorted(seen, key=lambda one: (-one.baseline, one.x0)):
        row = next((row for row in rows[-3:] if abs(row[0].baseline - letter.baseline) <= 0.12 * letter.size), None)
        if row is None:
            rows.append([letter])
        else:
            row.append(letter)
    blanks = [letter for letter in letters if not letter.text.strip()]
    return [Line(tuple(_spaced(row, blanks)), page) for row in _with_scripts(rows)]


def _with_scripts(rows: list[list[Letter]]) -> list[list[Letter]]:
    """Small rows beside a larger line, above or below its baseline, put into it."""
    kept = [list(row) for row in rows]
    for row in rows:
        size = max(letter.size for letter in row)
        for other in kept:
            large = max(letter.size for letter in other)
            rise = row[0].baseline - other[0].baseline
            if size > 0.8 * large or not -0.35 * large < rise < 0.6 * large or abs(rise) < 0.05 * large:
                continue
            if not all(
                any(
                    -0.5 * large < letter.x0 - base.x1 < 0.6 * large or abs(base.x0 - letter.x1) < 0.4 * large
                    for base in [*other, *row]
                    if base is not letter
                )
                for letter in row
            ):
                continue
            script = "superscript" if rise > 0 else "subscript"
            other.extend(replace(letter, script=script) for letter in row)
            kept = [one for one in kept if one and one[0] is not row[0]]
            break
    return kept


def _spaced(row: list[Letter], blanks: Sequence[Letter]) -> list[Letter]:
    """A row from left to right, twice printed letters once, with its blanks."""
    done: list[Letter] = []
    size = max(letter.size for letter in row)
    near = [blank for blank in blanks if abs(blank.baseline - row[0].baseline) <= 0.12 * size]
    for letter in sorted(row, key=lambda one: one.x0):
        last = done[-1] if done else None
        if last is None:
            done.append(letter)
            continue
        if letter.text == last.text and abs(letter.x0 - last.x0) < 0.15 * size:
            done[-1] = replace(last, bold=True)
            continue
        gap = letter.x0 - last.x1
        middle = (last.x1 + letter.x0) / 2
        said = any(
            last.x0 < (blank.x0 + blank.x1) / 2 < letter.x1
            and blank.x1 > last.x0 + 0.5 * (last.x1 - last.x0)
            and abs((blank.x0 + blank.x1) / 2 - middle) <= max(gap, 0.3 * size)
            for blank in near
        )
        chinese = bool(CJK.match(last.text) or CJK.match(letter.text))
        if gap > _TAB_GAP * size or said or (gap > _WORD_GAP * size and not chinese):
            blank = "\t" if gap > _TAB_GAP * size else " "
            done.append(
                replace(
                    letter,
                    text=blank,
                    x0=last.x1,
                    x1=letter.x0,
                    bold=last.bold and letter.bold,
                    italic=last.italic and letter.italic,
                    script="",
                )
            )
        done.append(letter)
    return done
