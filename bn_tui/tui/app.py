"""The app: one run, the screens that show it, and the keys that steer it."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, ClassVar

from textual.app import SystemCommand
from textual.binding import BindingType
from textual.screen import Screen

from bn_tui.comparison import ComparedConfig
from bn_tui.config import ExperimentConfig
from bn_tui.errors import ExitCode
from bn_tui.insight.history import RunHistory
from bn_tui.tui import keys, opening_ahead, steering
from bn_tui.tui.current_run import CurrentRun
from bn_tui.tui.library import Library
from bn_tui.tui.looking_back import CatchingUp
from bn_tui.tui.messages import TerminalClosed
from bn_tui.tui.palette import Palette
from bn_tui.tui.redrawing import Redrawing
from bn_tui.tui.reins import Reins
from bn_tui.tui.run import Run
from bn_tui.tui.run_switch import RunSwitch
from bn_tui.tui.screens import on_demand, questions
from bn_tui.tui.screens.race import RaceScreen
from bn_tui.tui.screens.run_screen import RunScreen
from bn_tui.tui.terminal_app import TerminalApp

#: How often the screen is brought up to date, in seconds. A chart takes the interpreter from the
#: trainers for milliseconds, and nobody reads faster.
_INTERVAL = 0.5


class BnTuiApp(TerminalApp):
    """Shows one run at a time; `launch` starts one with the settings that it is given.

    Instead of starting one it shows the run `opened`, and where it can do neither the list of
    those that `library` keeps. It returns the exit code that the person's leaving asks for, OK
    where nothing trained.

    With `open_ahead` every view is made while the first run begins, so that no key waits for one.
    """

    TITLE = "bn-tui"
    CSS_PATH = "bn_tui.tcss"
    NOTIFICATION_TIMEOUT = 3.0

    BINDINGS: ClassVar[list[BindingType]] = [*keys.BINDINGS]

    def __init__(  # noqa: PLR0913 -- what is shown, and how
        self,
        launch: Callable[[ExperimentConfig], Run] | None,
        config: ExperimentConfig,
        *,
        ascii_only: bool = False,
        open_ahead: bool = False,
        opened: Run | None = None,
        library: Library | None = None,
    ) -> None:
        super().__init__(ascii_only=ascii_only)
        self._open_ahead = open_ahead
        self._current = CurrentRun(launch, config)
        self._opened = opened
        self._reins = Reins(self, self._current, self._draw_now)
        self._redrawing = Redrawing(self, self._show)
        self._catching_up = CatchingUp(self, self._current, self._redrawing.draw)
        self._switch = RunSwitch(
            self,
            self._current,
            library,
            changed=self._draw_now,
            leave=self._quit,
            show_results=partial(self.action_view, "results"),
        )
        will_pause = partial(steering.will_pause, self._current)
        self.add_mode("race", lambda: RaceScreen(self.config.variants, will_pause))
        self.add_mode("overlay", on_demand.make_overlay)
        self.add_mode("results", lambda: on_demand.make_results(self.config.variants))
        self.add_mode("layers", on_demand.make_layers)
        self.add_mode("log", lambda: on_demand.make_log(self._current))

    @property
    def config(self) -> ExperimentConfig:
        """The settings of the run that is shown."""
        return self._current.config

    @property
    def history(self) -> RunHistory:
        """What the run that is shown has come to."""
        return self._current.history

    @property
    def first_view(self) -> str:
        """What is shown at first."""
        return "overlay" if isinstance(self.config, ComparedConfig) else "race"

    async def on_mount(self) -> None:
        """Show the first frame, then start the run: loading TensorFlow takes seconds."""
        await self.switch_mode(self.first_view)
        self.theme_changed_signal.subscribe(self, lambda _: self._redrawing.note())
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        if self._opened is not None:
            self._switch.open(self._opened)
        elif self._current.can_launch:
            self._switch.start(self.config)
        else:
            self._switch.list_runs()
        self.take_in()
        self.set_interval(_INTERVAL, self.take_in)
        if self._open_ahead:
            opening_ahead.begin(self)

    def take_in(self) -> None:
        """Take in what has happened, draw it, and tell what there is to tell."""
        if not self.is_running or not self.screen_stack:
            return  # the last tick may come while the screens are being closed
        self._redrawing.note(new=self._current.take_in())
        self._redrawing.tick()
        self._switch.announce()
        self._catching_up.begin()

    def _draw_now(self) -> None:
        """Show what somebody's key has done, be it behind a dialog that closes."""
        self._redrawing.note()
        self.take_in()
        self._redrawing.catch_up()

    def on_run_screen_resized(self, _: RunScreen.Resized) -> None:
        """Draw in the new size at the next tick: a window passes through many."""
        self._redrawing.note()

    def _show(self, screen: RunScreen) -> None:
        """Draw where the run is on one of its screens."""
        current = self._current
        screen.leave_out(self._switch.idle_actions)
        screen.show(current.config, current.history, self.palette, current.seconds, current.origin)

    @property
    def palette(self) -> Palette:
        """The colours and characters that charts are drawn with."""
        return self.suit_palette(self.config.variants)

    async def action_view(self, mode: str) -> None:
        """Switch to another view of the run, and draw at once what it has missed."""
        with self.batch_update():
            await self.switch_mode(mode)
            self._redrawing.draw()

    def action_pause(self) -> None:
        """Pause the selected variant, or all; what is paused goes on."""
        self._reins.pause(self._selected())

    def action_pause_all(self) -> None:
        """Pause every variant, or let all go on."""
        self._reins.pause_all()

    def action_change_speed(self, steps: int) -> None:
        """Play a replay faster or slower."""
        self._reins.change_speed(steps)

    def action_stop(self) -> None:
        """Stop the selected variant, or all."""
        self._reins.stop(self._selected())

    def action_stop_all(self) -> None:
        """Stop every variant."""
        self._reins.stop(self.config.variants)

    def _selected(self) -> tuple[str, ...]:
        screen = self.screen
        selected = screen.selected_variant if isinstance(screen, RunScreen) else None
        return self.config.variants if selected is None else (selected,)

    def action_set_up(self) -> None:
        """Ask for the settings of another run, and start it."""
        self._switch.set_up()

    def action_restart(self) -> None:
        """Start another run with the same settings; while one trains, ask first."""
        self._switch.restart()

    def action_list_runs(self) -> None:
        """List the runs that are kept, to open one or to delete one."""
        self._switch.list_runs()

    def action_help(self) -> None:
        """Say what the screen shows, and which keys do something there."""
        screen = self.screen
        if isinstance(screen, RunScreen):
            self.push_screen(on_demand.make_help(screen))

    def action_explain(self) -> None:
        """Explain what is being looked at."""
        if isinstance(self.screen, RunScreen):
            self.push_screen(on_demand.make_explanation(self.screen.TITLE, self.palette))

    def action_leave(self) -> None:
        """Leave; while something trains, ask first."""
        self._redrawing.note(new=self._current.take_in())  # it may have ended this very moment
        if not self._current.training:
            self._quit()
        elif self.screen.id != questions.LEAVE:
            questions.ask_to_leave().ask(self, self._quit)

    def action_interrupt(self) -> None:
        """Leave as `action_leave` does; asked twice, at once."""
        if self.screen.id == questions.LEAVE:
            self._quit()
        else:
            self.action_leave()

    def on_terminal_closed(self, _: TerminalClosed) -> None:
        """Stop, as nobody sees the screen any more."""
        self.leave(ExitCode.HUNG_UP)

    def _quit(self) -> None:
        self.leave(ExitCode.INTERRUPTED if self._current.training else ExitCode.OK)

    def leave(self, code: ExitCode) -> None:
        """Stop what trains, and close the screen."""
        self._current.control.stop()
        self.exit(code)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Offer in the command palette what the keys do, and the themes."""
        del screen
        yield from keys.list_commands(self, without=self._switch.idle_actions)
        yield SystemCommand("Theme", "Change the colours", self.action_change_theme)

    def notify(self, message: str, **how: Any) -> None:
        """Say something for a moment, in characters that the terminal has."""
        super().notify(self.palette.spell(message), **how)
