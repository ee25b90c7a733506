"""A drawing area with axes in the units of the data, written as SVG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from math import ceil, floor, log10
from unicodedata import east_asian_width

# Colours that the colour-blind tell apart (Okabe and Ito, 2008); black and the two last stay readable in print.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_FONT = 'font-family="sans-serif" font-size="12"'


@dataclass
class Drawing:
    """Shapes in an area whose inner box has the units of the data.

    Attributes
    ----------
    width, height : float
        Of the whole, in pixels.
    left, right, top, bottom : float
        Margins around the inner box.
    x_range, y_range : (low, high)
        Of the data, at the edges of the inner box.
    x_scale : callable
        Applied to x before it is placed, such as a logarithm.
    """

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    x_scale: Callable[[float], float] = float
    shapes: list[str] = field(default_factory=list)

    def x(self, value: float) -> float:
        """Pixel of a value on the horizontal axis."""
        low, high = (self.x_scale(edge) for edge in self.x_range)
        return self.left + (self.x_scale(value) - low) / (high - low) * (self.width - self.left - self.right)

    def y(self, value: float) -> float:
        """Pixel of a value on the vertical axis, which grows upwards."""
        low, high = self.y_range
        return self.height - self.bottom - (value - low) / (high - low) * (self.height - self.top - self.bottom)

    def line(self, points: Sequence[tuple[float, float]], colour: str = "#000000", more: str = "") -> None:
        """A line through points in the units of the data."""
        placed = " ".join(f"{_number(self.x(x))},{_number(self.y(y))}" for x, y in points)
        self.shapes.append(f'<polyline points="{placed}" fill="none" stroke="{colour}"{_more(more)}/>')

    def bar(self, x: tuple[float, float], y: tuple[float, float], colour: str, note: str = "") -> None:
        """A filled box between two values on each axis; the note is read where the pointer rests."""
        left, right = sorted((self.x(x[0]), self.x(x[1])))
        top, bottom = sorted((self.y(y[0]), self.y(y[1])))
        size = f'width="{_number(right - left)}" height="{_number(bottom - top)}"'
        title = f"<title>{escape(note)}</title>" if note else ""
        self.shapes.append(
            f'<rect x="{_number(left)}" y="{_number(top)}" {size} fill="{colour}" stroke="#000000">{title}</rect>'
        )

    def mark(self, x: float, y: float, colour: str, kind: int = 0, note: str = "") -> None:
        """A small sign at a place: circle, square, triangle or diamond by its number, from the fifth on hollow."""
        at, up = self.x(x), self.y(y)
        fill = f'fill="{colour}"' if kind % 8 < 4 else f'fill="#ffffff" stroke="{colour}" stroke-width="1.5"'
        title = f"<title>{escape(note)}</title>" if note else ""
        if kind % 4 == 0:
            self.shapes.append(f'<circle cx="{_number(at)}" cy="{_number(up)}" r="3.5" {fill}>{title}</circle>')
            return
        corners = (
            ((-3.5, -3.5), (3.5, -3.5), (3.5, 3.5), (-3.5, 3.5)),
            ((0, -4.5), (4, 3), (-4, 3)),
            ((0, -5), (4, 0), (0, 5), (-4, 0)),
        )[kind % 4 - 1]
        points = " ".join(f"{_number(at + right)},{_number(up + down)}" for right, down in corners)
        self.shapes.append(f'<polygon points="{points}" {fill}>{title}</polygon>')

    def text(self, x: float, y: float, text: str, anchor: str = "start", more: str = "") -> None:
        """Text at a pixel."""
        place = f'x="{_number(x)}" y="{_number(y)}" text-anchor="{anchor}"'
        self.shapes.append(f"<text {place} {_FONT}{_more(more)}>{escape(text)}</text>")

    def x_axis(self, label: str, ticks: Sequence[float]) -> None:
        """The horizontal axis with its ticks and label."""
        foot = self.height - self.bottom
        self.line([(self.x_range[0], self.y_range[0]), (self.x_range[1], self.y_range[0])])
        for tick in ticks:
            at = _number(self.x(tick))
            self.shapes.append(f'<path d="M{at} {_number(foot)}v5" stroke="#000000"/>')
            self.text(self.x(tick), foot + 18, _label(tick), "middle")
        self.text((self.left + self.width - self.right) / 2, foot + 36, label, "middle")

    def y_axis(self, label: str, ticks: Sequence[float]) -> None:
        """The vertical axis with its ticks and label."""
        self.line([(self.x_range[0], self.y_range[0]), (self.x_range[0], self.y_range[1])])
        for tick in ticks:
            self.shapes.append(f'<path d="M{_number(self.left)} {_number(self.y(tick))}h-5" stroke="#000000"/>')
            self.text(self.left - 8, self.y(tick) + 4, _label(tick), "end")
        middle = (self.top + self.height - self.bottom) / 2
        self.text(16, middle, label, "middle", f'transform="rotate(-90 16 {_number(middle)})"')

    def legend(self, names: Sequence[str]) -> None:
        """Names of groups with their colours, above the inner box."""
        at = self.left
        for place, name in enumerate(names):
            colour = COLOURS[place % len(COLOURS)]
            self.shapes.append(
                f'<rect x="{_number(at)}" y="{_number(self.top - 20)}" width="12" height="12" fill="{colour}"/>'
            )
            self.text(at + 16, self.top - 10, name)
            at += 32 + text_width(name)

    def svg(self, title: str) -> str:
        """The whole drawing; the title is what a screen reader says of it."""
        size = f'width="{_number(self.width)}" height="{_number(self.height)}"'
        box = f'viewBox="0 0 {_number(self.width)} {_number(self.height)}"'
        ground = '<rect width="100%" height="100%" fill="#ffffff"/>'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} role="img">\n<title>{escape(title)}</title>\n'
            + "\n".join([ground, *self.shapes])
            + "\n</svg>\n"
        )


def text_width(text: str) -> float:
    """About how many pixels a text takes: a Chinese character twice a letter."""
    return sum(12.0 if east_asian_width(one) in "WF" else 6.6 for one in text)


def shortened(text: str, most: int) -> str:
    """A text of at most so many letters' width, with three dots where something is left out."""
    if text_width(text) <= 6.6 * most:
        return text
    while text and text_width(text) > 6.6 * (most - 1):
        text = text[:-1]
    return text.rstrip() + "…"


def ticks_between(low: float, high: float, about: int = 6) -> tuple[float, ...]:
    """Round numbers from `low` to `high`, some `about` of them: steps of 1, 2 or 5 times a power of ten."""
    span = high - low
    if span <= 0:
        return (low,)
    rough = span / about
    power = 10.0 ** floor(log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * (1 - 1e-9))
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return tuple(round(place * step, 12) for place in range(first, last + 1))


def _number(value: float) -> str:
    """Two decimals, so that the same drawing has the same bytes on every machine."""
    return f"{value:.2f}".rstrip("0").rstrip(".").replace("-0", "0") if abs(value) < 0.005 else f"{value:.2f}"


def _label(value: float) -> str:
    return f"{value:.10g}"


def _more(attributes: str) -> str:
    return f" {attributes}" if attributes else ""
