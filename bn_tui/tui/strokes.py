"""Lines as characters: which dots of which cells a pen leaves behind, and the ground below them."""

from collections.abc import Iterator
from itertools import chain
from math import isnan

from bn_tui.tui.cells import Cell, Cells, Ground
from bn_tui.tui.drawing import Chart, Glyphs, Line, Stroke
from bn_tui.tui.grid import Grid
from bn_tui.tui.spans import Span, cover, fill

# What connects marks passes behind the bands; the marks themselves come last.
_PAINTING_ORDER = (Stroke.MARKS, Stroke.BAND, Stroke.DASHES, Stroke.LINE)
_MARKERS = (Stroke.POINTS, Stroke.MARKS)

#: Dashes and the gaps between them, in cells.
_DASH, _GAP = 2, 1


def draw_strokes(chart: Chart, grid: Grid) -> Cells:
    """Draw every line of a chart over the whole of a grid; what stays blank is left out.

    Lines of one stroke that meet in a cell add up their dots and take turns in giving it their
    colour, from column to column, so that a curve behind another can still be seen.
    """
    cells: Cells = {}
    for stroke in _PAINTING_ORDER:
        dots: dict[Cell, int] = {}
        pens: dict[Cell, list[int]] = {}
        for pen, line in _pens(chart, stroke):
            spans = cover(line, grid)
            if stroke is Stroke.DASHES:
                spans = _dash(spans, grid.glyphs)
            for cell, bits in fill(spans, grid.glyphs).items():
                dots[cell] = dots.get(cell, 0) | bits
                pens.setdefault(cell, []).append(pen)
        for cell, sharing in pens.items():
            cells[cell] = grid.glyphs.dots[dots[cell]], _take_turns(sharing, cell)
    return cells | _mark(chart, grid)


def shade_ground(chart: Chart, grid: Grid) -> Ground:
    """Tell which cells a chart's lines shade: those that a line covers half of, or more.

    Where several lines shade a cell they take turns, so that each can still be seen.
    """
    enough = grid.glyphs.across * grid.glyphs.down / 2
    pens: dict[Cell, list[int]] = {}
    for pen, line in _pens(chart, Stroke.GROUND):
        for cell, bits in fill(cover(line, grid), grid.glyphs).items():
            if bits.bit_count() >= enough:
                pens.setdefault(cell, []).append(pen)
    return {cell: _take_turns(sharing, cell) for cell, sharing in pens.items()}


def _pens(chart: Chart, stroke: Stroke) -> Iterator[tuple[int, Line]]:
    return ((pen, line) for pen, line in enumerate(chart.lines) if line.stroke is stroke)


def _take_turns(sharing: list[int], cell: Cell) -> int:
    return sharing[cell[1] % len(sharing)]


def _dash(spans: dict[int, Span], glyphs: Glyphs) -> dict[int, Span]:
    """Leave gaps in a line, but not where it is so steep that it would fall to pieces."""
    dash, gap = _DASH * glyphs.across, _GAP * glyphs.across
    return {
        dot: span
        for dot, span in spans.items()
        if dot % (dash + gap) < dash or span[1] - span[0] >= glyphs.down
    }


def _mark(chart: Chart, grid: Grid) -> Cells:
    """The markers; those of several lines in one cell take turns, from one such cell to the next.

    Not from column to column: evaluations are evenly spaced, so one line might have every turn.
    """
    pens: dict[Cell, list[int]] = {}
    for pen, line in chain.from_iterable(_pens(chart, stroke) for stroke in _MARKERS):
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
