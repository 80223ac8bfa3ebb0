"""Where on a drawing a value is: columns and rows of cells, and the dots within them."""

from dataclasses import dataclass

from bn_tui.tui.drawing import Glyphs
from bn_tui.tui.scales import Scale


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns and rows of cells between two scales, and the dots within them.

    `left` is how many columns of a drawing stand before the first of the grid.
    """

    x: Scale
    y: Scale
    columns: int
    rows: int
    glyphs: Glyphs
    left: int = 0

    def dot(self, value: float) -> int:
        """How many dots from the top a value is."""
        dots = self.rows * self.glyphs.down
        return dots - 1 - self.y.step(value, dots)

    def row(self, value: float) -> int:
        """How many cells from the top a value is."""
        return self.dot(value) // self.glyphs.down

    def column(self, x: float) -> int:
        """How many cells from the left an x is."""
        return self.x.step(x, self.columns * self.glyphs.across) // self.glyphs.across

    def x_at(self, column: int) -> float:
        """Which x is in the middle of a column of cells."""
        across = self.glyphs.across
        dot = column * across + (across - 1) / 2
        way = min(max(dot / max(self.columns * across - 1, 1), 0.0), 1.0)
        return self.x.low * (1 - way) + self.x.high * way
