"""What every dialog has: a frame in the middle of the screen, which goes on behind it."""

from collections.abc import Iterable
from typing import ClassVar, Generic, TypeVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget

from bn_tui.tui.scrollbars import use_whole_cells

Answer = TypeVar("Answer")


class KeyScroll(VerticalScroll):
    """Scrolls by its own keys, for what has nothing else to focus."""

    DEFAULT_CSS = """
    KeyScroll {
        scrollbar-size-vertical: 1;
        scrollbar-color: $panel-lighten-2;
        scrollbar-background: $surface;
    }
    """

    def on_mount(self) -> None:
        """Draw with plain characters."""
        use_whole_cells(self)

    # At once, because Textual's own scroll once for all keys that come before the next frame.

    def action_scroll_up(self) -> None:
        """Scroll up by a line."""
        self.scroll_up(animate=False, immediate=True)

    def action_scroll_down(self) -> None:
        """Scroll down by a line."""
        self.scroll_down(animate=False, immediate=True)


class FocusScroll(KeyScroll, can_focus=False, inherit_bindings=False):
    """Scrolls with the focus inside; the arrow keys are left to others."""


class Dialog(ModalScreen[Answer], Generic[Answer]):
    """A framed question or text with a title, and below it which keys do what."""

    #: What holds the body.
    FRAME: ClassVar[type[Widget]] = FocusScroll

    DEFAULT_CSS = """
    Dialog {
        align: center middle;
    }
    Dialog > .frame {
        width: 76;
        max-width: 100%;
        height: auto;
        max-height: 100%;
        border: round $accent;
        border-title-color: $text;
        border-title-style: bold;
        border-subtitle-color: $text-muted;
        background: $surface;
        padding: 1 2;
    }
    Dialog .buttons {
        height: 1;
        align-horizontal: right;
    }
    Dialog Button.-style-default {
        min-width: 10;
        margin-left: 2;
        background: $panel;
    }
    Dialog Button.-style-default:focus {
        background: $accent;
        color: $text;
        text-style: bold;
    }
    """

    def __init__(
        self,
        title: str | Text,
        keys: str = "",
        *,
        id: str | None = None,  # noqa: A002 -- Textual's name
    ) -> None:
        super().__init__(id=id)
        self._title = title
        self._keys = keys

    def compose(self) -> ComposeResult:
        """Put the body into a frame."""
        with self.FRAME(classes="frame") as frame:
            frame.border_title = self._title
            frame.border_subtitle = self._keys
            yield from self.compose_body()

    def compose_body(self) -> Iterable[Widget]:
        """Give the widgets of this dialog."""
        raise NotImplementedError
