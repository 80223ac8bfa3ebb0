"""A map of layers and steps, with one layer over the steps below, and one step beside it."""

from textual.app import ComposeResult
from textual.containers import Horizontal, HorizontalGroup, Vertical
from textual.geometry import Size

from bn_tui.tui.heat import NAMES, NUMBERS, Cursor
from bn_tui.tui.layer_charts import LayerPlotter
from bn_tui.tui.layer_words import read_cursor, state_view
from bn_tui.tui.widgets.color_legend import ColorLegend
from bn_tui.tui.widgets.fan_chart import FanChart
from bn_tui.tui.widgets.heat_map import HeatMap
from bn_tui.tui.widgets.profile_chart import ProfileChart
from bn_tui.tui.widgets.statement_line import StatementLine, measure
from bn_tui.tui.widgets.variant_values import VariantValues
from bn_tui.tui.widgets.words_view import WordsView

#: From this many rows of the screen there is room for the fan below the whole map, and for a
#: line with the colours' legend above it.
_TALL = 34

#: From this many columns of the screen the map says what each layer is.
_WIDE = 110

#: How many columns what stands beside the map takes at least.
_FEWEST_BESIDE = 26

#: How many columns the legend takes at least; with fewer left it has a line of its own, too.
_LEGEND = 20


class LayersBody(Horizontal):
    """On the left what goes over the steps, on the right what goes down the layers."""

    DEFAULT_CSS = """
    LayersBody {
        height: 1fr;
    }
    LayersBody .steps {
        width: 2fr;
    }
    LayersBody .depths {
        width: 1fr;
        min-width: 26;
    }
    LayersBody .caption {
        height: 1;
    }
    LayersBody .caption StatementLine {
        width: auto;
    }
    LayersBody.-apart .caption {
        layout: vertical;
        height: 2;
    }
    LayersBody.-apart .caption StatementLine {
        width: 1fr;
        height: 1;
    }
    LayersBody HeatMap, LayersBody FanChart {
        margin-left: 1;
    }
    LayersBody.-low HeatMap {
        height: 1fr;
    }
    LayersBody ProfileChart {
        margin: 0 1;
        min-height: 6;
    }
    LayersBody .reading {
        height: 7;
        padding: 0 1;
    }
    LayersBody #layer, LayersBody FanChart {
        display: none;
    }
    LayersBody.-fan #layer, LayersBody.-fan FanChart {
        display: block;
    }
    """

    def compose(self) -> ComposeResult:
        """Each drawing below what it shows."""
        with Vertical(classes="steps"):
            with HorizontalGroup(classes="caption"):
                yield StatementLine(id="map")
                yield ColorLegend()
            yield HeatMap()
            yield StatementLine(id="layer")
            yield FanChart()
        with Vertical(classes="depths"):
            yield StatementLine(id="step")
            yield ProfileChart()
            yield VariantValues()
            yield WordsView(classes="reading")

    def make_room(self, size: Size, *, fan: bool | None) -> None:
        """Fit into a screen of a size; whether there is a fan may be left to its height."""
        tall = size.height >= _TALL
        self.set_class(not tall, "-low")
        self.set_class(tall if fan is None else fan, "-fan")

    @property
    def has_fan(self) -> bool:
        """Whether the fan is shown."""
        return self.has_class("-fan")

    def show(self, plotter: LayerPlotter) -> None:
        """Bring everything up to date that is seen."""
        width = self.screen.size.width
        wide = width >= _WIDE
        # As wide as the values of the fan, where that is below, so that its steps are below too.
        gutter = NAMES if wide or self.has_fan else NUMBERS
        stated = state_view(plotter.reader, plotter.palette, wide=wide)
        for name, statements in stated.items():
            self.query_one(f"#{name}", StatementLine).state(statements, plotter.palette)
        room = min(2 * width // 3, width - _FEWEST_BESIDE) - measure(stated["map"])
        self.set_class(room < _LEGEND or not self.has_class("-low"), "-apart")
        self._show_map(plotter, gutter)
        self._show_depths(plotter)
        if self.has_fan:
            self.query_one(FanChart).show(
                plotter.fan_version(gutter),
                plotter.palette,
                lambda _: plotter.fan(gutter),
                cursor=plotter.reader.step,
            )

    def _show_map(self, plotter: LayerPlotter, gutter: int) -> None:
        reader, palette = plotter.reader, plotter.palette
        legend, heat_map = self.query_one(ColorLegend), self.query_one(HeatMap)
        if reader.has_values:
            legend.show(plotter.scale, plotter.span, reader.view.quantity.centre, palette)
        else:
            legend.clear()
        heat_map.show(
            plotter.map_version(heat_map.size.width),
            palette,
            plotter.heat,
            cursor=Cursor(reader.view.layer, reader.step),
            gutter=gutter,
        )

    def _show_depths(self, plotter: LayerPlotter) -> None:
        reader, palette = plotter.reader, plotter.palette
        self.query_one(ProfileChart).show(
            plotter.profile_version,
            palette,
            lambda _: plotter.profile(),
            cursor=reader.view.layer + 1,
        )
        values = [(name, reader.value(name)) for name in reader.variants]
        selected = reader.variants.index(reader.variant)
        self.query_one(VariantValues).show(values, selected, palette)
        self.query_one(".reading", WordsView).show(read_cursor(reader, palette))
