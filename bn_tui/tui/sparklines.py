"""Charts without axes, for where there are only a few rows."""

from rich.style import Style
from rich.text import Text

from bn_tui.tui.cells import INK, centre_words, line_styles, to_text
from bn_tui.tui.drawing import Chart, Glyphs
from bn_tui.tui.grid import Grid
from bn_tui.tui.scales import scale_x, scale_y
from bn_tui.tui.strokes import draw_strokes, shade_ground


def draw_sparkline(chart: Chart, width: int, height: int, glyphs: Glyphs) -> Text:
    """Draw a chart's lines over the whole of `width` × `height` cells, without axes.

    While there is nothing to draw, the words for it stand in the middle, dimmed.
    """
    if width < 1 or height < 1:
        return Text(end="")
    grid = place_sparkline(chart, width, height, glyphs)
    cells = draw_strokes(chart, grid) or centre_words(chart.waiting, width, height, glyphs)
    styles = line_styles(chart) | {INK: Style(dim=True)}
    ground = shade_ground(chart, grid)
    return to_text(cells, width, height, styles, ground=ground, blank=glyphs.ground)


def place_sparkline(chart: Chart, width: int, height: int, glyphs: Glyphs) -> Grid:
    """Tell where the lines are in what `draw_sparkline` draws: everywhere."""
    return Grid(scale_x(chart), scale_y(chart), width, height, glyphs)
