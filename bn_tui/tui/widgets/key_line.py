"""The line at the bottom: the keys that do something here, each of which can be clicked."""

from typing import Any, ClassVar, NamedTuple

from rich.text import Text
from textual import events
from textual.screen import Screen
from textual.widget import Widget

#: Keys that have their place however little room there is.
_KEPT = ("help", "leave")


class _Key(NamedTuple):
    """A key as it is called, as it is written, what it does, and whether it may now.

    `kept` is one that has its place however little room there is, `idle` that of the view which
    stands here already.
    """

    key: str
    display: str
    name: str
    enabled: bool
    kept: bool
    idle: bool

    @property
    def width(self) -> int:
        return len(self.display) + len(self.name) + 1


class KeyLine(Widget):
    """Lists the keys of the screen and of what has the focus.

    Without room for all they stand closer; then the one is left out that would change nothing, and
    of the others the last ones, but never help and leaving.

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
                idle = binding.action == f"view('{self.app.current_mode}')"
                kept = binding.action in _KEPT
                key = _Key(binding.key, display, binding.description, enabled, kept, idle)
                by_action.setdefault(binding.action, key)
        if (keys := list(by_action.values())) != self._keys:
            self._keys = keys
            self.refresh()

    def _placed(self) -> dict[int, _Key]:
        """The keys that there is room for, by the columns where they begin."""
        width, count = self.size.width, len(self._keys)
        together = sum(key.width for key in self._keys)
        gap = 2 if together + 2 * count <= width else 1
        cramped = together + count > width
        start = 0 if cramped else 1
        room = width - start - sum(key.width + gap for key in self._keys if key.kept)
        placed = {}
        for key in self._keys:
            if cramped and key.idle:
                continue
            if not key.kept:
                room -= key.width + gap
            # The last one needs no gap behind it.
            if key.kept or room + gap >= 0:
                placed[start] = key
                start += key.width + gap
        return placed

    def render(self) -> Text:
        """Write the keys."""
        bright = self.get_component_rich_style("key-line--key")
        line = Text(no_wrap=True)
        for start, key in self._placed().items():
            written = Text.assemble((key.display, bright), f" {key.name}")
            if not key.enabled:
                written.stylize("dim")
            line.pad_right(start - line.cell_len)
            line.append_text(written)
        return line

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Do what the key does that was clicked, or of two the one before the blank between."""
        for start, key in self._placed().items():
            if start - 1 <= event.x <= start + key.width:
                if key.enabled:
                    self.app.simulate_key(key.key)
                return
