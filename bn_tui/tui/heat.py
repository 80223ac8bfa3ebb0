"""A heat map: a row for each layer, the steps from left to right, a colour for each value."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

from rich.style import Style
from rich.text import Text

from bn_tui.tui.cells import FAINT, INK, Cells, centre_words, to_text
from bn_tui.tui.drawing import Glyphs
from bn_tui.tui.grid import Grid
from bn_tui.tui.palette import Palette
from bn_tui.tui.ramps import LEVELS, is_light
from bn_tui.tui.scales import Scale
from bn_tui.tui.x_labels import label_columns

#: The narrowest gutter, with the layers' numbers, and one that has room for what they are.
NUMBERS, NAMES = 5, 9

# Pens from 0 are levels, those from LEVELS the same under the cursor.
_ALARM, _BOLD = -10, -11
_ODD = "?"  # stands for what is not finite


@dataclass(frozen=True, slots=True)
class Heat:
    """Values by layer and step, and how much of a colour each one has.

    Attributes:
        starts: the step of each probe, ascending; a value holds until the next one.
        values: of each probe, a value for each layer.
        end: the step up to which the last one holds.
        x_range: the first and the last step.
        scale: from values to places, 0 to 1.
        sides: whether colours go to either side of the value at place 0.5.
        waiting: what is said while there is nothing to draw.
    """

    starts: tuple[int, ...]
    values: tuple[Sequence[float], ...]
    end: float
    x_range: tuple[float, float]
    scale: Scale
    sides: bool
    waiting: str = ""

    @property
    def layers(self) -> int:
        """How many rows there are, seen or not."""
        return len(self.values[0]) if self.values else 0


@dataclass(frozen=True, slots=True)
class Cursor:
    """What is looked at: a layer, from 0, and a step."""

    layer: int = 0
    step: float = 0.0


@dataclass(frozen=True, slots=True)
class HeatPlace:
    """Where things are: `top` is the layer in the first row, `grid` where the colours are."""

    grid: Grid
    top: int

    def layer_at(self, row: int) -> int:
        """Which layer a row stands for, beside the colours the nearest."""
        return self.top + min(max(row, 0), self.grid.rows - 1)

    def step_at(self, column: int) -> float:
        """Which step a column stands for, beside the colours the nearest."""
        return self.grid.x_at(column - self.grid.left)


def place_heat(
    heat: Heat, size: tuple[int, int], glyphs: Glyphs, *, gutter: int, layer: int
) -> HeatPlace:
    """Lay out a width and a height, the axis included, so that a layer is seen."""
    width, height = size
    rows = max(min(height - 1, heat.layers), 0)
    top = min(max(layer - rows // 2, 0), heat.layers - rows)
    columns = max(width - gutter, 0)
    return HeatPlace(Grid(Scale(*heat.x_range), Scale(0, 1), columns, rows, glyphs, gutter), top)


def draw_heat(
    heat: Heat, place: HeatPlace, size: tuple[int, int], palette: Palette, cursor: Cursor
) -> Text:
    """Draw a heat map of a width and a height, with a cursor in it."""
    width, height = size
    styles = _styles(heat, palette)
    if place.grid.columns < place.grid.left:
        return to_text({}, width, height, styles)
    if not heat.layers:
        words = centre_words(heat.waiting, width, height, palette.glyphs)
        return to_text(words, width, height, styles)
    cells = _fill(heat, place, palette)
    _lay_cursor(cells, place, palette, cursor)
    cells |= dict(_label_layers(heat, place, palette, cursor.layer))
    cells |= dict(_label_steps(place))
    return to_text(cells, width, height, styles)


def _styles(heat: Heat, palette: Palette) -> dict[int, Style]:
    """The pen of each level, under the cursor too, and of words."""
    ramp = palette.ramp(sides=heat.sides)
    styles = {
        INK: Style(color=palette.ink),
        FAINT: Style(color=palette.faint),
        _ALARM: Style(color=palette.alarm, bold=True),
        _BOLD: Style(color=palette.ink, bold=True),
    }
    for level, color in enumerate(ramp):
        if draws_shades(palette):
            on_it = "#000000" if is_light(color) else "#ffffff"
            styles[level] = Style(bgcolor=color)
            styles[LEVELS + level] = Style(color=on_it, bgcolor=color)
        else:
            hue = ramp[0 if level < LEVELS // 2 else -1] if heat.sides else palette.ink
            styles[level] = Style(color=hue)
            styles[LEVELS + level] = Style(color=palette.ink, bold=True)
    return styles


def draws_shades(palette: Palette) -> bool:
    """Whether colours say how much, or else characters of more and less ink."""
    return not palette.colorless and not palette.ascii_only


def draw_level(level: int, palette: Palette, *, sides: bool) -> str:
    """Give the character of a level: nothing but its colour, or its ink."""
    if draws_shades(palette):
        return " "
    glyphs = palette.glyphs.sides if sides else palette.glyphs.densities
    return glyphs[int(level / (LEVELS - 1) * (len(glyphs) - 1) + 0.5)]


def _spans(heat: Heat, place: HeatPlace) -> Iterator[tuple[int, int]]:
    """The first column of each probe and the one after its last, which may be the same."""
    grid = place.grid
    starts = [grid.left + grid.column(start) for start in heat.starts]
    end = max(grid.left + grid.column(heat.end), starts[-1]) + 1
    yield from pairwise([*starts, end])


def _fill(heat: Heat, place: HeatPlace, palette: Palette) -> Cells:
    characters = [draw_level(level, palette, sides=heat.sides) for level in range(LEVELS)]
    cells: Cells = {}
    rows = range(place.grid.rows)
    for values, (first, end) in zip(heat.values, _spans(heat, place), strict=True):
        for row in rows:
            value = values[place.top + row]
            cell = _ODD, _ALARM
            if isfinite(value):
                level = heat.scale.step(value, LEVELS)
                cell = characters[level], level
            for column in range(first, end):
                cells[row, column] = cell
    return cells


def _lay_cursor(cells: Cells, place: HeatPlace, palette: Palette, cursor: Cursor) -> None:
    """Draw a line through the cells at a step, and a mark at the layer."""
    column = place.grid.left + place.grid.column(cursor.step)
    for row in range(place.grid.rows):
        pen = cells.get((row, column), (" ", INK))[1]
        at = place.top + row == cursor.layer
        sign = palette.glyphs.crossing if at else palette.glyphs.cursor
        if pen != _ALARM:
            cells[row, column] = sign, pen + LEVELS if pen >= 0 else pen


def _label_layers(
    heat: Heat, place: HeatPlace, palette: Palette, layer: int
) -> Iterator[tuple[tuple[int, int], tuple[str, int]]]:
    room = place.grid.left - 1
    for row in range(place.grid.rows):
        number = place.top + row
        name = name_layer(number, heat.layers) if place.grid.left >= NAMES else str(number + 1)
        pen = _BOLD if number == layer else FAINT
        pointer = palette.pointer if number == layer else " "
        for column, character in enumerate(pointer + name.rjust(room - 1)):
            yield (row, column), (character, pen)


def name_layer(layer: int, layers: int) -> str:
    """What the layer of a number from 0 is: all but the last are convolutions."""
    return "dense" if layer == layers - 1 else f"conv {layer + 1}"


def _label_steps(place: HeatPlace) -> Iterator[tuple[tuple[int, int], tuple[str, int]]]:
    grid = place.grid
    for column, character in enumerate("step"):
        yield (grid.rows, column), (character, FAINT)
    for middle, label in label_columns(grid).items():
        start = min(max(middle - len(label) // 2, 0), grid.columns - len(label))
        for column, character in enumerate(label, start):
            yield (grid.rows, grid.left + column), (character, FAINT)
