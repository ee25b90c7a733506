"""A route as one SVG picture: a tree of structures, each step labelled, each leaf with its stock tier."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from rdkit import Chem

from bencao.synthesis.page.changes import change_of
from bencao.synthesis.page.depiction import Depiction, depict, laid_out
from bencao.synthesis.page.layout import Box, place
from bencao.synthesis.page.words import (
    STEREO,
    TIERS,
    WORDS,
    Language,
    class_name,
    conditions_in_words,
    formulas,
    precedent_in_words,
    selectivity,
    source_in_words,
)
from bencao.synthesis.route import Proposal, Route, RouteNode

FONT = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC',"
    " sans-serif"
)
INK, QUIET, LINE, FRAME = "#1d2522", "#5c6963", "#7d8a84", "#d5dad6"
MISSING, CAUTION = "#b3261e", "#8a5a0b"
# Fill and ink of the badge of each tier.
TIER_COLOURS = {
    "building-block": ("#dcefe4", "#1c5a40"),
    "commodity": ("#dbe9f6", "#1d4e7a"),
    "paroutes": ("#e8e2f4", "#4d3a85"),
    "seen": ("#efeae0", "#6a5628"),
    "supplier": ("#d6f0ef", "#12595a"),
}
MARGIN = 18.0
PADDING = 12.0  # around a drawing in its card
BADGE = 21.0
SMALL, NORMAL = 12.0, 13.0
_STEP_TEXT = 132.0  # width that the text of a step may fill
_STEP_SIDE = 16.0
_LEAST_CARD = 150.0


@dataclass(frozen=True)
class _Line:
    text: str
    size: float = SMALL
    colour: str = QUIET
    bold: bool = False


@dataclass(frozen=True)
class _Card:
    """A molecule, ready to be written once its box is placed."""

    node: RouteNode
    box: Box
    drawing: Depiction
    badge: tuple[str, str, str]
    notes: tuple[_Line, ...]
    above: tuple[_Line, ...]
    below: tuple[_Line, ...]
    precursors: tuple[_Card, ...]
    number: int  # of its step; 0 for a leaf

    def walk(self) -> Iterator[_Card]:
        yield self
        for card in self.precursors:
            yield from card.walk()


def route_svg(route: Route, language: Language = "en") -> str:
    """Draw a route.

    Parameters
    ----------
    route : Route
    language : {"en", "zh"}

    Returns
    -------
    str
        An SVG document on a white ground, with no reference to anything outside itself. The same route gives the
        same bytes.
    """
    numbers = _step_numbers(route.root)
    molecule = laid_out(Chem.MolFromSmiles(route.root.smiles))
    card = _card(route.root, molecule, numbers, language)
    width, height = place(card.box)
    parts = [part for each in card.walk() for part in _written(each)]
    return document("".join(parts), width, height)


def molecule_svg(smiles: str) -> str:
    """Draw one molecule at the scale of the routes, as an SVG document."""
    drawing = depict(laid_out(Chem.MolFromSmiles(smiles)))
    return document(drawing.body, drawing.width, drawing.height)


def document(body: str, width: float, height: float) -> str:
    """Some drawings, as large as told, as an SVG document with a margin."""
    wide, high = round(width + 2 * MARGIN), round(height + 2 * MARGIN)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}"'
        f' font-family="{FONT}"><rect width="{wide}" height="{high}" rx="10" fill="#ffffff"/>'
        f'<g transform="translate({MARGIN:g} {MARGIN:g})">{body}</g></svg>\n'
    )


def _step_numbers(root: RouteNode) -> dict[int, int]:
    """Number of each step by identity of its node, in the order the steps are done."""
    numbers: dict[int, int] = {}

    def walk(node: RouteNode) -> None:
        for below in node.precursors:
            walk(below)
        if node.step:
            numbers[id(node)] = len(numbers) + 1

    walk(root)
    return numbers


def _card(node: RouteNode, molecule: Chem.Mol, numbers: dict[int, int], language: Language) -> _Card:
    """A molecule, laid out already, and all below it."""
    reactants = tuple(Chem.MolFromSmiles(below.smiles) for below in node.precursors)
    above: tuple[_Line, ...] = ()
    below: tuple[_Line, ...] = ()
    marked: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())
    cards: tuple[_Card, ...] = ()
    if node.step:
        change = change_of(node.step, molecule, reactants)
        marked = (change.atoms, change.bonds)
        cards = tuple(
            _card(precursor, laid_out(reactant, molecule, pairs), numbers, language)
            for precursor, reactant, pairs in zip(node.precursors, reactants, change.pairs, strict=True)
        )
        above, below = _step_lines(node.step, numbers[id(node)], language)
    drawing = depict(molecule, *marked)
    notes = _notes(node, max(drawing.width, _LEAST_CARD), language)
    note_height = BADGE + 15 * len(notes) + 8 if node.step is None else 0.0
    box = Box(
        width=max(drawing.width, _LEAST_CARD if node.step is None else 0.0) + 2 * PADDING,
        height=drawing.height + 2 * PADDING + note_height,
        step_width=_STEP_TEXT + 2 * _STEP_SIDE if node.step else 0.0,
        step_above=16.0 * len(above) + 8,
        step_below=16.0 * len(below) + 8,
        precursors=[card.box for card in cards],
    )
    return _Card(node, box, drawing, _tier_badge(node, language), notes, above, below, cards, numbers.get(id(node), 0))


def _step_lines(step: Proposal, number: int, language: Language) -> tuple[tuple[_Line, ...], tuple[_Line, ...]]:
    """Text above and below the line of a step."""
    words = WORDS[language]
    verdict = step.forward
    above = [_Line(f"{number}", NORMAL, INK, bold=True)]
    above += [_Line(text, SMALL, INK) for text in _wrapped(class_name(step, language), _STEP_TEXT, SMALL)]
    below = [] if step.conditions is None else _lines(conditions_in_words(step, language), INK)
    below.append(_Line(f"{words['probability']} {step.probability:.2g}"))
    if verdict.ok:
        below.append(_Line(f"{words['yes']} {words['gives product']}", colour="#1c5a40"))
    else:
        below += _lines(f"{words['no']} {verdict.reason}", MISSING)
    if verdict.outcomes > 1:
        below += _lines(selectivity(verdict, language), CAUTION)
    if verdict.stereo != "unspecified":
        colour = MISSING if verdict.stereo == "lost" else QUIET
        below.append(_Line(STEREO[language][verdict.stereo], colour=colour))
    if verdict.leaving:
        below += _lines(f"− {formulas(verdict.leaving)}", QUIET)
    if step.precedents is not None:
        below += _lines(precedent_in_words(step, language), QUIET if step.precedents else CAUTION)
    return tuple(above), tuple(below)


def _lines(text: str, colour: str) -> list[_Line]:
    return [_Line(part, colour=colour) for part in _wrapped(text, _STEP_TEXT, SMALL)]


def _notes(node: RouteNode, width: float, language: Language) -> tuple[_Line, ...]:
    if node.step or not node.stock:
        return ()
    return tuple(_Line(text) for text in _wrapped(source_in_words(node.stock, language), width, SMALL))


def _tier_badge(node: RouteNode, language: Language) -> tuple[str, str, str]:
    """Words, fill and ink of a leaf's badge."""
    words = WORDS[language]
    if not node.stock:
        return words["missing"], "#fbe3e1", MISSING
    tier = TIERS[language][node.stock.tier]
    if not _in_stock(node):
        return f"{words['missing']} ({tier})", "#fbe3e1", MISSING
    return (tier, *TIER_COLOURS[node.stock.tier])


def _in_stock(node: RouteNode) -> bool:
    return node.stock is not None and node.stock.tier != "perhaps"


def _wrapped(text: str, width: float, size: float) -> list[str]:
    """Lines of text that fit a width, by a cautious guess of how wide each letter is."""
    lines, line = [], ""
    fitting = int(width / (0.56 * size))
    # A file name or a formula may be longer than any line.
    words = (word[at : at + fitting] for word in _breakable(text) for at in range(0, len(word), fitting))
    for word in words:
        if line and _width(line + word.rstrip(), size) > width:
            lines.append(line.rstrip())
            line = word
        else:
            line += word
    return [*lines, line.rstrip()]


def _breakable(text: str) -> list[str]:
    """Words with the space after them; a Chinese character is a word, and keeps the punctuation after it."""
    words: list[str] = []
    for letter in text:
        glued = words and not words[-1].endswith(" ") and (letter in " ，。：；、）" or not _is_wide(letter))
        if glued and (letter in " ，。：；、）" or not _is_wide(words[-1][-1])):
            words[-1] += letter
        else:
            words.append(letter)
    return words


def _is_wide(letter: str) -> bool:
    return letter >= "\u2e80"


def _width(text: str, size: float) -> float:
    return sum(size * (1.0 if _is_wide(letter) else 0.56) for letter in text)


def _written(card: _Card) -> Iterator[str]:
    """SVG of a molecule's card and of the step that makes it."""
    box, node = card.box, card.node
    top = box.y - box.height / 2
    missing = node.step is None and not _in_stock(node)
    stroke = f'stroke="{MISSING}" stroke-dasharray="6 4" stroke-width="1.5"' if missing else f'stroke="{FRAME}"'
    yield (
        f'<rect x="{box.x:.1f}" y="{top:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" rx="9"'
        f' fill="#ffffff" {stroke}><title>{escape(node.smiles)}</title></rect>'
    )
    left = box.x + (box.width - card.drawing.width) / 2
    yield f'<g transform="translate({left:.1f} {top + PADDING:.1f})">{card.drawing.body}</g>'
    if node.step is None:
        yield from _badge(card, top + PADDING + card.drawing.height + 8)
    else:
        yield from _step(card)


def _badge(card: _Card, top: float) -> Iterator[str]:
    label, fill, ink = card.badge
    width = _width(label, SMALL) + 18
    middle = card.box.x + card.box.width / 2
    left = middle - width / 2
    yield f'<rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{BADGE:g}" rx="10.5" fill="{fill}"/>'
    yield _text(_Line(label, SMALL, ink, bold=True), middle, top + 14.7)
    for number, line in enumerate(card.notes):
        yield _text(line, middle, top + BADGE + 13 + 15 * number)


def _step(card: _Card) -> Iterator[str]:
    box = card.box
    start, middle = box.x + box.width, box.spine - _STEP_SIDE - _STEP_TEXT / 2
    # Where the picture can be clicked, the ground of the step is what is hit.
    yield f'<g class="step" data-step="{card.number}">'
    yield (
        f'<rect x="{start:.1f}" y="{box.y - box.step_above:.1f}" width="{box.spine - start:.1f}"'
        f' height="{box.step_above + box.step_below:.1f}" rx="9" fill="#ffffff" fill-opacity="0"/>'
    )
    yield f'<g fill="none" stroke="{LINE}" stroke-width="1.6">'
    yield f'<path d="M{box.spine:.1f} {box.y:.1f}H{start + 8:.1f}"/>'
    for below in card.precursors:
        yield f'<path d="{_arm(box.spine, box.y, below.box.x, below.box.y)}"/>'
    yield "</g>"
    yield f'<path d="M{start + 2:.1f} {box.y:.1f}l10 -4.5v9z" fill="{LINE}"/>'
    for number, line in enumerate(reversed(card.above)):
        yield _text(line, middle, box.y - 8 - 16 * number)
    for number, line in enumerate(card.below):
        yield _text(line, middle, box.y + 18 + 16 * number)
    yield "</g>"


def _arm(spine: float, y: float, end: float, other: float) -> str:
    """From the upright to a precursor, its corner rounded."""
    if abs(other - y) < 1:
        return f"M{spine:.1f} {y:.1f}H{end:.1f}"
    radius = min(8.0, abs(other - y))
    down = 1 if other > y else -1
    return (
        f"M{spine:.1f} {y:.1f}V{other - down * radius:.1f}"
        f"Q{spine:.1f} {other:.1f} {spine + radius:.1f} {other:.1f}H{end:.1f}"
    )


def _text(line: _Line, x: float, y: float) -> str:
    return text_at(line.text, x, y, line.size, line.colour, bold=line.bold)


def text_at(
    text: str, x: float, y: float, size: float, colour: str, *, bold: bool = False, anchor: str = "middle"
) -> str:
    """A line of text as an SVG element; what cannot be printed becomes a space."""
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{colour}" text-anchor="{anchor}"{weight}>'
        f"{escape(''.join(letter if letter.isprintable() else ' ' for letter in text))}</text>"
    )
