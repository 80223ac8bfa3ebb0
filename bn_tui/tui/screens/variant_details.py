"""All that is known of how one variant stands or ended, the traceback included."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Static

from bn_tui.insight.lines import count_batches
from bn_tui.insight.summary import VariantSummary
from bn_tui.tui.palette import Palette
from bn_tui.tui.screens.dialog import Dialog, KeyScroll
from bn_tui.variants import find_variant

#: How many digits of a hash stand on a line, which has room where a screen has the least.
_HASH_DIGITS = 32


class VariantDetails(Dialog[None]):
    """What was known of a variant when it was opened; it scrolls."""

    FRAME = KeyScroll

    DEFAULT_CSS = """
    VariantDetails > .frame {
        width: 96;
    }
    VariantDetails .traceback {
        margin-top: 1;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "dismiss", "Close", show=False),
    ]

    def __init__(self, variant: str, summary: VariantSummary, palette: Palette) -> None:
        look = palette.look(variant)
        super().__init__(Text.assemble((f"{look.marker} ", look.hue), variant), "esc close")
        self._variant = variant
        self._summary = summary
        self._palette = palette

    def compose_body(self) -> Iterable[Widget]:
        """The facts, then the traceback where there is one."""
        yield Static(self._tabulate())
        if self._summary.details:
            details = self._palette.spell(self._summary.details)
            yield Static(details, markup=False, classes="traceback")

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
        digits = summary.weights_sha256
        lines = (digits[:_HASH_DIGITS], digits[_HASH_DIGITS:])
        yield "weights", "\n".join(("SHA-256", *filter(None, lines)))
