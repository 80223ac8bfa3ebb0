"""Drawings in the form in which Textual puts lines on the screen."""

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.strip import Strip


def to_strips(drawing: Text, base: Style) -> list[Strip]:
    """Give a drawing row by row, whose spans do not overlap and do not cross rows.

    `base` is what its spans add to, the background above all.
    Textual can do so itself, for any text; it takes longer than the drawing took, 15 ms for a
    chart of three variants on 95 × 40 cells, and this a tenth of that.
    """
    plain = drawing.plain
    rows: list[list[Segment]] = [[]]
    end = 0
    for span in sorted(drawing.spans, key=lambda span: span.start):
        _add_blank(rows, plain[end : span.start], base)
        end = span.end
        style = span.style if isinstance(span.style, Style) else Style.parse(span.style)
        rows[-1].append(Segment(plain[span.start : end], base + style))
    _add_blank(rows, plain[end:], base)
    return [Strip(row) for row in rows]


def _add_blank(rows: list[list[Segment]], text: str, base: Style) -> None:
    first, *others = text.split("\n")
    if first:
        rows[-1].append(Segment(first, base))
    rows.extend([Segment(other, base)] if other else [] for other in others)
