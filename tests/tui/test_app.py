"""The app: every key of it and of the race, and what becomes of a run."""

import asyncio
from dataclasses import replace
from itertools import chain, repeat

import pytest
from textual import _time as clock
from textual.command import CommandPalette

from bn_tui.config import ExperimentConfig
from bn_tui.control import Control
from bn_tui.errors import DataUnavailableError, ExitCode
from bn_tui.events import (
    Phase,
    PhaseEntered,
    ResumptionNoted,
    RunEnded,
    Status,
    StepTrained,
    VariantEnded,
)
from bn_tui.tui.app import BnTuiApp
from bn_tui.tui.messages import TerminalClosed
from bn_tui.tui.screens.confirm import ConfirmScreen
from bn_tui.tui.screens.help import HelpScreen
from bn_tui.tui.screens.log import LogScreen
from bn_tui.tui.screens.race import RaceScreen
from bn_tui.tui.screens.setup import SetupScreen
from bn_tui.tui.widgets.variant_column import VariantColumn

SIZE = (80, 24)
NAMES = ("plain", "layers", "manual")


class ToldRun:
    """A run that says what it is told to say, and ends once it is stopped and `end` is called."""

    origin = ""
    replay = None
    recalling = False
    folder = None

    def __init__(self, config):
        self.config = config
        self.control = Control()
        self.ended = False
        self.error = None
        self.seconds = 0.0
        self._events = []

    @property
    def left(self):
        return len(self._events)

    def tell(self, *events):
        self._events.extend(events)

    def take(self, limit):
        taken, self._events = self._events[:limit], self._events[limit:]
        return taken

    def now(self):
        return self.seconds

    def native_output(self, _limit):
        return ""


class Watched:
    """The app on runs that are told what to say: `run` is the latest of `runs`."""

    def __init__(self, pilot, runs, settle):
        self.pilot = pilot
        self.app = pilot.app
        self._settle = settle
        self.runs = runs

    @property
    def run(self):
        return self.runs[-1]

    @property
    def notes(self):
        return [note.message for note in self.app._notifications]

    async def settle(self):
        await self._settle(self.pilot)

    async def press(self, *keys):
        await self.pilot.press(*keys)
        await self.settle()

    async def take_in(self, *events):
        self.run.tell(*events)
        self.app.take_in()
        while self.run.left:
            self.app.take_in()
        await self.settle()


@pytest.fixture
def watch(until, settle):
    """Open the app on the first 40 seconds of the recorded run; gives the app once it is left."""

    def run(act, *, events=None, config=None):
        runs = []

        def launch(config):
            runs.append(ToldRun(config))
            return runs[-1]

        async def open_app():
            app = BnTuiApp(launch, config or ExperimentConfig())
            app.NOTIFICATION_TIMEOUT = 600.0  # however long the machine takes
            async with app.run_test(size=SIZE) as pilot:
                await pilot.pause()
                watched = Watched(pilot, runs, settle)
                told = until(40) if events is None else events
                while told:
                    await watched.take_in(*told[:1000])
                    told = told[1000:]
                await act(watched)
            return app

        return asyncio.run(open_app())

    return run


def ended(name, status=Status.DONE):
    return VariantEnded(seconds=50.0, variant=name, status=status, steps=800)


@pytest.mark.parametrize(("key", "screen"), [("1", RaceScreen), ("3", LogScreen)])
def test_each_view_has_a_key(watch, key, screen):
    async def act(watched):
        await watched.press("3", "1", key)
        assert isinstance(watched.app.screen, screen)

    watch(act)


def test_a_view_is_drawn_though_the_process_is_held_up(watch, monkeypatch):
    async def act(watched):
        # For a second, each of the next times that a timer looks at the clock.
        get_time, lost = clock.get_time, chain(range(20), repeat(20))
        monkeypatch.setattr(clock, "get_time", lambda: get_time() + next(lost))
        await watched.press("3")
        assert not watched.app._batch_count  # while there is one, Textual draws nothing

    watch(act)


def test_p_pauses_the_selected_variant_and_lets_it_go_on(watch):
    async def act(watched):
        control = watched.run.control
        await watched.press("right", "p")
        assert [control.pauses(name) for name in NAMES] == [False, True, False]
        await watched.press("p")
        assert not any(control.pauses(name) for name in NAMES)
        assert watched.notes == ["layers pauses before its next step", "layers goes on"]

    watch(act)


@pytest.mark.parametrize(
    ("phase", "said"),
    [(Phase.BUILDING, "will pause"), (Phase.TRAINING, "will pause"), (Phase.PAUSED, "paused")],
)
def test_a_variant_that_is_to_pause_says_so_before_it_does(watch, phase, said):
    async def act(watched):
        await watched.press("right")
        await watched.take_in(PhaseEntered(seconds=41.0, variant="layers", phase=phase))
        await watched.press("p")
        title = next(
            column.border_title
            for column in watched.app.screen.query(VariantColumn)
            if column.variant == "layers"
        )
        assert said in title
        assert (said == "will pause") == ("will" in title)

    watch(act)


def test_p_on_a_screen_without_a_selection_pauses_all(watch):
    async def act(watched):
        await watched.press("3", "p")
        assert all(watched.run.control.pauses(name) for name in NAMES)
        assert watched.notes == ["plain, layers and manual pause before their next step"]

    watch(act)


def test_shift_p_pauses_those_that_train_and_then_lets_all_go_on(watch):
    async def act(watched):
        control = watched.run.control
        await watched.press("p", "P")
        assert all(control.pauses(name) for name in NAMES)
        await watched.press("P")
        assert not any(control.pauses(name) for name in NAMES)
        assert watched.notes[1:] == [
            "layers and manual pause before their next step",
            "plain, layers and manual go on",
        ]

    watch(act)


@pytest.mark.parametrize(("key", "verb"), [("p", "pause"), ("s", "stop")])
def test_what_has_ended_can_neither_pause_nor_stop(watch, key, verb):
    async def act(watched):
        await watched.take_in(ended("plain"))
        await watched.press(key)
        assert isinstance(watched.app.screen, RaceScreen)
        assert watched.notes == [f"plain has ended or is about to: nothing to {verb}"]
        assert not watched.run.control.pauses("plain")
        assert not watched.run.control.stops("plain")

    watch(act)


def test_a_variant_that_is_only_judged_yet_has_no_step_to_pause_before(watch):
    async def act(watched):
        last = StepTrained(
            seconds=41.0, variant="plain", step=799, loss=0.1, accuracy=0.9, step_seconds=0.1
        )
        await watched.take_in(last)
        await watched.press("p")
        assert watched.notes == ["plain has no step left to pause"]

    watch(act)


@pytest.mark.parametrize(
    ("keys", "stopped"),
    [
        (["s", "y"], ["plain"]),
        (["right", "right", "s", "enter"], ["manual"]),
        (["left", "s", "y"], ["manual"]),
        (["S", "y"], list(NAMES)),
        (["s", "n"], []),
        (["S", "escape"], []),
        (["3", "s", "y"], list(NAMES)),
    ],
)
def test_stopping_is_asked_first(watch, keys, stopped):
    async def act(watched):
        control = watched.run.control
        *before, answer = keys
        await watched.press(*before)
        assert isinstance(watched.app.screen, ConfirmScreen)
        assert not any(control.stops(name) for name in NAMES)
        await watched.press(answer)
        assert [name for name in NAMES if control.stops(name)] == stopped
        assert len(watched.notes) == bool(stopped)
        assert not control.stop_requested

    watch(act)


@pytest.mark.parametrize("key", ["q", "ctrl+q", "ctrl+c"])
def test_leaving_while_something_trains_is_asked_first(watch, key):
    async def act(watched):
        await watched.press(key)
        assert isinstance(watched.app.screen, ConfirmScreen)
        await watched.press("escape")
        assert isinstance(watched.app.screen, RaceScreen)
        assert not watched.run.control.stop_requested
        await watched.press(key, "y")

    assert watch(act).return_value is ExitCode.INTERRUPTED


@pytest.mark.parametrize("keys", [("ctrl+c", "ctrl+c"), ("q", "ctrl+c"), ("n", "ctrl+c", "ctrl+c")])
def test_a_second_interrupt_leaves_at_once(watch, keys):
    async def act(watched):
        control = watched.run.control
        await watched.press(*keys)
        assert control.stop_requested

    assert watch(act).return_value is ExitCode.INTERRUPTED


def test_the_question_whether_to_leave_closes_once_nothing_trains(watch):
    async def act(watched):
        await watched.press("q")
        assert isinstance(watched.app.screen, ConfirmScreen)
        watched.run.ended = True
        watched.app.take_in()
        assert isinstance(watched.app.screen, RaceScreen)
        await watched.press("q")

    assert watch(act).return_value is ExitCode.OK


def test_ctrl_q_does_not_answer_its_own_question(watch):
    async def act(watched):
        await watched.press("ctrl+q", "ctrl+q", "ctrl+q")
        assert len(watched.app.screen_stack) == 2
        await watched.press("n")
        assert isinstance(watched.app.screen, RaceScreen)

    watch(act)


@pytest.mark.parametrize("key", ["q", "ctrl+q", "ctrl+c"])
def test_once_the_run_has_ended_leaving_is_not_asked_about(watch, key):
    async def act(watched):
        watched.run.ended = True
        await watched.press(key)

    assert watch(act).return_value is ExitCode.OK


def test_a_run_that_ends_under_the_question_is_not_interrupted(watch):
    async def act(watched):
        await watched.press("q")
        watched.run.ended = True
        await watched.press("y")

    assert watch(act).return_value is ExitCode.OK


def test_a_terminal_that_goes_away_stops_the_run(watch):
    async def act(watched):
        watched.app.post_message(TerminalClosed())
        await watched.settle()
        assert watched.run.control.stop_requested

    assert watch(act).return_value is ExitCode.HUNG_UP


def test_training_goes_on_behind_a_dialog(watch, recorded):
    async def act(watched):
        await watched.press("q")
        for _ in range(4):
            await watched.take_in(*[event for event in recorded if event.seconds > 40][:900])
        assert watched.app.history.variants["plain"].summary.steps == 800

    watch(act)


def test_what_came_behind_a_dialog_is_drawn_once_it_closes(watch):
    async def act(watched):
        progress = watched.app.screen.query(VariantColumn).first().query_one(".progress")
        await watched.press("question_mark")
        watched.app._redrawing._ticks = 0  # it is a while until the next drawing behind a dialog
        watched.run.ended = True
        await watched.take_in(
            StepTrained(
                seconds=41.0, variant="plain", step=776, loss=0.1, accuracy=0.9, step_seconds=0.1
            )
        )
        assert "777/800" not in str(progress.render())
        await watched.press("escape")
        await watched.take_in()
        assert "777/800" in str(progress.render())

    watch(act)


def test_restart_asks_while_something_trains_and_waits_until_it_has_stopped(watch):
    async def act(watched):
        await watched.press("r")
        assert isinstance(watched.app.screen, ConfirmScreen)
        await watched.press("y")
        await watched.take_in()
        assert len(watched.runs) == 1
        assert watched.run.control.stop_requested
        assert watched.notes == ["the next run starts once this one has stopped"]
        watched.run.ended = True
        await watched.take_in()
        assert len(watched.runs) == 2
        assert watched.run.config == watched.runs[0].config
        assert watched.app.history.version == 0

    watch(act)


def test_restart_may_be_refused(watch):
    async def act(watched):
        await watched.press("r", "n")
        assert not watched.run.control.stop_requested
        watched.run.ended = True
        await watched.take_in()
        assert len(watched.runs) == 1

    watch(act)


def test_restart_after_the_end_starts_at_once(watch):
    async def act(watched):
        watched.run.ended = True
        await watched.press("r")
        assert len(watched.runs) == 2
        assert isinstance(watched.app.screen, RaceScreen)

    watch(act)


def test_another_run_has_columns_of_its_own(watch, until):
    async def act(watched):
        watched.run.ended = True
        config = replace(watched.app.config, variants=("manual", "nn", "fused"))
        watched.app._switch.start(config)
        await watched.settle()
        columns = [column.variant for column in watched.app.screen.query(VariantColumn)]
        assert columns == ["manual", "nn", "fused"]
        assert watched.app.screen.selected_variant == "manual"
        started, *rest = until(40)
        names = list(config.variants)
        await watched.take_in(replace(started, config=started.config | {"variants": names}), *rest)
        title = watched.app.screen.query(VariantColumn).first().border_title
        assert "validating" in str(title) or "training" in str(title)

    watch(act)


def test_columns_are_rebuilt_once_for_the_last_of_two_changes(watch):
    async def act(watched):
        watched.run.ended = True
        watched.app._switch.start(replace(watched.app.config, variants=("nn",)))
        watched.run.ended = True
        watched.app._switch.start(replace(watched.app.config, variants=("fused", "plain")))
        await watched.settle()
        columns = [column.variant for column in watched.app.screen.query(VariantColumn)]
        assert columns == ["fused", "plain"]

    watch(act)


def test_n_opens_the_setup_and_question_mark_the_help(watch):
    async def act(watched):
        await watched.press("n")
        assert isinstance(watched.app.screen, SetupScreen)
        await watched.press("escape", "question_mark")
        assert isinstance(watched.app.screen, HelpScreen)

    watch(act)


def test_the_command_palette_offers_what_the_keys_do(watch):
    async def act(watched):
        commands = {command.title for command in watched.app.get_system_commands(None)}
        assert commands >= {
            "Race", "Log", "Pause", "Pause all", "Stop", "Stop all", "New", "Restart", "Help",
            "Quit", "Theme",
        }  # fmt: skip
        await watched.press("ctrl+p")
        assert isinstance(watched.app.screen, CommandPalette)
        await watched.press(*"pause all", "down", "enter")
        for _ in range(20):
            await watched.settle()
        assert all(watched.run.control.pauses(name) for name in NAMES)

    watch(act)


def test_the_footer_fits_into_80_columns(on_screen, until):
    footer = on_screen(until(40), SIZE)[-1]
    for words in ("2 Overlay", "3 Log", "p Pause", "s Stop", "n New", "? Help", "q Quit"):
        assert words in footer


ERROR = DataUnavailableError("no mirror gave train-images [of 9.9 MB]")


def fail(run, *events):
    run.tell(*events)
    run.error, run.ended = ERROR, True


def test_what_keeps_a_run_from_training_is_told(watch):
    async def act(watched):
        fail(watched.run)
        await watched.take_in()
        assert isinstance(watched.app.screen, ConfirmScreen)
        text = watched.app.screen.query_one(".text").content
        assert str(text) == str(ERROR)
        race = next(each for each in watched.app.screen_stack if isinstance(each, RaceScreen))
        titles = [str(column.border_title) for column in race.query(VariantColumn)]
        assert all("not started" in title for title in titles)
        await watched.take_in()
        assert len(watched.app.screen_stack) == 2
        await watched.press("q")

    assert watch(act, events=[]).return_value is ExitCode.OK


def test_its_settings_can_be_changed(watch):
    async def act(watched):
        fail(watched.run)
        await watched.take_in()
        await watched.press("n")
        assert isinstance(watched.app.screen, SetupScreen)
        await watched.press("escape")
        await watched.take_in()
        assert isinstance(watched.app.screen, ConfirmScreen)
        await watched.press("n", "ctrl+s")
        assert len(watched.runs) == 2
        await watched.take_in()
        assert isinstance(watched.app.screen, RaceScreen)
        fail(watched.run)
        await watched.take_in()
        assert isinstance(watched.app.screen, ConfirmScreen)

    watch(act, events=[])


@pytest.mark.parametrize("batch_size", [1, 2])
def test_what_should_be_known_of_the_settings_is_said_once(watch, until, batch_size):
    config = ExperimentConfig(batch_size=batch_size)

    async def act(watched):
        await watched.take_in()
        assert watched.notes == list(config.notes)
        assert len(watched.notes) == (batch_size == 1)

    watch(act, events=until(2), config=config)


def test_how_a_run_was_resumed_is_said_where_a_person_looks(watch, until):
    started, *rest = until(2)
    notes = [
        ResumptionNoted(seconds=0.0, text="seed 0 → 1", forced=True),
        ResumptionNoted(seconds=0.0, text="plain goes on after 200 batches", forced=False),
    ]

    async def act(watched):
        said = "Resumed by force: seed 0 → 1\nResumed: plain goes on after 200 batches"
        assert watched.notes == [said]
        await watched.take_in(ResumptionNoted(seconds=3.0, text="threads 2 → 4", forced=True))
        await watched.take_in()
        assert watched.notes == [said, "Resumed by force: threads 2 → 4"]
        await watched.press("3")
        assert (
            said.splitlines()
            == [line.text for line in watched.app.screen._current.journal.lines.since(0)][:2]
        )

    watch(act, events=[started, *notes, *rest])


def test_what_a_resumed_run_had_recorded_is_caught_up_with_at_once(watch, recorded):
    async def act(watched):
        watched.run.recalling = True
        watched.run.tell(*recorded)
        watched.app.take_in()
        while watched.app._current.behind:
            await watched.pilot.pause()  # no tick, and nobody's key
        assert watched.app.history.ended

    watch(act, events=[])


def test_an_error_waits_for_the_dialog_that_stands(watch):
    async def act(watched):
        await watched.press("question_mark")
        fail(watched.run)
        await watched.take_in()
        assert isinstance(watched.app.screen, HelpScreen)
        await watched.press("escape")
        await watched.take_in()
        assert isinstance(watched.app.screen, ConfirmScreen)

    watch(act, events=[])


def test_what_cuts_a_run_short_is_told_and_its_curves_stay(watch):
    async def act(watched):
        fail(watched.run, RunEnded(seconds=41.0, peak_memory_bytes=1))
        await watched.take_in()
        await watched.take_in()
        assert isinstance(watched.app.screen, RaceScreen)
        assert watched.notes == [str(ERROR)]

    watch(act)


VIEWS = ["1", "2", "3", "4"]


@pytest.mark.parametrize("key", VIEWS)
class TestAfterTheEnd:
    """Nothing moves any more, and yet what is shown has to fit the terminal and the theme."""

    def text_of(self, make_app, take_all, settle, events, size, act):  # noqa: PLR0917
        async def watch():
            app = make_app(events, ended=True)
            async with app.run_test(size=size) as pilot:
                await take_all(pilot)
                await act(pilot)
                await pilot.pause()
                app.take_in()
                await settle(pilot)
                strips = app.screen._compositor.render_strips()
                text = "\n".join("".join(segment.text for segment in strip) for strip in strips)
                # What is hidden for want of room loses the focus, which this marks.
                return text.replace("▸", " ")

        return asyncio.run(watch())

    def test_another_size_is_filled(self, make_app, take_all, settle, recorded, key):
        async def resize(pilot):
            await pilot.press(key)
            await pilot.resize_terminal(120, 40)

        async def look(pilot):
            await pilot.press(key)

        resized = self.text_of(make_app, take_all, settle, recorded, (80, 24), resize)
        assert resized == self.text_of(make_app, take_all, settle, recorded, (120, 40), look)

    def test_a_terminal_that_was_too_small_is_filled(
        self, make_app, take_all, settle, recorded, key
    ):
        async def enlarge(pilot):
            await pilot.press(key)
            await pilot.resize_terminal(80, 24)

        async def look(pilot):
            await pilot.press(key)

        enlarged = self.text_of(make_app, take_all, settle, recorded, (40, 10), enlarge)
        assert enlarged == self.text_of(make_app, take_all, settle, recorded, (80, 24), look)
