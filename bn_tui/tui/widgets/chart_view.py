"""A chart that is drawn anew only where its data, its size or the theme have changed."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from rich.text import Text
from textual.strip import Strip
from textual.widget import Widget

from bn_tui.tui.cursor import draw_cursor
from bn_tui.tui.drawing import Chart
from bn_tui.tui.grid import Grid
from bn_tui.tui.palette import Palette
from bn_tui.tui.sparklines import draw_sparkline, place_sparkline
from bn_tui.tui.strips import to_strips


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A drawing, what it was made from, and where its lines are."""

    key: Hashable
    text: Text
    grid: Grid
    empty: bool


class ChartView(Widget):
    """Draws the chart that it was last given: with axes where there is room, else without."""

    DEFAULT_CSS = """
    ChartView {
        height: 1fr;
        min-height: 2;
    }
    """

    #: From this many cells, axes leave room for the curves.
    FEWEST_COLUMNS = 32
    FEWEST_ROWS = 8

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self._key: Hashable = None
        self._build: Callable[[int], Chart] | None = None
        self._palette: Palette | None = None
        self._cursor: float | None = None
        self._drawn: _Drawn | None = None
        self._strips: tuple[Hashable, list[Strip]] | None = None

    def show(
        self,
        key: Hashable,
        palette: Palette,
        build: Callable[[int], Chart],
        *,
        cursor: float | None = None,
    ) -> None:
        """Draw what `build` makes of a number of columns; nothing, where all is as before.

        To move the cursor, which stands at an x, costs next to nothing.
        """
        if (key, palette, cursor) == (self._key, self._palette, self._cursor):
            return
        self._key, self._palette, self._build, self._cursor = key, palette, build, cursor
        self._strips = None
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Give a row of the drawing."""
        base = self.visual_style.rich_style
        key = base, self.size
        if self._strips is None or self._strips[0] != key:
            self._strips = key, to_strips(self._render_drawing(), base)
        rows = self._strips[1]
        return rows[y] if y < len(rows) else Strip.blank(self.size.width, base)

    def _render_drawing(self) -> Text:
        """Draw, or take what was drawn of the same data in the same size, and lay the cursor."""
        width, height = self.size
        if self._build is None or self._palette is None or not width or not height:
            return Text()
        key = (self._key, self._palette, self.size)
        if self._drawn is None or self._drawn.key != key:
            axes = width >= self.FEWEST_COLUMNS and height >= self.FEWEST_ROWS
            self._drawn = _draw(key, self._build(width), self._palette, self.size, axes=axes)
        drawn = self._drawn
        if self._cursor is None or drawn.empty:
            return drawn.text
        return draw_cursor(drawn.text, drawn.grid, self._cursor, self._palette.ink)

    def x_at(self, column: int) -> float | None:
        """Which x a column stands for, beside the lines that of their end; None without lines."""
        if self._drawn is None or self._drawn.empty:
            return None
        grid = self._drawn.grid
        return grid.x_at(column - grid.left)


def _draw(
    key: Hashable, chart: Chart, palette: Palette, size: tuple[int, int], *, axes: bool
) -> _Drawn:
    glyphs = palette.glyphs
    width, height = size
    empty = not any(line.xs for line in chart.lines)
    if empty or not axes:
        text = draw_sparkline(chart, width, height, glyphs)
        return _Drawn(key, text, place_sparkline(chart, width, height, glyphs), empty)
    # Only here, because a first frame has nothing to plot and need not wait for it.
    from bn_tui.tui.charts import draw_chart, place_chart  # noqa: PLC0415

    text = draw_chart(chart, width, height, glyphs, ink=palette.ink, faint=palette.faint)
    return _Drawn(key, text, place_chart(chart, width, height, glyphs), empty)
