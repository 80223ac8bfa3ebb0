"""Drawings as Textual's lines."""

from rich.style import Style
from rich.text import Span, Text

from bn_tui.tui.strips import to_strips

BASE = Style(bgcolor="#101010")
RED, BLUE = Style(color="#ff0000"), Style(color="#0000ff", dim=True)


def test_every_character_keeps_its_place_and_its_style():
    spans = [Span(0, 2, RED), Span(8, 9, BLUE), Span(3, 4, BLUE)]
    rows = to_strips(Text("ab c\n\n  d f", spans=spans), BASE)
    assert [row.text for row in rows] == ["ab c", "", "  d f"]
    styled = {
        character: segment.style for row in rows for segment in row for character in segment.text
    }
    assert styled["a"] == styled["b"] == BASE + RED
    assert styled["c"] == styled["d"] == BASE + BLUE
    assert styled[" "] == styled["f"] == BASE


def test_a_style_may_be_in_words():
    (row,) = to_strips(Text("a", spans=[Span(0, 1, "bold")]), BASE)
    assert [segment.style for segment in row] == [BASE + Style(bold=True)]


def test_nothing_is_one_empty_row():
    assert [row.text for row in to_strips(Text(), BASE)] == [""]
