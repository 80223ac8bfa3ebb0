"""The table of judgements: the same weights with each kind of statistics, one row a variant."""

from rich.text import Text
from textual.widget import Widget

from bn_tui.insight.numbers import PROBED_HEADERS
from bn_tui.tui.palette import Palette
from bn_tui.tui.scoreboard import Score
from bn_tui.tui.table_text import Column, line_up, measure_column

_GAP = 3

#: Behind names, as in the table of results above it.
_TITLE = "  validated with"


class JudgementsTable(Widget):
    """What there is of each variant that was looked at inside; nothing where none was.

    Without room for all columns, what the probes took is left out.
    """

    DEFAULT_CSS = """
    JudgementsTable {
        display: none;
        height: auto;
        margin-top: 1;
        padding-left: 2;
    }
    JudgementsTable.-probed {
        display: block;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[tuple[Score, ...], Palette] | None = None
        self._columns: list[Column] = []

    def show(self, scores: tuple[Score, ...], palette: Palette) -> None:
        """Show these scores as far as they were probed; nothing, where they are as before."""
        if (scores, palette) == self._shown:
            return
        self._shown = scores, palette
        probed = [score for score in scores if score.probed]
        self.set_class(bool(probed), "-probed")
        self._columns = _fill(probed, palette)
        self.refresh(layout=True)

    def get_content_height(self, *_: object) -> int:
        """A row for each variant under the header."""
        return len(self._columns[0]) if self._columns else 0

    def render(self) -> Text:
        """Draw as many columns as there is room for."""
        if not self._columns:
            return Text()
        width = sum(measure_column(column) + _GAP for column in self._columns) - _GAP
        columns = self._columns if width <= self.size.width else self._columns[:-1]
        return Text("\n").join(line_up(columns, _GAP, {0}))


def _fill(scores: list[Score], palette: Palette) -> list[Column]:
    """Write every cell of the table."""
    headers = (_TITLE, *PROBED_HEADERS[:-1], "gap", PROBED_HEADERS[-1])
    columns = [[Text(header, palette.faint)] for header in headers]
    for score in scores:
        look = palette.look(score.variant)
        name = Text.assemble((f"{look.marker} ", look.hue), (score.variant, "bold"))
        for column, cell in zip(columns, (name, *map(Text, score.probed)), strict=True):
            column.append(cell)
    return columns
