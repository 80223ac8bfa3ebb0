"""The results: what each variant scored, what that says, and image by image who was right."""

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Container, ScrollableContainer, VerticalGroup, VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from bn_tui.config import ExperimentConfig
from bn_tui.insight.findings import findings
from bn_tui.insight.history import RunHistory
from bn_tui.tui.palette import Palette
from bn_tui.tui.scoreboard import score_variant
from bn_tui.tui.screens.run_screen import RunScreen
from bn_tui.tui.screens.variant_details import VariantDetails
from bn_tui.tui.scrollbars import use_whole_cells
from bn_tui.tui.widgets.findings_list import FindingsList
from bn_tui.tui.widgets.judgements_table import JudgementsTable
from bn_tui.tui.widgets.results_table import ResultsTable
from bn_tui.tui.widgets.verdict_grid import VerdictGrid
from bn_tui.tui.widgets.verdicts_panel import VerdictsPanel

_CAPTION = "100 samples, one by one: a wiring check, not a ranking; tab shows them."

#: Below this width, what is said of an image takes more lines.
_NARROW = 80

#: From this height, a little is left blank.
_AIRY = 38

#: From this width, the sentences stand beside the table.
_WIDE = 180

#: So many rows below them, images are drawn twice as large.
_LARGE = 31

#: With fewer, the rows of a grid stand close, so that all of it is seen with the words below.
_LOOSE = 25


class ResultsScreen(RunScreen):
    """What there is of the results, at any time; complete when the last variant has ended."""

    TITLE = "Results"
    HELP = (
        "Behind an accuracy stands the interval in which the true one lies with 95 %. "
        "The 100 samples are the first test images, asked one at a time: they tell whether a "
        "variant is wired for single images, and are too few for a ranking. "
        "The grids say who was right on which of them; the arrow keys or the mouse pick one, and "
        "it is drawn beside them. "
        "The row or the grid that has the focus is the variant that pausing and stopping act on."
    )

    DEFAULT_CSS = """
    ResultsScreen .body {
        padding: 0 1;
        scrollbar-size-vertical: 1;
        scrollbar-color: $panel-lighten-2;
        scrollbar-background: $background;
    }
    ResultsScreen .scores {
        height: auto;
    }
    ResultsScreen .table, ResultsScreen FindingsList {
        margin-bottom: 1;
    }
    ResultsScreen .scroller {
        height: auto;
        scrollbar-size-horizontal: 1;
        scrollbar-color: $panel-lighten-2;
        scrollbar-background: $background;
    }
    ResultsScreen .caption {
        padding: 0 2;
        color: $text-muted;
    }
    ResultsScreen.-narrow .words {
        height: 5;
    }
    ResultsScreen.-airy .body {
        padding: 1;
    }
    ResultsScreen.-airy .caption {
        padding: 1 2 0 2;
    }
    ResultsScreen.-airy .words {
        margin-top: 1;
    }
    ResultsScreen.-wide .scores {
        layout: horizontal;
    }
    ResultsScreen.-wide .table {
        width: 112;
        padding-right: 2;
    }
    ResultsScreen.-close VerdictGrid {
        height: 12;
    }
    ResultsScreen.-large ImageView {
        width: 58;
        height: 30;
    }
    ResultsScreen.-large VerdictGrid {
        padding: 3 0;
    }
    """

    # Not in the footer, which has no room for more; the legend and the help name them.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "open_details",
            "Details",
            show=False,
            key_display="enter",
            tooltip="Tell all of the selected variant, the traceback included",
        ),
        Binding(
            "w",
            "find_wrong(1)",
            "Next wrong",
            show=False,
            tooltip="Show the next image that the selected variant got wrong",
        ),
        Binding(
            "W",
            "find_wrong(-1)",
            "Previous wrong",
            show=False,
            tooltip="Show the image before that it got wrong",
        ),
    ]

    def __init__(self, variants: tuple[str, ...]) -> None:
        super().__init__()
        self._variants = variants
        self._history: RunHistory | None = None
        self._shown: tuple[int, Palette] | None = None

    def compose_body(self) -> Iterable[Widget]:
        """The table and the sentences first, then the images."""
        with VerticalScroll(classes="body", can_focus=False) as body:
            use_whole_cells(body)
            with Container(classes="scores"):
                with VerticalGroup(classes="table"):
                    with ScrollableContainer(classes="scroller", can_focus=False) as scroller:
                        use_whole_cells(scroller)
                        yield ResultsTable()
                    yield Static(_CAPTION, classes="caption")
                    yield JudgementsTable()
                yield FindingsList()
            yield VerdictsPanel(self._variants)

    def on_resize(self, event: events.Resize) -> None:
        """Take more room where there is more; Textual calls the screen's own handler too."""
        width, height = event.size
        self.set_class(width < _NARROW, "-narrow")
        self.set_class(height >= _AIRY, "-airy")
        self.set_class(width >= _WIDE, "-wide")
        self.call_after_refresh(self._make_room)

    def _make_room(self) -> None:
        """Draw the images as large as all of them are seen below the sentences, however many."""
        left = self.query_one(".body").size.height - self.query_one(".scores").size.height
        self.set_class(self.has_class("-wide") and left >= _LARGE, "-large")
        self.set_class(left < _LOOSE, "-close")

    def show_body(self, config: ExperimentConfig, history: RunHistory, palette: Palette) -> None:
        """Bring everything up to date, unless nothing has happened."""
        if history is self._history and (history.version, palette) == self._shown:
            return
        self._history, self._shown = history, (history.version, palette)
        scores = tuple(score_variant(name, history) for name in config.variants)
        self.query_one(ResultsTable).show(scores, palette)
        self.query_one(JudgementsTable).show(scores, palette)
        self.query_one(FindingsList).show(findings(history), palette)
        self.query_one(VerdictsPanel).show(config.variants, history, palette)
        self.call_after_refresh(self._make_room)

    @property
    def selected_variant(self) -> str | None:
        """The variant whose row or grid has the focus."""
        focused = self.focused
        return focused.variant if isinstance(focused, ResultsTable | VerdictGrid) else None

    def action_find_wrong(self, direction: int) -> None:
        """Show the next image that the selected variant got wrong."""
        panel = self.query_one(VerdictsPanel)
        if panel.find_wrong(self.selected_variant, direction):
            panel.call_after_refresh(panel.scroll_visible, animate=False)
        else:
            self.notify("There is no wrong one to show.")

    def on_results_table_row_opened(self, message: ResultsTable.RowOpened) -> None:
        """Tell all of one variant."""
        self._open_details(message.variant)

    def action_open_details(self) -> None:
        """Tell all of the selected variant."""
        if self.selected_variant is not None:
            self._open_details(self.selected_variant)

    def _open_details(self, name: str) -> None:
        variant = None if self._history is None else self._history.variants.get(name)
        if variant is not None and self._shown is not None:
            _, palette = self._shown
            self.app.push_screen(VariantDetails(name, variant.summary, palette))
