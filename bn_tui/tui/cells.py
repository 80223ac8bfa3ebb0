"""A grid of cells, each with a character and the pen that drew it, and how it becomes text."""

from collections.abc import Mapping
from textwrap import wrap

from rich.style import Style
from rich.text import Span, Text

from bn_tui.tui.drawing import Chart, Glyphs

Cell = tuple[int, int]
"""The row from the top and the column, both from 0."""

Cells = dict[Cell, tuple[str, int]]
"""What stands in a cell: a character, and its pen. The pen of a line is the line's number."""

INK = -1
FAINT = -2


def line_styles(chart: Chart) -> dict[int, Style]:
    """The pen of each line of a chart."""
    return {
        pen: Style(color=line.hue, dim=line.dim or None) for pen, line in enumerate(chart.lines)
    }


def centre_words(words: str, columns: int, rows: int, glyphs: Glyphs) -> Cells:
    """Words in the middle of a grid, in ink, wrapped, and cut where there are too many."""
    lines = wrap(glyphs.spell(words) or glyphs.speechless, columns)[:rows]
    top = (rows - len(lines)) // 2
    return {
        (row, column): (character, INK)
        for row, line in enumerate(lines, start=top)
        for column, character in enumerate(line, start=(columns - len(line)) // 2)
    }


def to_text(cells: Cells, columns: int, rows: int, styles: Mapping[int, Style]) -> Text:
    """Text of exactly so many rows, all exactly so wide, with one span for each run of a pen."""
    lines = [[" "] * columns for _ in range(rows)]
    runs: list[tuple[int, int, int]] = []  # start, end, pen
    for (row, column), (character, pen) in sorted(cells.items()):
        lines[row][column] = character
        offset = row * (columns + 1) + column  # a line break stands between rows
        if runs and runs[-1][1:] == (offset, pen):
            runs[-1] = runs[-1][0], offset + 1, pen
        else:
            runs.append((offset, offset + 1, pen))
    spans = [Span(start, end, styles[pen]) for start, end, pen in runs]
    return Text("\n".join(map("".join, lines)), spans=spans, end="", no_wrap=True)
