"""The keys at the bottom, as a person reads and clicks them."""

import pytest

from bn_tui.tui.screens.overlay import OverlayScreen
from bn_tui.tui.widgets.key_line import KeyLine


def test_every_key_says_what_it_does(on_screen, until):
    keys = on_screen(until(40), (120, 40))[-1]
    words = ["1 Race", "2 Overlay", "3 Log", "4 Results", "6 Layers", "? Help", "q Quit", "p Pause"]
    assert keys.split("  ")[: len(words)] == [f" {words[0]}".rstrip(), *words[1:]]


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("1", "2 Overlay 3 Log 4 Results 6 Layers ? Help q Quit p Pause"),
        ("3", "1 Race 2 Overlay 4 Results 6 Layers ? Help q Quit p Pause"),
    ],
)
def test_with_less_room_keys_stand_closer_and_some_are_left_out_whole(
    on_screen, until, view, words
):
    async def look(pilot):
        await pilot.press(view)

    assert on_screen(until(40), (60, 18), look)[-1].rstrip() == words


@pytest.mark.parametrize("column", [0, 4, 8])
def test_a_click_does_what_the_key_does(on_screen, until, column):
    async def click(pilot):
        await pilot.click(KeyLine, offset=(column, 0))
        assert isinstance(pilot.app.screen, OverlayScreen)

    on_screen(until(40), (80, 24), click)


def test_a_click_beside_the_keys_does_nothing(on_screen, until):
    async def click(pilot):
        before = pilot.app.screen
        await pilot.click(KeyLine, offset=(119, 0))
        assert pilot.app.screen is before

    on_screen(until(40), (120, 40), click)
