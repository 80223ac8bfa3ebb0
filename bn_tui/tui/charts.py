"""Charts with axes, laid out by plotext, which nothing else imports.

plotext would draw the strokes too, but it keeps every dot in tuples of its own: six noisy lines
of braille on 95 × 40 cells take it 90 ms. It lays out the axes and their labels, 2 to 5 ms, which
stay as they are from one drawing of a chart to the next, and the strokes are laid between them.
"""

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import plotext
from rich.style import Style
from rich.text import Text

from bn_tui.tui.cells import FAINT, INK, Cell, Cells, centre_words, line_styles, to_text
from bn_tui.tui.drawing import Chart, Glyphs
from bn_tui.tui.grid import Grid
from bn_tui.tui.scales import Scale, round_ticks, scale_x, scale_y, short_labels
from bn_tui.tui.sparklines import draw_sparkline, place_sparkline
from bn_tui.tui.strokes import draw_strokes, shade_ground
from bn_tui.tui.x_labels import Labels, label_columns

_LEAST_COLUMNS, _LEAST_ROWS = 12, 3
_AXIS_ROWS = 2  # the axis and its labels
_ROWS_PER_TICK, _MOST_Y_TICKS = 2, 5
_KEPT = 32  # frames: of every variant's two charts, and of those of another size

_PLOTEXT_AXES = "─│└┬┤┴"
_FIRST_COLOR = -min(INK, FAINT)  # plotext counts colours from 0


def draw_chart(  # noqa: PLR0913 -- a size and a theme
    chart: Chart, width: int, height: int, glyphs: Glyphs, *, ink: str, faint: str
) -> Text:
    """Draw a chart of `width` × `height` cells; a sparkline where axes would take too much.

    Args:
        chart: what is drawn; while there is nothing to draw, its words for waiting are.
        width: columns, the labels of the value axis included.
        height: rows, the two of the x axis included.
        glyphs: which characters may be drawn.
        ink: the colour of words, as #rrggbb.
        faint: the colour of the axes.
    """
    grid = place_chart(chart, width, height, glyphs)
    if not grid.left:
        return draw_sparkline(chart, width, height, glyphs)
    drawn = draw_strokes(chart, grid) or centre_words(
        chart.waiting, grid.columns, grid.rows, grid.glyphs
    )
    cells = dict(_draw_frame(grid, chart.y_ticks, chart.x_label))
    cells.update({(row, column + grid.left): cell for (row, column), cell in drawn.items()})
    styles = line_styles(chart) | {INK: Style(color=ink), FAINT: Style(color=faint)}
    ground = shade_ground(chart, grid)
    shifted = {(row, column + grid.left): pen for (row, column), pen in ground.items()}
    return to_text(cells, width, height, styles, ground=shifted, blank=glyphs.ground)


def place_chart(chart: Chart, width: int, height: int, glyphs: Glyphs) -> Grid:
    """Tell where the lines are in what `draw_chart` draws: all of it where there are no axes."""
    x, y = scale_x(chart), scale_y(chart)
    rows = height - _AXIS_ROWS
    if rows >= _LEAST_ROWS:
        labels = _label_values(y, rows, chart.y_ticks).values()
        gutter = max(chart.least_gutter, max(map(len, labels)) + 1)  # with the axis
        if width - gutter >= _LEAST_COLUMNS:
            return Grid(x, y, width - gutter, rows, glyphs, gutter)
    return place_sparkline(chart, width, height, glyphs)


@lru_cache(maxsize=_KEPT)
def _label_values(y: Scale, rows: int, asked_for: tuple[float, ...]) -> Mapping[float, str]:
    values = _value_ticks(y, rows, asked_for)
    return MappingProxyType(dict(zip(values, short_labels(values, log=y.log), strict=True)))


def _value_ticks(y: Scale, rows: int, asked_for: tuple[float, ...]) -> list[float]:
    """The values to label: those asked for, or two and more that are round, or the two ends."""
    if inside := [value for value in asked_for if y.low <= value <= y.high]:
        return inside
    count = min(rows // _ROWS_PER_TICK, _MOST_Y_TICKS)
    for finer in range(count, 2 * count + 2):
        if len(ticks := round_ticks(y, finer)) > 1:
            return ticks
    return [y.low, y.high]


@lru_cache(maxsize=_KEPT)
def _draw_frame(
    grid: Grid, y_ticks: tuple[float, ...], x_label: str
) -> Mapping[Cell, tuple[str, int]]:
    """The axes left and below with their labels; nothing in it depends on a point or a theme."""
    x_labels = label_columns(grid)
    figure = _new_figure(grid)
    figure.xticks(list(x_labels), list(x_labels.values()))
    y_labels = {
        grid.rows - 1 - grid.row(value): label.rjust(grid.left - 1)
        for value, label in _label_values(grid.y, grid.rows, y_ticks).items()
    }
    figure.yticks(list(y_labels), list(y_labels.values()))
    return MappingProxyType(_read(figure, grid.glyphs) | _name_x(x_label, grid, x_labels))


def _name_x(x_label: str, grid: Grid, x_labels: Labels) -> Cells:
    """What x counts, written into the axis between the two ticks furthest right with room."""
    words = grid.glyphs.spell(x_label)
    if not words:
        return {}
    ticks = [*sorted(x_labels), grid.columns]
    for left, right in reversed(list(pairwise(ticks))):
        if len(words) + 2 < right - left:
            start = grid.left + right - len(words) - 2
            return {
                (grid.rows, column): (character, INK)
                for column, character in enumerate(f" {words} ", start)
            }
    return {}


def _new_figure(grid: Grid) -> Any:
    """An empty figure whose coordinates are cells, counted from the bottom left.

    Its class has no public name, and the only figure with one is shared by the whole process.
    Sizes are set on the monitor because a figure clips them to the terminal. It is one column
    too wide because labels keep that far from the right edge.
    """
    figure = type(plotext.main())()
    figure.monitor.set_size((grid.left + grid.columns + 1, grid.rows + _AXIS_ROWS))
    figure.canvas_color("default")
    figure.axes_color("default")
    figure.ticks_color(FAINT + _FIRST_COLOR)
    figure.xaxes(lower=True, upper=False)
    figure.yaxes(left=True, right=False)
    figure.xlim(0, grid.columns)
    figure.ylim(0, grid.rows - 1)
    figure.scatter([0], [0], marker=" ")  # without any point it draws no axes either
    return figure


def _read(figure: Any, glyphs: Glyphs) -> Cells:
    """The cells of a figure.

    Its matrix is read, because the text that it prints would have to be parsed again.
    """
    figure.monitor.build_plot()
    axes = dict(zip(_PLOTEXT_AXES, glyphs.axes, strict=True))
    return {
        (row, column): (axes[character], FAINT) if character in axes else (character, INK)
        for row, characters in enumerate(reversed(figure.monitor.matrix.marker))
        for column, character in enumerate(characters[:-1])
        if character != " "
    }
