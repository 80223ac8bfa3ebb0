"""Help: what the screen shows and the keys, made from the bindings themselves."""

import pytest
from textual.binding import Binding
from textual.containers import VerticalScroll

from bn_tui.tui.app import BnTuiApp
from bn_tui.tui.screens.help import EVERYWHERE, HERE, HelpScreen, list_shortcuts
from bn_tui.tui.screens.log import LogScreen
from bn_tui.tui.screens.overlay import OverlayScreen
from bn_tui.tui.screens.race import RaceScreen

#: As wide as the dialog, so that nothing of the screen below stands beside its lines.
TALL = (76, 60)


def running_text(lines):
    return " ".join(" ".join(lines).replace("│", " ").split())


def open_help(view):
    async def act(pilot):
        await pilot.press(view)
        await pilot.pause()
        await pilot.press("question_mark")
        await pilot.pause()

    return act


@pytest.mark.parametrize("view", "13")
def test_every_key_of_the_app_is_told(on_screen, until, view):
    text = running_text(on_screen(until(40), TALL, open_help(view)))
    assert EVERYWHERE in text
    told = {binding.key for binding in BnTuiApp.BINDINGS if binding.tooltip in text}
    idle = {"less_than_sign", "greater_than_sign", "5"}  # nothing is played, and nothing kept
    assert told == {binding.key for binding in BnTuiApp.BINDINGS} - idle


def test_every_key_of_the_screen_is_told(on_screen, until):
    text = running_text(on_screen(until(40), TALL, open_help("3")))
    assert HERE in text
    for binding in LogScreen.BINDINGS:
        assert binding.tooltip in text


@pytest.mark.parametrize("view", "12346")
def test_every_line_has_words_of_ours(on_screen, until, view):
    async def look(pilot):
        await pilot.press(view)
        for shortcuts in list_shortcuts(pilot.app.screen).values():
            for keys, text in shortcuts:
                assert len(set(keys.split())) == len(keys.split())
                assert text.capitalize() == text or "TensorFlow" in text or "--no-ui" in text

    on_screen(until(2), TALL, look)


def test_the_keys_of_what_has_the_focus_are_told(on_screen, until):
    text = running_text(on_screen(until(40), TALL, open_help("1")))
    assert "← Select the variant to the left" in text
    assert "Scroll Up" not in text


@pytest.mark.parametrize(
    ("view", "screen"), [("1", RaceScreen), ("2", OverlayScreen), ("3", LogScreen)]
)
def test_it_says_what_the_screen_shows(on_screen, until, view, screen):
    text = running_text(on_screen(until(40), TALL, open_help(view)))
    for sentence in screen.HELP.split(". "):
        assert sentence in text


def test_keys_that_do_the_same_share_a_line(on_screen, until):
    async def look(pilot):
        screen = pilot.app.screen
        screen._bindings.key_to_bindings |= {
            key: [Binding(key, "leave", "Same thing")] for key in ("x", "y")
        }
        here = list_shortcuts(screen)[HERE]
        assert [shortcut.keys for shortcut in here if shortcut.description == "Same thing"] == [
            "x y"
        ]

    on_screen(until(40), TALL, look)


@pytest.mark.parametrize("key", ["escape", "question_mark", "q"])
def test_it_closes(on_screen, until, key):
    async def close(pilot):
        await open_help("1")(pilot)
        assert isinstance(pilot.app.screen, HelpScreen)
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(pilot.app.screen, RaceScreen)

    on_screen(until(40), TALL, close)


def test_it_scrolls_where_there_is_little_room(on_screen, until):
    async def scroll(pilot):
        await open_help("3")(pilot)
        await pilot.press("end")
        await pilot.wait_for_animation()
        assert pilot.app.screen.query_one(VerticalScroll).is_vertical_scroll_end

    text = "\n".join(on_screen(until(40), (60, 18), scroll))
    assert "Open the command palette" in text


def test_ascii_is_ascii(on_screen, until):
    text = "\n".join(on_screen(until(40), (80, 24), open_help("1"), ascii_only=True))
    assert text.isascii(), {character for character in text if not character.isascii()}
