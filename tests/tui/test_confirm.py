"""A question and its two answers, by every key and by mouse."""

from functools import partial

import pytest

from bn_tui.tui.screens.confirm import ConfirmScreen, yes_or_no

QUESTION = {
    "title": "Sure?",
    "text": "A [bold] word.",
    "answers": yes_or_no("Do it", "Leave it"),
}


@pytest.fixture
def ask(on_screen, until):
    """Ask, do something; gives the answers that came and the screen's lines."""

    def run(act, size=(80, 24), **facts):
        answers = []

        async def open_question(pilot):
            question = ConfirmScreen(**QUESTION)
            question.ask(pilot.app, lambda: answers.append(True), lambda: answers.append(False))
            await pilot.pause()
            await act(pilot)
            await pilot.pause()

        lines = on_screen(until(40), size, open_question, **facts)
        return answers, "\n".join(lines)

    return run


def press(*keys):
    async def act(pilot):
        await pilot.press(*keys)

    return act


def test_every_key_answers(on_screen, until):
    async def answer_with_each(pilot):
        for keys, answer in (
            (["y"], "yes"),
            (["n"], "no"),
            (["enter"], "yes"),
            (["right", "enter"], "no"),
            (["right", "left", "enter"], "yes"),
            (["left", "enter"], "no"),
            (["down", "up", "down", "enter"], "no"),
            (["tab", "enter"], "no"),
        ):
            answers = []
            question = ConfirmScreen(**QUESTION)
            question.ask(pilot.app, partial(answers.append, "yes"), partial(answers.append, "no"))
            await pilot.pause()
            await pilot.press(*keys)
            await pilot.pause()
            assert answers == [answer]
            assert not isinstance(pilot.app.screen, ConfirmScreen)

    on_screen(until(40), (80, 24), answer_with_each)


@pytest.mark.parametrize(("key", "whom"), [("s", "plain"), ("S", "every variant")])
def test_its_title_says_whom_it_would_stop_and_is_not_cut(on_screen, until, key, whom):
    lines = on_screen(until(40), (80, 24), press(key))
    assert f"─ Stop {whom}? ─" in "\n".join(lines)


def test_escape_closes_it_without_an_answer(ask):
    assert ask(press("escape"))[0] == []


@pytest.mark.parametrize(("button", "answer"), [("#yes", True), ("#no", False)])
def test_the_mouse_answers(ask, button, answer):
    async def click(pilot):
        await pilot.click(button)

    assert ask(click)[0] == [answer]


@pytest.mark.parametrize("size", [(200, 50), (80, 24), (60, 18), (40, 10)])
def test_it_stands_whole_at_every_size(ask, size):
    answers, text = ask(press(), size)
    assert answers == []
    for words in ("Sure?", "A [bold] word.", "y Do it", "n Leave it"):
        assert words in text


def test_other_keys_do_nothing(ask):
    answers, text = ask(press("q", "p", "s", "1", "x"))
    assert answers == []
    assert "Sure?" in text


def test_the_screen_below_goes_on(ask, recorded):
    async def train_on(pilot):
        before = pilot.app.history.variants["plain"].summary.steps
        for event in recorded:
            if event.seconds > 40:
                pilot.app.history.add(event)
        pilot.app._redrawing.draw()
        assert pilot.app.history.variants["plain"].summary.steps > before

    text = ask(train_on, (120, 40))[1]
    assert "Sure?" in text
    assert "800/800" in text


def test_ascii_is_ascii(ask):
    text = ask(press(), ascii_only=True)[1]
    assert text.isascii(), {character for character in text if not character.isascii()}
