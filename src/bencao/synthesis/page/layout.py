"""Place a route's molecules and steps on a page: a tidy tree, target on the left, no overlap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Box:
    """A molecule with the step that makes it, to be placed.

    Attributes
    ----------
    width, height : float
        Of the molecule's card.
    step_width, step_above, step_below : float
        Of the text of its step: its width, and how far it reaches above and below the line; 0 where it has none.
    precursors : list of Box
    x, y : float
        Left edge and vertical centre, once placed.
    spine : float
        x of the upright that joins the precursors, once placed.
    """

    width: float
    height: float
    step_width: float = 0.0
    step_above: float = 0.0
    step_below: float = 0.0
    precursors: list[Box] = field(default_factory=list)
    x: float = 0.0
    y: float = 0.0
    spine: float = 0.0


ROW_GAP = 26.0  # least distance between two cards above one another
STEP_GAP = 14.0  # the same for the texts of steps
ARM = 22.0  # from the upright to the precursors' cards

# Reach of a subtree in each column, (top, bottom) relative to the centre of its root. Cards stand in the even
# columns, steps in the odd ones.
_Contour = dict[int, tuple[float, float]]


def place(root: Box) -> tuple[float, float]:
    """Set the places of all boxes (Reingold and Tilford, IEEE Trans. Softw. Eng. 1981, SE-7, 223, with contours).

    Returns
    -------
    tuple of float
        Width and height of the whole; its upper left corner is the origin.
    """
    contour = _stack(root, 0)
    top = min(reach[0] for reach in contour.values())
    bottom = max(reach[1] for reach in contour.values())
    width = _columns(root)
    _shift(root, -top)
    return width, bottom - top


def _stack(box: Box, column: int) -> _Contour:
    """Place what is below a box relative to it; return how far the subtree reaches."""
    contours = [_stack(below, column + 2) for below in box.precursors]
    offsets: list[float] = []
    united: _Contour = {}
    for contour in contours:
        offset = max(
            (united[place][1] + _gap(place) - reach[0] for place, reach in contour.items() if place in united),
            default=0.0,
        )
        offsets.append(offset)
        united = _united(united, contour, offset)
    centre = (offsets[0] + offsets[-1]) / 2 if offsets else 0.0
    for below, offset in zip(box.precursors, offsets, strict=True):
        _shift(below, offset - centre)
    reach = {place: (top - centre, bottom - centre) for place, (top, bottom) in united.items()}
    reach[column] = (-box.height / 2, box.height / 2)
    if box.precursors:
        reach[column + 1] = (-box.step_above, box.step_below)
    return reach


def _gap(column: int) -> float:
    return STEP_GAP if column % 2 else ROW_GAP


def _united(upper: Mapping[int, tuple[float, float]], lower: _Contour, offset: float) -> _Contour:
    united = dict(upper)
    for column, (top, bottom) in lower.items():
        before = united.get(column)
        united[column] = (before[0] if before else top + offset, bottom + offset)
    return united


def _shift(box: Box, distance: float) -> None:
    box.y += distance
    for below in box.precursors:
        _shift(below, distance)


def _columns(root: Box) -> float:
    """Set x so that each step has room between the card before it and the cards after it; return the width."""
    right = 0.0

    def walk(boxes: list[Box], left: float) -> None:
        nonlocal right
        if not boxes:
            return
        for box in boxes:
            box.x = left
        edge = left + max(box.width for box in boxes)
        right = max(right, edge)
        makers = [box for box in boxes if box.precursors]
        step = max((box.step_width for box in makers), default=0.0)
        for box in makers:
            box.spine = edge + step
        walk([below for box in makers for below in box.precursors], edge + step + ARM)

    walk([root], 0.0)
    return right
