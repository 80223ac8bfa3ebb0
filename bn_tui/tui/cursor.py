"""A vertical line through a drawing, laid under what is drawn there already."""

from bisect import bisect_left

from rich.style import Style
from rich.text import Span, Text

from bn_tui.tui.grid import Grid


def draw_cursor(drawing: Text, grid: Grid, x: float, ink: str) -> Text:
    """Lay a cursor at x under the drawing of a chart that `grid` tells the place of.

    It takes the blank cells, shaded or not, and joins the axis where there is one. An x beside the
    grid has no cursor. `ink` is its colour, as #rrggbb.
    """
    if not grid.x.low <= x <= grid.x.high:
        return drawing
    characters = list(drawing.plain)
    row = grid.left + grid.columns + 1  # with its line break
    first = grid.left + grid.column(x)
    line, tick, join = (grid.glyphs.axes[number] for number in (0, 3, 5))
    blank = (" ", grid.glyphs.ground)
    places = [place for place in range(first, grid.rows * row, row) if characters[place] in blank]
    for place in places:
        characters[place] = grid.glyphs.cursor
    axis = first + grid.rows * row
    if axis < len(characters) and characters[axis] in (line, tick):
        characters[axis] = join
    return Text("".join(characters), spans=_lay(drawing.spans, places, ink), end="", no_wrap=True)


def _lay(spans: list[Span], places: list[int], ink: str) -> list[Span]:
    """Give spans of which none overlaps another: what was there is cut where the cursor stands."""
    pen = Style(color=ink)
    kept: list[Span] = []
    laid = dict.fromkeys(places, pen)
    for span in spans:
        inside = places[bisect_left(places, span.start) : bisect_left(places, span.end)]
        edges = [span.start, *(edge for place in inside for edge in (place, place + 1)), span.end]
        pieces = zip(edges[::2], edges[1::2], strict=True)
        kept += [Span(start, end, span.style) for start, end in pieces if start < end]
        style = span.style if isinstance(span.style, Style) else Style.parse(span.style)
        laid.update(dict.fromkeys(inside, style + pen))
    return [*kept, *(Span(place, place + 1, style) for place, style in laid.items())]
