"""Inside the network: a quantity by layer and step, down one step, and along one layer."""

from collections.abc import Iterable
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget

from bn_tui.config import ExperimentConfig
from bn_tui.insight.history import RunHistory
from bn_tui.insight.quantities import LAYER_QUANTITIES, LayerQuantity
from bn_tui.tui.layer_charts import LayerPlotter
from bn_tui.tui.layer_view import LayerReader, LayerView
from bn_tui.tui.palette import Palette
from bn_tui.tui.screens.quantities import QuantitiesScreen
from bn_tui.tui.screens.run_screen import RunScreen
from bn_tui.tui.widgets.fan_chart import FanChart
from bn_tui.tui.widgets.heat_map import HeatMap
from bn_tui.tui.widgets.layers_body import LayersBody
from bn_tui.tui.widgets.profile_chart import ProfileChart
from bn_tui.tui.widgets.variant_values import VariantValues

#: How many probes a stride is.
_STRIDE = 5


class LayersScreen(RunScreen):
    """What becomes of the signal, of its gradient and of the norms, layer by layer."""

    TITLE = "Layers"
    HELP = (
        "This looks inside the network: every column of the map is a probe, every row a layer, "
        "the first one on top, and the colour is the quantity that is named above it. "
        "Beside it stands the same quantity down the layers at the step of the cursor, for every "
        "variant. "
        "Below it, where there is room or f asks for it, is one layer over the steps: the middle "
        "70 % of what enters its norm, the median, and the mean as +. "
        "Escape follows the latest probe; tab goes to another variant, m to another quantity, and "
        "c gives one variant the colours that all variants share."
    )

    BINDINGS: ClassVar[list[BindingType]] = [
        # Most are stated where they change something, and need not stand in the footer too.
        Binding("left", "move_step(-1)", "Probe before", show=False),
        Binding("right", "move_step(1)", "Probe after", show=False),
        Binding("shift+left,pageup", f"move_step(-{_STRIDE})", "Cursor far left", show=False),
        Binding("shift+right,pagedown", f"move_step({_STRIDE})", "Cursor far right", show=False),
        Binding("home", "place_step('first')", "First probe", show=False),
        Binding("end", "place_step('last')", "Last probe", show=False),
        Binding("escape", "follow", "Follow the latest probe", show=False),
        Binding("up", "move_layer(-1)", "Layer above", show=False),
        Binding("down", "move_layer(1)", "Layer below", show=False),
        Binding("tab", "select(1)", "Next variant", show=False),
        Binding("shift+tab", "select(-1)", "Previous variant", show=False),
        Binding("m", "pick_quantity", "Pick what is measured", show=False),
        Binding(
            "plus,equals_sign", "move_quantity(1)", "Next quantity", key_display="+", show=False
        ),
        Binding("minus", "move_quantity(-1)", "Quantity before", key_display="-", show=False),
        Binding("c", "toggle_scale", "Colours for all variants, or for this one", show=False),
        Binding("f", "toggle_fan", "Show one layer over the steps, or not", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._view = LayerView()
        self._selected = 0
        self._fan: bool | None = None
        self._shown: tuple[ExperimentConfig, RunHistory, Palette] | None = None

    def compose_body(self) -> Iterable[Widget]:
        """A map, a fan, a profile, and what they say at the cursor."""
        yield LayersBody()

    def show_body(self, config: ExperimentConfig, history: RunHistory, palette: Palette) -> None:
        """Bring everything up to date."""
        if self._shown is None or self._shown[1] is not history:
            self._view = replace(self._view, step=None)
            self._selected = min(self._selected, len(config.variants) - 1)
        self._shown = config, history, palette
        if (reader := self._reader) is not None:
            self.query_one(LayersBody).show(LayerPlotter(reader, palette))

    @property
    def _reader(self) -> LayerReader | None:
        """What reads the probes, once there is a run."""
        if self._shown is None:
            return None
        config, history, _ = self._shown
        names = config.variants
        return LayerReader(history, self._view, names[self._selected], names, config.probe_every)

    @property
    def selected_variant(self) -> str | None:
        """The variant that is in the map."""
        return None if self._shown is None else self._shown[0].variants[self._selected]

    def on_resize(self, event: events.Resize) -> None:
        """Make room for the fan where there is any, unless somebody has decided."""
        super().on_resize(event)
        self.query_one(LayersBody).make_room(event.size, fan=self._fan)

    def _look(self, view: LayerView) -> None:
        """Look at the run in another way."""
        self._view = view
        if self._shown is not None:
            self.show_body(*self._shown)

    def action_move_step(self, probes: int) -> None:
        """Move the cursor by so many probes."""
        if (reader := self._reader) is not None:
            self._look(reader.moved(probes))

    def action_place_step(self, end: str) -> None:
        """Put the cursor on the first probe or on the last."""
        if (reader := self._reader) is not None:
            self._look(reader.pointed(reader.x_range[end == "last"]))

    def action_follow(self) -> None:
        """Stay at the latest probe of every variant."""
        self._look(replace(self._view, step=None))

    def action_move_layer(self, layers: int) -> None:
        """Move the cursor by so many layers."""
        if (reader := self._reader) is not None and reader.layers:
            layer = min(max(self._view.layer + layers, 0), reader.layers - 1)
            self._look(replace(self._view, layer=layer))

    def action_select(self, variants: int) -> None:
        """Put another variant into the map."""
        if self._shown is not None:
            self._select((self._selected + variants) % len(self._shown[0].variants))

    def _select(self, place: int) -> None:
        self._selected = place
        self._look(self._view)

    def action_pick_quantity(self) -> None:
        """List what is measured, to pick from."""
        if self._shown is not None:
            screen = QuantitiesScreen(self._view.quantity, self._shown[2])
            self.app.push_screen(screen, self._show_quantity)

    def _show_quantity(self, quantity: LayerQuantity | None) -> None:
        if quantity is not None:
            self._look(replace(self._view, quantity=quantity))

    def action_move_quantity(self, places: int) -> None:
        """Show the next quantity of the list, or the one before."""
        quantities = list(LAYER_QUANTITIES.values())
        place = quantities.index(self._view.quantity) + places
        self._show_quantity(quantities[place % len(quantities)])

    def action_toggle_scale(self) -> None:
        """Spread the colours over the values of this variant, or of all."""
        self._look(replace(self._view, own_scale=not self._view.own_scale))

    def action_toggle_fan(self) -> None:
        """Show the fan, or give its room to the map."""
        body = self.query_one(LayersBody)
        self._fan = not body.has_fan
        body.make_room(self.size, fan=self._fan)
        self._look(self._view)

    def on_heat_map_pointed(self, message: HeatMap.Pointed) -> None:
        """Put the cursor where a person points."""
        if (reader := self._reader) is not None:
            self._look(replace(reader.pointed(message.step), layer=message.layer))

    def on_profile_chart_pointed(self, message: ProfileChart.Pointed) -> None:
        """Go to the layer that a person points at."""
        self.action_move_layer(round(message.x) - 1 - self._view.layer)

    def on_fan_chart_pointed(self, message: FanChart.Pointed) -> None:
        """Go to the probe that a person points at."""
        if (reader := self._reader) is not None:
            self._look(reader.pointed(message.x))

    def on_variant_values_picked(self, message: VariantValues.Picked) -> None:
        """Put the variant that was clicked into the map."""
        if self._shown is not None:
            self._select(self._shown[0].variants.index(message.variant))
