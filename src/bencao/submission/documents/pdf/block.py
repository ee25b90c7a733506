"""Lines to paragraphs, headings and tables in reading order; what repeats on every page is left out."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bencao.submission.documents.pdf.grid import Cell, Grid, grids_of
from bencao.submission.documents.pdf.line import CJK, Line, lines_of
from bencao.submission.documents.pdf.page import Letter, Page

_BULLET = re.compile(r"^[•▪◦●■–][\s]+")
_LABEL = re.compile(r"^(?:[•▪◦●■–]|\(?(?:\d+|[A-Za-z]|[ivx]+)[.)、]|\d+(?:\.\d+)*\.?)[\s]")
_ENDS = re.compile(r"[.。;；,，:：!！?？]$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_EDGE_LINES = 3  # a header or a footer has at most so many


@dataclass(frozen=True)
class Words:
    """How often the document writes each word, and whether it breaks words at line ends."""

    counts: Counter[str]
    breaks: bool


@dataclass(frozen=True)
class Text:
    """A paragraph: its letters, and 0 or its level as a heading; -1 is the title."""

    letters: tuple[Letter, ...]
    level: int = 0
    size: float = 0.0
    page: int = 0

    @property
    def text(self) -> str:
        """As it reads."""
        return "".join(letter.text for letter in self.letters)


@dataclass(frozen=True)
class Table:
    """A table: its grid, and the paragraphs of each of its cells."""

    grid: Grid
    cells: tuple[tuple[Cell, tuple[Text, ...]], ...]
    page: int = 0


@dataclass(frozen=True)
class Left:
    """What was left out, and on which pages."""

    kind: str
    text: str
    pages: tuple[int, ...]

    def in_words(self, language: str = "en") -> str:
        """As a person reads it."""
        pages = ", ".join(map(str, self.pages))
        names = {
            "repeated": ("left out on pages {}, for it repeats: {!r}", "第 {} 页重复出现，已省略：{!r}"),
            "picture": ("a picture is left out on pages {}{}", "第 {} 页的图片已省略{}"),
            "turned": ("turned letters are left out on pages {}{}", "第 {} 页的旋转文字已省略{}"),
        }
        template = names[self.kind][language == "zh"]
        return template.format(pages, self.text) if self.text else template.format(pages, "")


def blocks_of(pages: Sequence[Page]) -> tuple[list[Text | Table], list[Left], list[int]]:
    """What stands on the pages, in order, what was left out, and the pages of which nothing is left."""
    flows: list[list[Line | Table]] = []
    for page in pages:
        tables, rest = [], list(page.letters)
        for grid in grids_of(page.rules):
            held, rest = _apart(grid, rest)
            if any(letter.text.strip() for letter in held):
                tables.append(_table(grid, held, page.number))
        flow: list[Line | Table] = [*tables, *lines_of(rest, page.number)]
        flows.append(sorted(flow, key=lambda one: -_top(one)))
    left = _repeated(flows)
    bare = [page.number for page, flow in zip(pages, flows, strict=True) if not flow]
    left += [Left("picture", "", (page.number,)) for page in pages if page.pictures]
    left += [Left("turned", "", (page.number,)) for page in pages if page.turned]
    lines = [one for flow in flows for one in flow if isinstance(one, Line)]
    edges = _edges(lines)
    words = _words(lines)
    blocks: list[Text | Table] = []
    held_lines: list[Line] = []
    for one in (one for flow in flows for one in flow):
        if isinstance(one, Line):
            held_lines.append(one)
            continue
        blocks += _paragraphs(held_lines, edges, words)
        held_lines = []
        last = blocks[-1] if blocks else None
        if isinstance(last, Table) and one.page == last.page + 1 and _same_columns(last.grid, one.grid):
            blocks[-1] = _continued(last, one)
        else:
            blocks.append(one)
    blocks += _paragraphs(held_lines, edges, words)
    return _headed(blocks), left, bare


def _top(one: Line | Table) -> float:
    return one.baseline + one.size if isinstance(one, Line) else one.grid.ys[0]


def _apart(grid: Grid, letters: list[Letter]) -> tuple[list[Letter], list[Letter]]:
    inside: list[Letter] = []
    outside: list[Letter] = []
    for letter in letters:
        x, y = (letter.x0 + letter.x1) / 2, (letter.y0 + letter.y1) / 2
        within = grid.xs[0] <= x <= grid.xs[-1] and grid.ys[-1] <= y <= grid.ys[0]
        (inside if within else outside).append(letter)
    return inside, outside


def _table(grid: Grid, letters: list[Letter], page: int) -> Table:
    cells = []
    for cell in grid.cells:
        held = [
            letter
            for letter in letters
            if cell.x0 <= (letter.x0 + letter.x1) / 2 < cell.x1 and cell.y0 <= (letter.y0 + letter.y1) / 2 < cell.y1
        ]
        lines = lines_of(held, page)
        inset = max(1.0, min((line.x0 for line in lines), default=cell.x0) - cell.x0)
        cells.append((cell, tuple(_paragraphs(lines, (cell.x0, cell.x1 - min(inset, 8.0)), Words(Counter(), False)))))
    return Table(grid, tuple(cells), page)


def _same_columns(one: Grid, two: Grid) -> bool:
    return len(one.xs) == len(two.xs) and all(abs(a - b) < 4 for a, b in zip(one.xs, two.xs, strict=True))


def _continued(one: Table, two: Table) -> Table:
    """A table with its rows on the next page; a first row that says the same again is left out."""
    first = [[text.text for text in texts] for cell, texts in one.cells if cell.row == 0]
    again = [[text.text for text in texts] for cell, texts in two.cells if cell.row == 0]
    drop = int(first == again and len(two.grid.ys) > 2 and all(c.rows == 1 for c, _ in two.cells if c.row == 0))
    shift = len(one.grid.ys) - 1 - drop
    more = [(replace(cell, row=cell.row + shift), texts) for cell, texts in two.cells if cell.row >= drop]
    ys = (*one.grid.ys, *two.grid.ys[1 + drop :])
    cells = (*one.cells, *more)
    return Table(Grid(one.grid.xs, ys, tuple(cell for cell, _ in cells)), cells, two.page)


def _repeated(flows: list[list[Line | Table]]) -> list[Left]:
    """Take headers and footers out of the flows: alike at one height on two fifths of the pages, page numbers aside.

    Only what stands apart from the rest at a page's edge, so that no line of a text is taken for one.
    """
    told: dict[str, list[int]] = {}
    if len(flows) < 2:
        return []
    for place in (0, -1):
        apart = [_set_apart(flow if place == 0 else flow[::-1]) for flow in flows]
        alike: dict[tuple[str, int], list[int]] = {}
        for number, lines in enumerate(apart):
            for line in lines:
                alike.setdefault((_mask(line, number), round(_top(line) / 4)), []).append(number)
        for number, lines in enumerate(apart):
            for line in lines:
                text = _mask(line, number)
                if len(alike[text, round(_top(line) / 4)]) < max(2, 0.4 * len(flows)):
                    break
                flows[number].remove(line)
                told.setdefault(text.replace("\0", "#"), []).append(number + 1)
    return [Left("repeated", text, tuple(numbers)) for text, numbers in told.items()]


def _set_apart(flow: Sequence[Line | Table]) -> list[Line]:
    """The lines from an edge on to the first wide gap; none where there is no gap within a few lines."""
    lines: list[Line] = []
    for one, following in itertools.zip_longest(flow, flow[1:]):
        if not isinstance(one, Line) or len(lines) == _EDGE_LINES:
            return []
        lines.append(one)
        if not isinstance(following, Line) or abs(one.baseline - following.baseline) > 1.7 * one.size:
            return lines
    return []


def _mask(one: Line, index: int) -> str:
    """A line's text with the page's number taken out once; other numbers must be the same to be alike."""
    return re.sub(rf"(?<![\d.]){index + 1}(?![\d.]*\d)", "\0", one.text, count=1)


def _edges(lines: Sequence[Line]) -> tuple[float, float]:
    if not lines:
        return 0.0, 0.0
    rights = sorted(line.x1 for line in lines)
    return min(line.x0 for line in lines), rights[min(len(rights) - 1, int(0.97 * len(rights)))]


def _paragraphs(lines: Sequence[Line], edges: tuple[float, float], words: Words) -> list[Text]:
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _goes_on(groups[-1], line, edges):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [Text(_joined(group, words), size=group[0].size, page=group[0].page) for group in groups]


def _goes_on(group: list[Line], line: Line, edges: tuple[float, float]) -> bool:
    """Whether a line continues a paragraph: nothing says that it ended, and its first word had no room before."""
    last, size = group[-1], line.size
    if abs(size - last.size) > 0.08 * size or _BULLET.match(line.text) or (last.bold != line.bold and len(group) == 1):
        return False
    if "\t" in line.text and _LABEL.match(line.text):
        return False
    word = re.match(r"\S+", line.text)
    count = 1 if CJK.match(line.text) else len(word.group()) if word else 1
    needed = line.letters[min(count, len(line.letters)) - 1].x1 - line.x0
    blank = 0.0 if CJK.match(last.letters[-1].text) else 0.25 * size
    spare = 2.2 * size if CJK.match(line.text) else 0.5
    room = edges[1] - last.x1 - blank
    if room > needed + (spare if count == 1 and CJK.match(line.text) else 0.5):
        return False
    if line.page != last.page:
        ended = bool(re.search(r"[.。!！?？:：;；]$", last.text)) and not line.text[:1].islower()
        return not ended
    step = last.baseline - line.baseline
    usual = (group[-2].baseline - last.baseline) if len(group) > 1 and group[-2].page == last.page else 2.0 * size
    if not 0 < step <= 1.25 * usual:
        return False
    shift = line.x0 - last.x0
    return shift <= 0.8 * size or bool(len(group) == 1 and _LABEL.match(last.text))


def _joined(group: list[Line], words: Words) -> tuple[Letter, ...]:
    letters = _labelled(list(group[0].letters))
    for line in group[1:]:
        last, first = letters[-1], line.letters[0]
        if last.text in "-\u00ad\u2010" and len(letters) > 1 and letters[-2].text.isalpha() and first.text.isalpha():
            before = re.search(r"[^\W\d_]+$", "".join(one.text for one in letters[:-1]))
            after = re.match(r"[^\W\d_]+", line.text)
            one, two = (before.group().lower() if before else ""), (after.group().lower() if after else "")
            if last.text == "\u00ad" or (first.text.islower() and _is_broken(one, two, words)):
                letters.pop()
        elif last.text not in "-\u2010/" and not (CJK.match(last.text) or CJK.match(first.text)):
            letters.append(
                replace(first, text=" ", script="", bold=last.bold and first.bold, italic=last.italic and first.italic)
            )
        letters += line.letters
    return tuple(letters)


def _words(lines: Sequence[Line]) -> Words:
    counts = Counter(_WORD.findall(" ".join(line.text for line in lines).lower()))
    breaks = False
    for line, following in itertools.pairwise(lines):
        before, after = re.search(r"([^\W\d_]+)-$", line.text), re.match(r"[^\W\d_]+", following.text)
        if before and after and counts[(before[1] + after.group()).lower()]:
            breaks = True
    return Words(counts, breaks)


def _is_broken(one: str, two: str, words: Words) -> bool:
    """Whether a hyphen only breaks a word: by what else the document writes, and whether it breaks words at all."""
    if words.counts[one + two]:
        return True
    if words.counts[f"{one}-{two}"]:
        return False
    return words.breaks and not (words.counts[one] and words.counts[two])


def _labelled(letters: list[Letter]) -> list[Letter]:
    """A tab after a label is a blank."""
    if _LABEL.match("".join(letter.text for letter in letters)):
        place = next((i for i, letter in enumerate(letters) if letter.text in " \t"), None)
        if place is not None and place < len(letters) - 1:
            letters[place] = replace(letters[place], text=" ")
    return letters


def _headed(blocks: list[Text | Table]) -> list[Text | Table]:
    """Headings told by size and weight, the largest first."""
    counts: Counter[float] = Counter()
    for block in blocks:
        if isinstance(block, Text):
            counts[block.size] += len(block.letters)
    if not counts:
        return blocks
    # Of two sizes used nearly as much, the smaller is the body's.
    most = max(counts.values())
    body = min(size for size, count in counts.items() if count >= 0.5 * most)

    def looks(block: Text) -> tuple[float, bool] | None:
        bold = all(letter.bold for letter in block.letters if letter.text.strip())
        plain = len(block.text) > 200 or _ENDS.search(block.text) or _BULLET.match(block.text)
        if plain or not re.search(r"[^\W\d_]", block.text) or block.size < body or "\t" in block.text:
            return None
        return (block.size, bold) if block.size >= 1.1 * body or bold else None

    ranks = Counter(look for block in blocks if isinstance(block, Text) and (look := looks(block)))
    order = sorted(ranks, reverse=True)
    first = blocks[0]
    title = None
    if isinstance(first, Text) and order and looks(first) == order[0] and ranks[order[0]] == 1 and len(order) > 1:
        title = order.pop(0)
    done: list[Text | Table] = []
    for block in blocks:
        look = looks(block) if isinstance(block, Text) else None
        if isinstance(block, Text) and look is not None:
            level = -1 if look == title else min(6, order.index(look) + 1)
            done.append(replace(block, level=level))
        else:
            done.append(block)
    return done
