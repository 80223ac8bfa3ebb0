"""What a tour says of the screen above it."""

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from bn_tui.tui.scrollbars import use_whole_cells


class GuidePanel(VerticalScroll, can_focus=False):
    """A few sentences below a title, with the keys that lead on; out of sight without any."""

    DEFAULT_CSS = """
    GuidePanel {
        display: none;
        height: auto;
        max-height: 50%;
        border-top: solid $accent;
        border-title-color: $text;
        background: $surface;
        padding: 0 1;
        scrollbar-size-vertical: 1;
    }
    GuidePanel Static {
        height: auto;
    }
    GuidePanel.-folded Static {
        display: none;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown = ("", "", "")

    def compose(self) -> ComposeResult:
        """The sentences."""
        use_whole_cells(self)
        yield Static(markup=False)

    def guide(self, title: str, text: str, keys: str, *, folded: bool) -> None:
        """Show these words, if they are not there already; folded, the title alone."""
        self.set_class(folded, "-folded")
        if (title, text, keys) != self._shown:
            self._shown = title, text, keys
            self.border_title = Text.assemble((title, "bold"), (f"  {keys}", "dim"))
            self.query_one(Static).update(text)
            self.display = True
