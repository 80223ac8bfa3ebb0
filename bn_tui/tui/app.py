"""The app: one run, the screens that show it, and the keys that steer it."""

import traceback
from collections.abc import Callable, Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import App
from textual.binding import Binding, BindingType
from textual.filter import LineFilter

from bn_tui.config import ExperimentConfig
from bn_tui.errors import ExitCode
from bn_tui.insight.history import RunHistory
from bn_tui.tui.drawing import ASCII, UNICODE
from bn_tui.tui.driver import TerminalDriver
from bn_tui.tui.filters import WithoutColor
from bn_tui.tui.messages import TerminalClosed
from bn_tui.tui.palette import Palette
from bn_tui.tui.run import Run
from bn_tui.tui.screens.overlay import OverlayScreen
from bn_tui.tui.screens.race import RaceScreen
from bn_tui.tui.screens.run_screen import RunScreen

#: How often the screen is brought up to date, in seconds. A chart takes the interpreter from the
#: trainers for milliseconds, and nobody reads faster.
_INTERVAL = 0.5

#: How many events are taken in at once, so that a flood of them never holds up a key.
_MOST_EVENTS = 1000

#: Text, labels and alarms, where a theme does not say.
_ON_DARK = ("#d8d8d8", "#808080", "#ff6b6b")
_ON_LIGHT = ("#303030", "#787878", "#b00020")


class BnTuiApp(App[ExitCode]):
    """Shows one run at a time; `launch` starts one with the settings that it is given.

    It returns the exit code that the person's leaving asks for, OK where the run had ended.
    """

    TITLE = "bn-tui"
    CSS_PATH = "bn_tui.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "view('race')", "Race"),
        Binding("2", "view('overlay')", "Overlay"),
        Binding("p", "pause", "Pause"),
        Binding("P", "pause_all", "Pause all", show=False),
        Binding("s", "stop", "Stop"),
        Binding("S", "stop_all", "Stop all", show=False),
        Binding("q", "leave", "Quit"),
        Binding("ctrl+c", "leave", "Quit", show=False, priority=True),
        Binding("ctrl+z", "suspend_process", "Suspend", show=False, priority=True),
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
        self.add_mode("race", lambda: RaceScreen(self.config.variants))
        self.add_mode("overlay", OverlayScreen)

    async def on_mount(self) -> None:
        """Show the first frame, then start the run: loading TensorFlow takes seconds."""
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
        if self._run is None or not self.is_running:
            return
        for event in self._run.take(_MOST_EVENTS):
            self.history.add(event)
        self.update_screen()

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

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Give what everything drawn goes through; NO_COLOR leaves greys to Textual's own."""
        filters = super().get_line_filters()
        return [*filters, WithoutColor()] if self.no_color else filters

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
        self.leave(ExitCode.INTERRUPTED)

    def _fatal_error(self) -> None:
        """Have what broke the app printed once it is closed, without every local variable."""
        self.panic(Text(traceback.format_exc().rstrip()))

    def on_terminal_closed(self, _: TerminalClosed) -> None:
        """Stop, as nobody sees the screen any more."""
        self.leave(ExitCode.HUNG_UP)

    def leave(self, code: ExitCode) -> None:
        """Stop what trains, and close the screen."""
        if self._run is not None:
            self._run.control.stop()
        self.exit(code)
