"""All that is known of how one variant stands or ended, the traceback included."""

from collections.abc import Iterator
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from bn_tui.insight.lines import count_batches
from bn_tui.insight.summary import VariantSummary
from bn_tui.tui.palette import Palette
from bn_tui.tui.scrollbars import use_whole_cells
from bn_tui.variants import find_variant


class VariantDetails(ModalScreen[None]):
    """A frame over the results, with what was known when it was opened; it scrolls."""

    DEFAULT_CSS = """
    VariantDetails {
        align: center middle;
    }
    VariantDetails > .frame {
        width: 96;
        max-width: 100%;
        height: auto;
        max-height: 100%;
        border: round $accent;
        border-title-color: $text;
        border-subtitle-color: $text-muted;
        background: $surface;
        padding: 1 2;
        scrollbar-size-vertical: 1;
        scrollbar-color: $panel-lighten-2;
        scrollbar-background: $surface;
    }
    VariantDetails Static {
        height: auto;
    }
    VariantDetails .traceback {
        margin-top: 1;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "dismiss", "Close", show=False),
    ]

    def __init__(self, variant: str, summary: VariantSummary, palette: Palette) -> None:
        super().__init__()
        self._variant = variant
        self._summary = summary
        self._palette = palette

    def compose(self) -> ComposeResult:
        """The facts, then the traceback where there is one."""
        look = self._palette.look(self._variant)
        with VerticalScroll(classes="frame") as frame:
            use_whole_cells(frame)
            frame.border_title = Text.assemble(
                (f"{look.marker} ", look.hue), (self._variant, "bold")
            )
            frame.border_subtitle = "esc close"
            yield Static(self._tabulate())
            if self._summary.details:
                yield Static(
                    self._palette.spell(self._summary.details), markup=False, classes="traceback"
                )

    def _tabulate(self) -> Table:
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for label, words in _facts(self._variant, self._summary):
            table.add_row(Text(label, self._palette.faint), Text(self._palette.spell(words)))
        return table


def _facts(variant: str, summary: VariantSummary) -> Iterator[tuple[str, str]]:
    """What there is to tell, each behind what it is called."""
    yield "what it is", find_variant(variant).summary
    yield "state", summary.state
    if summary.reason is not None:
        yield "reason", summary.reason
    yield "trained", count_batches(summary.steps)
    if summary.validation_step is not None:
        yield "validated", f"after batch {summary.validation_step}"
    if summary.weights_sha256 is not None:
        yield "weights", f"SHA-256 {summary.weights_sha256}"
