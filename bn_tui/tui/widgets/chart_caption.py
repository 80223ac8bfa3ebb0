"""What a chart shows, and what its curves are drawn with."""

from rich.text import Text
from textual.widget import Widget

from bn_tui.tui.palette import Palette
from bn_tui.tui.plots import Quantity, View


class ChartCaption(Widget):
    """The quantity, and where there is room a key to the strokes."""

    DEFAULT_CSS = """
    ChartCaption {
        height: 1;
    }
    """

    def __init__(self, quantity: Quantity) -> None:
        super().__init__()
        self._quantity = quantity
        self._shown: tuple[View, Palette] | None = None

    def show(self, view: View, palette: Palette) -> None:
        """Describe the chart as it is looked at."""
        if self._shown != (view, palette):
            self._shown = view, palette
            self.refresh()

    def render(self) -> Text:
        """Draw the caption."""
        title = Text(self._quantity, "bold", no_wrap=True)
        if self._shown is None:
            return title
        view, palette = self._shown
        if view.log_loss and self._quantity is Quantity.LOSS:
            title.append(", log", "not bold")
        glyphs = palette.glyphs
        cues = {"training": glyphs.dots[-1], "validation": glyphs.markers[0]}
        if view.smoothing:
            cues = {"raw": glyphs.dots[-1], "smooth": glyphs.dash, "validation": glyphs.markers[0]}
        words = " ".join(f"{glyph} {name}" for name, glyph in cues.items())
        room = self.size.width - len(title)
        if len(words) + 2 <= room:
            title.append(words.rjust(room), f"not bold {palette.faint}")
        return title
