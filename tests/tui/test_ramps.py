"""The colours of values: more is told from less on every ground, with every kind of sight."""

from itertools import pairwise

import pytest
from textual.theme import BUILTIN_THEMES, Theme

from bn_tui.tui.drawing import ASCII, UNICODE
from bn_tui.tui.palette import suit
from bn_tui.tui.ramps import LEVELS, is_light, mix, part, rise

MIDDLE = LEVELS // 2


@pytest.fixture(params=BUILTIN_THEMES)
def palette(request):
    return suit(BUILTIN_THEMES[request.param], UNICODE)


def luminance(color):
    """Relative luminance (WCAG 2.2), which no kind of colour vision lacks."""
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_from_little_to_much_it_grows_lighter_on_dark_and_darker_on_light(palette):
    steps = list(map(luminance, palette.ramp(sides=False)))
    assert len(steps) == LEVELS
    for less, more in pairwise(steps):
        assert more > less if palette.dark else more < less


def test_both_sides_stand_out_more_the_farther_they_are(palette):
    steps = list(map(luminance, palette.ramp(sides=True)))
    assert len(steps) == LEVELS
    for side in (steps[MIDDLE::-1], steps[MIDDLE:]):
        for nearer, farther in pairwise(side):
            assert farther > nearer if palette.dark else farther < nearer


def test_the_sides_are_blue_and_orange(palette):
    below, above = palette.ramp(sides=True)[0], palette.ramp(sides=True)[-1]
    assert int(below[5:], 16) > int(below[1:3], 16)
    assert int(above[1:3], 16) > int(above[5:], 16)


def test_least_and_greatest_stand_apart(palette):
    first, last = map(luminance, (palette.ramp(sides=False)[0], palette.ramp(sides=False)[-1]))
    lighter, darker = max(first, last), min(first, last)
    assert (lighter + 0.05) / (darker + 0.05) > 3  # WCAG's least for what is drawn


@pytest.mark.parametrize("ramp", [rise, part])
def test_a_ramp_is_made_once(ramp):
    assert ramp("#121212", dark=True) is ramp("#121212", dark=True)
    assert ramp("#121212", dark=True) != ramp("#efefef", dark=False)


@pytest.mark.parametrize(("share", "mixed"), [(0, "#102030"), (1, "#ffffff"), (0.5, "#878f97")])
def test_mixing(share, mixed):
    assert mix("#102030", "#ffffff", share) == mixed


@pytest.mark.parametrize(("color", "light"), [("#ffff00", True), ("#0000ff", False)])
def test_what_is_written_on_it(color, light):
    assert is_light(color) is light


def test_a_theme_that_leaves_its_colours_to_the_terminal_has_ours():
    theme = Theme("mine", primary="#000000", dark=True, background="ansi_default", error="ansi_red")
    palette = suit(theme, ASCII, colorless=True)
    assert palette == suit(Theme("mine", primary="#000000", dark=True), ASCII, colorless=True)
    assert palette.ground.startswith("#")
    assert palette.colorless
