"""The cursor: where it stands, and which x a column of a drawing stands for."""

import pytest

from bn_tui.tui.charts import draw_chart, place_chart
from bn_tui.tui.cursor import draw_cursor
from bn_tui.tui.drawing import ASCII, UNICODE, Chart, Line, Stroke, hatch
from bn_tui.tui.sparklines import draw_sparkline, place_sparkline

INK, FAINT, HUE = "#a9b1d6", "#565f89", "#7dcfff"
XS = (0.0, 200.0, 400.0)
MARKS = Line("marks", HUE, Stroke.MARKS, "◆", XS, (0.1, 0.1, 0.85), (0.1, 0.1, 0.85))
CHART = Chart((MARKS,), (0.0, 800.0), (0.0, 1.0), x_label="batch")


def draw(chart, width, height, glyphs=UNICODE):
    return draw_chart(chart, width, height, glyphs, ink=INK, faint=FAINT)


def draw_at(x, width=34, height=8, glyphs=UNICODE):
    grid = place_chart(CHART, width, height, glyphs)
    return draw_cursor(draw(CHART, width, height, glyphs), grid, x, INK)


def column_of_cursor(text, glyphs):
    columns = {row.index(glyphs.cursor) for row in text.plain.split("\n") if glyphs.cursor in row}
    assert len(columns) == 1
    return columns.pop()


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
def test_the_cursor_takes_blank_cells_alone_and_joins_the_axis(glyphs):
    under, over = draw_at(200.0, glyphs=glyphs), draw(CHART, 34, 8, glyphs)
    column = column_of_cursor(under, glyphs)
    rows = list(zip(under.plain.split("\n"), over.plain.split("\n"), strict=True))
    for one, other in rows[:-2]:
        expected = glyphs.cursor if other[column] == " " else other[column]
        assert one == other[:column] + expected + other[column + 1 :]
    axis, below = rows[-2]
    assert axis == below[:column] + glyphs.axes[-1] + below[column + 1 :]
    assert rows[-1][0] == rows[-1][1]
    assert under.spans[: len(over.spans)] == over.spans
    for span in under.spans[len(over.spans) :]:
        assert under.plain[span.start : span.end] == glyphs.cursor
        assert span.style.color.name == INK


@pytest.mark.parametrize("x", [-1.0, 801.0, float("nan"), float("inf")])
def test_a_cursor_beside_the_axis_is_not_drawn(x):
    assert draw_at(x) == draw(CHART, 34, 8)


@pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
@pytest.mark.parametrize("size", [(34, 8), (60, 20), (95, 11), (200, 40), (40, 4), (9, 9)])
def test_the_x_of_a_column_brings_the_cursor_into_that_column(size, glyphs):
    grid = place_chart(CHART, *size, glyphs)
    picture = draw(CHART, *size, glyphs)
    for column in range(grid.columns):
        cursor = draw_cursor(picture, grid, grid.x_at(column), INK)
        assert column_of_cursor(cursor, glyphs) == grid.left + column


def test_the_lines_begin_right_of_the_axis_and_end_with_the_drawing():
    grid = place_chart(CHART, 60, 20, UNICODE)
    axis = draw(CHART, 60, 20).plain.split("\n")[-2]
    assert axis.index("└") == grid.left - 1
    assert len(axis) == grid.left + grid.columns
    assert (grid.x_at(-5), grid.x_at(500)) == CHART.x_range


def test_a_sparkline_has_a_cursor_too():
    grid = place_sparkline(CHART, 30, 3, UNICODE)
    assert grid == place_chart(CHART, 30, 3, UNICODE)  # axes would take too much
    text = draw_cursor(draw_sparkline(CHART, 30, 3, UNICODE), grid, 800.0, INK)
    assert [row[-1] for row in text.plain.split("\n")] == [UNICODE.cursor] * 3


def test_an_axis_of_one_value_has_one_x():
    chart = Chart((), (3.0, 3.0), (0.0, 1.0))
    assert place_chart(chart, 40, 10, ASCII).x_at(7) == pytest.approx(3)


def test_on_shaded_ground_it_stands_on_the_shade():
    xs, tint = (0.0, 800.0), "#152d3a"
    shade = Line("gap", tint, Stroke.GROUND, "◆", xs, (0.0, 0.0), (1.0, 1.0))
    chart = Chart((shade, MARKS), (0.0, 800.0), (0.0, 1.0))
    grid = place_sparkline(chart, 30, 3, UNICODE)
    before = draw_sparkline(chart, 30, 3, UNICODE)
    after = draw_cursor(before, grid, 600.0, INK)
    column = column_of_cursor(after, UNICODE)
    cursor = [span for span in after.spans if span.style.color and span.style.color.name == INK]
    assert [span.start % 31 for span in cursor] == [column] * 3
    assert {span.style.bgcolor.name for span in cursor} == {tint}
    covered = sorted(place for span in after.spans for place in range(span.start, span.end))
    assert covered == sorted(
        place for span in before.spans for place in range(span.start, span.end)
    )


def test_it_takes_hatched_cells_too():
    shade = Line("gap", HUE, Stroke.GROUND, "◆", (0.0, 800.0), (0.0, 0.0), (1.0, 1.0))
    chart, glyphs = Chart((shade,), (0.0, 800.0), (0.0, 1.0)), hatch(UNICODE)
    grid = place_sparkline(chart, 30, 3, glyphs)
    text = draw_cursor(draw_sparkline(chart, 30, 3, glyphs), grid, 800.0, INK)
    assert [row[-2:] for row in text.plain.split("\n")] == [f"░{UNICODE.cursor}"] * 3
