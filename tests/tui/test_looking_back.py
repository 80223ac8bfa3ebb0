"""The app on runs that are kept: opened, followed, played, compared, listed, deleted."""

import asyncio
import time
from dataclasses import replace

import pytest
from kept_runs import write
from probed_runs import probed_run
from settling import settle, stand_still
from tui.conftest import RecordedRun

from bn_tui.config import ExperimentConfig
from bn_tui.errors import ExitCode
from bn_tui.events import RunStarted, StepTrained, ValidationEvaluated
from bn_tui.looking_back.kept_runs import KeptRuns
from bn_tui.looking_back.recorded_run import ReplayedRun
from bn_tui.records.folder import lock
from bn_tui.tui.app import BnTuiApp
from bn_tui.tui.explanations import EXPLANATIONS
from bn_tui.tui.screens.confirm import ConfirmScreen
from bn_tui.tui.screens.overlay import OverlayScreen
from bn_tui.tui.screens.race import RaceScreen
from bn_tui.tui.screens.runs import RunsScreen

SIZE = (80, 24)
SIZES = [(80, 24), (120, 40)]
OTTER, YAK, WREN = (
    "2026-11-23-1753-calm-otter",
    "2026-11-23-1812-bold-yak",
    "2026-11-20-2230-wide-wren",
)


class Library(KeptRuns):
    place = "~/.local/state/bn-tui/runs"


@pytest.fixture
def root(tmp_path, recorded, monkeypatch):
    """A finished run, one with other settings that learned less, and one that was cut off."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    write(tmp_path / OTTER, _begun(recorded, "2026-11-23T17:53:27+00:00"))
    worse = _begun(map(_worsen, recorded), "2026-11-23T18:12:03+00:00", seed=7, learning_rate=0.01)
    write(tmp_path / YAK, worse)
    cut = [event for event in recorded if event.seconds <= 41]
    write(tmp_path / WREN, _begun(cut, "2026-11-20T22:30:00+00:00"))
    yield tmp_path
    monkeypatch.undo()
    time.tzset()


def _begun(events, when, **config):
    return [
        replace(event, started_at=when, config=event.config | {"data": "mnist"} | config)
        if isinstance(event, RunStarted)
        else event
        for event in events
    ]


def _worsen(event):
    if isinstance(event, StepTrained | ValidationEvaluated):
        return replace(event, loss=1.25 * event.loss, accuracy=0.93 * event.accuracy)
    return event


def make_app(library, run=None, **options):
    config = ExperimentConfig() if run is None else run.config
    app = BnTuiApp(None, config, opened=run, library=library, **options)
    app.NOTIFICATION_TIMEOUT = 600.0  # however long the machine takes
    return app


def watch(app, act, size=SIZE):
    """Open an app, and do something with it; gives the code that it was left with."""

    async def run():
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            await act(pilot)
        return app.return_value

    return asyncio.run(run())


def notes(app):
    return [note.message for note in app._notifications]


def footer(app):
    return [
        binding.description
        for _, binding, _, _ in app.screen.active_bindings.values()
        if binding.show
    ]


def lines_of(app):
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


def header(pilot):
    lines = pilot.app.screen._compositor.render_strips()
    return "".join(segment.text for segment in lines[0])


def test_a_recorded_run_is_shown_and_left_without_a_question(root):
    library = Library(root)
    app = make_app(library, library.open(["calm-otter"]))

    async def act(pilot):
        assert isinstance(app.screen, RaceScreen)
        assert app.history.ended
        assert "recorded" in header(pilot)
        assert {"Pause", "Stop", "New", "Slower", "Faster"}.isdisjoint(footer(app))
        assert "Runs" in footer(app)
        await pilot.press("q")

    assert watch(app, act) is ExitCode.OK


@pytest.mark.parametrize("key", ["p", "P", "s", "S"])
def test_what_nothing_steers_says_so(root, key):
    library = Library(root)
    app = make_app(library, library.open(["calm-otter"]))

    async def act(pilot):
        await pilot.press(key)
        assert notes(app) == [
            "this run was recorded: nothing trains that could be paused or stopped"
        ]
        assert isinstance(app.screen, RaceScreen)

    watch(app, act)


@pytest.mark.parametrize("key", ["n", "r"])
def test_nothing_is_started_where_runs_are_looked_at(root, key):
    library = Library(root)
    app = make_app(library, library.open(["calm-otter"]))

    async def act(pilot):
        await pilot.press(key)
        assert notes(app) == [
            "this only looks at runs that are kept: bn-tui by itself trains a new one"
        ]

    watch(app, act)


def test_a_run_of_another_process_is_followed(root, recorded):
    library = Library(root)
    with lock(root / WREN):
        app = make_app(library, library.open(["wide-wren"]))

        async def act(pilot):
            assert "live from another process" in header(pilot)
            steps = app.history.variants["plain"].summary.steps
            events = [event for event in recorded if 41 < event.seconds <= 42]
            write(root / "more", events)
            with (root / WREN / "events.jsonl").open("a") as file:
                file.write((root / "more" / "events.jsonl").read_text())
            app.take_in()
            assert app.history.variants["plain"].summary.steps > steps
            await pilot.press("p")
            assert notes(app) == ["another process trains this run: pause or stop it there"]
            await pilot.press("q")

        assert watch(app, act) is ExitCode.OK


def test_of_a_run_that_was_cut_off_nothing_is_awaited(root):
    library = Library(root)
    app = make_app(library, library.open([WREN]))

    async def act(_pilot):
        told = "\n".join(lines_of(app))
        assert told.count("interrupted") == len(app.config.variants)
        assert " left" not in told

    watch(app, act)


def test_a_followed_run_that_is_resumed_begins_again(root):
    library = Library(root)
    with lock(root / WREN):
        app = make_app(library, library.open(["wide-wren"]))

        async def act(pilot):
            before = app.history
            lines = (root / WREN / "events.jsonl").read_text().splitlines(keepends=True)
            (root / WREN / "new").write_text("".join(lines[:500]))
            (root / WREN / "new").rename(root / WREN / "events.jsonl")
            app.take_in()
            await settle(pilot)
            assert app.history is not before
            assert 0 < app.history.variants["plain"].summary.steps < 500

        watch(app, act)


def test_a_replay_is_played_paused_and_begun_again(root):
    seconds = [0.0]
    run = ReplayedRun(root / OTTER, 4.0, lambda: seconds[0])
    app = make_app(Library(root), run)

    async def act(pilot):
        assert {"Pause", "Slower", "Faster"} <= set(footer(app))
        assert "Stop" not in footer(app)
        seconds[0] = 5.0
        app.take_in()
        await settle(pilot)
        assert "replay ×4" in header(pilot)
        assert 0 < app.history.variants["plain"].summary.steps < 800
        await pilot.press("p", ">", "s")
        assert notes(app) == [
            "the replay pauses",
            "replay ×8, paused",
            "a replay can be paused as a whole, with p, and not stopped",
        ]
        await pilot.press("p", "<")
        seconds[0] = 1000.0
        app.take_in()
        await settle(pilot)
        assert app.history.ended
        await pilot.press("p")
        assert notes(app)[-1] == "the replay is over; r plays it again"
        await pilot.press("r")
        seconds[0] += 1
        app.take_in()
        await settle(pilot)
        assert not app.history.ended

    watch(app, act)


def test_what_is_said_has_only_characters_that_the_terminal_has(root):
    app = make_app(Library(root), ReplayedRun(root / OTTER, 4.0), ascii_only=True)

    async def act(pilot):
        await pilot.press(">")
        assert notes(app) == ["replay x8"]

    watch(app, act)


def test_runs_are_compared_on_the_same_axes(root):
    library = Library(root)
    app = make_app(library, library.open(["calm-otter", "bold-yak"]))

    async def act(pilot):
        assert isinstance(app.screen, OverlayScreen)
        assert app.history.ended
        for key in ("1", "3", "4", "2", "x", "left", "h", "question_mark", "escape"):
            await pilot.press(key)
            await pilot.pause()

    watch(app, act, size=(120, 40))


def test_each_line_of_a_comparison_looks_different(root):
    library = Library(root)
    run = library.open(["calm-otter", "bold-yak"])
    app = make_app(library, run)

    async def act(pilot):
        looks = [app.palette.look(name) for name in run.config.variants]
        assert len({look.hue for look in looks}) == len({look.marker for look in looks}) == 6

    watch(app, act)


def test_runs_are_searched_and_opened(root):
    app = make_app(Library(root))

    async def act(pilot):
        assert isinstance(app.screen, RunsScreen)
        await pilot.press(*"wren", "enter")
        await settle(pilot)
        assert isinstance(app.screen, RaceScreen)
        assert app.history.summary.started.started_at.startswith("2026-11-20")
        await pilot.press("5")
        assert isinstance(app.screen, RunsScreen)
        await pilot.press("escape")
        assert isinstance(app.screen, RaceScreen)

    watch(app, act)


def test_marked_runs_are_opened_side_by_side(root):
    app = make_app(Library(root))

    async def act(pilot):
        await pilot.press("tab", "tab", "enter")
        await settle(pilot)
        assert len(app.config.variants) == 6

    watch(app, act)


def test_the_layers_of_two_runs_are_shown_together(tmp_path):
    write(tmp_path / OTTER, probed_run("plain", "manual"))
    write(tmp_path / YAK, _begun(probed_run("manual"), "2026-11-23T18:12:03+00:00", seed=7))
    library = Library(tmp_path)
    app = make_app(library, library.open(["calm-otter", "bold-yak"]))

    async def act(pilot):
        await pilot.press("6", "tab", "tab")
        await pilot.pause()
        text = "\n".join(lines_of(app))
        for name in ("plain@calm-otter", "manual@calm-otter", "manual@bold-yak"):
            assert name in text
        assert app.screen.selected_variant == "manual@bold-yak"
        assert "layer 1 of 20 (conv 1), batch 775: image σ" in text

    watch(app, act, (200, 50))


def test_the_list_explains_itself(root):
    app = make_app(Library(root))

    async def act(pilot):
        await pilot.press("f1")
        await pilot.pause()
        assert EXPLANATIONS["Runs"].third in " ".join(
            "\n".join(lines_of(app)).replace("│", " ").split()
        )
        await pilot.press("f1")
        await pilot.pause()
        assert isinstance(app.screen, RunsScreen)

    watch(app, act)


def test_closing_the_list_where_nothing_was_opened_leaves(root):
    async def act(pilot):
        await pilot.press("x", "escape")
        assert isinstance(pilot.app.screen, RunsScreen)
        await pilot.press("escape")

    assert watch(make_app(Library(root)), act) is ExitCode.OK


def test_deleting_asks_first(root):
    app = make_app(Library(root))

    async def act(pilot):
        await pilot.press("delete")
        assert isinstance(app.screen, ConfirmScreen)
        await pilot.press("n")
        assert (root / YAK).exists()
        await pilot.press("delete", "y")
        await pilot.pause()
        assert not (root / YAK).exists()
        assert isinstance(app.screen, RunsScreen)
        assert len(app.screen._runs) == 2

    watch(app, act)


def test_a_run_that_is_written_is_not_deleted(root):
    app = make_app(Library(root))

    async def act(pilot):
        await pilot.press("delete", "y")
        await pilot.pause()
        assert "another process is writing it" in notes(app)[0]

    with lock(root / YAK):
        watch(app, act)
    assert (root / YAK).exists()


class TrainedRun(RecordedRun):
    """A run that trains here, as far as a screen can tell."""

    def __init__(self, folder, events):
        super().__init__(events)
        self.folder = folder


def make_training_app(root, recorded):
    """An app that trains the youngest of the runs that are listed."""
    run = TrainedRun(root / YAK, [event for event in recorded if event.seconds <= 5])
    app = BnTuiApp(lambda _config: run, run.config, library=Library(root))
    app.NOTIFICATION_TIMEOUT = 600.0
    return app, run


def test_to_open_the_run_that_trains_here_is_to_go_back_to_it(root, recorded):
    app, run = make_training_app(root, recorded)

    async def act(pilot):
        await pilot.press("5", "enter")
        await settle(pilot)
        assert isinstance(app.screen, RaceScreen)
        assert app._current._run is run
        assert not run.control.stop_requested

    with lock(root / YAK):
        watch(app, act)


def test_the_run_that_trains_here_is_not_deleted_until_it_has_stopped(root, recorded):
    app, run = make_training_app(root, recorded)

    async def act(pilot):
        await pilot.press("5", "delete")
        assert notes(app) == ["This run trains now: stop it before you delete it."]
        assert isinstance(app.screen, RunsScreen)
        run.ended = True
        await pilot.press("delete", "y")
        await pilot.pause()
        assert not (root / YAK).exists()

    watch(app, act)


def test_a_list_without_runs_says_so(tmp_path):
    app = make_app(Library(tmp_path / "none"))

    async def act(pilot):
        text = "\n".join(
            "".join(segment.text for segment in strip)
            for strip in app.screen._compositor.render_strips()
        )
        assert "no runs are kept in" in text

    watch(app, act)


def describe(size):
    return "x".join(map(str, size))


@pytest.fixture
def matches(snap_compare):
    def compare(app, size, *keys):
        async def prepare(pilot):
            await settle(pilot)
            for key in keys:
                await pilot.press(key)
            await stand_still(pilot)

        return snap_compare(app, terminal_size=size, run_before=prepare)

    return compare


@pytest.mark.parametrize("size", SIZES, ids=describe)
@pytest.mark.parametrize("ascii_only", [False, True], ids=["unicode", "ascii"])
def test_picture_of_the_runs(matches, root, size, ascii_only):
    assert matches(make_app(Library(root), ascii_only=ascii_only), size, "tab")


@pytest.mark.parametrize("size", SIZES, ids=describe)
@pytest.mark.parametrize("view", "124")
def test_picture_of_two_runs(matches, root, size, view):
    library = Library(root)
    app = make_app(library, library.open(["calm-otter", "bold-yak"]))
    assert matches(app, size, view)


@pytest.mark.parametrize("view", "124")
def test_picture_of_a_recorded_run(matches, root, view):
    library = Library(root)
    assert matches(make_app(library, library.open(["calm-otter"])), SIZE, view)
