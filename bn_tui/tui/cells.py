"""A grid of cells, each with a character and the pen that drew it, and how it becomes text."""

from collections.abc import Mapping
from textwrap import wrap
from types import MappingProxyType

from rich.style import Style
from rich.text import Span, Text

from bn_tui.tui.drawing import Chart, Glyphs, Stroke

Cell = tuple[int, int]
"""The row from the top and the column, both from 0."""

Cells = dict[Cell, tuple[str, int]]
"""What stands in a cell: a character, and its pen. The pen of a line is the line's number."""

Ground = Mapping[Cell, int]
"""The cells whose ground is shaded, each with the pen that shades it."""

INK = -1
FAINT = -2
_NO_PEN = -3


def line_styles(chart: Chart) -> dict[int, Style]:
    """The pen of each line of a chart."""
    return {
        pen: Style(bgcolor=line.hue)
        if line.stroke is Stroke.GROUND
        else Style(color=line.hue, dim=line.dim or None)
        for pen, line in enumerate(chart.lines)
    }


def centre_words(words: str, columns: int, rows: int, glyphs: Glyphs) -> Cells:
    """Words in the middle of a grid, in ink, wrapped, and cut where there are too many."""
    spelt = glyphs.spell(words) or glyphs.speechless
    lines = wrap(spelt, columns, break_on_hyphens=False)[:rows]
    top = (rows - len(lines)) // 2
    return {
        (row, column): (character, INK)
        for row, line in enumerate(lines, start=top)
        for column, character in enumerate(line, start=(columns - len(line)) // 2)
    }


def to_text(  # noqa: PLR0913 -- cells, on their ground
    cells: Cells,
    columns: int,
    rows: int,
    styles: Mapping[int, Style],
    *,
    ground: Ground = MappingProxyType({}),
    blank: str = " ",
) -> Text:
    """Text of exactly so many rows, all exactly so wide, with one span for each run of pens.

    `blank` is what stands on shaded ground where there is no cell.
    """
    lines = [[" "] * columns for _ in range(rows)]
    runs: list[tuple[int, int, tuple[int, int]]] = []  # start, end, pens
    for row, column in sorted(cells.keys() | ground.keys()):
        character, pen = cells.get((row, column), (blank, _NO_PEN))
        pens = pen, ground.get((row, column), _NO_PEN)
        lines[row][column] = character
        offset = row * (columns + 1) + column  # a line break stands between rows
        if runs and runs[-1][1:] == (offset, pens):
            runs[-1] = runs[-1][0], offset + 1, pens
        else:
            runs.append((offset, offset + 1, pens))
    known = {**styles, _NO_PEN: Style.null()}
    together = {pens: known[pens[0]] + known[pens[1]] for _, _, pens in runs}
    spans = [Span(start, end, together[pens]) for start, end, pens in runs]
    return Text("\n".join(map("".join, lines)), spans=spans, end="", no_wrap=True)
