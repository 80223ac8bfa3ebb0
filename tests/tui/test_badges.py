"""Badges: what is the matter, in a word or two, as far as there is room."""

from dataclasses import replace

import pytest

from bn_tui.tui.badges import write_badges
from bn_tui.tui.drawing import UNICODE
from bn_tui.tui.palette import Palette

PALETTE = Palette(UNICODE, dark=True, ink="#ffffff", faint="#808080", alarm="#ff6b6b")


@pytest.mark.parametrize(
    ("badges", "room", "text"),
    [
        ((), 20, ""),
        (("lag",), 20, " lag "),
        (("lag", "one digit"), 20, " lag   one digit "),
        (("lag", "one digit", "signal"), 19, " lag +2 "),
        (("lag", "one digit", "signal"), 20, " lag   one digit +1 "),
        (("one digit", "lag"), 8, " 2 "),
    ],
)
def test_as_many_as_fit_are_written_and_the_rest_is_counted(badges, room, text):
    written = write_badges(badges, PALETTE, room)
    assert written.plain == text
    assert len(written) <= room


def test_a_badge_stands_on_ground_of_its_own():
    (span,) = write_badges(("lag",), PALETTE, 20).spans or [None]
    assert span.style.bgcolor.name == PALETTE.fade(PALETTE.alarm)


def test_without_colour_a_badge_has_an_edge():
    palette = replace(PALETTE, colorless=True)
    assert write_badges(("lag", "one digit", "signal"), palette, 20).plain == "[lag] [one digit +1]"
