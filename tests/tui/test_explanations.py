"""Every screen explains itself in four sentences, with one paper."""

import re

import pytest
from textual.containers import VerticalScroll

from bn_tui.tui.explanations import EXPLANATIONS
from bn_tui.tui.screens.explanation import ExplanationScreen
from bn_tui.tui.screens.layers import LayersScreen
from bn_tui.tui.screens.log import LogScreen
from bn_tui.tui.screens.overlay import OverlayScreen
from bn_tui.tui.screens.race import RaceScreen
from bn_tui.tui.screens.results import ResultsScreen
from bn_tui.tui.screens.run_screen import RunScreen

SIZE = (80, 24)
VIEWS = {
    "1": RaceScreen,
    "2": OverlayScreen,
    "3": LogScreen,
    "4": ResultsScreen,
    "6": LayersScreen,
}


def running_text(lines):
    return " ".join(" ".join(lines).replace("│", " ").split())


def test_every_screen_has_one():
    assert set(VIEWS.values()) == set(RunScreen.__subclasses__())
    assert set(EXPLANATIONS) == {screen.TITLE for screen in VIEWS.values()} | {"Runs"}


@pytest.mark.parametrize("title", EXPLANATIONS)
def test_it_is_four_sentences_and_one_citation(title):
    explanation = EXPLANATIONS[title]
    assert len(explanation.sentences) == 4
    for sentence in explanation.sentences:
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert not re.search(r"[.!?] +[A-Z]", sentence)
    assert len(re.findall(r"\b(?:19|20)\d\d\b", explanation.paper)) == 1
    assert explanation.paper.count("http") <= 1


def test_the_one_of_the_race_is_true_of_every_variant():
    _, averages, start, gap = EXPLANATIONS["Race"].sentences
    assert "default momentum, 0.99," in averages
    assert "with that momentum 37 %" in start
    assert "where they are only late" in gap
    assert "never updated, as in forgot-updates" in gap


@pytest.mark.parametrize("key", ["e", "f1"])
@pytest.mark.parametrize("view", VIEWS)
def test_a_key_opens_it_whole(on_screen, until, view, key):
    async def act(pilot):
        await pilot.press(view, key)

    text = running_text(on_screen(until(40), SIZE, act))
    explanation = EXPLANATIONS[VIEWS[view].TITLE]
    for part in (*explanation.sentences, explanation.paper):
        assert part in text


@pytest.mark.parametrize("key", ["escape", "e", "f1", "q"])
def test_it_closes(on_screen, until, key):
    async def act(pilot):
        await pilot.press("6", "e")
        assert isinstance(pilot.app.screen, ExplanationScreen)
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(pilot.app.screen, LayersScreen)

    on_screen(until(40), SIZE, act)


def test_it_scrolls_where_there_is_little_room(on_screen, until):
    async def act(pilot):
        await pilot.press("6", "e", "end")
        await pilot.wait_for_animation()
        assert pilot.app.screen.query_one(VerticalScroll).is_vertical_scroll_end

    assert "figure 1" in running_text(on_screen(until(40), (60, 18), act))


def test_a_text_field_keeps_its_letters(on_screen, until):
    async def act(pilot):
        await pilot.press("3", "slash", "e")
        assert isinstance(pilot.app.screen, LogScreen)
        await pilot.press("f1")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ExplanationScreen)

    on_screen(until(40), SIZE, act)


def test_ascii_is_ascii(on_screen, until):
    async def act(pilot):
        await pilot.press("6", "e")

    text = "\n".join(on_screen(until(40), SIZE, act, ascii_only=True))
    assert text.isascii()
    assert "sigma" in text
