"""What every variant has at one place, and which of them is selected."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import set_cell_size
from rich.style import Style
from rich.text import Text
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from bn_tui.tui.palette import Palette
from bn_tui.tui.words import short

#: With more variants, those around the selected one are shown.
MOST_ROWS = 6

_FIGURE = 8

Value = tuple[str, float | None]
"""A variant, and what it has; None is nothing."""


class VariantValues(Widget):
    """A row for each variant; a click on one picks it."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"variant-values--selected"}
    DEFAULT_CSS = """
    VariantValues {
        height: auto;
        padding: 0 1;
        text-wrap: nowrap;
    }
    VariantValues .variant-values--selected {
        background: $block-cursor-blurred-background;
    }
    """

    @dataclass
    class Picked(Message):
        """A person has clicked on a variant."""

        variant: str

    def __init__(self) -> None:
        super().__init__()
        self._values: tuple[Value, ...] = ()
        self._selected = 0
        self._palette: Palette | None = None

    def show(self, values: Sequence[Value], selected: int, palette: Palette) -> None:
        """Show these; nothing, where they are as before."""
        before, height = (self._values, self._selected, self._palette), self._height
        self._values, self._selected, self._palette = tuple(values), selected, palette
        if (self._values, selected, palette) != before:
            self.refresh(layout=self._height != height)

    @property
    def _rows(self) -> range:
        """The places of the variants that are shown."""
        count = len(self._values)
        first = min(max(self._selected - MOST_ROWS // 2, 0), max(count - MOST_ROWS, 0))
        return range(first, min(first + MOST_ROWS, count))

    @property
    def _height(self) -> int:
        """One row for each variant that is shown, and one for how many there are, if more."""
        return min(len(self._values), MOST_ROWS + 1)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 -- Textual's
        """As many rows as there are."""
        return self._height

    def render(self) -> Text:
        """Draw the rows."""
        palette, width = self._palette, self.content_size.width
        if palette is None:
            return Text()
        selected = Style(bgcolor=self.get_component_rich_style("variant-values--selected").bgcolor)
        lines = []
        for place in self._rows:
            name, value = self._values[place]
            look = palette.look(name)
            line = Text.assemble(
                palette.pointer if place == self._selected else " ",
                (look.marker, look.hue),
                " ",
                (
                    set_cell_size(name, max(width - _FIGURE - 3, 0)),
                    Style(color=look.hue, bold=True),
                ),
                f"{short(value):>{_FIGURE}}",
            )
            if place == self._selected:
                line.stylize(selected)
            lines.append(line)
        rows, count = self._rows, len(self._values)
        if len(rows) < count:
            places = f"   {rows.start + 1}–{rows.stop}/{count}"
            lines.append(Text(palette.spell(places), palette.faint))
        return Text("\n").join(lines)

    def on_click(self, event: events.Click) -> None:
        """Tell which variant was clicked."""
        row = int(event.y)
        if 0 <= row < len(self._rows):
            self.post_message(self.Picked(self._values[self._rows[row]][0]))
