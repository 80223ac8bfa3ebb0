"""What a person can do with a run that trains elsewhere, or did long ago, and what not."""

from collections.abc import Callable
from typing import Any

from textual.app import App

from bn_tui.tui.current_run import CurrentRun

#: What is said where runs are only looked at.
NO_NEW_RUN = "this only looks at runs that are kept: bn-tui by itself trains a new one"

_STEERING = frozenset({"pause_all", "stop", "stop_all"})
_STARTING = frozenset({"set_up"})
_PLAYING = frozenset({"change_speed(-1)", "change_speed(1)"})


def idle_actions(run: CurrentRun, *, has_library: bool) -> frozenset[str]:
    """The actions of the app that would do nothing."""
    idle = frozenset[str]() if has_library else frozenset({"list_runs"})
    if run.replay is None:
        idle |= _PLAYING
    if not run.can_launch:
        idle |= _STARTING if run.replay is not None else _STARTING | {"restart"}
    if not run.origin:
        return idle
    return idle | _STEERING | (frozenset() if run.replay is not None else {"pause"})


def refuse_to_steer(run: CurrentRun) -> str:
    """Say why a run cannot be paused or stopped."""
    if run.replay is not None:
        return "a replay can be paused as a whole, with p, and not stopped"
    if run.goes_on:
        return "another process trains this run: pause or stop it there"
    return "this run was recorded: nothing trains that could be paused or stopped"


def toggle_pause(run: CurrentRun) -> str:
    """Have a replay stand still, or go on; says what happens."""
    if run.replay is None:
        return refuse_to_steer(run)
    if run.replay.ended:
        return "the replay is over; r plays it again"
    run.replay.toggle_pause()
    return f"the replay {'pauses' if run.replay.paused else 'goes on'}"


def change_speed(run: CurrentRun, steps: int) -> str:
    """Play a replay faster or slower; says how fast."""
    if run.replay is None:
        return "only a replay has a speed: bn-tui open RUN --replay"
    run.replay.change_speed(steps)
    return run.replay.origin


class CatchingUp:
    """Takes in what was recorded as fast as it can: nobody trains who would be held up.

    `done` is called once all of it is there.
    """

    def __init__(self, app: App[Any], current: CurrentRun, done: Callable[[], None]) -> None:
        self._app = app
        self._current = current
        self._done = done
        self._under_way = False

    def begin(self) -> None:
        """Catch up where there is something to catch up with."""
        if self._current.behind and self._current.recalling and not self._under_way:
            self._under_way = True
            self._app.call_later(self._go_on)

    def _go_on(self) -> None:
        self._current.take_in()
        self._under_way = self._current.behind
        if self._under_way:
            self._app.call_later(self._go_on)
        else:
            self._done()
