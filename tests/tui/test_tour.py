"""The tour: what it says of each screen, and the keys that lead through it."""

import asyncio

import pytest

from bn_tui.looking_back.touring import open_step
from bn_tui.tour import STEPS
from bn_tui.tui.tour_app import TourApp


def describe(size):
    return "x".join(map(str, size))


async def see(pilot, settle):
    """Wait until the step's run is shown, and what is pressed there."""
    await settle(pilot)
    for _ in range(3):
        pilot.app.take_in()
        await settle(pilot)


@pytest.fixture
def walk(settle):
    """Size and keys → the screen in words at first and after each of them, then the notes."""

    def run(size, *keys, **facts):
        async def watch():
            app = TourApp(STEPS, open_step, **facts)
            seen = []
            async with app.run_test(size=size) as pilot:
                await see(pilot, settle)
                seen.append(words_on(app))
                for key in keys:
                    await pilot.press(key)
                    await see(pilot, settle)
                    seen.append(words_on(app))
                return [*seen, [note.message for note in app._notifications]]

        return asyncio.run(watch())

    return run


def words_on(app):
    """What the screen says, without frames."""
    strips = app.screen._compositor.render_strips()
    text = " ".join("".join(segment.text for segment in strip) for strip in strips)
    return " ".join(text.replace("│", " ").split())


@pytest.mark.parametrize("size", [(60, 18), (80, 24), (120, 40)], ids=describe)
def test_it_goes_through_its_steps_and_back(walk, size):
    first, second, third, back, _ = walk(size, "space", "space", "backspace")
    for number, (words, step) in enumerate(zip((first, second, third), STEPS, strict=True), 1):
        assert f"{number} of 3: {step.title}" in words
        assert step.text[:40] in words
    assert STEPS[1].text[:40] in back


def test_everything_that_is_said_can_be_read(walk):
    *seen, _ = walk((80, 24), "space", "space")
    for words, step in zip(seen, STEPS, strict=True):
        assert step.text in words


def test_each_step_shows_its_own_variants(walk):
    first, second, third, _ = walk((120, 40), "space", "space")
    assert "plain" in first.partition("1 of 3")[0]
    assert "plain" not in second.partition("2 of 3")[0]
    assert "batch-at-inference" in third


def test_the_last_step_begins_with_an_image_that_was_got_wrong(walk):
    *_, last, notes = walk((120, 40), "space", "space")
    assert "it is a 1; manual says 1, batch-at-inference 2" in last
    assert notes == []


@pytest.mark.parametrize(
    ("keys", "note"),
    [
        (["backspace"], "this is the first step"),
        (["space", "space", "space"], "this was the last step; q leaves"),
        (["s"], "this run was recorded: nothing trains that could be paused or stopped"),
    ],
)
def test_what_leads_nowhere_is_said(walk, keys, note):
    *_, notes = walk((80, 24), *keys)
    assert notes == [note]


def test_other_screens_keep_what_the_step_says(walk):
    _, log, _ = walk((120, 40), "3")
    assert "Final test accuracy" in log
    assert STEPS[0].text in log


def test_it_folds_away_and_stays_so(walk):
    _, folded, second, unfolded, _ = walk((80, 24), "z", "space", "z")
    assert STEPS[0].text[:40] not in folded
    assert f"1 of 3: {STEPS[0].title}" in folded
    assert STEPS[1].text[:40] not in second
    assert STEPS[1].text in unfolded


def test_ascii_is_ascii(walk):
    *seen, _ = walk((80, 24), "space", "space", ascii_only=True)
    assert all(words.isascii() for words in seen)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=describe)
@pytest.mark.parametrize("keys", [(), ("space",)], ids=["plain", "lag"])
def test_pictures(snap_compare, settle, keys, size):
    async def prepare(pilot):
        await see(pilot, settle)
        for key in keys:
            await pilot.press(key)
            await see(pilot, settle)

    assert snap_compare(TourApp(STEPS, open_step), terminal_size=size, run_before=prepare)
