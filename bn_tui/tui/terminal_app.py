"""What an app has to do with the terminal: its characters and colours, and what broke it."""

import traceback
from collections.abc import Sequence

from rich.text import Text
from textual.app import App
from textual.binding import Binding
from textual.color import Color
from textual.filter import LineFilter

from bn_tui.errors import ExitCode
from bn_tui.tui.drawing import ASCII, UNICODE, hatch
from bn_tui.tui.driver import TerminalDriver
from bn_tui.tui.filters import WithoutColor
from bn_tui.tui.palette import Palette, suit


class TerminalApp(App[ExitCode]):
    """Draws in what the terminal and the person can see; its views are switched to in one piece."""

    def __init__(self, *, ascii_only: bool) -> None:
        super().__init__(driver_class=TerminalDriver)
        glyphs = ASCII if ascii_only else UNICODE
        self._ascii_only = ascii_only
        self._glyphs = hatch(glyphs) if self.no_color else glyphs
        self._without_color = WithoutColor(lambda: Color.parse(self.theme_variables["background"]))
        self.set_class(ascii_only, "-ascii")

    def suit_palette(self, variants: tuple[str, ...]) -> Palette:
        """The colours and characters that charts of these variants are drawn with."""
        return suit(self.current_theme, self._glyphs, variants, colorless=self.no_color)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Give what everything drawn goes through; Textual's own leaves NO_COLOR greys."""
        return [self._without_color] if self.no_color else super().get_line_filters()

    def get_key_display(self, binding: Binding) -> str:
        """Write a key as the line of keys and the help have it."""
        display = super().get_key_display(binding)
        return binding.key if self._ascii_only and not display.isascii() else display

    def delay_update(self, delay: float = 0.0) -> None:
        """Hold back nothing: a view is switched to within a batch of its own.

        Textual's own delay can be felt, and its end is left to a timer, which never comes where
        the process is held up for as long: nothing would be drawn any more.
        """

    def _fatal_error(self) -> None:
        """Have what broke the app printed once it is closed, without every local variable."""
        self.panic(Text(traceback.format_exc().rstrip(), no_wrap=True, overflow="ignore"))
