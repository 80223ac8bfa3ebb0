"""The log: the lines that `--no-ui` prints, followed, filtered, and TensorFlow's apart."""

import io
from dataclasses import replace

import pytest
from textual.color import Color
from textual.widgets import Input

from bn_tui.console import TextLog
from bn_tui.events import BatchEvaluated, RunStarted
from bn_tui.insight.journal import MOST_LINES
from bn_tui.tui.screens.log import LogScreen
from bn_tui.tui.widgets.log_view import LogView

SIZE = (120, 30)
WIDE = (260, 50)


def judge(step, variant="plain"):
    return BatchEvaluated(seconds=50.0, variant=variant, step=step, loss=0.5, accuracy=0.25)


def view_of(pilot):
    return pilot.app.screen.query_one(LogView)


async def add(pilot, *events):
    for event in events:
        pilot.app._current._add(event)
    pilot.app._redrawing.draw()
    await pilot.pause()


async def type_in(pilot, text):
    for character in text:
        await pilot.press(character)
    await pilot.pause()


@pytest.fixture
def watch(on_screen):
    """Open the log of these events and do something; gives the screen's lines after it."""

    def run(events, act=None, size=SIZE, **facts):
        async def open_log(pilot):
            await pilot.press("3")
            await pilot.pause()
            if act is not None:
                await act(pilot)

        return on_screen(events, size, open_log, **facts)

    return run


def printed(events):
    stdout = io.StringIO()
    log = TextLog(stdout, io.StringIO(), bare=False, quiet=False)
    for event in events:
        log.handle(event)
    return stdout.getvalue().partition("\n\n")[0].splitlines()


def test_its_lines_are_the_very_lines_that_no_ui_prints(watch, recorded):
    async def compare(pilot):
        assert view_of(pilot).rows == printed(recorded)

    text = "\n".join(watch(recorded, compare, WIDE))
    assert "110 lines" in text
    assert "manual | Accuracy on 100 samples: 0.98" in text


def test_a_single_line_is_counted_as_one(watch, until):
    assert "What --no-ui prints: 1 line ─" in "\n".join(watch(until(2)))


def test_each_tag_has_the_hue_of_its_variant(watch, until):
    async def look(pilot):
        view = view_of(pilot)
        hues = {}
        for y in range(view.size.height):
            tag = next(iter(view.render_line(y)))
            hues[tag.text.strip()] = Color.from_rich_color(tag.style.color).hex.upper()
        palette = pilot.app.palette
        assert hues == {
            name: palette.look(name).hue.upper() for name in ("plain", "layers", "manual")
        }

    watch(until(40), look)


def test_it_says_what_it_waits_for(watch, until):
    assert "loading data" in "\n".join(watch(until(0.01)))


def test_it_follows_the_end(watch, until):
    async def follow(pilot):
        await add(pilot, *(judge(step) for step in range(1000, 1100)))

    assert "Batch: 1099:" in "\n".join(watch(until(40), follow))


def test_it_stays_where_a_person_has_scrolled_until_the_end_key(watch, until):
    async def scroll(pilot):
        view = view_of(pilot)
        await pilot.press("home")
        await pilot.wait_for_animation()
        first = view.render_line(0).text
        await add(pilot, *(judge(step) for step in range(1000, 1100)))
        assert view.render_line(0).text == first
        await pilot.press("end")
        await pilot.pause()
        await add(pilot, judge(5000))
        assert "Batch: 5000:" in view.render_line(view.size.height - 1).text

    watch(until(40), scroll)


def test_the_earliest_lines_are_lost_and_the_place_is_kept(watch, until):
    async def flood(pilot):
        view = view_of(pilot)
        await add(pilot, *(judge(step) for step in range(MOST_LINES)))
        assert len(view.rows) == MOST_LINES
        view.scroll_to(y=500, animate=False)
        await pilot.pause()
        seen = view.render_line(0).text
        await add(pilot, *(judge(step) for step in range(300)))
        assert len(view.rows) == MOST_LINES
        assert view.render_line(0).text == seen
        assert view.matches == MOST_LINES

    watch(until(40), flood)


def test_the_filter_is_a_part_of_a_line_in_any_case(watch, until):
    async def look_for(pilot):
        await pilot.press("slash")
        await type_in(pilot, "VALIDATION loss")
        expected = [line for line in printed(until(40)) if "Validation loss" in line]
        assert view_of(pilot).rows == expected
        await pilot.press("enter")
        await add(pilot, judge(9000))
        assert view_of(pilot).rows == expected
        assert isinstance(pilot.app.focused, LogView)

    text = "\n".join(watch(until(40), look_for, WIDE))
    assert "lines" in text
    assert "VALIDATION loss" in text


def test_escape_shows_every_line_again(watch, until):
    async def clear(pilot):
        await pilot.press("slash")
        await type_in(pilot, "manual")
        await pilot.press("escape")
        await pilot.pause()
        assert len(view_of(pilot).rows) == len(printed(until(40)))
        assert not pilot.app.screen.query_one(Input).value
        assert isinstance(pilot.app.focused, LogView)

    assert "filter " not in "\n".join(watch(until(40), clear, WIDE)[-2])


def test_a_filter_that_nothing_matches_says_so(watch, until):
    async def look_for(pilot):
        await pilot.press("slash")
        await type_in(pilot, ".*")

    assert "no line has '.*' in it" in "\n".join(watch(until(40), look_for))


def test_what_tensorflow_prints_is_read_only_while_it_is_shown(watch, until):
    chatter = "W0000 first warning\nI0000 then a note\n"

    async def toggle(pilot):
        screen, run = pilot.app.screen, pilot.app.recorded_run
        reads = []
        run.native_output = lambda _limit: reads.append(1) or chatter
        screen.read_chatter()
        assert reads == []
        await pilot.press("t")
        assert view_of(pilot).rows == chatter.splitlines()
        assert "What TensorFlow prints: 2 lines" in str(view_of(pilot).border_title)
        before = len(reads)
        await pilot.press("1")
        screen.read_chatter()
        assert len(reads) == before
        await pilot.press("3", "t")
        assert view_of(pilot).rows == printed(until(40))

    watch(until(40), toggle, WIDE)


def test_both_have_the_same_filter(watch, until):
    async def toggle(pilot):
        await pilot.press("slash")
        await type_in(pilot, "plain")
        await pilot.press("enter", "t")
        await pilot.pause()
        assert view_of(pilot).rows == ["a plain word"]

    watch(until(40), toggle, native_output="a plain word\nanother\n")


def test_the_last_of_long_chatter_is_shown_and_goes_on(watch, until):
    long = "".join(f"{number:07}\n" for number in range(50_000))

    async def toggle(pilot):
        await pilot.press("t")
        assert view_of(pilot).rows[-1] == "0049999"
        assert sum(len(row) + 1 for row in view_of(pilot).rows) <= 200_000
        pilot.app.recorded_run.native_output = lambda limit: (long + "the end\n")[-limit:]
        pilot.app.screen.read_chatter()
        assert view_of(pilot).rows[-1] == "the end"

    watch(until(40), toggle, native_output=long)


def test_silence_is_said(watch, until):
    async def toggle(pilot):
        await pilot.press("t")

    assert "TensorFlow has printed nothing so far" in "\n".join(watch(until(40), toggle))


def test_no_control_character_reaches_the_screen(watch, until):
    async def toggle(pilot):
        await pilot.press("t")
        assert view_of(pilot).rows == ["red a   tab", "bell"]

    watch(until(40), toggle, native_output="\x1b[31mred\x1b[0m a\ttab\nbe\x07ll\n")


def test_long_lines_are_folded_at_words_and_anew_in_another_size(watch, until):
    async def resize(pilot):
        view = view_of(pilot)
        data, indented = view.rows[:2]
        assert indented.startswith("  ")
        whole = len(printed(until(40)))
        assert len(view.rows) > whole
        await pilot.resize_terminal(*WIDE)
        await pilot.pause()
        assert len(view.rows) == whole
        assert view.rows[0] == f"{data} {indented.strip()}"
        await pilot.resize_terminal(60, 18)
        await pilot.pause()
        assert view.is_vertical_scroll_end
        assert all(len(row) <= view.scrollable_content_region.width for row in view.rows)

    watch(until(40), resize, (80, 24))


def test_a_word_wider_than_the_screen_is_broken(watch, until):
    async def toggle(pilot):
        await pilot.press("t")
        rows = view_of(pilot).rows
        assert len(rows) == 5
        assert "".join(row.strip() for row in rows) == "x" * 500

    watch(until(40), toggle, native_output="x" * 500)


def test_nothing_is_drawn_where_nothing_is_new(watch, until):
    async def look_again(pilot):
        drawn = []
        view_of(pilot).refresh = lambda *_, **__: drawn.append(1)
        pilot.app._redrawing.draw()
        assert drawn == []
        await add(pilot, judge(900))
        assert drawn

    watch(until(40), look_again)


def test_wide_characters_are_folded_by_their_width(watch, until):
    async def toggle(pilot):
        await pilot.press("t")
        view = view_of(pilot)
        assert "".join(view.rows) == "図" * 100
        assert all(2 * len(row) <= view.scrollable_content_region.width for row in view.rows)

    watch(until(40), toggle, native_output="図" * 100)


def test_ascii_is_ascii(watch, until):
    async def toggle(pilot):
        await pilot.press("t", "slash")
        await type_in(pilot, "a")

    text = "\n".join(watch(until(40), toggle, native_output="a – b\n", ascii_only=True))
    assert text.isascii(), {character for character in text if not character.isascii()}
    assert "a ? b" in text


def test_another_run_begins_with_an_empty_log(watch, until):
    async def restart(pilot):
        pilot.app.recorded_run.ended = True
        pilot.app._switch.start(replace(pilot.app.config, seed=7))
        await pilot.pause()
        assert view_of(pilot).rows == []
        started = next(event for event in until(40) if isinstance(event, RunStarted))
        await add(pilot, started, judge(1, "manual"))
        assert len(view_of(pilot).rows) == 1
        assert isinstance(pilot.app.screen, LogScreen)

    watch(until(40), restart)
