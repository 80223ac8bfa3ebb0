"""A vertical line through a drawing, laid under what is drawn there already."""

from rich.style import Style
from rich.text import Span, Text

from bn_tui.tui.strokes import Grid


def draw_cursor(drawing: Text, grid: Grid, x: float, ink: str) -> Text:
    """Lay a cursor at x under the drawing of a chart that `grid` tells the place of.

    It takes the blank cells, and joins the axis where there is one. An x beside the grid has no
    cursor. `ink` is its colour, as #rrggbb.
    """
    if not grid.x.low <= x <= grid.x.high:
        return drawing
    characters = list(drawing.plain)
    row = grid.left + grid.columns + 1  # with its line break
    first = grid.left + grid.column(x)
    line, tick, join = (grid.glyphs.axes[number] for number in (0, 3, 5))
    places = [place for place in range(first, grid.rows * row, row) if characters[place] == " "]
    for place in places:
        characters[place] = grid.glyphs.cursor
    axis = first + grid.rows * row
    if axis < len(characters) and characters[axis] in (line, tick):
        characters[axis] = join
    spans = [Span(place, place + 1, Style(color=ink)) for place in places]
    return Text("".join(characters), spans=[*drawing.spans, *spans], end="", no_wrap=True)
