"""The app: one run, the screens that show it, and the keys that steer it."""

import asyncio
import signal
from collections.abc import Callable
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from bn_tui.config import ExperimentConfig
from bn_tui.errors import ExitCode
from bn_tui.insight.history import RunHistory
from bn_tui.tui.drawing import ASCII, UNICODE
from bn_tui.tui.driver import TerminalDriver
from bn_tui.tui.messages import TerminalClosed
from bn_tui.tui.palette import Palette
from bn_tui.tui.run import Run
from bn_tui.tui.screens.race import RaceScreen
from bn_tui.tui.screens.results import ResultsScreen
from bn_tui.tui.screens.run_screen import RunScreen

#: How often the screen is brought up to date, in seconds. A chart takes the interpreter from the
#: trainers for milliseconds, and nobody reads faster.
_INTERVAL = 0.5

#: How many events are taken in at once, so that a flood of them never holds up a key.
_MOST_EVENTS = 1000

#: Text, labels and alarms, where a theme does not say.
_ON_DARK = ("#d8d8d8", "#808080", "#ff6b6b")
_ON_LIGHT = ("#303030", "#787878", "#b00020")

_SIGNALS = {
    signal.SIGINT: ExitCode.INTERRUPTED,
    signal.SIGTERM: ExitCode.TERMINATED,
    signal.SIGHUP: ExitCode.HUNG_UP,
}


class BnTuiApp(App[ExitCode]):
    """Shows one run at a time; `launch` starts one with the settings that it is given.

    It returns the exit code that the person's leaving asks for, OK where the run had ended.
    """

    TITLE = "bn-tui"
    CSS_PATH = "bn_tui.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "view('race')", "Race"),
        Binding("4", "view('results')", "Results", tooltip="Show what each variant has scored"),
        Binding("p", "pause", "Pause"),
        Binding("P", "pause_all", "Pause all", show=False),
        Binding("s", "stop", "Stop"),
        Binding("S", "stop_all", "Stop all", show=False),
        Binding("q", "leave", "Quit"),
        Binding("ctrl+c", "leave", "Quit", show=False, priority=True),
    ]

    def __init__(
        self,
        launch: Callable[[ExperimentConfig], Run],
        config: ExperimentConfig,
        *,
        ascii_only: bool = False,
    ) -> None:
        super().__init__(driver_class=TerminalDriver)
        self._launch = launch
        self._glyphs = ASCII if ascii_only else UNICODE
        self.config = config
        self.history = RunHistory()
        self._run: Run | None = None
        self.set_class(ascii_only, "-ascii")
        self._results_shown_of: RunHistory | None = None
        self.add_mode("race", lambda: RaceScreen(self.config.variants))
        self.add_mode("results", lambda: ResultsScreen(self.config.variants))

    async def on_mount(self) -> None:
        """Show the first frame, then start the run: loading TensorFlow takes seconds."""
        self._watch_signals()
        await self.switch_mode("race")
        self.call_after_refresh(self._start)

    def start(self, config: ExperimentConfig) -> None:
        """Start a run with these settings in the place of the one before."""
        self.config, self.history = config, RunHistory()
        self._run = self._launch(config)
        self.update_screen()

    def _start(self) -> None:
        self.start(self.config)
        self.take_in()
        self.set_interval(_INTERVAL, self.take_in)

    def take_in(self) -> None:
        """Take in what has happened, and draw it."""
        if self._run is None or not self.is_running:  # screens go before the timer does
            return
        for event in self._run.take(_MOST_EVENTS):
            self.history.add(event)
        self.update_screen()
        self._show_results()

    def _show_results(self) -> None:
        """Show the results when the last variant ends; once, so that nobody is pulled back."""
        variants = self.history.variants.values()
        ended = bool(variants) and all(variant.summary.status for variant in variants)
        # A question that is open is answered first.
        asking = not isinstance(self.screen, RunScreen)
        if ended and not asking and self._results_shown_of is not self.history:
            self._results_shown_of = self.history
            self.call_later(self.action_view, "results")

    def update_screen(self) -> None:
        """Draw where the run is on the screen that is looked at."""
        for screen in self.screen_stack:
            if isinstance(screen, RunScreen):
                now = self.history.summary.seconds if self._run is None else self._run.now()
                screen.show(self.config, self.history, self.palette, now)

    @property
    def palette(self) -> Palette:
        """The colours and characters that charts are drawn with."""
        theme = self.current_theme
        ink, faint, alarm = _ON_DARK if theme.dark else _ON_LIGHT
        return Palette(
            self._glyphs, theme.dark, theme.foreground or ink, faint, theme.error or alarm
        )

    @property
    def training(self) -> bool:
        """Whether leaving now would cut something short."""
        return self._run is not None and not self._run.ended

    async def action_view(self, mode: str) -> None:
        """Switch to another view of the run, and draw at once what it has missed."""
        await self.switch_mode(mode)
        self.update_screen()

    def action_pause(self) -> None:
        """Pause the selected variant, or all; what is paused goes on."""
        self._pause(self._selected())

    def action_pause_all(self) -> None:
        """Pause every variant, or let all go on."""
        self._pause(self.config.variants)

    def _pause(self, variants: tuple[str, ...]) -> None:
        if self._run is None:
            return
        control = self._run.control
        running = [name for name in variants if not control.pauses(name)]
        for name in variants:
            (control.pause if running else control.resume)(name)

    def action_stop(self) -> None:
        """Stop the selected variant, or all."""
        self._stop(self._selected())

    def action_stop_all(self) -> None:
        """Stop every variant."""
        self._stop(self.config.variants)

    def _stop(self, variants: tuple[str, ...]) -> None:
        if self._run is not None:
            for name in variants:
                self._run.control.stop_variant(name)

    def _selected(self) -> tuple[str, ...]:
        screen = self.screen
        selected = screen.selected_variant if isinstance(screen, RunScreen) else None
        return self.config.variants if selected is None else (selected,)

    def action_leave(self) -> None:
        """Leave; while something trains, ask first."""
        if not self.training:
            self.exit(ExitCode.OK)
            return
        self._leave(ExitCode.INTERRUPTED)

    def on_terminal_closed(self, _: TerminalClosed) -> None:
        """Stop, as nobody sees the screen any more."""
        self._leave(ExitCode.HUNG_UP)

    def _leave(self, code: ExitCode) -> None:
        if self._run is not None:
            self._run.control.stop()
        self.exit(code)

    def _watch_signals(self) -> None:
        """Leave in order on the signals that end a process; one ignored before stays ignored."""
        loop = asyncio.get_running_loop()
        for number, code in _SIGNALS.items():
            if signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, self._leave, code)
