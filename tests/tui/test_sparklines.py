import math
import subprocess
import sys
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bn_tui.tui.drawing import ASCII, UNICODE, Chart, Line, Stroke
from bn_tui.tui.sparklines import draw_sparkline

BOTH = pytest.mark.parametrize("glyphs", [UNICODE, ASCII], ids=["unicode", "ascii"])
NAN, INF = math.nan, math.inf


def line(values, *, stroke=Stroke.LINE, highs=None, xs=None, **rest):
    values = tuple(map(float, values))
    xs = tuple(map(float, xs if xs is not None else range(len(values))))
    rest = {"label": "layers", "hue": "#7dcfff", "marker": "◆"} | rest
    return Line(stroke=stroke, xs=xs, lows=values, highs=tuple(highs or values), **rest)


def chart(*lines, x_range=(0.0, 1.0), y_range=(0.0, 1.0), **rest):
    return Chart(lines, x_range, y_range, **rest)


def rows(text):
    return text.plain.split("\n")


def draw(drawn, width, height, glyphs=UNICODE):
    text = draw_sparkline(drawn, width, height, glyphs)
    assert [len(row) for row in rows(text)] == [width] * height
    return rows(text)


def dots(picture):
    """The dots of a drawing in braille: {(row, column)} from the top left."""
    places = ((0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1), (3, 0), (3, 1))
    return {
        (4 * row + down, 2 * column + right)
        for row, characters in enumerate(picture)
        for column, character in enumerate(characters)
        for bit, (down, right) in enumerate(places)
        if character != " " and ord(character) - 0x2800 >> bit & 1
    }


def styles(text):
    """Each drawn character's (hue, dim), row by row."""
    found = [[None] * len(row) for row in rows(text)]
    for span in text.spans:
        for offset in range(span.start, span.end):
            row, column = divmod(offset, len(found[0]) + 1)
            found[row][column] = (span.style.color and span.style.color.name, bool(span.style.dim))
    return found


def test_a_line_goes_from_corner_to_corner():
    rising = chart(line([0, 1]))
    assert draw(rising, 2, 1) == ["⡠⠊"]
    assert draw(rising, 4, 2) == ["  ⡠⠊", "⡠⠊  "]
    assert draw(rising, 3, 1, ASCII) == [".-'"]
    assert draw(rising, 6, 2, ASCII) == ["   .-'", ".-'   "]


def test_a_steep_line_has_no_holes():
    picture = dots(draw(chart(line([0, 1, 0]), x_range=(0, 2)), 3, 4))
    assert {row for row, _ in picture} == set(range(16))
    columns = [{row for row, column in picture if column == at} for at in range(6)]
    for left, right in pairwise(columns):
        assert any(abs(a - b) <= 1 for a in left for b in right)


def test_a_band_is_filled_from_the_least_to_the_greatest():
    band = line([0.25, 0.5], highs=[0.75, 1.0], stroke=Stroke.BAND)
    picture = dots(draw(chart(band, y_range=(0, 0.875)), 1, 2))
    assert picture == {(row, 0) for row in (1, 2, 3, 4, 5)} | {(row, 1) for row in range(4)}


@given(st.lists(st.tuples(*[st.integers(0, 19)] * 3), min_size=1, max_size=60))
def test_no_spike_and_no_dip_is_lost(points):
    points = sorted((x, min(a, b), max(a, b)) for x, a, b in points)
    band = line(
        [low for _, low, _ in points],
        highs=[float(high) for *_, high in points],
        xs=[x for x, *_ in points],
        stroke=Stroke.BAND,
    )
    picture = dots(draw(chart(band, x_range=(0, 19), y_range=(0, 19)), 10, 5))
    for x, low, high in points:
        assert {(19 - value, x) for value in range(low, high + 1)} <= picture


@pytest.mark.parametrize("place", [0, 1, 399, 400, 798, 799])
@pytest.mark.parametrize(("value", "row"), [(1.0, 0), (0.0, 15)])
def test_one_step_out_of_eight_hundred_can_be_seen(place, value, row):
    values = [0.5] * 800
    values[place] = value
    picture = dots(draw(chart(line(values), x_range=(0, 799)), 24, 4))
    assert [column for at, column in picture if at == row] == [round(place / 799 * 47)]


def test_it_fills_from_the_left():
    picture = draw(chart(line([0.5] * 400), x_range=(0, 800)), 24, 4)
    assert {len(row.rstrip()) for row in picture} == {0, 12}


def test_a_point_out_of_range_is_left_out():
    assert draw(chart(line([0, 0, 1, 1], xs=[-2, 0, 1, 2])), 4, 2) == ["  ⡠⠊", "⡠⠊  "]
    assert draw(chart(line([1, 1], xs=[-2, 2]), waiting="none"), 4, 1) == ["none"]


def test_nan_is_a_gap():
    picture = draw(chart(line([0, 0, NAN, 0, 0]), x_range=(0, 4)), 10, 1)
    assert picture == ["⣀⣀⣀    ⣀⣀⣀"]
    assert draw(chart(line([0, 0, 0, 0]), x_range=(0, 3)), 10, 1) == ["⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀"]


@pytest.mark.parametrize("values", [[NAN, 0, 1], [0, NAN, 1], [0, 1, NAN]])
def test_nan_hides_no_neighbour_in_the_same_column(values):
    crowd = chart(line(values, xs=[0.5] * 3))
    assert dots(draw(crowd, 1, 2)) == {(row, 1) for row in range(8)}


def test_infinity_is_at_the_edge():
    top, bottom = draw(chart(line([INF, -INF], xs=[0, 1], stroke=Stroke.MARKS)), 8, 2)
    assert (top[0], bottom[-1]) == ("◆", "◆")
    assert dots(draw(chart(line([INF])), 1, 1)) == {(0, 0)}
    assert dots(draw(chart(line([-INF])), 1, 1)) == {(3, 0)}


def test_a_value_out_of_range_is_at_the_edge():
    assert dots(draw(chart(line([7, 7])), 1, 1)) == {(0, 0), (0, 1)}
    assert dots(draw(chart(line([-7, -7])), 1, 1)) == {(3, 0), (3, 1)}


def test_equal_values_stand_in_the_middle_of_an_empty_range():
    assert {row for row, _ in dots(draw(chart(line([2, 2]), y_range=(2, 2)), 9, 2))} == {3}


def test_equal_ratios_are_equally_far_apart_on_a_logarithmic_scale():
    powers = chart(line([1, 10, 100]), x_range=(0, 2), y_range=(1, 100), log_y=True)
    assert draw(powers, 4, 2) == draw(chart(line([0, 0.5, 1]), x_range=(0, 2)), 4, 2)


@pytest.mark.parametrize("least", [0.0, -1.0])
def test_zero_is_at_the_bottom_of_a_logarithmic_scale(least):
    powers = line([0, 0.01, 0.1, 1, 1])
    drawn = chart(powers, x_range=(0, 4), y_range=(least, 1), log_y=True)
    picture = dots(draw(drawn, 5, 4))
    assert picture >= {(15, 0), (0, 9)}
    assert (7, 5) in picture  # a tenth is halfway from a hundredth to one


def test_markers_stand_out_from_bands_without_colour():
    band = line([0.5] * 9, stroke=Stroke.BAND, dim=True)
    marks = line([0.5, 0.5], xs=[0, 8], stroke=Stroke.MARKS)
    both = chart(marks, band, x_range=(0, 8))
    assert draw(both, 6, 1) == ["◆⠒⠒⠒⠒◆"]
    assert styles(draw_sparkline(both, 6, 1, UNICODE)) == [
        [("#7dcfff", False), *[("#7dcfff", True)] * 4, ("#7dcfff", False)]
    ]


def test_marks_are_connected_behind_a_band():
    marks = line([0, 1], stroke=Stroke.MARKS)
    assert draw(chart(marks), 4, 2) == ["  ⡠◆", "◆⠊  "]
    band = line([0, 0], highs=[1.0, 1.0], stroke=Stroke.BAND)
    assert draw(chart(marks, band), 4, 2) == ["⣿⣿⣿◆", "◆⣿⣿⣿"]


@pytest.mark.parametrize("stroke", [Stroke.BAND, Stroke.LINE])
def test_lines_that_meet_both_show(stroke):
    lines = [line([0.5, 0.5], stroke=stroke, hue=hue) for hue in ("#e0af68", "#bb9af7")]
    hues = [hue for hue, _ in styles(draw_sparkline(chart(*lines), 6, 1, UNICODE))[0]]
    assert hues == ["#e0af68", "#bb9af7"] * 3


def test_lines_that_meet_keep_each_others_dots():
    assert draw(chart(line([0, 0]), line([1, 1])), 3, 1) == ["⣉⣉⣉"]


def test_marks_that_meet_take_turns_wherever_they_are():
    xs = [0, 2, 4, 6]
    lines = [line([0.5] * 4, xs=xs, stroke=Stroke.MARKS, marker=marker) for marker in "●◆"]
    picture = draw(chart(*lines, x_range=(0, 6)), 7, 1)[0]
    assert [picture[0], picture[2], picture[4], picture[6]] == ["●", "◆", "●", "◆"]


@BOTH
def test_while_there_is_nothing_to_draw_it_says_so(glyphs):
    nothing = chart(line([]), waiting="waiting for a batch")
    assert draw(nothing, 23, 3, glyphs) == [" " * 23, "  waiting for a batch  ", " " * 23]
    assert draw(nothing, 9, 4, glyphs) == [" waiting ", "  for a  ", "  batch  ", " " * 9]
    assert draw(nothing, 4, 2, glyphs) == ["wait", "ing "]
    assert draw(nothing, 1, 1, glyphs) == ["w"]
    assert draw(chart(), 3, 1, glyphs)[0].strip() == glyphs.speechless
    assert draw(chart(line([NAN]), waiting="none"), 4, 1, glyphs) == ["none"]


def test_ascii_draws_nothing_else():
    marks = line([0, 1], stroke=Stroke.MARKS, marker="✱")
    assert draw(chart(marks), 2, 1, ASCII) == ["??"]
    known = line([0, 1], stroke=Stroke.MARKS, marker=UNICODE.markers[1])
    assert draw(chart(known), 2, 1, ASCII) == [ASCII.markers[1] * 2]
    assert draw(chart(waiting="wait… γ"), 9, 1, ASCII) == ["wait... ?"]
    assert draw(chart(waiting="a\tbad\x1b 漢"), 9, 1) == ["a bad? ? "]


def test_no_size_is_no_text():
    assert draw_sparkline(chart(line([0, 1])), 0, 3, UNICODE).plain == ""
    assert draw_sparkline(chart(line([0, 1])), 3, 0, UNICODE).plain == ""


@pytest.mark.parametrize(
    "wrong",
    [
        {"marker": ""},
        {"marker": "◆◆"},
        {"marker": "漢"},
        {"xs": (0.0,)},
        {"highs": (0.0, 0.0, 0.0)},
        {"xs": (1.0, 0.0)},
        {"xs": (0.0, NAN)},
        {"xs": (0.0, INF)},
    ],
)
def test_what_is_no_line_is_refused(wrong):
    with pytest.raises(ValueError, match=r"marker|line"):
        replace(line([0, 1]), **wrong)


def test_drawing_a_sparkline_loads_neither_textual_nor_plotext():
    program = "import bn_tui.tui.sparklines, sys; print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    loaded = set(result.stdout.decode().split())
    assert "rich" in loaded
    assert not loaded & {"textual", "plotext", "numpy", "tensorflow"}
