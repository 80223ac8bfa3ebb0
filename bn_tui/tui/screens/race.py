"""The race: every variant in a column of its own, side by side."""

from collections.abc import Callable, Iterable

from textual.containers import HorizontalScroll
from textual.events import Resize
from textual.widget import Widget

from bn_tui.config import ExperimentConfig
from bn_tui.insight.history import RunHistory
from bn_tui.tui.palette import Palette
from bn_tui.tui.screens.run_screen import RunScreen
from bn_tui.tui.scrollbars import use_whole_cells
from bn_tui.tui.widgets.variant_column import VariantColumn, narrow_down


class _Columns(HorizontalScroll, can_focus=False, inherit_bindings=False):
    """The columns; its own arrow keys would scroll and leave the focus where it is."""

    def on_resize(self, event: Resize) -> None:
        """Share the new width, or scroll where a share would be too narrow."""
        narrow_down(list(self.query(VariantColumn)), event.size.width)


class RaceScreen(RunScreen):
    """Which variant learns and which does not; more than fits scrolls with the focus."""

    TITLE = "Race"
    HELP = (
        "Every variant trains on the same batches in the same order, in a column of its own; the "
        "axes are the same in all columns. "
        "The thick band is what every training step said of its own batch, from the least to the "
        "greatest; the marks are all validation images, judged from time to time. "
        "The time that a step takes is the median over all steps so far. "
        "A network that answers the same for every image stays near an accuracy of .1. "
        "With batch norm the same weights are judged three times: the line is with the moving "
        "averages, the dashes with the statistics of the judged images themselves, the crosses "
        "with precise ones of many training images. What is shaded between is what the moving "
        "averages have not caught up with; the bar below says how much of them is still the value "
        "that they started with. "
        "The column with the bright frame is the one that pausing and stopping act on; left and "
        "right move it."
    )

    def __init__(self, variants: tuple[str, ...], will_pause: Callable[[str], bool]) -> None:
        super().__init__()
        self._variants = variants
        self._will_pause = will_pause
        self._rebuilding = False
        self._latest: tuple[ExperimentConfig, RunHistory, Palette] | None = None
        self._behind: list[VariantColumn] = []

    def compose_body(self) -> Iterable[Widget]:
        """A column for each variant."""
        with _Columns() as columns:
            use_whole_cells(columns)
            yield from self._make_columns()

    def _make_columns(self) -> list[VariantColumn]:
        """A column for each variant, as narrow as it will be, or it would be drawn twice."""
        columns = [VariantColumn(variant) for variant in self._variants]
        narrow_down(columns, self.app.size.width)
        return columns

    def show_body(self, config: ExperimentConfig, history: RunHistory, palette: Palette) -> None:
        """Bring every column up to date; a run of other variants has other columns."""
        first = self._latest is None
        self._latest = config, history, palette
        if self._rebuilding:
            return
        if config.variants != self._variants:
            self._rebuilding = True
            self.call_next(self._rebuild, config.variants)
            return
        under_way = bool(self._behind)
        # Those that still wait from the last time come first, or the last would never have a turn.
        self._behind += [each for each in self.query(VariantColumn) if each not in self._behind]
        if first:
            self._show_next()
        elif not under_way:
            self.call_after_refresh(self._show_next)

    def _show_next(self) -> None:
        """Bring one column up to date, then the next: between two of them a key is answered."""
        if self._latest is not None and self._behind:
            column = self._behind.pop(0)
            column.show(*self._latest, pausing=self._will_pause(column.variant))
        if self._behind:
            self.call_after_refresh(self._show_next)

    async def _rebuild(self, variants: tuple[str, ...]) -> None:
        """Put a column for each variant in the place of those before, and fill them."""
        columns = self.query_one(_Columns)
        self._variants = variants
        async with self.batch():
            await columns.remove_children()
            await columns.mount_all(self._make_columns())
        self._rebuilding = False
        self.set_focus(self.query(VariantColumn).first())
        self.call_after_refresh(self._show_latest)

    def _show_latest(self) -> None:
        if self._latest is not None:
            self.show_body(*self._latest)

    @property
    def selected_variant(self) -> str | None:
        """The variant whose column has the focus."""
        return self.focused.variant if isinstance(self.focused, VariantColumn) else None
