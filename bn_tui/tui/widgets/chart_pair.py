"""A chart of the loss and a chart of the accuracy, of all variants that are shown."""

from functools import partial

from textual import events
from textual.app import ComposeResult
from textual.containers import Container, Vertical

from bn_tui.tui.plots import Plotter, Quantity, waiting_words
from bn_tui.tui.widgets.chart_caption import ChartCaption
from bn_tui.tui.widgets.pointed_chart import PointedChart

#: With less, two charts side by side are without axes, and at last higher than wide.
_FEWEST_COLUMNS = 70
_FEWEST_COLUMNS_PER_ROW = 3

#: With less, two charts one above the other are without axes.
_FEWEST_ROWS = 18


class ChartPair(Container):
    """Side by side where there is the width for it, else one above the other."""

    DEFAULT_CSS = """
    ChartPair {
        layout: horizontal;
        height: 1fr;
        padding: 0 1;
    }
    ChartPair.-stacked {
        layout: vertical;
    }
    ChartPair > Vertical {
        width: 1fr;
        height: 1fr;
    }
    ChartPair > #accuracy {
        margin-left: 2;
    }
    ChartPair.-stacked > #accuracy {
        margin-left: 0;
    }
    """

    def compose(self) -> ComposeResult:
        """A caption above each chart."""
        for quantity in Quantity:
            with Vertical(id=quantity):
                yield ChartCaption(quantity)
                yield PointedChart()

    def show(self, plotter: Plotter, names: tuple[str, ...]) -> None:
        """Show the curves of these variants."""
        history, palette, view = plotter.history, plotter.palette, plotter.view
        words = waiting_words(history, names)
        judged = any(variant.judged for name, variant in history.variants.items() if name in names)
        for quantity in Quantity:
            chart = self.query_one(f"#{quantity} PointedChart", PointedChart)
            key = plotter.version(names, quantity, chart.size.width), words
            build = partial(plotter.chart, names, quantity)
            chart.show(key, palette, build, cursor=view.cursor)
            caption = self.query_one(f"#{quantity} ChartCaption", ChartCaption)
            caption.show(view, palette, judged=judged)

    def on_resize(self, event: events.Resize) -> None:
        """Arrange the charts for the room that they have."""
        width, height = event.size
        narrow = width < max(_FEWEST_COLUMNS, _FEWEST_COLUMNS_PER_ROW * height)
        self.set_class(narrow and height >= _FEWEST_ROWS, "-stacked")
