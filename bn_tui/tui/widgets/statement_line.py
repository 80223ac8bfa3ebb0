"""How something is looked at, in words beside the keys that change it."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import ClassVar, NamedTuple

from rich.text import Text
from textual import events
from textual.geometry import Size
from textual.widget import Widget

from bn_tui.tui.palette import Palette

_GAP = 3


class Statement(NamedTuple):
    """A key as it is written, what it changes, and how that is now.

    `press` is the key that a click stands for, if it stands for one; `hue` is the value's.
    """

    key: str
    name: str
    value: str
    press: str = ""
    hue: str | None = None

    @property
    def words(self) -> list[str]:
        """What there is of it."""
        return [word for word in self[:3] if word]

    @property
    def width(self) -> int:
        """How many columns it takes."""
        return len(" ".join(self.words))


class StatementLine(Widget):
    """States a view, so that a picture of the screen explains itself."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"statement-line--key"}
    DEFAULT_CSS = """
    StatementLine {
        height: auto;
        padding: 0 1;
    }
    StatementLine .statement-line--key {
        color: $footer-key-foreground;
        text-style: bold;
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id, classes=classes)
        self._stated: tuple[Statement, ...] = ()
        self._palette: Palette | None = None

    def state(self, stated: Sequence[Statement], palette: Palette) -> None:
        """State these; nothing, where they are as before."""
        shown = tuple(stated)
        if (shown, palette) == (self._stated, self._palette):
            return
        self._stated, self._palette = shown, palette
        width = self.content_size.width
        wider = self.styles.is_auto_width and self.get_content_width(self.size, self.size) != width
        higher = len(_break(shown, width)) != self.content_size.height
        self.refresh(layout=wider or higher)

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002 -- Textual's
        """As much as one line of all takes."""
        return measure(self._stated)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        """One line, or more where there is less room."""
        return len(_break(self._stated, width))

    def render(self) -> Text:
        """Draw the lines."""
        if self._palette is None:
            return Text()
        write = partial(self._write, self._palette)
        lines = [
            Text(" " * _GAP).join(map(write, line))
            for line in _break(self._stated, self.content_size.width)
        ]
        return Text("\n").join(lines)

    def _write(self, palette: Palette, statement: Statement) -> Text:
        key_style = self.get_component_rich_style("statement-line--key", partial=True)
        parts = (
            Text(statement.key, key_style),
            Text(statement.name, palette.faint),
            Text(statement.value, statement.hue or palette.ink),
        )
        return Text(" ").join(part for part in parts if part)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Do what the key does that was clicked, or what is stated beside it."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        lines = _break(self._stated, self.content_size.width)
        for start, statement in _place(lines[offset.y] if offset.y < len(lines) else []):
            if statement.press and start <= offset.x < start + statement.width:
                self.app.simulate_key(statement.press)


def measure(stated: Sequence[Statement]) -> int:
    """How many columns these take side by side."""
    return max(sum(each.width + _GAP for each in stated) - _GAP, 0)


def _break(stated: Sequence[Statement], width: int) -> list[list[Statement]]:
    """Put as many on a line as fit."""
    lines: list[list[Statement]] = [[]]
    room = width
    for statement in stated:
        if lines[-1] and statement.width > room:
            lines.append([])
            room = width
        lines[-1].append(statement)
        room -= statement.width + _GAP
    return lines


def _place(line: Sequence[Statement]) -> Iterator[tuple[int, Statement]]:
    """Tell at which column each one starts."""
    start = 0
    for statement in line:
        yield start, statement
        start += statement.width + _GAP
