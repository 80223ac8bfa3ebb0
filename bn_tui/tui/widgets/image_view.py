"""One of the samples, drawn as large as there is room for."""

from rich.style import Style
from rich.text import Text
from textual.widget import Widget

from bn_tui.tui.cells import INK, centre_words, to_text
from bn_tui.tui.digits import Image, draw_image, size_image
from bn_tui.tui.palette import Palette


class ImageView(Widget):
    """Draws the image that it was last given, or says why there is none."""

    DEFAULT_CSS = """
    ImageView {
        width: 30;
        height: 16;
        border: round $panel-lighten-2;
        border-subtitle-color: $text-muted;
        content-align: center middle;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Image | None, str, str, Palette] | None = None

    def show(self, image: Image | None, title: str, waiting: str, palette: Palette) -> None:
        """Show an image, or the words for waiting; nothing, where all is as before."""
        shown = image, title, waiting, palette
        if shown != self._shown:
            self._shown = shown
            self.border_subtitle = title
            self.refresh()

    def render(self) -> Text:
        """Draw."""
        width, height = self.size
        if self._shown is None or not width or not height:
            return Text()
        image, _, waiting, palette = self._shown
        if image is None:
            words = centre_words(waiting, width, height, palette.glyphs)
            return to_text(words, width, height, {INK: Style(color=palette.faint)})
        columns, rows = size_image(image)
        return draw_image(image, palette, max(1, min(width // columns, height // rows)))
