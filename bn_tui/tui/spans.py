"""Lines as spans of dots, column by column, and the cells that spans go through."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from math import isnan

from bn_tui.tui.cells import Cell
from bn_tui.tui.drawing import Glyphs, Line
from bn_tui.tui.grid import Grid

Span = list[int]
"""The first and the last dot that are covered in a column of dots, from the top."""


def cover(line: Line, grid: Grid) -> dict[int, Span]:
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


def fill(spans: dict[int, Span], glyphs: Glyphs) -> dict[Cell, int]:
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
