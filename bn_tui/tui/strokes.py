"""Lines as characters: which dots of which cells a pen leaves behind."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from math import isnan

from bn_tui.tui.cells import Cell, Cells
from bn_tui.tui.drawing import Chart, Glyphs, Line, Stroke
from bn_tui.tui.scales import Scale

# What connects marks passes behind the bands; the marks themselves come last.
_PAINTING_ORDER = (Stroke.MARKS, Stroke.BAND, Stroke.LINE)

Span = list[int]
"""The first and the last dot that are covered in a column of dots, from the top."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns and rows of cells between two scales, and the dots within them.

    `left` is how many columns of a drawing stand before the first of the grid.
    """

    x: Scale
    y: Scale
    columns: int
    rows: int
    glyphs: Glyphs
    left: int = 0

    def dot(self, value: float) -> int:
        """How many dots from the top a value is."""
        dots = self.rows * self.glyphs.down
        return dots - 1 - self.y.step(value, dots)

    def row(self, value: float) -> int:
        """How many cells from the top a value is."""
        return self.dot(value) // self.glyphs.down

    def column(self, x: float) -> int:
        """How many cells from the left an x is."""
        return self.x.step(x, self.columns * self.glyphs.across) // self.glyphs.across

    def x_at(self, column: int) -> float:
        """Which x is in the middle of a column of cells."""
        across = self.glyphs.across
        dot = column * across + (across - 1) / 2
        way = min(max(dot / max(self.columns * across - 1, 1), 0.0), 1.0)
        return self.x.low * (1 - way) + self.x.high * way


def draw_strokes(chart: Chart, grid: Grid) -> Cells:
    """Draw every line of a chart over the whole of a grid; what stays blank is left out.

    Lines of one stroke that meet in a cell add up their dots and take turns in giving it their
    colour, from column to column, so that a curve behind another can still be seen.
    """
    cells: Cells = {}
    for stroke in _PAINTING_ORDER:
        dots: dict[Cell, int] = {}
        pens: dict[Cell, list[int]] = {}
        for pen, line in enumerate(chart.lines):
            if line.stroke is stroke:
                for cell, bits in _fill(_cover(line, grid), grid.glyphs).items():
                    dots[cell] = dots.get(cell, 0) | bits
                    pens.setdefault(cell, []).append(pen)
        for cell, sharing in pens.items():
            cells[cell] = grid.glyphs.dots[dots[cell]], sharing[cell[1] % len(sharing)]
    return cells | _mark(chart, grid)


def _mark(chart: Chart, grid: Grid) -> Cells:
    """The markers; those of several lines in one cell take turns, from one such cell to the next.

    Not from column to column: evaluations are evenly spaced, so one line might have every turn.
    """
    pens: dict[Cell, list[int]] = {}
    for pen, line in enumerate(chart.lines):
        if line.stroke is Stroke.MARKS:
            for x, value in zip(line.xs, line.lows, strict=True):
                if grid.x.low <= x <= grid.x.high and not isnan(value):
                    _share(pens, (grid.row(value), grid.column(x)), pen)
    cells: Cells = {}
    turn = 0
    for cell, sharing in sorted(pens.items(), key=lambda item: item[0][1]):
        pen = sharing[turn % len(sharing)]
        turn += len(sharing) > 1
        cells[cell] = grid.glyphs.spell(chart.lines[pen].marker), pen
    return cells


def _share(pens: dict[Cell, list[int]], cell: Cell, pen: int) -> None:
    sharing = pens.setdefault(cell, [])
    if pen not in sharing:
        sharing.append(pen)


def _cover(line: Line, grid: Grid) -> dict[int, Span]:
    """What a line covers of each column of dots: from the least to the greatest of its values."""

    def span(start: int, end: int) -> Span | None:
        low, high = _extreme(min, line.lows[start:end]), _extreme(max, line.highs[start:end])
        if isnan(low) or isnan(high):
            return None
        return sorted((grid.dot(high), grid.dot(low)))

    spans: dict[int, Span] = {}
    before = -1  # the nearest column with points
    for column, (start, end) in enumerate(_bounds(line.xs, grid)):
        if start == end:
            continue
        if covered := span(start, end):
            spans[column] = covered
            if before in spans and not (column == before + 1 and _touch(spans[before], covered)):
                left, right = span(start - 1, start), span(start, start + 1)
                if left and right:
                    _connect(spans, before, left, column, right)
        before = column
    return spans


def _touch(one: Span, other: Span) -> bool:
    return one[0] <= other[1] + 1 and other[0] <= one[1] + 1


def _bounds(xs: tuple[float, ...], grid: Grid) -> Iterator[tuple[int, int]]:
    """Which points fall into each column of dots: the first one, and the one after the last."""
    low, high = grid.x.low, grid.x.high
    dots = grid.columns * grid.glyphs.across
    start = bisect_left(xs, low)
    for dot in range(1, dots):
        way = (dot - 0.5) / (dots - 1)
        end = bisect_left(xs, low * (1 - way) + high * way, lo=start)
        yield start, end
        start = end
    yield start, bisect_right(xs, high, lo=start)


def _extreme(choose: Callable[[Iterable[float]], float], values: tuple[float, ...]) -> float:
    """The least or the greatest value; NaN where all of them are NaN."""
    found = choose(values)
    if not isnan(found):
        # No comparison with NaN is true, so `choose` keeps a NaN only if it comes first.
        return found
    return choose([value for value in values if not isnan(value)] or values)


def _connect(spans: dict[int, Span], first: int, left: Span, last: int, right: Span) -> None:
    """Connect two points: fill the columns between them, and leave no hole between neighbours."""
    for column in range(first + 1, last):
        way = (column - first) / (last - first)
        spans[column] = [round(a + (b - a) * way) for a, b in zip(left, right, strict=True)]
    for column in range(first, last):
        upper, lower = sorted((spans[column], spans[column + 1]))
        if not _touch(upper, lower):
            upper[1] = (upper[1] + lower[0]) // 2
            lower[0] = upper[1] + 1


def _fill(spans: dict[int, Span], glyphs: Glyphs) -> dict[Cell, int]:
    """The cells that spans of dots go through, each with the bits of its dots."""
    down = glyphs.down
    whole = (1 << down) - 1
    cells: dict[Cell, int] = {}
    for dot, (top, bottom) in spans.items():
        column, side = divmod(dot, glyphs.across)
        first, last = top // down, bottom // down
        for row in range(first, last + 1):
            bits = whole
            if row == first:
                bits &= whole << (top - row * down)
            if row == last:
                bits &= (2 << (bottom - row * down)) - 1
            cell = row, column
            cells[cell] = cells.get(cell, 0) | bits << (side * down)
    return cells
