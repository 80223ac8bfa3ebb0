"""The race: every variant in a column of its own, side by side."""

from collections.abc import Iterable

from textual.containers import HorizontalScroll
from textual.widget import Widget

from bn_tui.config import ExperimentConfig
from bn_tui.insight.history import RunHistory
from bn_tui.tui.palette import Palette
from bn_tui.tui.screens.run_screen import RunScreen
from bn_tui.tui.widgets.variant_column import VariantColumn


class RaceScreen(RunScreen):
    """Which variant learns and which does not; more than fits scrolls with the focus."""

    TITLE = "Race"

    def __init__(self, variants: tuple[str, ...]) -> None:
        super().__init__()
        self._variants = variants

    def compose_body(self) -> Iterable[Widget]:
        """A column for each variant."""
        with HorizontalScroll(can_focus=False):
            for variant in self._variants:
                yield VariantColumn(variant)

    def show_body(self, config: ExperimentConfig, history: RunHistory, palette: Palette) -> None:
        """Bring every column up to date."""
        for column in self.query(VariantColumn):
            column.show(config, history, palette)

    @property
    def selected_variant(self) -> str | None:
        """The variant whose column has the focus."""
        return self.focused.variant if isinstance(self.focused, VariantColumn) else None
