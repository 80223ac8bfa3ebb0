"""Help: what a screen shows, and every key that does something there."""

from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple

from rich.table import Table
from textual.app import App
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from bn_tui.tui.screens.dialog import Dialog, KeyScroll

#: Textual's, and no use here: what ends the app shadows its usual key.
_COPY = "screen.copy_text"

#: What Textual calls its own keys, in words of ours; those that share them share a line.
_WORDS = {
    "Focus Next": "Go to the next part of the screen",
    "Focus Previous": "Go to the part before",
    "Scroll Up": "Scroll by a line or a column",
    "Scroll Down": "Scroll by a line or a column",
    "Scroll Left": "Scroll by a line or a column",
    "Scroll Right": "Scroll by a line or a column",
    "Scroll Home": "Scroll to the beginning or the end",
    "Scroll End": "Scroll to the beginning or the end",
    "Page Up": "Scroll by a page",
    "Page Down": "Scroll by a page",
    "Page Left": "Scroll by a page sideways",
    "Page Right": "Scroll by a page sideways",
}

EVERYWHERE = "Everywhere"
HERE = "On this screen"


class Shortcut(NamedTuple):
    """Keys that do the same, and what they do."""

    keys: str
    description: str


def list_shortcuts(screen: Screen[Any]) -> dict[str, list[Shortcut]]:
    """Group the bindings that are active on a screen by where they act."""
    keys: dict[str, dict[str, list[str]]] = {HERE: {}, EVERYWHERE: {}}
    # What works even behind a dialog comes last.
    active = sorted(screen.active_bindings.values(), key=lambda it: it.binding.system)
    for node, binding, _, tooltip in active:
        if binding.description and binding.action != _COPY:
            group = keys[EVERYWHERE if isinstance(node, App) else HERE]
            text = tooltip or _WORDS.get(binding.description, binding.description)
            names = group.setdefault(text, [])
            name = screen.app.get_key_display(binding)
            if name not in names:  # a key may have two names, such as + on either keyboard
                names.append(name)
    return {
        name: [Shortcut(" ".join(names), text) for text, names in group.items()]
        for name, group in keys.items()
        if group
    }


class HelpScreen(Dialog[None]):
    """Says what a screen shows and which keys do something there."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,question_mark,q", "dismiss", "Close", show=False)
    ]

    FRAME = KeyScroll

    DEFAULT_CSS = """
    HelpScreen .group {
        color: $text-accent;
        text-style: bold;
        margin-top: 1;
    }
    """

    def __init__(self, title: str, text: str, shortcuts: dict[str, list[Shortcut]]) -> None:
        super().__init__(f"Help: {title}", "esc close")
        self._text = text
        self._shortcuts = shortcuts

    def compose_body(self) -> Iterable[Widget]:
        """What is shown, then the keys of each group."""
        yield Static(self._text, markup=False)
        for name, shortcuts in self._shortcuts.items():
            yield Static(name, classes="group")
            yield Static(_tabulate(shortcuts))


def _tabulate(shortcuts: list[Shortcut]) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold", width=12)
    table.add_column(ratio=1)
    for shortcut in shortcuts:
        table.add_row(shortcut.keys, shortcut.description)
    return table
