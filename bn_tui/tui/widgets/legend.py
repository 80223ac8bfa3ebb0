"""Which variant is which, and what each has measured."""

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
from bn_tui.tui.plots import Quantity
from bn_tui.tui.readings import Entry
from bn_tui.tui.words import short, signed

_HEADER_ROWS = 2
_FIGURE, _DIFFERENCE, _MOST_TOGETHER = 6, 6, 20
_STEP, _STATE = 8, 19
#: From this many columns there is room for the step, and for the state as well.
_ROOMY, _VERY_ROOMY = 74, 104


class Legend(Widget):
    """A table with a row for each variant; a click on one picks it."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"legend--selected"}
    DEFAULT_CSS = """
    Legend {
        height: auto;
        padding: 0 1;
        text-wrap: nowrap;
    }
    Legend .legend--selected {
        background: $block-cursor-blurred-background;
    }
    """

    @dataclass
    class Picked(Message):
        """A person has clicked on a variant."""

        variant: str

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[Entry, ...] = ()
        self._palette: Palette | None = None

    def show(self, entries: Sequence[Entry], palette: Palette) -> None:
        """Show these rows; the first is what the others differ from."""
        shown, self._palette, before = tuple(entries), palette, (self._entries, self._palette)
        if (shown, palette) != before:
            self._entries = shown
            self.refresh(layout=len(shown) != len(before[0]))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 -- Textual's
        """Two rows for the heads, and one for each variant."""
        return _HEADER_ROWS + len(self._entries)

    def render(self) -> Text:
        """Draw the table."""
        if self._palette is None:
            return Text()
        table = _Table(self._entries, self._palette, self.content_size.width)
        selected = Style(bgcolor=self.get_component_rich_style("legend--selected").bgcolor)
        rows = [table.row(entry, selected) for entry in self._entries]
        return Text("\n").join([*table.heads(), *rows])

    def on_click(self, event: events.Click) -> None:
        """Tell which variant was clicked."""
        row = int(event.y) - _HEADER_ROWS
        if 0 <= row < len(self._entries):
            self.post_message(self.Picked(self._entries[row].variant))


class _Table:
    """The columns that there is room for."""

    def __init__(self, entries: Sequence[Entry], palette: Palette, width: int) -> None:
        self._palette = palette
        self._names = max((len(entry.variant) for entry in entries), default=0)
        self._first = entries[0].variant if entries else ""
        self._compares = any(entry.differences is not None for entry in entries)
        self._step = _STEP * (width >= _ROOMY)
        self._state = _STATE * (width >= _VERY_ROOMY)
        self._left = 4 + self._names + self._state + self._step
        count = 2 * len(Quantity)
        self._together = max(_FIGURE, min((width - self._left) // count, _MOST_TOGETHER))
        self._difference = (_DIFFERENCE + (self._together > _FIGURE + _DIFFERENCE)) * self._compares
        self._width = width

    def heads(self) -> list[Text]:
        """What the columns are, in two rows."""
        versus = f" vs {self._first}" if self._compares else ""
        pair = 2 * self._together
        quantities = "".join(f"{quantity:^{pair}}" for quantity in Quantity)
        splits = f"{'training':>{self._together}}{'validation':>{self._together}}" * len(Quantity)
        step = f"{'step' if self._step else '':>{self._left}}"
        faint = self._palette.faint
        upper = Text.assemble((f"{versus:<{self._left}}", faint), (quantities, "bold"))
        return [upper, Text(step + splits, faint)]

    def row(self, entry: Entry, selected: Style) -> Text:
        """What there is to say of one variant."""
        look, reading = self._palette.look(entry.variant), entry.reading
        step = "-" if reading.step is None else f"{reading.step:,}"
        text = Text.assemble(
            self._palette.pointer if entry.selected else " ",
            (look.marker, look.hue),
            " ",
            (set_cell_size(entry.variant, self._names), Style(color=look.hue, bold=True)),
            (f" {entry.state:<{self._state}}"[: self._state], self._palette.faint),
            (f"{step:>{self._step}}" * bool(self._step), self._palette.faint),
        )
        text.append(" " * (self._left - len(text)))
        for figure, difference in zip(reading.figures, self._differences(entry), strict=True):
            value = f"{short(figure):>{self._together - len(difference)}}"
            text.append_text(Text.assemble(value, (difference, self._palette.faint)))
        text.truncate(self._width, pad=True)
        if entry.hidden:
            text.stylize("dim")
        if entry.selected:
            text.stylize(selected)
        return text

    def _differences(self, entry: Entry) -> list[str]:
        differences = entry.differences or (None,) * len(entry.reading.figures)
        return [
            ("" if value is None else self._palette.spell(signed(value))).rjust(self._difference)
            for value in differences
        ]
