"""The latest lines of something that goes on: folded, filtered, followed."""

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import NamedTuple

from rich.cells import cell_len, chop_cells
from rich.style import Style
from rich.text import Text
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from bn_tui.insight.journal import Line, Lines
from bn_tui.tui.palette import Palette
from bn_tui.tui.scrollbars import use_whole_cells

_ESCAPE_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_FOLD_INDENT = "  "


class Row(NamedTuple):
    """A row of the screen: a line, or a part of one that is too long; `number` is the line's."""

    number: int
    text: str
    variant: str | None


class LogView(ScrollView, can_focus=True):
    """Shows lines, and follows their end unless a person has scrolled up."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    LogView {
        height: 1fr;
        border: round $panel-lighten-2;
        border-title-color: $text;
        border-subtitle-color: $text-muted;
        padding: 0 1;
        overflow-x: hidden;
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        scrollbar-color: $panel-lighten-2;
        scrollbar-background: $background;
    }
    LogView:focus {
        border: round $accent;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.following = True
        self._lines = Lines()
        self._next = 0
        self._needle = ""
        self._pattern = re.compile("")
        self._rows: list[Row] = []
        self._matches = 0
        self._words = ""
        self._palette: Palette | None = None
        self._width = 0

    def on_mount(self) -> None:
        """Draw with plain characters."""
        use_whole_cells(self)

    @property
    def rows(self) -> list[str]:
        """What stands in it from top to bottom, seen or not."""
        return [row.text for row in self._rows]

    @property
    def matches(self) -> int:
        """How many lines have what was asked for."""
        return self._matches

    def show(self, lines: Lines, needle: str, palette: Palette, words: str) -> None:
        """Show the lines that have `needle` in them; where there are none, `words`."""
        if lines is not self._lines or needle != self._needle:
            self._lines, self._needle = lines, needle
            self._pattern = re.compile(re.escape(needle), re.IGNORECASE)
            self._refill()
        elif lines.count != self._next:
            self._take_in()
        if (words, palette) != (self._words, self._palette):
            self._words, self._palette = words, palette
            self.refresh()

    def on_resize(self) -> None:
        """Fold anew where the width has changed."""
        # The size of a view that always has its scrollbar does not leave it out.
        width = self.scrollable_content_region.width
        if self._width != width:
            self._width = width
            self._refill()
        elif self.following:
            self._scroll_to_end()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Follow the end where it is in sight, and nowhere else."""
        super().watch_scroll_y(old_value, new_value)
        self.following = round(new_value) >= self.max_scroll_y

    def action_scroll_end(self) -> None:
        """Go to the end, and follow it; an animation would aim at where it was."""
        self._scroll_to_end()

    def _scroll_to_end(self) -> None:
        self.following = True
        self.scroll_end(animate=False, immediate=True, x_axis=False)

    def _refill(self) -> None:
        self._rows.clear()
        self._matches = 0
        self._next = self._lines.first
        self._take_in()

    def _take_in(self) -> None:
        """Add the lines that are new, and drop those that the source no longer has."""
        following = self.following
        dropped = self._drop_before(self._lines.first)
        start = max(self._next, self._lines.first)
        for number, line in enumerate(self._lines.since(start), start):
            if self._pattern.search(line.text):
                self._matches += 1
                self._rows.extend(_fold(line, number, self._width))
        self._next = self._lines.count
        self.virtual_size = Size(self._width, len(self._rows))
        if following:
            self._scroll_to_end()
        elif dropped:
            self.scroll_to(y=self.scroll_y - dropped, animate=False)
        self.refresh()

    def _drop_before(self, number: int) -> int:
        dropped = list(takewhile(lambda row: row.number < number, self._rows))
        self._matches -= len({row.number for row in dropped})
        del self._rows[: len(dropped)]
        return len(dropped)

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        style = self.rich_style
        width = self.size.width
        place = self.scroll_offset.y + y
        if place < len(self._rows):
            text = self._draw(self._rows[place])
        elif not self._rows and y == self.size.height // 2:
            text = Text(self._spell(self._words).center(width), end="")
            text.stylize("" if self._palette is None else self._palette.faint)
        else:
            return Strip.blank(width, style)
        strip = Strip(text.render(self.app.console)).adjust_cell_length(width)
        return strip.apply_style(style)

    def _draw(self, row: Row) -> Text:
        text = Text(self._spell(row.text), end="")
        if row.variant is not None and self._palette is not None:
            hue = self._palette.look(row.variant).hue
            text.stylize(Style(color=hue, bold=True), 0, len(row.variant))
        if self._needle:
            text.highlight_regex(self._pattern, "reverse")
        return text

    def _spell(self, text: str) -> str:
        ascii_only = self._palette is not None and self._palette.ascii_only
        return text.encode("ascii", "replace").decode() if ascii_only else text


def _fold(line: Line, number: int, width: int) -> list[Row]:
    """Break a line at words where it is wider than `width` columns."""
    text = _printable(line.text)
    if width < 1 or (len(text) if text.isascii() else cell_len(text)) <= width:
        return [Row(number, text, line.variant)]
    parts = _break(text, width) if text.isascii() else chop_cells(text, width)
    return [Row(number, part, None if place else line.variant) for place, part in enumerate(parts)]


def _break(text: str, width: int) -> Iterator[str]:
    """Break ASCII at words, what follows indented; ten times as fast as textwrap."""
    indent = _FOLD_INDENT[: width - 1]
    while len(text) > width:
        cut = text.rfind(" ", 0, width + 1)
        if cut <= len(indent):
            cut = width
        yield text[:cut].rstrip()
        text = indent + text[cut:].lstrip()
    yield text


def _printable(text: str) -> str:
    """Leave out what would move the cursor or colour the screen."""
    if text.isprintable():
        return text
    text = _ESCAPE_SEQUENCE.sub("", text).expandtabs()
    return "".join(filter(str.isprintable, text))
