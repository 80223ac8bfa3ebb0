"""What the numbers say, in sentences."""

from rich.table import Table
from rich.text import Text
from textual.widgets import Static

from bn_tui.tui.palette import Palette


class FindingsList(Static):
    """Shows sentences one below the other, each behind a bullet."""

    DEFAULT_CSS = """
    FindingsList {
        width: 1fr;
        height: auto;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[tuple[str, ...], Palette] | None = None

    def show(self, sentences: tuple[str, ...], palette: Palette) -> None:
        """Show these sentences; nothing, where they are as before."""
        if (sentences, palette) == self._shown:
            return
        self._shown = sentences, palette
        if not sentences:
            self.update(
                Text("No findings so far; they come with validations and tests.", palette.faint)
            )
            return
        bullet = "-" if palette.ascii_only else "•"
        lines = Table.grid(padding=(0, 1, 0, 0))
        for sentence in sentences:
            lines.add_row(Text(bullet, palette.faint), Text(palette.spell(sentence)))
        self.update(lines)
