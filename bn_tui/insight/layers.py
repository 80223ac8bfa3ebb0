"""What was measured inside the network over the steps of a run, in memory that stays the same."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from math import inf, isfinite

from bn_tui.events import LayersProbed
from bn_tui.insight.parts import Parts
from bn_tui.insight.quantities import LAYER_QUANTITIES

#: How many probes are kept one by one; a default run makes some thirty.
CAPACITY = 256


@dataclass(frozen=True, slots=True)
class ProbedSteps:
    """What `count` probes from `first_step` to `last_step` found, both included.

    `values` has for each field of LAYER_QUANTITIES a number for each layer, from the first
    convolution to the dense layer, or none: the mean over the probes, which is not finite where
    one of them was not.
    """

    first_step: int
    last_step: int
    count: int
    values: Mapping[str, "array[float]"]


@dataclass(slots=True)
class Extent:
    """How far the finite values of a quantity go, of all layers and probes.

    Without any, `least` is greater than `greatest`; without a positive one `least_positive` is
    infinite.
    """

    least: float = inf
    greatest: float = -inf
    least_positive: float = inf

    def take_in(self, values: Iterable[float]) -> None:
        """Reach as far as these values, too."""
        finite = [value for value in values if isfinite(value)]
        self.least = min(self.least, *finite, inf)
        self.greatest = max(self.greatest, *finite, -inf)
        positive = [value for value in finite if value > 0]
        self.least_positive = min(self.least_positive, *positive, inf)


def _extents() -> dict[str, Extent]:
    return {name: Extent() for name in LAYER_QUANTITIES}


def _parts() -> Parts[ProbedSteps]:
    return Parts(CAPACITY, merge)


@dataclass(slots=True)
class LayerHistory:
    """Every probe of one variant; when there are too many, neighbours are averaged.

    `first` and `last` are the probes themselves, None before the first. `extents` tell how far
    each quantity has gone, by its field.
    """

    first: LayersProbed | None = None
    last: LayersProbed | None = None
    extents: dict[str, Extent] = field(default_factory=_extents)
    _parts: Parts[ProbedSteps] = field(default_factory=_parts)

    def add(self, event: LayersProbed) -> None:
        """Take in the next probe; another one of the same step says nothing new."""
        if self.last is not None and event.step <= self.last.step:
            return
        self.first = self.first or event
        self.last = event
        values = {name: array("d", getattr(event, name)) for name in LAYER_QUANTITIES}
        for name, extent in self.extents.items():
            extent.take_in(values[name])
        self._parts.add(ProbedSteps(event.step, event.step, 1, values))

    @property
    def probes(self) -> Sequence[ProbedSteps]:
        """All of them, in order, as they are now: the next one may change the last."""
        return self._parts.all

    def at(self, step: int) -> ProbedSteps | None:
        """Find what was probed at a step, or else last before it."""
        return self._parts.at(step)


def merge(probes: Sequence[ProbedSteps]) -> ProbedSteps:
    """Average adjacent probes, at least one."""
    return reduce(_join, probes)


def _join(before: ProbedSteps, after: ProbedSteps) -> ProbedSteps:
    count = before.count + after.count
    # Each by its share, not the sum of both, which may be too large for a float.
    share, rest = before.count / count, after.count / count
    values = {
        name: array(
            "d",
            [share * one + rest * two for one, two in zip(ones, after.values[name], strict=True)],
        )
        for name, ones in before.values.items()
    }
    return ProbedSteps(before.first_step, after.last_step, count, values)
