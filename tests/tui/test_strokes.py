"""How the strokes that judge the same weights are told apart, and the ground between them."""

from itertools import pairwise
from math import nan

import pytest

from bn_tui.tui.charts import draw_chart
from bn_tui.tui.drawing import ASCII, UNICODE, Chart, Line, Stroke, hatch
from bn_tui.tui.sparklines import draw_sparkline, place_sparkline
from bn_tui.tui.strokes import draw_strokes, shade_ground

HUE, TINT = "#56b4e9", "#152d3a"
BOTH = pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])


def line(stroke, values, *, highs=None, marker="◆", hue=HUE):
    xs = tuple(map(float, range(len(values))))
    return Line("layers", hue, stroke, marker, xs, tuple(values), tuple(highs or values))


def chart(*lines, last=1):
    return Chart(lines, (0.0, float(last)), (0.0, 1.0))


def drawn(shown, width, height, glyphs=UNICODE):
    return draw_sparkline(shown, width, height, glyphs).plain.split("\n")


@BOTH
def test_dashes_have_gaps_where_a_line_has_none(glyphs):
    solid, dashes = (
        drawn(chart(line(stroke, [0.5, 0.5])), 12, 1, glyphs)[0]
        for stroke in (Stroke.LINE, Stroke.DASHES)
    )
    assert " " not in solid
    assert dashes.split() == [solid[:2]] * 4


@BOTH
def test_a_steep_line_of_dashes_does_not_fall_to_pieces(glyphs):
    picture = drawn(chart(line(Stroke.DASHES, [0, 1])), 2, 8, glyphs)
    assert all(row.strip() for row in picture)


@BOTH
def test_points_stand_alone(glyphs):
    values = [0.5] * 3
    marks, points = (
        drawn(chart(line(stroke, values), last=2), 9, 1, glyphs)[0]
        for stroke in (Stroke.MARKS, Stroke.POINTS)
    )
    marker = glyphs.markers[1]
    assert [row.count(marker) for row in (marks, points)] == [3, 3]
    assert points.split() == [marker] * 3
    assert " " not in marks


def test_points_cover_lines():
    lines = line(Stroke.POINTS, [0.5], marker="+"), line(Stroke.LINE, [0.5, 0.5])
    assert drawn(chart(*lines), 3, 1) == ["+⠒⠒"]


def ground(shown, width, height, glyphs=UNICODE):
    return shade_ground(shown, place_sparkline(shown, width, height, glyphs))


@BOTH
def test_the_ground_is_shaded_from_the_least_to_the_greatest(glyphs):
    shade = line(Stroke.GROUND, [0.0, 0.0], highs=[0.5, 0.5])
    assert set(ground(chart(shade), 4, 4, glyphs)) == {
        (row, column) for row in (2, 3) for column in range(4)
    }
    assert draw_strokes(chart(shade), place_sparkline(chart(shade), 4, 4, glyphs)) == {}


def test_less_than_half_of_a_cell_does_not_shade_it():
    thin = line(Stroke.GROUND, [0.0, 0.0], highs=[0.03, 0.03])
    assert ground(chart(thin), 4, 4) == {}


def test_there_is_no_shade_where_there_is_no_gap():
    shade = line(Stroke.GROUND, [0.0, nan, 0.0], highs=[1.0, nan, 1.0])
    columns = {column for _, column in ground(chart(shade, last=2), 9, 2)}
    assert columns <= {0, 8}


def test_lines_that_shade_the_same_cells_take_turns():
    shades = [line(Stroke.GROUND, [0, 0], highs=[1, 1]) for _ in range(2)]
    shaded = ground(chart(*shades), 4, 1)
    assert [shaded[0, column] for column in range(4)] == [0, 1, 0, 1]


def test_what_is_drawn_stands_on_the_shade():
    shade = line(Stroke.GROUND, [0, 0], highs=[1, 1], hue=TINT)
    shown = chart(shade, line(Stroke.LINE, [0.5, 0.5]))
    for text in (
        draw_sparkline(shown, 20, 3, UNICODE),
        draw_chart(shown, 40, 9, UNICODE, ink="#ffffff", faint="#808080"),
    ):
        grounds = {span.style.bgcolor.name for span in text.spans if span.style.bgcolor}
        on_it = [span for span in text.spans if span.style.bgcolor and span.style.color]
        assert grounds == {TINT}
        assert {span.style.color.name for span in on_it} == {HUE}
        ends = [(span.start, span.end) for span in text.spans]
        assert all(one[1] <= other[0] for one, other in pairwise(ends))


@BOTH
def test_without_colour_the_ground_is_hatched_where_nothing_stands_on_it(glyphs):
    shade = line(Stroke.GROUND, [0, 0], highs=[1, 1])
    shown = chart(shade, line(Stroke.LINE, [0.5, 0.5]))
    picture = drawn(shown, 6, 3, hatch(glyphs))
    assert [picture[0], picture[2]] == [hatch(glyphs).ground * 6] * 2
    assert picture[1] == drawn(shown, 6, 3, glyphs)[1]
    assert hatch(glyphs).ground.isascii() == glyphs.dots.isascii()
