"""A heat map that is drawn anew only where something is new, and says where a person points."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from rich.style import Style
from textual.message import Message
from textual.strip import Strip

from bn_tui.tui.heat import Cursor, Heat, HeatPlace, draw_heat, place_heat
from bn_tui.tui.palette import Palette
from bn_tui.tui.strips import to_strips
from bn_tui.tui.widgets.pointing import Pointing


class HeatMap(Pointing):
    """Draws the heat map that it was last given, with a cursor; tells each place clicked."""

    DEFAULT_CSS = """
    HeatMap {
        height: 21;
    }
    """

    @dataclass
    class Pointed(Message):
        """A person has pointed at a layer and a step."""

        layer: int
        step: float

    def __init__(self) -> None:
        super().__init__()
        self._key: Hashable = None
        self._build: Callable[[], Heat] | None = None
        self._heat: Heat | None = None
        self._palette: Palette | None = None
        self._cursor = Cursor()
        self._gutter = 0
        self._strips: tuple[Hashable, list[Strip]] | None = None

    def show(
        self,
        key: Hashable,
        palette: Palette,
        build: Callable[[], Heat],
        *,
        cursor: Cursor,
        gutter: int,
    ) -> None:
        """Draw what `build` makes, once; nothing, where all is as before."""
        shown = key, palette, cursor, gutter
        if shown == (self._key, self._palette, self._cursor, self._gutter):
            return
        if key != self._key:
            self._heat = None
        self._key, self._palette, self._cursor, self._gutter = shown
        self._build = build
        self._strips = None
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Give a row of the drawing."""
        base = self.visual_style.rich_style
        key = base, self.size
        if self._strips is None or self._strips[0] != key:
            self._strips = key, self._draw(base)
        rows = self._strips[1]
        return rows[y] if y < len(rows) else Strip.blank(self.size.width, base)

    def _draw(self, base: Style) -> list[Strip]:
        place = self._place()
        if place is None or self._heat is None or self._palette is None:
            return []
        return to_strips(draw_heat(self._heat, place, self.size, self._palette, self._cursor), base)

    def _place(self) -> HeatPlace | None:
        """Where things are, once there is something to draw and room for it."""
        if self._build is None or self._palette is None or not self.size:
            return None
        if self._heat is None:
            self._heat = self._build()
        layer = self._cursor.layer
        return place_heat(
            self._heat, self.size, self._palette.glyphs, gutter=self._gutter, layer=layer
        )

    def point(self, column: int, row: int) -> None:
        """Tell the layer and the step that a cell stands for."""
        place = self._place()
        if place is not None and place.grid.rows:
            self.post_message(self.Pointed(place.layer_at(row), place.step_at(column)))
