"""Which run is shown next: another one that is trained, or one that is kept."""

from collections.abc import Callable
from functools import partial
from typing import Any

from textual.app import App

from bn_tui.comparison import ComparedConfig
from bn_tui.config import ExperimentConfig
from bn_tui.tui import looking_back
from bn_tui.tui.announcing import Announcer
from bn_tui.tui.current_run import CurrentRun
from bn_tui.tui.library import Library
from bn_tui.tui.run import Run
from bn_tui.tui.screens import on_demand, questions
from bn_tui.tui.screens.confirm import ConfirmScreen
from bn_tui.tui.screens.run_screen import RunScreen


class RunSwitch:
    """Puts another run in the place of the one that is shown, which is asked about if it trains.

    `changed` is called when another one is shown, and `leave` when there is none to show.
    """

    def __init__(  # noqa: PLR0913 -- what it has to do with
        self,
        app: App[Any],
        current: CurrentRun,
        library: Library | None,
        *,
        changed: Callable[[], None],
        leave: Callable[[], None],
        show_results: Callable[[], object],
    ) -> None:
        self._app = app
        self._current = current
        self._library = library
        self._changed = changed
        self._leave = leave
        self._announcer = Announcer(
            app, current, show_results=show_results, set_up=self.set_up, leave=leave
        )

    @property
    def idle_actions(self) -> frozenset[str]:
        """The actions that the run which is shown has no use for."""
        return looking_back.idle_actions(self._current, has_library=self._library is not None)

    def announce(self) -> None:
        """Tell what became of the run that is shown."""
        self._announcer.announce()

    def start(self, config: ExperimentConfig) -> None:
        """Start a run with these settings; where one trains, as soon as that has stopped."""
        self._announcer.forget_error()
        if not self._current.replace(config):
            self._app.notify("the next run starts once this one has stopped")
        self._changed()

    def open(self, run: Run) -> None:
        """Show a run that was recorded; where one trains, as soon as that has stopped."""
        self._announcer.forget_error()
        if not self._current.replace_by(run):
            self._app.notify("the run is shown once this one has stopped")
        elif run.ended:
            # Nobody waits for its results: they are there beside the curves.
            self._announcer.keep_results()
        self._changed()

    def set_up(self) -> None:
        """Ask for the settings of another run, and start it."""
        if self._current.can_launch:
            self._app.push_screen(on_demand.make_setup(self._current), self._answer_set_up)
        else:
            self._app.notify(looking_back.NO_NEW_RUN)

    def _answer_set_up(self, config: ExperimentConfig | None) -> None:
        if config is None:
            self._announcer.forget_error()
        else:
            self.start(config)

    def restart(self) -> None:
        """Train again with the same settings, or play a replay again."""
        current = self._current
        if current.replay is not None:
            current.replay.begin_again()
            self._changed()
        elif not current.can_launch or isinstance(current.config, ComparedConfig):
            self._app.notify(looking_back.NO_NEW_RUN)
        else:
            question = questions.ask_to_replace("Restart?", yes="Restart")
            self._unless_training(question, partial(self.start, current.config))

    def list_runs(self) -> None:
        """List the runs that are kept, to open one or to delete one."""
        if self._library is not None and isinstance(self._app.screen, RunScreen):
            runs = on_demand.make_runs(self._library, self._current)
            self._app.push_screen(runs, self._answer_list_runs)

    def _answer_list_runs(self, run: Run | None) -> None:
        if run is not None:
            question = questions.ask_to_replace("Open the run?", yes="Open")
            self._unless_training(question, partial(self.open, run))
        elif not self._current.shows_run:
            self._leave()

    def _unless_training(self, question: ConfirmScreen, replace: Callable[[], None]) -> None:
        """Replace the run; one that trains, once that has been agreed to."""
        if self._current.training:
            question.ask(self._app, replace)
        else:
            replace()
