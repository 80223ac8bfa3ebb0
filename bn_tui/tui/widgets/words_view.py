"""A few lines of text that are drawn anew only where they have changed."""

from rich.text import Text
from textual.widgets import Static


class WordsView(Static):
    """Shows text in a size that its text does not change, so that nothing else moves with it."""

    def __init__(self, *, classes: str | None = None, id: str | None = None) -> None:  # noqa: A002 -- Textual's name
        super().__init__(id=id, classes=classes)
        self._shown = Text()

    def show(self, text: Text) -> None:
        """Show a text, in as many lines as there is room for."""
        # Rich compares characters and spans, and not the style of the whole.
        if text != self._shown or text.style != self._shown.style:
            self._shown = text
            # A layout of the whole screen would cost more than everything else that is drawn.
            self.update(text, layout=False)
