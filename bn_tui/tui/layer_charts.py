"""What the Layers screen draws: a map, a profile and a fan."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from bn_tui.insight.layers import Extent
from bn_tui.insight.quantities import LayerQuantity
from bn_tui.tui.drawing import Chart, Line, Stroke
from bn_tui.tui.heat import Heat
from bn_tui.tui.layer_view import LayerReader
from bn_tui.tui.palette import Palette
from bn_tui.tui.scales import Scale

_PERCENTILES = ("input_p15", "input_p50", "input_p85", "input_mean")


@dataclass(frozen=True, slots=True)
class LayerPlotter:
    """Makes the drawings of what `reader` reads."""

    reader: LayerReader
    palette: Palette

    @property
    def span(self) -> tuple[float, float]:
        """From where to where the coloured values go."""
        reader = self.reader
        names = (reader.variant,) if reader.view.own_scale else reader.variants
        quantity = reader.view.quantity
        return value_span(
            quantity, [reader.layers_of(name).extents[quantity.field] for name in names]
        )

    @property
    def scale(self) -> Scale:
        """From values to places in the colours."""
        return color_scale(self.reader.view.quantity, self.span)

    def heat(self) -> Heat:
        """The map of the selected variant."""
        reader, quantity = self.reader, self.reader.view.quantity
        probes = reader.layers_of(reader.variant).probes if reader.has_values else ()
        return Heat(
            starts=tuple(each.first_step for each in probes),
            values=tuple(each.values[quantity.field] for each in probes),
            end=reader.reach(reader.variant),
            x_range=reader.x_range,
            scale=self.scale,
            sides=quantity.centre is not None,
            waiting=self.palette.spell(reader.waiting),
        )

    def profile(self) -> Chart:
        """Every variant's values over the depth of the network, at the cursor's step."""
        reader, quantity = self.reader, self.reader.view.quantity
        lines = [
            self._line(name, Stroke.MARKS, range(1, len(values) + 1), values, values)
            for name in reader.variants
            if (probe := reader.probe(name)) and (values := probe.values[quantity.field])
        ]
        depth = max((len(line.xs) for line in lines), default=2)
        return Chart(
            lines=tuple(lines),
            x_range=(1, depth),
            y_range=value_span(quantity, [_extent(line.lows) for line in lines]),
            log_y=quantity.logarithmic,
            x_label="layer",
            waiting=self.palette.spell(reader.waiting),
        )

    def fan(self, gutter: int) -> Chart:
        """Where 70 % of what enters one norm lie, with median and mean, over the steps.

        The value axis takes `gutter` columns at least.
        """
        reader, layer = self.reader, self.reader.view.layer
        probes = [
            each
            for each in reader.layers_of(reader.variant).probes
            if layer < len(each.values["input_p50"])
        ]
        xs = [each.first_step for each in probes]
        lows, middles, highs, means = (
            [each.values[field][layer] for each in probes] for field in _PERCENTILES
        )
        band = self._line(reader.variant, Stroke.BAND, xs, lows, highs)
        median = self._line(reader.variant, Stroke.LINE, xs, middles, middles)
        mean = self._line(reader.variant, Stroke.POINTS, xs, means, means)
        extent = _extent([*lows, *middles, *highs, *means])
        return Chart(
            lines=(
                replace(band, dim=True),
                median,
                replace(mean, marker="+", hue=self.palette.ink),
            ),
            x_range=reader.x_range,
            y_range=(extent.least, extent.greatest),
            x_label="step",
            waiting=self.palette.spell(reader.waiting),
            least_gutter=gutter,
        )

    def _line(
        self,
        name: str,
        stroke: Stroke,
        xs: Sequence[float],
        lows: Sequence[float],
        highs: Sequence[float],
    ) -> Line:
        look = self.palette.look(name)
        return Line(name, look.hue, stroke, look.marker, tuple(xs), tuple(lows), tuple(highs))

    def map_version(self, columns: int) -> Hashable:
        """Give what the map depends on but for its cursor, where it is so many columns wide."""
        reader = self.reader
        first, last = x_range = reader.x_range
        reached = int(columns * reader.reach(reader.variant) / ((last - first) or 1.0))
        view = replace(reader.view, layer=0, step=None)
        probed = reader.layers_of(reader.variant).last
        return view, reader.variant, probed, self.span, x_range, reached, reader.waiting

    @property
    def profile_version(self) -> Hashable:
        """Give what the profile depends on but for its cursor."""
        reader = self.reader
        view = replace(reader.view, layer=0, own_scale=False)
        probed = tuple((name, reader.layers_of(name).last) for name in reader.variants)
        return view, probed, reader.waiting

    def fan_version(self, gutter: int) -> Hashable:
        """Give what the fan depends on but for its cursor."""
        reader = self.reader
        probed = reader.layers_of(reader.variant).last
        layer = reader.view.layer
        return reader.variant, layer, probed, reader.x_range, gutter, reader.waiting


def _extent(values: Sequence[float]) -> Extent:
    extent = Extent()
    extent.take_in(values)
    return extent


def value_span(quantity: LayerQuantity, extents: Sequence[Extent]) -> tuple[float, float]:
    """Give the least and the greatest of values, as far as they can be drawn.

    Where equal ratios are equally far apart they are positive, and where much is only more than
    little they begin at 0.
    """
    log = quantity.logarithmic
    lows = [each.least_positive if log else each.least for each in extents]
    highs = [each.greatest for each in extents]
    if not extents or min(lows) > max(highs):
        return (0.1, 1.0) if log else (0.0, 1.0)
    from_nothing = not log and quantity.centre is None
    return min(*lows, 0.0) if from_nothing else min(lows), max(highs)


def color_scale(quantity: LayerQuantity, span: tuple[float, float]) -> Scale:
    """Give values places from 0 to 1; a centre is at 0.5, and as far from both ends."""
    low, high = span
    centre = quantity.centre
    if centre is None:
        return Scale(low, high, quantity.logarithmic)
    if quantity.logarithmic:
        reach = max(high / centre, centre / low)
        return Scale(centre / reach, centre * reach, log=True)
    distance = max(high - centre, centre - low)
    return Scale(centre - distance, centre + distance)
