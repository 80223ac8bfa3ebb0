"""The line at the bottom: the keys that do something here, each of which can be clicked."""

from typing import Any, ClassVar, NamedTuple

from rich.text import Text
from textual import events
from textual.screen import Screen
from textual.widget import Widget

#: Keys that have their place however little room there is.
_KEPT = ("help", "leave")


class _Key(NamedTuple):
    """A key as it is called, as it is written, what it does, and whether it may now."""

    key: str
    display: str
    name: str
    enabled: bool
    kept: bool

    @property
    def width(self) -> int:
        return len(self.display) + len(self.name) + 3


class KeyLine(Widget):
    """Lists the keys of the screen and of what has the focus; without room, the last are left out.

    Textual's footer has a widget for each key, and makes them all anew whenever the focus moves:
    most of what it takes to switch to another view.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"key-line--key"}
    DEFAULT_CSS = """
    KeyLine {
        dock: bottom;
        height: 1;
        background: $footer-background;
        color: $footer-foreground;
    }
    KeyLine > .key-line--key {
        color: $footer-key-foreground;
        background: $footer-key-background;
        text-style: bold;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._keys: list[_Key] = []

    def on_mount(self) -> None:
        """Follow what the keys do."""
        self.screen.bindings_updated_signal.subscribe(self, self._list_keys)

    def _list_keys(self, screen: Screen[Any]) -> None:
        by_action: dict[str, _Key] = {}
        for _, binding, enabled, _ in screen.active_bindings.values():
            if binding.show:
                display = self.app.get_key_display(binding)
                kept = binding.action in _KEPT
                key = _Key(binding.key, display, binding.description, enabled, kept)
                by_action.setdefault(binding.action, key)
        if (keys := list(by_action.values())) != self._keys:
            self._keys = keys
            self.refresh()

    def _placed(self) -> dict[int, _Key]:
        """The keys that there is room for, by the columns where they begin."""
        room = self.size.width - sum(key.width for key in self._keys if key.kept)
        placed = {}
        start = 0
        for key in self._keys:
            if not key.kept:
                room -= key.width
            if key.kept or room >= 0:
                placed[start] = key
                start += key.width
        return placed

    def render(self) -> Text:
        """Write the keys."""
        bright = self.get_component_rich_style("key-line--key")
        line = Text(no_wrap=True)
        for key in self._placed().values():
            written = Text.assemble((f" {key.display} ", bright), f"{key.name} ")
            if not key.enabled:
                written.stylize("dim")
            line.append_text(written)
        return line

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Do what the key does that was clicked."""
        for start, key in self._placed().items():
            if start <= event.x < start + key.width and key.enabled:
                self.app.simulate_key(key.key)
