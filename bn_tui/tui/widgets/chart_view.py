"""A chart that is drawn anew only where its data, its size or the theme have changed."""

from collections.abc import Callable, Hashable

from rich.text import Text
from textual.widget import Widget

from bn_tui.tui.drawing import Chart
from bn_tui.tui.palette import Palette

#: From this many cells, axes leave room for the curves.
_FEWEST_COLUMNS = 32
_FEWEST_ROWS = 8


class ChartView(Widget):
    """Draws the chart that it was last given: with axes where there is room, else without."""

    DEFAULT_CSS = """
    ChartView {
        height: 1fr;
        min-height: 2;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id)
        self._key: Hashable = None
        self._build: Callable[[int], Chart] | None = None
        self._palette: Palette | None = None
        self._drawn: tuple[Hashable, Text] | None = None

    def show(self, key: Hashable, palette: Palette, build: Callable[[int], Chart]) -> None:
        """Draw what `build` makes of a number of columns; nothing, where `key` is as before."""
        if (key, palette) == (self._key, self._palette):
            return
        self._key, self._palette, self._build = key, palette, build
        self.refresh()

    def render(self) -> Text:
        """Draw, or give what was drawn of the same data in the same size."""
        width, height = self.size
        if self._build is None or self._palette is None or not width or not height:
            return Text()
        key = (self._key, self._palette, self.size)
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = key, self._draw(self._build(width), self._palette, width, height)
        return self._drawn[1]

    def _draw(self, chart: Chart, palette: Palette, width: int, height: int) -> Text:
        if (
            width >= _FEWEST_COLUMNS
            and height >= _FEWEST_ROWS
            and any(line.xs for line in chart.lines)
        ):
            # Only here, because a first frame has nothing to plot and need not wait for it.
            from bn_tui.tui.charts import draw_chart  # noqa: PLC0415

            return draw_chart(
                chart, width, height, palette.glyphs, ink=palette.ink, faint=palette.faint
            )
        from bn_tui.tui.sparklines import draw_sparkline  # noqa: PLC0415

        return draw_sparkline(chart, width, height, palette.glyphs)
