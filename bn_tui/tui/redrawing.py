"""When the screens of a run are drawn."""

from collections.abc import Callable
from typing import Any

from textual.app import App

from bn_tui.tui.screens.run_screen import RunScreen

#: Every so many times it is drawn behind a dialog, where each drawing is one of the whole screen.
_TICKS_BEHIND_A_DIALOG = 4


class Redrawing:
    """Draws what is looked at, be it behind a dialog, once there is something new.

    `show` draws one screen.
    """

    def __init__(self, app: App[Any], show: Callable[[RunScreen], None]) -> None:
        self._app = app
        self._show = show
        self._due = False
        self._ticks = 0

    def note(self, *, new: bool = True) -> None:
        """Have everything drawn the next time, if there is something new."""
        self._due |= new

    def tick(self) -> None:
        """Draw what is due; behind a dialog less often."""
        self._ticks += 1
        if isinstance(self._app.screen, RunScreen) or self._ticks % _TICKS_BEHIND_A_DIALOG == 0:
            self.catch_up()

    def catch_up(self) -> None:
        """Draw what is due at once."""
        if self._due:
            self.draw()

    def draw(self) -> None:
        """Draw where the run is."""
        if not self._app.is_running:
            return
        self._due = False
        for screen in self._app.screen_stack:
            if isinstance(screen, RunScreen):
                self._show(screen)
