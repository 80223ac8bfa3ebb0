"""The log: the lines that `--no-ui` prints, and what TensorFlow has printed."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Label

from bn_tui.config import ExperimentConfig
from bn_tui.insight.history import RunHistory
from bn_tui.insight.journal import Line, Lines
from bn_tui.insight.phrases import agree
from bn_tui.tui.current_run import CurrentRun
from bn_tui.tui.palette import Palette
from bn_tui.tui.plots import waiting_words
from bn_tui.tui.screens.run_screen import RunScreen
from bn_tui.tui.widgets.log_view import LogView

#: How often what native code prints is read, in seconds, and how much of it, in bytes.
_CHATTER_INTERVAL = 1.0
_MOST_CHATTER = 200_000

_SILENT = "TensorFlow has printed nothing so far"
_KEYS = "/ filter, t {other}, end follow"


class LogScreen(RunScreen):
    """What is said in words, by the current run and by TensorFlow under it."""

    TITLE = "Log"
    HELP = (
        "These are the very lines that bn-tui --no-ui prints: the original script's, each behind "
        "the name of its variant. "
        "Validation lines are over all validation images, training lines over the batch just "
        "trained. "
        "The end is followed until you scroll up; the end key follows it again. "
        "TensorFlow's own output, which would land on the screen, is kept and shown apart."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "slash",
            "open_filter",
            "Filter",
            show=False,
            tooltip="Show only the lines with some words in them",
        ),
        Binding("escape", "clear_filter", "Show all", show=False, tooltip="Show every line again"),
        Binding(
            "t",
            "toggle_chatter",
            "TensorFlow",
            show=False,
            tooltip="Show what TensorFlow has printed, or the run's lines again",
        ),
    ]

    DEFAULT_CSS = """
    LogScreen .filter {
        display: none;
        height: 1;
        padding: 0 2;
    }
    LogScreen.-filtering .filter {
        display: block;
    }
    LogScreen .filter Label {
        color: $text-muted;
        margin-right: 1;
    }
    LogScreen .filter Input {
        width: 1fr;
        background: $boost;
    }
    LogScreen .filter .keys {
        margin: 0 0 0 1;
    }
    """

    def __init__(self, current: CurrentRun) -> None:
        super().__init__()
        self._current = current
        self._shows_chatter = False
        self._chatter = ""
        self._chatter_lines = Lines()
        self._palette: Palette | None = None
        self._waiting = ""
        self._titles = "", ""

    def compose_body(self) -> Iterable[Widget]:
        """The lines, and below them what they are searched for."""
        yield LogView()
        with Horizontal(classes="filter"):
            yield Label("filter")
            yield Input(placeholder="words to look for", compact=True)
            yield Label("esc show all", classes="keys")

    def on_mount(self) -> None:
        """Look from time to time what native code prints."""
        self.set_interval(_CHATTER_INTERVAL, self.read_chatter)

    def show_body(self, config: ExperimentConfig, history: RunHistory, palette: Palette) -> None:
        """Show the lines that have come."""
        self._palette = palette
        self._waiting = waiting_words(history, config.variants)
        self._show_lines()

    def read_chatter(self) -> None:
        """Read what native code has printed, where anybody sees it."""
        if not self._shows_chatter or not self.is_current:
            return
        chatter = self._current.native_output(_MOST_CHATTER)
        if chatter != self._chatter:
            self._chatter = chatter
            self._chatter_lines = Lines(map(Line, chatter.splitlines()))
            self._show_lines()

    def _show_lines(self) -> None:
        if self._palette is None:
            return
        lines = self._chatter_lines if self._shows_chatter else self._current.journal.lines
        needle = self.query_one(Input).value
        view = self.query_one(LogView)
        kept = lines.count - lines.first
        if kept and needle:
            words = f"no line has {needle!r} in it; escape shows all"
        else:
            words = _SILENT if self._shows_chatter else self._waiting
        view.show(lines, needle, self._palette, words)
        of_all = f"{view.matches:,} of " if needle else ""
        found = f"{of_all}{kept:,} {agree(kept, 'line', 'lines')}"
        name = "What TensorFlow prints" if self._shows_chatter else "What --no-ui prints"
        other = "the run" if self._shows_chatter else "TensorFlow"
        titles = f"{name}: {found}" if kept else name, _KEYS.format(other=other)
        if titles != self._titles:  # setting them draws everything anew
            self._titles = titles
            view.border_title, view.border_subtitle = titles

    def action_open_filter(self) -> None:
        """Ask for words to look for."""
        self.add_class("-filtering")
        self.query_one(Input).focus()

    def action_clear_filter(self) -> None:
        """Show every line again."""
        self.remove_class("-filtering")
        self.query_one(Input).clear()
        self.query_one(LogView).focus()

    def action_toggle_chatter(self) -> None:
        """Show what TensorFlow has printed, or the run's lines again."""
        self._shows_chatter = not self._shows_chatter
        self.read_chatter()
        self._show_lines()

    def on_input_changed(self) -> None:
        """Look for what has been typed."""
        self._show_lines()

    def on_input_submitted(self) -> None:
        """Go back to the lines; the filter stays."""
        self.query_one(LogView).focus()
        self.set_class(bool(self.query_one(Input).value), "-filtering")
