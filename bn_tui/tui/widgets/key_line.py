"""The last line of a screen: which keys do something there."""

from dataclasses import dataclass
from typing import Any, ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual import events
from textual.screen import Screen
from textual.widget import Widget


@dataclass(frozen=True, slots=True)
class _Key:
    """A key as it is pressed and as it is written, and the name of what it does."""

    key: str
    display: str
    name: str
    enabled: bool

    def width(self) -> int:
        return cell_len(self.display) + 1 + cell_len(self.name)


class KeyLine(Widget):
    """Names the keys that a screen's bindings show; a click on one presses it.

    Textual's Footer has a widget for each key and makes all of them anew when a screen comes to
    the front, which takes longer than all else that is drawn then.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-line--key"}

    DEFAULT_CSS = """
    KeyLine {
        dock: bottom;
        height: 1;
        color: $footer-description-foreground;
        background: $footer-background;
    }
    KeyLine .key-line--key {
        color: $footer-key-foreground;
        background: $footer-background;
        text-style: bold;
    }
    """

    ALLOW_SELECT = False

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[_Key, ...] = ()

    def on_mount(self) -> None:
        """Follow what the screen's keys do."""
        self.screen.bindings_updated_signal.subscribe(self, self._follow)

    def _follow(self, screen: Screen[Any]) -> None:
        keys = {
            binding.action: _Key(
                binding.key, self.app.get_key_display(binding), binding.description, enabled
            )
            for _, binding, enabled, _ in reversed(screen.active_bindings.values())
            if binding.show
        }
        shown = tuple(reversed(keys.values()))
        if shown != self._keys:
            self._keys = shown
            self.refresh()

    def render(self) -> Text:
        """Name as many as there is room for, the first ones first."""
        look = self.get_component_rich_style("key-line--key", partial=True)
        line = Text(no_wrap=True, overflow="crop")
        for start, key in self._places():
            line.append(" " * (start - line.cell_len))
            line.append(key.display, look if key.enabled else "dim")
            line.append(f" {key.name}", "" if key.enabled else "dim")
        return line

    def _places(self) -> list[tuple[int, _Key]]:
        """Where each key begins that has room: two columns apart, or one where that is tight."""
        width = self.size.width
        for gap in (2, 1):
            places, start = [], 1
            for key in self._keys:
                places.append((start, key))
                start += key.width() + gap
            if start - gap <= width:
                return places
        return [(start, key) for start, key in places if start + key.width() <= width]

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked."""
        for start, key in self._places():
            if start <= event.x < start + key.width():
                self.app.simulate_key(key.key)
