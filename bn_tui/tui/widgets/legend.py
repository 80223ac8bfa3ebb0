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
from bn_tui.variants import Statistics

_HEADER_ROWS = 2
_FIGURE, _DIFFERENCE, _MOST_TOGETHER = 6, 6, 20
_STEP, _STATE = 8, 19
#: From this many columns there is room for the step, and for the state as well.
_ROOMY, _VERY_ROOMY = 74, 104

#: Below this, a column has no room for the whole of "validation".
_WIDE_ENOUGH = 11

#: How wide an accuracy with one kind of statistics is where there is room; else its name decides.
_JUDGEMENT = 10


class Legend(Widget):
    """A table with a row for each variant; a click on one picks it.

    Where there are more than it has room for, it shows those around the selected one.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"legend--selected"}
    DEFAULT_CSS = """
    Legend {
        height: auto;
        max-height: 50%;
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
        self._judged = False

    def show(self, entries: Sequence[Entry], palette: Palette, *, judged: bool) -> None:
        """Show these rows; the first is what the others differ from.

        `judged` tells whether any of their weights are judged with several kinds of statistics.
        """
        before, rows = (self._entries, self._palette, self._judged), len(self._entries)
        self._entries, self._palette, self._judged = tuple(entries), palette, judged
        if (self._entries, palette, judged) != before:
            self.refresh(layout=len(self._entries) != rows)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 -- Textual's
        """Two rows for the heads, and one for each variant."""
        return _HEADER_ROWS + len(self._entries)

    def render(self) -> Text:
        """Draw the table."""
        if self._palette is None:
            return Text()
        width = self.content_size.width
        table = _Table(self._entries, self._palette, width, judged=self._judged)
        selected = Style(bgcolor=self.get_component_rich_style("legend--selected").bgcolor)
        rows = [table.row(self._entries[place], selected) for place in self._window]
        heads = table.heads(self._window if len(rows) < len(self._entries) else None)
        return Text("\n").join([*heads, *rows])

    @property
    def _window(self) -> range:
        """The places of the entries that there is room for, the selected one among them."""
        room = max(self.content_size.height - _HEADER_ROWS, 1)
        selected = next((at for at, each in enumerate(self._entries) if each.selected), 0)
        last = max(len(self._entries) - room, 0)
        first = min(max(selected - room // 2, 0), last)
        return range(first, min(first + room, len(self._entries)))

    def on_click(self, event: events.Click) -> None:
        """Tell which variant was clicked."""
        row = int(event.y) - _HEADER_ROWS
        if 0 <= row < len(self._window):
            self.post_message(self.Picked(self._entries[self._window[row]].variant))


class _Table:
    """The columns that there is room for."""

    def __init__(
        self, entries: Sequence[Entry], palette: Palette, width: int, *, judged: bool
    ) -> None:
        self._palette = palette
        self._width = width
        self._count = len(entries)
        self._names = max((len(entry.variant) for entry in entries), default=0)
        self._first = entries[0].variant if entries else ""
        count = 2 * len(Quantity)
        least = 3 + self._names + count * _FIGURE
        self._judged = _measure_judgements(width - least) if judged else {}
        room = width - sum(self._judged.values())
        self._step = _STEP * (room >= _ROOMY)
        self._state = _STATE * (room >= _VERY_ROOMY)
        self._left = 3 + (not self._judged) + self._names + self._state + self._step
        self._together = max(_FIGURE, min((room - self._left) // count, _MOST_TOGETHER))
        compares = any(entry.differences is not None for entry in entries)
        self._compares = compares and self._together >= _FIGURE + _DIFFERENCE
        self._difference = (_DIFFERENCE + (self._together > _FIGURE + _DIFFERENCE)) * self._compares

    def heads(self, window: range | None) -> list[Text]:
        """What the columns are, in two rows, and which rows are below where it is not all."""
        versus = f" vs {self._first}" if self._compares else ""
        pair = 2 * self._together
        loss, accuracy = Quantity
        judged = sum(self._judged.values())
        quantities = f"{loss:^{pair}}{accuracy:^{pair + judged}}"
        names = ("training", "validation") if self._together >= _WIDE_ENOUGH else ("train", "valid")
        splits = "".join(f"{name:>{self._together}}" for name in names) * len(Quantity)
        judgements = "".join(f"{name:>{width}}" for name, width in self._judged.items())
        places = "" if window is None else f" {window[0] + 1}–{window[-1] + 1}/{self._count}"
        step = f"{'step' if self._step else '':>{self._left - len(places)}}"
        faint = self._palette.faint
        upper = Text.assemble((f"{versus:<{self._left}}", faint), (quantities, "bold"))
        return [upper, Text(self._palette.spell(places) + step + splits + judgements, faint)]

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
        for figure, width in zip(reading.judged, self._judged.values(), strict=False):
            text.append(f"{short(figure):>{width}}")
        text.truncate(self._width, pad=True)
        if entry.hidden:
            text.stylize("dim")
        if entry.selected:
            text.stylize(selected)
        return text

    def _differences(self, entry: Entry) -> list[str]:
        differences = entry.differences if self._compares else None
        return [
            ("" if value is None else self._palette.spell(signed(value))).rjust(self._difference)
            for value in differences or (None,) * len(entry.reading.figures)
        ]


def _measure_judgements(room: int) -> dict[Statistics, int]:
    """How wide a column for each kind of statistics is; none, where there is no room for all."""
    for least in (_JUDGEMENT, 0):
        widths = {each: max(len(each) + 1, least) for each in Statistics}
        if sum(widths.values()) <= room / (1 + bool(least)):
            return widths
    return {}
