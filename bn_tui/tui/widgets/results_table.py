"""The table of results: one row a variant."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.actions import SkipAction
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from bn_tui.insight.milestones import MILESTONES
from bn_tui.insight.numbers import share
from bn_tui.tui.palette import Palette
from bn_tui.tui.scoreboard import Score
from bn_tui.tui.table_text import Column, line_up, measure_column

_HEADER_ROWS = 2
_POINTER = 2
_WIDEST_GAP = 3
_DOUBLE = 2
_INTERVALS = 2

#: Words, and figures with an interval behind them, start below each other.
_FLUSH_LEFT = (0, 1, 3, 4)


class ResultsTable(Widget, can_focus=True):
    """Shows a score for each variant; one row is selected.

    Where there is room, it spreads, and the test accuracy has its interval too; where names leave
    too little, the samples have none either.
    """

    DEFAULT_CSS = """
    ResultsTable {
        height: auto;
    }
    ResultsTable > .results-table--selected {
        background: $accent 20%;
    }
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"results-table--selected"}

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "select_row(-1)", "Select the row above", show=False),
        Binding("down", "select_row(1)", "Select the row below", show=False),
    ]

    selected = reactive(0)

    class RowOpened(Message):
        """Somebody wants to know more of a variant."""

        def __init__(self, variant: str) -> None:
            super().__init__()
            self.variant = variant

    def __init__(self) -> None:
        super().__init__()
        self._scores: tuple[Score, ...] = ()
        self._palette: Palette | None = None
        self._columns: list[list[Column]] = []

    @property
    def variant(self) -> str | None:
        """The variant of the selected row, once there is one."""
        return self._scores[self.selected].variant if self._scores else None

    def show(self, scores: tuple[Score, ...], palette: Palette) -> None:
        """Show these scores, one for each variant; nothing, where they are as before."""
        if (scores, palette) == (self._scores, self._palette):
            return
        rows = len(self._scores)
        self._scores, self._palette = scores, palette
        self.selected = min(self.selected, max(len(scores) - 1, 0))
        self._columns = [
            _fill(scores, palette, intervals) for intervals in range(_INTERVALS, -1, -1)
        ]
        self.styles.min_width = _measure(self._columns[-1])
        self.refresh(layout=len(scores) != rows)

    def get_content_height(self, *_: object) -> int:
        """A row for each variant under the header."""
        return _HEADER_ROWS + len(self._scores)

    def render(self) -> Text:
        """Draw the table as wide as there is room for."""
        if self._palette is None:
            return Text()
        fitting = (each for each in self._columns if _measure(each) <= self.size.width)
        columns = next(fitting, self._columns[-1])
        room = self.size.width - _measure(columns)
        gap = 1 + min(max(room // (len(columns) - 1), 0), _WIDEST_GAP - 1)
        lines = line_up(columns, gap, _FLUSH_LEFT)
        pointed = _HEADER_ROWS + self.selected if self.has_focus else -1
        pointer = (">" if self._palette.ascii_only else "▸").ljust(_POINTER)
        for row, line in enumerate(lines):
            line.pad_left(_POINTER)
            if row == pointed:
                line.plain = pointer + line.plain[_POINTER:]
                line.stylize_before(self.get_component_rich_style("results-table--selected"))
        return Text("\n").join(lines)

    def on_click(self, event: events.Click) -> None:
        """Select the row under the mouse; a double click opens it."""
        offset = event.get_content_offset(self)
        row = -1 if offset is None else offset.y - _HEADER_ROWS
        if not 0 <= row < len(self._scores):
            return
        self.selected = row
        if event.chain == _DOUBLE:
            self.post_message(self.RowOpened(self._scores[row].variant))

    def action_select_row(self, by: int) -> None:
        """Go to another row; beyond the last one, what is around may scroll."""
        if not 0 <= self.selected + by < len(self._scores):
            raise SkipAction
        self.selected += by


def _fill(scores: Iterable[Score], palette: Palette, intervals: int) -> list[Column]:
    """Write every cell of the table, with so many intervals: of test and samples, or of these."""
    wide = intervals == _INTERVALS
    columns = [
        [Text(line, palette.faint) for line in (above, below)]
        for above, below in _headers(wide=wide)
    ]
    for score in scores:
        for column, cell in zip(columns, _fill_row(score, palette, intervals), strict=True):
            column.append(cell)
    return columns


def _headers(*, wide: bool) -> Iterator[tuple[str, str]]:
    """Give two lines for each column; the first leaves room for the marker."""
    yield from (("", "  variant"), ("", "state"))
    yield ("", "validation") if wide else ("vali-", "dation")
    yield from (("", " test"), ("    100", "samples"))
    goals = [f"{100 * goal:.0f} %" if wide else share(goal, 2) for goal in MILESTONES]
    yield from (("steps", f"to {goal}") for goal in goals)
    yield from (("ms per", "step"), ("train", "seconds" if wide else "s"))


def _fill_row(score: Score, palette: Palette, intervals: int) -> Iterator[Text]:
    """Give a cell for each of the headers."""
    look = palette.look(score.variant)
    yield Text.assemble((f"{look.marker} ", look.hue), (score.variant, "bold"))
    wide = intervals == _INTERVALS
    state = score.state if wide else score.state.split()[0]
    yield Text(state, f"bold {palette.alarm}" if score.alarming else "")
    yield Text(score.validation)
    yield _join(f"{score.test:>5}", score.test_interval if wide else "", palette)
    yield _join(f"{score.samples:>7}", score.samples_interval if intervals else "", palette)
    yield from map(Text, (*score.milestones, score.milliseconds, score.seconds))


def _join(figure: str, interval: str, palette: Palette) -> Text:
    """Write a figure, and behind it how sure it is."""
    return Text.assemble(figure, (f" {palette.spell(interval)}" if interval else "", palette.faint))


def _measure(columns: list[Column]) -> int:
    """How wide the table is at least, with one blank between columns."""
    return _POINTER + sum(measure_column(column) + 1 for column in columns) - 1
