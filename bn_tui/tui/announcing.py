"""What a person is told once, unasked: of a run's settings, what broke it, and its results."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.app import App

from bn_tui.insight.lines import describe_resumption
from bn_tui.tui.current_run import CurrentRun
from bn_tui.tui.screens import questions
from bn_tui.tui.screens.run_screen import RunScreen

if TYPE_CHECKING:
    from bn_tui.insight.history import RunHistory

#: How long stands what is said only once and takes some reading, in seconds.
_LONG = 15.0


class Announcer:
    """Tells each thing once, when no dialog stands.

    `show_results` switches to the results; `set_up` and `leave` are what can be done about a run
    that never trained.
    """

    def __init__(
        self,
        app: App[Any],
        current: CurrentRun,
        *,
        show_results: Callable[[], object],
        set_up: Callable[[], None],
        leave: Callable[[], None],
    ) -> None:
        self._app = app
        self._current = current
        self._show_results = show_results
        self._set_up = set_up
        self._leave = leave
        self._told: object = None
        self._results_shown_of: RunHistory | None = None
        self._noted_of: RunHistory | None = None
        self._resumption_told: tuple[RunHistory | None, int] = None, 0

    def forget_error(self) -> None:
        """Tell an error again if it still stands."""
        self._told = None

    def keep_results(self) -> None:
        """Leave the results of this run to whoever asks for them."""
        self._results_shown_of = self._current.history

    def announce(self) -> None:
        """Tell what there is to tell; a question that is open is answered first.

        Whether to stop what trains is no question any more once nothing does.
        """
        if self._app.screen.id == questions.LEAVE and not self._current.training:
            self._app.screen.dismiss(None)
        if isinstance(self._app.screen, RunScreen):
            self._tell_notes()
            self._tell_resumption()
            self._tell_error()
        if isinstance(self._app.screen, RunScreen):
            self._tell_end()

    def _tell_notes(self) -> None:
        """Say what a person should know of the settings, before training begins."""
        history = self._current.history
        begins = self._current.steerable and history.summary.train_data is not None
        if begins and history is not self._noted_of:
            self._noted_of = history
            for note in self._current.config.notes:
                self._app.notify(note, markup=False)

    def _tell_resumption(self) -> None:
        """Say how a run goes on that was resumed here, until a person has had time to read it."""
        history = self._current.history
        notes = history.summary.resumption_notes
        of, told = self._resumption_told
        new = notes[told:] if of is history else notes
        self._resumption_told = history, len(notes)
        if new and self._current.steerable:
            lines = "\n".join(map(describe_resumption, new))
            self._app.notify(lines, severity="warning", timeout=_LONG, markup=False)

    def _tell_error(self) -> None:
        error = self._current.error
        if error is None or error is self._told:
            return
        self._told = error
        if not self._current.origin and not self._current.has_trained:
            questions.tell_error(error).ask(self._app, self._set_up, self._leave)
        elif self._current.refused:
            self._alarm(str(error), "No other run was started")
        elif self._current.origin:
            self._alarm(str(error), "The run cannot be read on")
        else:
            self._alarm(str(error), "The run was cut short")

    def _alarm(self, text: str, title: str) -> None:
        self._app.notify(text, title=title, severity="error", markup=False)

    def _tell_end(self) -> None:
        """Show the results when the last variant ends; once, so that nobody is pulled back."""
        history = self._current.history
        # A run that is being replaced is over.
        if history.ended and not self._current.replacing and self._results_shown_of is not history:
            self._results_shown_of = history
            self._app.call_later(self._show_results)
