"""The screen without its colours."""

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from bn_tui.tui.filters import WithoutColor

DARK, LIGHT = Color.parse("#121212"), Color.parse("#e0e0e0")


def see(style, ground=DARK):
    [segment] = WithoutColor(lambda: ground).apply([Segment("x", Style.parse(style))], ground)
    return segment.style


def test_colours_go_and_the_rest_stays():
    assert see("bold underline #56b4e9 on #1e1e1e") == Style(bold=True, underline=True)


@pytest.mark.parametrize("ground", [DARK, LIGHT])
@pytest.mark.parametrize("style", ["black on #ffa62b", "bold white on #0178d4"])
def test_what_its_ground_makes_stand_out_is_reversed(style, ground):
    assert see(style, ground).reverse


@pytest.mark.parametrize("style", ["white on #242f38", "#ffa62b", "#121212 on default"])
def test_what_only_differs_a_little_is_not(style):
    assert not see(style).reverse


def test_what_is_reversed_stays_so():
    assert see("reverse #121212 on #ffa62b").reverse


def test_a_segment_without_a_style_has_none_after():
    [segment] = WithoutColor(lambda: DARK).apply([Segment("x")], DARK)
    assert segment.style is None
