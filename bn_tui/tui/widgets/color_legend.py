"""Which colour of a heat map stands for which value."""

from itertools import pairwise

from rich.style import Style
from rich.text import Text
from textual.widget import Widget

from bn_tui.tui.heat import draw_level, draws_shades
from bn_tui.tui.palette import Palette
from bn_tui.tui.ramps import LEVELS
from bn_tui.tui.scales import Scale, short_labels

_FEWEST_CELLS = 4


class ColorLegend(Widget):
    """The colours from the least value that there is to the greatest, with the centre between."""

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    ColorLegend {
        width: 1fr;
        height: 1;
        padding: 0 1;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Scale, tuple[float, float], float | None, Palette] | None = None

    def clear(self) -> None:
        """Show nothing: there are no values."""
        if self._shown is not None:
            self._shown = None
            self.refresh()

    def show(
        self, scale: Scale, span: tuple[float, float], centre: float | None, palette: Palette
    ) -> None:
        """Show the span of a scale that there are values in; a centre has a label of its own."""
        shown = scale, span, centre, palette
        if shown != self._shown:
            self._shown = shown
            self.refresh()

    def render(self) -> Text:
        """Draw the legend, as far right as there is room."""
        if self._shown is None:
            return Text()
        scale, (low, high), centre, palette = self._shown
        values = [low, high]
        if centre is not None and _brief(low) < centre < _brief(high):
            values.insert(1, centre)
        labels = short_labels(list(map(_brief, values)), log=scale.log)
        places = [scale.place(value) for value in values]
        width = self.content_size.width
        room = min(width - sum(len(label) + 2 for label in labels) + 2, 2 * LEVELS)
        if room < _FEWEST_CELLS:
            return Text()
        legend = Text(labels[0], palette.faint, no_wrap=True)
        parts = zip(pairwise(places), _share(places, room), labels[1:], strict=True)
        for (start, end), cells, label in parts:
            legend.append(" ").append_text(_draw(start, end, cells, centre, palette))
            legend.append(f" {label}", palette.faint)
        legend.pad_left(max(width - len(legend), 0))
        return legend


def _brief(value: float) -> float:
    """A value in two digits."""
    return float(f"{value:.2g}")


def _share(places: list[float], room: int) -> list[int]:
    """Share so many cells between places that follow each other, at least one for each pair."""
    span = places[-1] - places[0] or 1.0
    cells = [max(int((end - start) / span * room), 1) for start, end in pairwise(places)]
    cells[cells.index(max(cells))] += room - sum(cells)
    return cells


def _draw(start: float, end: float, cells: int, centre: float | None, palette: Palette) -> Text:
    """Draw the colours between two places."""
    ramp = palette.ramp(sides=centre is not None)
    drawn = Text()
    for cell in range(cells):
        way = (cell + 0.5) / cells
        level = int((start * (1 - way) + end * way) * (LEVELS - 1) + 0.5)
        style = Style(bgcolor=ramp[level]) if draws_shades(palette) else Style()
        drawn.append(draw_level(level, palette, sides=centre is not None), style)
    return drawn
