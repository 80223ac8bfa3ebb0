"""Recorded runs, and the app on them: no TensorFlow, no thread, no clock."""

import asyncio
import gzip
from contextlib import asynccontextmanager

import pytest
import settling
from timeless import Clock, TimelessPolicy

from bn_tui.config import ExperimentConfig
from bn_tui.control import Control
from bn_tui.events import RunStarted, from_json
from bn_tui.tui.app import BnTuiApp


class RecordedRun:
    """A run whose events are all there already."""

    origin = ""
    replay = None
    recalling = False
    folder = None

    def __init__(self, events, *, ended=False, error=None, native_output=""):
        started = next(event for event in events if isinstance(event, RunStarted))
        self.config = ExperimentConfig.from_dict(started.config, "the recorded run")
        self.control = Control()
        self.ended = ended
        self.error = error
        self._left = list(events)
        self._native_output = native_output
        self._seconds = 0.0

    @property
    def left(self):
        return len(self._left)

    def take(self, limit):
        taken, self._left = self._left[:limit], self._left[limit:]
        if taken:
            self._seconds = taken[-1].seconds
        return taken

    def now(self):
        return self._seconds

    def native_output(self, limit):
        return self._native_output[-limit:]


@pytest.fixture(scope="module", autouse=True)
def _timeless():
    """Nobody waits: an app's seconds pass as soon as it has nothing to do."""
    clock, before = Clock(), asyncio.get_event_loop_policy()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("textual._time.get_time", clock.time)
        asyncio.set_event_loop_policy(TimelessPolicy(clock))
        yield
    asyncio.set_event_loop_policy(before)


@pytest.fixture(scope="session")
def recorded(data_folder):
    """Every event of a default run on MNIST."""
    lines = gzip.decompress((data_folder / "mnist_run.jsonl.gz").read_bytes()).decode()
    return tuple(map(from_json, lines.splitlines()))


@pytest.fixture(scope="session")
def probed(data_folder):
    """Every event of a default run on MNIST that was looked at inside."""
    lines = gzip.decompress((data_folder / "probed_run.jsonl.gz").read_bytes()).decode()
    return tuple(map(from_json, lines.splitlines()))


@pytest.fixture
def probed_until(probed):
    """The probed run's events up to so many seconds."""
    return lambda seconds: [event for event in probed if event.seconds <= seconds]


@pytest.fixture
def until(recorded):
    """The recorded run's events up to so many seconds."""
    return lambda seconds: [event for event in recorded if event.seconds <= seconds]


@pytest.fixture
def make_app():
    """Events → the app that will show them."""

    def make(events, *, ascii_only=False, **facts):
        run = RecordedRun(events, **facts)
        app = BnTuiApp(lambda _config: run, run.config, ascii_only=ascii_only)
        app.recorded_run = run
        return app

    return make


async def _take_all(pilot):
    await pilot.pause()
    while left := pilot.app.recorded_run.left:
        assert pilot.app.is_running
        pilot.app.take_in()
        if pilot.app.recorded_run.left == left:
            await pilot.pause()  # the run has not been started yet
    await settling.settle(pilot)


@pytest.fixture
def take_all():
    """Let the app take in whatever its run has."""
    return _take_all


@pytest.fixture
def settle():
    """Wait until everything is drawn."""
    return settling.settle


@pytest.fixture
def stand_still():
    """Wait until a picture can be taken."""
    return settling.stand_still


@pytest.fixture
def on_screen(make_app):
    """Events, size and what to do → the screen's text after it, as it stands in a terminal."""

    @asynccontextmanager
    async def open_app(events, size, **facts):
        app = make_app(events, **facts)
        async with app.run_test(size=size) as pilot:
            await _take_all(pilot)
            yield pilot

    def run(events, size, act=None, **facts):
        async def watch():
            async with open_app(events, size, **facts) as pilot:
                if act is not None:
                    await act(pilot)
                    await settling.settle(pilot)
                return lines_of(pilot.app)

        return asyncio.run(watch())

    return run


def lines_of(app):
    """What the terminal shows, line by line."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]
