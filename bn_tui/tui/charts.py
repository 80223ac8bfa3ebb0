"""Charts whose axes are laid out by plotext, which nothing else imports.

plotext would draw the strokes too, but it keeps every dot in tuples of its own: six noisy lines
of braille on 95 × 40 cells take it 90 ms. So it lays out the axes and their labels, once for
each size and set of labels, and our strokes are laid between them.
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import plotext
from rich.style import Style
from rich.text import Text

from bn_tui.tui.cells import FAINT, INK, Cells, centre_words, line_styles, to_text
from bn_tui.tui.drawing import Chart, Glyphs
from bn_tui.tui.scales import Scale, round_ticks, scale_x, scale_y, short_labels
from bn_tui.tui.sparklines import draw_sparkline, place_sparkline
from bn_tui.tui.strokes import Grid, draw_strokes

Labels = dict[int, str]
"""The number of a row or column from the top left → what is written beside or below it."""

_LEAST_COLUMNS, _LEAST_ROWS = 12, 3
_AXIS_ROWS = 2  # the axis and its labels
_COLUMNS_PER_TICK, _MOST_X_TICKS = 7, 8
_ROWS_PER_TICK, _MOST_Y_TICKS = 2, 5

_PLOTEXT_AXES = "─│└┬┤┴"


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
    y_labels = {
        grid.row(value): label.rjust(grid.left - 1)
        for value, label in _label_values(chart, grid.y, grid.rows).items()
    }
    cells = _lay_out(chart, grid, y_labels)
    styles = line_styles(chart) | {INK: Style(color=ink), FAINT: Style(color=faint)}
    return to_text(cells, width, height, styles)


def place_chart(chart: Chart, width: int, height: int, glyphs: Glyphs) -> Grid:
    """Tell where the lines are in what `draw_chart` draws: all of it where there are no axes."""
    x, y = scale_x(chart), scale_y(chart)
    rows = height - _AXIS_ROWS
    if rows >= _LEAST_ROWS:
        gutter = max(map(len, _label_values(chart, y, rows).values())) + 1  # with the axis
        if width - gutter >= _LEAST_COLUMNS:
            return Grid(x, y, width - gutter, rows, glyphs, gutter)
    return place_sparkline(chart, width, height, glyphs)


def _label_values(chart: Chart, y: Scale, rows: int) -> dict[float, str]:
    values = _value_ticks(chart, y, rows)
    return dict(zip(values, short_labels(values, log=y.log), strict=True))


def _value_ticks(chart: Chart, y: Scale, rows: int) -> list[float]:
    """The values to label: those asked for, or two and more that are round, or the two ends."""
    if asked_for := [value for value in chart.y_ticks if y.low <= value <= y.high]:
        return asked_for
    count = min(rows // _ROWS_PER_TICK, _MOST_Y_TICKS)
    for finer in range(count, 2 * count + 2):
        if len(ticks := round_ticks(y, finer)) > 1:
            return ticks
    return [y.low, y.high]


def _x_labels(grid: Grid) -> Labels:
    """As many round numbers as there is room for; each label needs its own width on either side.

    With less room plotext moves a label aside, and which one depends on the order of a set.
    """
    count = min(grid.columns // _COLUMNS_PER_TICK, _MOST_X_TICKS)
    counted = grid.x.high - grid.x.low >= 2  # less is part of an epoch, say
    for fewer in range(count, 0, -1):
        ticks = round_ticks(grid.x, fewer, whole=counted)
        labels = short_labels(ticks)
        columns = [grid.column(tick) for tick in ticks]
        room = 2 * max(map(len, labels), default=0)
        if ticks and all(after - before > room for before, after in pairwise(columns)):
            return dict(zip(columns, labels, strict=True))
    return {0: short_labels([grid.x.low])[0]}


def _lay_out(chart: Chart, grid: Grid, y_labels: Labels) -> Cells:
    """A whole chart: the axes left and below, and what is drawn between them."""
    x_labels = _x_labels(grid)
    axes = _Axes(
        grid.left,
        grid.columns,
        grid.rows,
        tuple(x_labels.items()),
        tuple(y_labels.items()),
        grid.glyphs.axes,
    )
    drawn = draw_strokes(chart, grid) or centre_words(
        chart.waiting, grid.columns, grid.rows, grid.glyphs
    )
    between = {(row, grid.left + column): cell for (row, column), cell in drawn.items()}
    return _draw_axes(axes) | between | _name_x(chart, grid, x_labels)


def _name_x(chart: Chart, grid: Grid, x_labels: Labels) -> Cells:
    """What x counts, written into the axis between the two ticks furthest right with room."""
    words = grid.glyphs.spell(chart.x_label)
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


@dataclass(frozen=True, slots=True)
class _Axes:
    """What the axes of a chart depend on: its size, its labels, and what they are drawn with."""

    left: int
    columns: int
    rows: int
    x_labels: tuple[tuple[int, str], ...]
    y_labels: tuple[tuple[int, str], ...]
    glyphs: str


@lru_cache(maxsize=64)
def _draw_axes(axes: _Axes) -> Cells:
    """The axes and their labels; they stay the same from one step to the next.

    plotext's figure has no public name, and the only figure with one is shared by the whole
    process. Its coordinates are cells here, counted from the bottom left. Sizes are set on the
    monitor because a figure clips them to the terminal. It is one column too wide because labels
    keep that far from the right edge.
    """
    figure = type(plotext.main())()
    figure.monitor.set_size((axes.left + axes.columns + 1, axes.rows + _AXIS_ROWS))
    figure.canvas_color("default")
    figure.axes_color("default")
    figure.xaxes(lower=True, upper=False)
    figure.yaxes(left=True, right=False)
    figure.xlim(0, axes.columns)
    figure.ylim(0, axes.rows - 1)
    columns, x_words = zip(*axes.x_labels, strict=True)
    rows, y_words = zip(*axes.y_labels, strict=True)
    figure.xticks(list(columns), list(x_words))
    figure.yticks([axes.rows - 1 - row for row in rows], list(y_words))
    figure.scatter([0], [0], marker=" ")  # without data there would be no labels
    figure.monitor.build_plot()
    return _read(figure.monitor.matrix.marker, axes.glyphs)


def _read(lines: list[list[str]], glyphs: str) -> Cells:
    """The cells of a figure, from its matrix: the text that it prints would have to be parsed."""
    pieces = dict(zip(_PLOTEXT_AXES, glyphs, strict=True))
    return {
        (row, column): (pieces[character], FAINT) if character in pieces else (character, INK)
        for row, line in enumerate(reversed(lines))
        for column, character in enumerate(line[:-1])
        if character != " "
    }
