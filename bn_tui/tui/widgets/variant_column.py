"""One variant of the race: how far it is, its two charts, its latest numbers."""

from functools import partial
from typing import ClassVar

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from bn_tui.config import ExperimentConfig
from bn_tui.insight.history import RunHistory
from bn_tui.tui.column_words import WIDE, write_caption, write_numbers, write_progress, write_title
from bn_tui.tui.palette import Palette
from bn_tui.tui.plots import Plotter, Quantity, waiting_words
from bn_tui.tui.widgets.chart_view import ChartView
from bn_tui.tui.widgets.words_view import WordsView

#: The narrowest column in which nothing is cut.
LEAST_WIDTH = 26

#: From this height, a line above the numbers of a wide one says what they are.
_TALL = 30


class VariantColumn(Vertical, can_focus=True):
    """A column of the race."""

    DEFAULT_CSS = """
    VariantColumn {
        width: 1fr;
        height: 1fr;
        border: round $panel-lighten-2;
        padding: 0 1;
        border-title-color: $text;
    }
    VariantColumn.-narrow {
        width: 26;
    }
    VariantColumn:focus {
        border: round $accent;
    }
    VariantColumn > .progress {
        height: 3;
    }
    VariantColumn.-wide > .progress {
        height: 2;
    }
    VariantColumn > .caption {
        height: 1;
    }
    VariantColumn > .numbers {
        height: 4;
    }
    VariantColumn.-wide.-tall > .numbers {
        height: 5;
    }
    """

    # Here, because the row of columns would take these keys for scrolling.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "app.focus_previous", "Select the variant to the left", show=False),
        Binding("right", "app.focus_next", "Select the variant to the right", show=False),
    ]

    def __init__(self, variant: str) -> None:
        super().__init__()
        self.variant = variant
        self._title = Text()

    def compose(self) -> ComposeResult:
        """State, progress, two charts with their captions, numbers."""
        yield WordsView(classes="progress")
        for quantity in Quantity:
            yield WordsView(id=f"{quantity}-caption", classes="caption")
            yield ChartView(id=f"{quantity}-chart")
        yield WordsView(classes="numbers")

    def show(
        self, config: ExperimentConfig, history: RunHistory, palette: Palette, *, pausing: bool
    ) -> None:
        """Show where the variant is, and whether it will pause before its next step."""
        variant = history.variants.get(self.variant)
        look = palette.look(self.variant)
        width = self.content_size.width
        if not width:
            return
        self._show_title(write_title(self.variant, variant, palette, width, pausing=pausing))
        progress = write_progress(config, variant, palette, look.hue, width)
        self.query_one(".progress", WordsView).show(progress)
        headed = self.has_class("-wide") and self.has_class("-tall")
        numbers = write_numbers(variant, palette, look, width, headed=headed)
        self.query_one(".numbers", WordsView).show(numbers)
        plotter = Plotter(history, palette)
        words = waiting_words(history, [self.variant])
        for quantity in Quantity:
            caption = write_caption(variant, quantity, palette, width)
            self.query_one(f"#{quantity}-caption", WordsView).show(caption)
            key = (plotter.version([self.variant], quantity, width), words)
            build = partial(plotter.chart, [self.variant], quantity)
            self.query_one(f"#{quantity}-chart", ChartView).show(key, palette, build)

    def _show_title(self, title: Text) -> None:
        if title != self._title:
            self._title = title
            self.border_title = title

    def on_resize(self, event: events.Resize) -> None:
        """Put how far it is and how fast into one line where that is long enough."""
        self.set_class(event.size.width >= WIDE, "-wide")
        self.set_class(event.size.height >= _TALL, "-tall")
