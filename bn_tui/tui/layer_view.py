"""What a person looks at inside the network, and what the probes of a run have there."""

from bisect import bisect_right
from dataclasses import dataclass, replace

from bn_tui.insight.history import RunHistory
from bn_tui.insight.layers import LayerHistory, ProbedSteps
from bn_tui.insight.quantities import LAYER_QUANTITIES, LayerQuantity
from bn_tui.tui.plots import waiting_words
from bn_tui.tui.x_axis import XAxis

#: The quantity that is shown first: what dies with depth where nothing normalises.
FIRST = LAYER_QUANTITIES["image_deviation"]

#: The version of the vocabulary that probes came with.
_FIRST_SCHEMA = 2


@dataclass(frozen=True, slots=True)
class LayerView:
    """What a person looks at.

    Attributes:
        quantity: which one is drawn.
        layer: which layer the cursor is at, from 0.
        step: which probe; None is the latest of every variant.
        own_scale: whether colours span the values of one variant, not of all.
    """

    quantity: LayerQuantity = FIRST
    layer: int = 0
    step: int | None = None
    own_scale: bool = False


@dataclass(frozen=True, slots=True)
class LayerReader:
    """Reads one run's probes as a person wants to look at them; `variant` is selected."""

    history: RunHistory
    view: LayerView
    variant: str
    variants: tuple[str, ...]
    probe_every: int

    def layers_of(self, name: str) -> LayerHistory:
        """The probes of a variant, of which there may be none yet."""
        variant = self.history.variants.get(name)
        return LayerHistory() if variant is None else variant.layers

    @property
    def layers(self) -> int:
        """How many layers the selected variant has, or any other; 0 before the first probe."""
        for name in (self.variant, *self.variants):
            if (last := self.layers_of(name).last) is not None:
                return len(last.input_deviation)
        return 0

    def probe(self, name: str) -> ProbedSteps | None:
        """The probe of a variant that is looked at; None where it has not come so far."""
        layers = self.layers_of(name)
        if self.view.step is None:
            return layers.probes[-1] if layers.probes else None
        return layers.at(self.view.step) if self.view.step <= self.reach(name) else None

    def reach(self, name: str) -> int:
        """The step up to which the last probe of a variant holds."""
        last = self.layers_of(name).last
        return -1 if last is None else max(self.history.variants[name].summary.steps - 1, last.step)

    def value(self, name: str) -> float | None:
        """What a variant has at the cursor."""
        probe = self.probe(name)
        values = () if probe is None else probe.values[self.view.quantity.field]
        return values[self.view.layer] if self.view.layer < len(values) else None

    @property
    def step(self) -> int:
        """The step that the cursor stands at: the first one of the variant's probe there."""
        probe = self.probe(self.variant)
        return probe.first_step if probe is not None else self.view.step or 0

    def moved(self, probes: int) -> LayerView:
        """The view after so many probes more or fewer, as far as there are any; from the latest."""
        steps = [each.first_step for each in self.layers_of(self.variant).probes]
        if not steps:
            return self.view
        shown = steps[-1] if self.view.step is None else self.view.step
        place = bisect_right(steps, shown) - 1 + probes
        return replace(self.view, step=steps[min(max(place, 0), len(steps) - 1)])

    def pointed(self, step: float) -> LayerView:
        """The view at the probe nearest to a step."""
        steps = [each.first_step for each in self.layers_of(self.variant).probes]
        nearest = min(steps, key=lambda each: abs(each - step), default=None)
        return self.view if nearest is None else replace(self.view, step=nearest)

    @property
    def has_values(self) -> bool:
        """Whether there is anything to colour."""
        last = self.layers_of(self.variant).last
        return last is not None and bool(getattr(last, self.view.quantity.field))

    @property
    def x_range(self) -> tuple[float, float]:
        """The range of the steps, the same for every variant."""
        return XAxis(self.history).range

    @property
    def waiting(self) -> str:
        """Why there is nothing to draw of the selected variant."""
        quantity, layers = self.view.quantity, self.layers_of(self.variant)
        if layers.last is not None:
            return f"{self.variant} has no {quantity.name}"
        started = self.history.summary.started
        if started is not None and started.schema < _FIRST_SCHEMA:
            return "recorded by an older bn-tui, which did not look inside the network"
        if not self.probe_every:
            return "probes are off: --probe-every 0"
        variant = self.history.variants.get(self.variant)
        if variant is not None and variant.summary.status is not None:
            return f"{variant.summary.status} without a probe"
        if variant is not None and variant.summary.steps:
            return f"no probe yet: there is one every {self.probe_every:,} batches"
        return waiting_words(self.history, [self.variant])
