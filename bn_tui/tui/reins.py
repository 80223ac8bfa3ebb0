"""Pausing and stopping as a person asks for it: what was recorded refuses, and stopping asks."""

from collections.abc import Callable
from typing import Any

from textual.app import App

from bn_tui.tui import looking_back, steering
from bn_tui.tui.current_run import CurrentRun
from bn_tui.tui.screens import questions


class Reins:
    """Pauses and stops what trains; what it does is said in a note, and `changed` is called."""

    def __init__(self, app: App[Any], current: CurrentRun, changed: Callable[[], None]) -> None:
        self._app = app
        self._current = current
        self._changed = changed

    def pause(self, variants: tuple[str, ...]) -> None:
        """Pause these variants, or let them go on; a replay pauses as a whole."""
        self._say(
            looking_back.toggle_pause(self._current)
            if self._current.origin
            else steering.toggle_pause(self._current, variants)
        )

    def pause_all(self) -> None:
        """Pause every variant, or let all go on."""
        self._say(
            looking_back.refuse_to_steer(self._current)
            if self._current.origin
            else steering.toggle_pause(self._current, self._current.config.variants)
        )

    def change_speed(self, steps: int) -> None:
        """Play a replay faster or slower."""
        self._say(looking_back.change_speed(self._current, steps))

    def stop(self, variants: tuple[str, ...]) -> None:
        """Stop these variants, once that has been agreed to."""
        current = self._current
        if current.origin:
            self._say(looking_back.refuse_to_steer(current))
            return
        alive = steering.going_on(current, variants)
        if not alive:
            self._say(steering.describe_ended(variants, "stop"))
            return
        others = len(steering.going_on(current, current.config.variants)) > len(alive)
        question = questions.ask_to_stop(alive, others=others)
        question.ask(self._app, lambda: self._say(steering.stop(current, alive)))

    def _say(self, what_happens: str) -> None:
        self._app.notify(what_happens)
        self._changed()
