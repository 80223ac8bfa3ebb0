"""What one variant said of the samples: ten rows of ten marks."""

from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from bn_tui.insight.numbers import count_right
from bn_tui.tui.cells import Cells, centre_words, to_text
from bn_tui.tui.palette import Palette
from bn_tui.tui.verdicts import ACROSS, marks

#: Ten marks side by side, and the frame with its words; three of these and an image have room
#: in 80 columns.
LEAST_WIDTH = ACROSS + 5

#: The mark before the name, and the frame beside it.
AROUND_NAME = 8

#: From this height of the screen, marks stand twice as far apart.
_TALL = 48

_RIGHT, _WRONG, _PICKED = range(3)


class VerdictGrid(Widget, can_focus=True):
    """Tells right from wrong by shape and colour; the picked image is the same in all grids."""

    DEFAULT_CSS = """
    VerdictGrid {
        width: 1fr;
        height: auto;
        border: round $panel-lighten-2;
        border-title-color: $text;
        border-subtitle-color: $text-muted;
    }
    VerdictGrid:focus {
        border: round $accent;
    }
    VerdictGrid > .verdict-grid--picked {
        background: $foreground 25%;
    }
    VerdictGrid:focus > .verdict-grid--picked {
        background: $accent;
        color: $background;
    }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"verdict-grid--picked"}

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "pick(-1)", "Pick the image before", show=False),
        Binding("right", "pick(1)", "Pick the image after", show=False),
        Binding("up", f"pick(-{ACROSS})", "Pick the image above", show=False),
        Binding("down", f"pick({ACROSS})", "Pick the image below", show=False),
    ]

    picked = reactive(0)

    class ImagePicked(Message):
        """Somebody wants to see another image."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, variant: str) -> None:
        super().__init__()
        self.variant = variant
        self._verdicts: tuple[bool, ...] = ()
        self._waiting = ""
        self._palette: Palette | None = None

    @property
    def verdicts(self) -> tuple[bool, ...]:
        """Whether each image was told right; empty as long as nothing was asked."""
        return self._verdicts

    def show(self, verdicts: tuple[bool, ...] | None, waiting: str, palette: Palette) -> None:
        """Show these verdicts, or the words for waiting; nothing, where all is as before."""
        shown = verdicts or (), waiting, palette
        if shown == (self._verdicts, self._waiting, self._palette):
            return
        self._verdicts, self._waiting, self._palette = shown
        look = palette.look(self.variant)
        self.border_title = Text.assemble((f"{look.marker} ", look.hue), (self.variant, "bold"))
        self.border_subtitle = count_right(self._verdicts) if self._verdicts else ""
        self.refresh()

    def get_content_height(self, _: Size, viewport: Size, width: int) -> int:
        """Ten rows; where there is room, nine blank ones between them."""
        return 2 * ACROSS - 1 if width > 4 * ACROSS and viewport.height >= _TALL else ACROSS

    def render(self) -> Text:
        """Draw the marks, as far apart as there is room for."""
        palette, (width, height) = self._palette, self.size
        if palette is None or not width or not height:
            return Text()
        styles = {
            _RIGHT: Style(color=palette.faint),
            _WRONG: Style(color=palette.look(self.variant).hue, bold=True),
            _PICKED: self.get_component_rich_style("verdict-grid--picked") + Style(bold=True),
        }
        if self._verdicts:
            return to_text(self._draw(palette), width, height, styles)
        waiting = centre_words(self._waiting, width - 2, height, palette.glyphs)
        words: Cells = {
            (row, column + 1): (character, _RIGHT)
            for (row, column), (character, _) in waiting.items()
        }
        return to_text(words, width, height, styles)

    def _draw(self, palette: Palette) -> Cells:
        signs = marks(palette)
        cells: Cells = {}
        for index, right in enumerate(self._verdicts):
            cells[self._place(index)] = signs[not right], _RIGHT if right else _WRONG
        if self.picked < len(self._verdicts):
            row, column = self._place(self.picked)
            mark, _ = cells[row, column]
            cells[row, column] = mark, _PICKED
            if self._step > 1:
                left, right_side = "[]" if palette.ascii_only else "  "
                cells[row, column - 1] = left, _PICKED
                cells[row, column + 1] = right_side, _PICKED
        width, height = self.size
        return {
            (row, column): cell
            for (row, column), cell in cells.items()
            if row < height and column < width
        }

    @property
    def _scale(self) -> int:
        """How many rows a mark has to itself; twice as many columns are about as wide."""
        width, height = self.size
        return max(1, min(width // (2 * ACROSS), (height + 1) // ACROSS))

    @property
    def _step(self) -> int:
        """How many columns a mark has to itself."""
        return 2 * self._scale if self.size.width >= 2 * ACROSS else 1

    @property
    def _origin(self) -> tuple[int, int]:
        """The row and column of the first mark, so that all stand in the middle."""
        width, height = self.size
        scale = self._scale
        columns, rows = self._step * (ACROSS - 1) + 1, scale * (ACROSS - 1) + 1
        return max((height - rows) // 2, 0), max((width - columns) // 2, 1)

    def _place(self, index: int) -> tuple[int, int]:
        top, left = self._origin
        return top + index // ACROSS * self._scale, left + index % ACROSS * self._step

    def watch_picked(self) -> None:
        """Move the cursor."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Pick the image under the mouse."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        top, left = self._origin
        # Every mark has room around it, which is its own as well.
        row = (offset.y - top) // self._scale
        column = (offset.x - left + self._step // 2) // self._step
        if 0 <= column < ACROSS and 0 <= row * ACROSS + column < len(self._verdicts):
            self.post_message(self.ImagePicked(row * ACROSS + column))

    def action_pick(self, by: int) -> None:
        """Go to another image; beyond the first and the last, what is around may scroll."""
        if not 0 <= self.picked + by < len(self._verdicts):
            raise SkipAction
        self.post_message(self.ImagePicked(self.picked + by))
