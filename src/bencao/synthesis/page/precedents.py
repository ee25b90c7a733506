"""The nearest precedent of each step of a route as one picture: reactants, an arrow, the product."""

from __future__ import annotations

from collections.abc import Sequence

from rdkit import Chem

from bencao.synthesis.page.depiction import Depiction, depict, laid_out
from bencao.synthesis.page.picture import INK, LINE, NORMAL, QUIET, document, text_at
from bencao.synthesis.page.words import Language, origin_in_words, precedent_in_words
from bencao.synthesis.route import Precedent, Proposal

_GAP = 26.0
_ARROW = 56.0
_HEAD = 24.0  # height of the line of text over a reaction
_BELOW = 22.0


def precedents_svg(steps: Sequence[Proposal], language: Language = "en") -> str:
    """Draw the nearest precedent of each step that has one.

    Parameters
    ----------
    steps : sequence of Proposal
        In the order they are done; at least one has a precedent.
    language : {"en", "zh"}

    Returns
    -------
    str
        An SVG document, with no reference to anything outside itself.
    """
    parts: list[str] = []
    top, width = 0.0, 0.0
    for number, step in enumerate(steps, start=1):
        if step.precedents:
            label = (
                f"{number}  {precedent_in_words(step, language)}  ·  {origin_in_words(step.precedents[0], language)}"
            )
            parts.append(text_at(label, 0.0, top + 14.0, NORMAL, INK, anchor="start"))
            body, wide, high = _reaction(step.precedents[0], top + _HEAD)
            parts.append(body)
            top += _HEAD + high + _BELOW
            width = max(width, wide, 7.5 * len(label))
    return document("".join(parts), width, top - _BELOW)


def _reaction(precedent: Precedent, top: float) -> tuple[str, float, float]:
    """SVG of a reaction with its upper edge at `top`; its width and height."""
    reactants = [_drawn(smiles) for smiles in precedent.reactants.split(".")]
    product = _drawn(precedent.product)
    height = max(drawing.height for drawing in (*reactants, product))
    middle = top + height / 2
    parts: list[str] = []
    x = 0.0
    for number, drawing in enumerate(reactants):
        if number:
            parts.append(text_at("+", x + _GAP / 2, middle + 5.0, 16.0, QUIET))
            x += _GAP
        parts.append(_placed(drawing, x, middle))
        x += drawing.width
    start, end = x + 10.0, x + _ARROW - 10.0
    parts.append(f'<path d="M{start:.1f} {middle:.1f}H{end - 6:.1f}" fill="none" stroke="{LINE}" stroke-width="1.6"/>')
    parts.append(f'<path d="M{end:.1f} {middle:.1f}l-10 -4.5v9z" fill="{LINE}"/>')
    parts.append(_placed(product, x + _ARROW, middle))
    return "".join(parts), x + _ARROW + product.width, height


def _drawn(smiles: str) -> Depiction:
    return depict(laid_out(Chem.MolFromSmiles(smiles)))


def _placed(drawing: Depiction, x: float, middle: float) -> str:
    return f'<g transform="translate({x:.1f} {middle - drawing.height / 2:.1f})">{drawing.body}</g>'
