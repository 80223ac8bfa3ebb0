"""The heat map as text, cell by cell."""

from dataclasses import replace
from math import inf, nan

import pytest

from bn_tui.tui.drawing import ASCII, UNICODE
from bn_tui.tui.heat import NAMES, NUMBERS, Cursor, Heat, draw_heat, draw_level, place_heat
from bn_tui.tui.palette import Palette
from bn_tui.tui.ramps import LEVELS
from bn_tui.tui.scales import Scale

COLORED = Palette(UNICODE, dark=True, ink="#e0e0e0", faint="#808080", alarm="#ff6b6b")
PLAIN = replace(COLORED, glyphs=ASCII, colorless=True)
MONOCHROME = replace(COLORED, colorless=True)

#: Three layers, probed at steps 0, 10 and 20 of 40, of which 30 are trained.
HEAT = Heat(
    starts=(0, 10, 20),
    values=((0.0, 0.5, 1.0), (1.0, 0.0, 0.5), (0.5, 1.0, 0.0)),
    end=30,
    x_range=(0, 39),
    scale=Scale(0, 1),
    sides=False,
)
SIZE = (45, 4)


def draw(heat=HEAT, palette=PLAIN, size=SIZE, cursor=Cursor(0, 39), gutter=NUMBERS):  # noqa: B008
    place = place_heat(heat, size, palette.glyphs, gutter=gutter, layer=cursor.layer)
    return draw_heat(heat, place, size, palette, cursor)


def rows(**facts):
    return draw(**facts).plain.split("\n")


def colors(text, row, width=SIZE[0]):
    """The background of each cell of a row."""
    start = row * (width + 1)
    found = [None] * width
    for span in text.spans:
        for place in range(span.start, span.end):
            if start <= place < start + width and span.style.bgcolor is not None:
                found[place - start] = span.style.bgcolor.name
    return found


def test_a_row_for_each_layer_and_a_column_for_each_step():
    first, second, third, axis = rows()
    assert first[:NUMBERS] == ">  1 "
    assert second[:NUMBERS] == "   2 "
    assert third[:NUMBERS] == "   3 "
    assert axis.split() == ["step", "0", "10", "20", "30"]
    least, most = ASCII.densities[0], ASCII.densities[-1]
    middle = draw_level(LEVELS // 2, PLAIN, sides=False)
    assert first[NUMBERS:].rstrip(" O") == least * 10 + most * 10 + middle * 11
    assert second[NUMBERS:36] == middle * 10 + least * 10 + most * 11


def test_what_is_not_trained_yet_is_blank():
    assert rows()[1][36:44] == " " * 8


def test_the_last_probe_is_seen_though_no_step_has_followed():
    end = replace(HEAT, end=-1)
    assert rows(heat=end)[0][NUMBERS:27].rstrip() == rows()[0][NUMBERS:26]


def test_colours_say_how_much():
    text = draw(palette=COLORED)
    ramp = COLORED.ramp(sides=False)
    first = colors(text, 0)
    assert first[NUMBERS:36] == [ramp[0]] * 10 + [ramp[-1]] * 10 + [ramp[LEVELS // 2]] * 11
    assert text.plain.split("\n")[0][NUMBERS:36].isspace()


@pytest.mark.parametrize("palette", [PLAIN, MONOCHROME])
def test_without_colours_characters_do(palette):
    values = tuple((level / (LEVELS - 1),) for level in range(LEVELS))
    heat = Heat(tuple(range(LEVELS)), values, LEVELS - 1, (0, LEVELS - 1), Scale(0, 1), sides=False)
    row = rows(heat=heat, palette=palette, size=(LEVELS + NUMBERS, 2), cursor=Cursor(1, 0))[0]
    seen = "".join(dict.fromkeys(row[NUMBERS + 1 :]))
    assert seen == palette.glyphs.densities
    assert not any(map(str.isspace, seen))


@pytest.mark.parametrize("palette", [PLAIN, MONOCHROME])
def test_without_colours_sides_have_characters_of_their_own(palette):
    below = {draw_level(level, palette, sides=True) for level in range(LEVELS // 2 - 5)}
    above = {draw_level(level, palette, sides=True) for level in range(LEVELS // 2 + 6, LEVELS)}
    assert len(below) == len(above) == 3
    assert not below & above
    assert draw_level(LEVELS // 2, palette, sides=True) not in below | above


def test_what_is_not_finite_is_seen():
    heat = replace(HEAT, values=((nan, 0.0, 0.0), (inf, 0.0, 0.0), (-inf, 0.0, 0.0)))
    text = draw(heat=heat, palette=COLORED)
    assert text.plain.split("\n")[0][NUMBERS:36] == "?" * 31
    assert colors(text, 0)[NUMBERS:36] == [None] * 31


def test_the_cursor_is_a_line_with_a_mark_at_the_layer():
    lines = rows(cursor=Cursor(1, 15))
    column = NUMBERS + 15
    assert [line[column] for line in lines[:3]] == [ASCII.cursor, ASCII.crossing, ASCII.cursor]
    assert lines[1].startswith(">  2")


@pytest.mark.parametrize("step", [0, 12])
def test_the_cursor_keeps_the_colour_below_it(step):
    before, after = draw(palette=COLORED), draw(palette=COLORED, cursor=Cursor(1, step))
    for row in range(3):
        assert colors(before, row)[: NUMBERS + 38] == colors(after, row)[: NUMBERS + 38]


def test_with_room_layers_have_names():
    lines = rows(gutter=NAMES, size=(49, 4))
    assert [line[:NAMES].strip() for line in lines[:3]] == ["> conv 1", "conv 2", "dense"]


@pytest.mark.parametrize(("layer", "seen"), [(0, "12"), (1, "12"), (2, "23")])
def test_where_there_is_little_room_the_layer_of_the_cursor_is_seen(layer, seen):
    lines = rows(size=(45, 3), cursor=Cursor(layer, 0))
    assert "".join(line[3] for line in lines[:2]) == seen


def test_a_place_is_a_layer_and_a_step():
    place = place_heat(HEAT, (45, 3), ASCII, gutter=NUMBERS, layer=2)
    assert [place.layer_at(row) for row in (-1, 0, 1, 2)] == [1, 1, 2, 2]
    assert [place.step_at(column) for column in (0, NUMBERS, NUMBERS + 20, 99)] == [0, 0, 20, 39]


def test_without_values_it_says_what_it_waits_for():
    heat = replace(HEAT, starts=(), values=(), waiting="no probe yet")
    assert rows(heat=heat)[1].strip() == "no probe yet"


@pytest.mark.parametrize("size", [(8, 4), (45, 1), (3, 2)])
def test_where_there_is_no_room_nothing_breaks(size):
    lines = rows(size=size)
    assert [len(line) for line in lines] == [size[0]] * size[1]
