import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from math import inf, nan

import plotext
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bn_tui.tui.charts import draw_chart
from bn_tui.tui.drawing import ASCII, UNICODE, Chart, Line, Stroke
from bn_tui.tui.sparklines import draw_sparkline

INK, FAINT, HUE = "#a9b1d6", "#565f89", "#7dcfff"
draw_text = partial(draw_chart, ink=INK, faint=FAINT)

TRAINING = Line(
    "training",
    HUE,
    Stroke.BAND,
    UNICODE.markers[1],
    xs=(0.0, 200.0, 400.0, 600.0),
    lows=(0.1, 0.3, 0.8, 0.9),
    highs=(0.2, 0.5, 0.9, 1.0),
    dim=True,
)
VALIDATION = Line(
    "validation",
    HUE,
    Stroke.MARKS,
    UNICODE.markers[1],
    xs=(0.0, 200.0, 400.0),
    lows=(0.1, 0.1, 0.85),
    highs=(0.1, 0.1, 0.85),
)
ACCURACY = Chart((TRAINING, VALIDATION), (0.0, 800.0), (0.0, 1.0), x_label="batch")


def draw(chart, width, height, glyphs=UNICODE):
    picture = draw_text(chart, width, height, glyphs).plain.split("\n")
    assert [len(row) for row in picture] == [width] * height
    return picture


def marks(values, *, xs=None):
    values = tuple(map(float, values))
    xs = tuple(map(float, xs or range(len(values))))
    return Line("marks", HUE, Stroke.MARKS, "◆", xs, values, values)


def axis_labels(picture):
    """What is written beside the value axis, from the top."""
    labels = [row[: row.index("┤")].strip() for row in picture if "┤" in row]
    return " ".join(labels)


def test_a_chart_looks_like_this():
    assert draw(ACCURACY, 34, 8) == [
        " 1┤              ⢀◆⣤⣴⣶⣶⣶⣾⠿⠇       ",
        "  │           ⣠⣴⣾⡿⠟⠛⠉⠉⠁           ",
        ".5┤       ⣀⣤⣶⣿⡿⠟⠉                 ",
        "  │   ⣀⣤⣶⣿⣿⣿⠟⠋⠊                   ",
        "  │⣤⣶⣿⣿⠿⠟⠛⠉⢀⠜                     ",
        " 0┤◆⠉⠁⠒⠒⠒⠒◆⠁                      ",
        "  └┬──────┬───────┬ batch ┬──────┬",
        "   0     200     400     600   800",
    ]


def test_a_chart_in_ascii_looks_like_this():
    assert draw(ACCURACY, 34, 8, ASCII) == [
        " 1+               ......===       ",
        "  |           ...'*'''            ",
        ".5+        ..==''                 ",
        "  |    ...==='.'                  ",
        "  |..===''''.'                    ",
        " 0+*'''''''*                      ",
        "  ++-------+------+ batch +------+",
        "   0      200    400     600   800",
    ]


@pytest.mark.parametrize(
    ("size", "labels"),
    [((36, 11), "0 200 400 600 800"), ((95, 20), "0 100 200 300 400 500 600 700 800")],
)
def test_x_labels_are_under_their_ticks_and_reach_the_right_edge(size, labels):
    *_, axis, written = draw(replace(ACCURACY, x_label=""), *size)
    assert written.split() == labels.split()
    assert written[-1] == "0"
    assert axis[-1] == "┬"
    for label in labels.split()[:-1]:
        start = f"{written} ".index(f" {label} ") + 1
        assert axis[start + (len(label) - 1) // 2] in "┬┴" or axis[start + len(label) // 2] in "┬┴"


@pytest.mark.parametrize(
    ("last", "labels"), [(3.0, "0 1 2 3"), (0.9, "0 .2 .4 .6 .8"), (12_000.0, "0 5k 10k")]
)
def test_batches_are_counted_in_whole_numbers_and_epochs_are_not(last, labels):
    drawn = Chart((), (0.0, last), (0.0, 1.0))
    assert draw(drawn, 40, 11)[-1].split() == labels.split()


@pytest.mark.parametrize("value", [0, 0.25, 0.5, 1])
@pytest.mark.parametrize("x", [0, 200, 400, 800])
def test_a_mark_is_level_with_its_tick_and_above_its_tick(x, value):
    drawn = Chart((marks([value], xs=[x]),), (0, 800), (0, 1), y_ticks=(value,))
    *_, picture = [draw(drawn, 37, 12)]
    row = next(row for row in picture if "┤" in row)
    ticks = [at for at, character in enumerate(picture[-2]) if character == "┬"]
    assert row.index("◆") == ticks[x // 200]


@pytest.mark.parametrize(
    ("chart", "labels"),
    [
        (Chart((), (0, 800), (0, 0.7)), ".6 .4 .2 0"),
        (Chart((), (0, 800), (0, 1)), "1 .5 0"),
        (Chart((), (0, 800), (1e-4, 1), log_y=True), "1 .1 .01 1e-3 1e-4"),
        (Chart((), (0, 800), (0, 1), y_ticks=(0.1, 0.98, 7, nan)), ".98 .1"),
        (Chart((), (0, 800), (0.5, 0.5)), ".5"),
        (Chart((), (0, 800), (nan, inf)), "1 .5 0"),
    ],
)
def test_values_are_labelled_shortly(chart, labels):
    assert axis_labels(draw(chart, 40, 11)) == labels


def test_words_for_x_stand_in_the_axis_where_there_is_room():
    assert draw(ACCURACY, 36, 11)[-2].endswith("┬ batch ┬")
    words = replace(ACCURACY, x_label="batches of sixty-four")
    assert "b" not in "".join(draw(words, 36, 11))
    assert "┬ batches of sixty-four ┬" in draw(words, 190, 11)[-2]
    assert draw(replace(ACCURACY, x_label="γ…"), 40, 9, ASCII)[-2].endswith(" ?... +")


def test_every_character_has_the_colour_of_its_pen():
    text = draw_text(ACCURACY, 34, 8, UNICODE)
    pens = {}
    for span in text.spans:
        pen = (span.style.color.name, bool(span.style.dim))
        pens.setdefault(pen, set()).update(text.plain[span.start : span.end])
    assert set(pens) == {(INK, False), (FAINT, False), (HUE, True), (HUE, False)}
    assert pens[FAINT, False] == set("─│└┬┤")
    assert pens[INK, False] == set("0.512468 batch")
    assert "◆" in pens[HUE, False]
    assert all(0x2800 < ord(dots) < 0x2900 for dots in pens[HUE, True])
    drawn = {at for span in text.spans for at in range(span.start, span.end)}
    assert all(at in drawn for at, character in enumerate(text.plain) if not character.isspace())


def test_while_there_is_nothing_to_draw_the_axes_are_there_already():
    waiting = replace(ACCURACY, lines=(), waiting="waiting for the first batch")
    picture = draw(waiting, 36, 11)
    assert picture[4] == ".5┤   waiting for the first batch   "
    assert picture[-2:] == draw(ACCURACY, 36, 11)[-2:]
    assert UNICODE.speechless in "".join(draw(Chart((), (0, 1), (0, 1)), 36, 11))


@pytest.mark.parametrize("size", [(1, 1), (5, 3), (13, 12), (80, 4), (3, 40)])
def test_where_axes_have_no_room_it_is_a_sparkline(size):
    assert draw_text(ACCURACY, *size, UNICODE) == draw_sparkline(ACCURACY, *size, UNICODE)


def test_the_figure_that_the_process_shares_is_left_alone():
    shared = plotext.main()
    before = shared.build()
    draw(ACCURACY, 60, 16)
    assert plotext.main() is shared
    assert shared.build() == before


def test_threads_do_not_draw_into_each_others_charts():
    charts = [replace(ACCURACY, lines=lines) for lines in ((TRAINING,), (VALIDATION,), ())]
    alone = [draw(chart, 50, 12) for chart in charts]
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda number: draw(charts[number % 3], 50, 12), range(60)))
    assert together == alone * 20


def test_a_chart_is_the_same_in_every_process():
    """plotext puts ticks and points through sets, whose order differs from process to process."""
    program = (
        "from bn_tui.tui.charts import draw_chart; from bn_tui.tui.drawing import *;"
        "line = Line('', '#000000', Stroke.MARKS, 'o', (123451.0,), (0.5,), (0.5,));"
        "chart = Chart((line,), (123450.0, 123458.0), (0.0, 1.0));"
        "print([draw_chart(chart, width, 9, ASCII, ink='#000000', faint='#000000').plain"
        " for width in range(15, 140)])"
    )
    pictures = {
        subprocess.run(
            [sys.executable, "-c", program],
            env=os.environ | {"PYTHONHASHSEED": str(seed)},
            capture_output=True,
            check=True,
        ).stdout
        for seed in range(4)
    }
    assert len(pictures) == 1


@st.composite
def any_charts(draw):
    """Charts of anything that a Chart can be made of."""
    numbers = st.floats()
    finite = st.floats(allow_nan=False, allow_infinity=False)
    lines = []
    for _ in range(draw(st.integers(0, 3))):
        xs = tuple(sorted(draw(st.lists(finite, max_size=8))))
        lows, highs = (
            tuple(draw(st.lists(numbers, min_size=len(xs), max_size=len(xs)))) for _ in range(2)
        )
        stroke, dim = draw(st.sampled_from(Stroke)), draw(st.booleans())
        lines.append(Line("any", HUE, stroke, "◆", xs, lows, highs, dim))
    return Chart(
        tuple(lines),
        x_range=(draw(numbers), draw(numbers)),
        y_range=(draw(numbers), draw(numbers)),
        log_y=draw(st.booleans()),
        x_label=draw(st.text(max_size=12)),
        y_ticks=tuple(draw(st.lists(numbers, max_size=3))),
        waiting=draw(st.text(max_size=40)),
    )


@given(any_charts(), st.integers(1, 220), st.integers(1, 60), st.sampled_from([UNICODE, ASCII]))
@settings(deadline=None)
@pytest.mark.parametrize("draw_any", [draw_text, draw_sparkline], ids=["chart", "sparkline"])
def test_anything_is_drawn_in_exactly_its_size(draw_any, chart, width, height, glyphs):
    text = draw_any(chart, width, height, glyphs).plain
    assert [len(row) for row in text.split("\n")] == [width] * height
    assert text.strip()
    assert glyphs is UNICODE or text.isascii()
